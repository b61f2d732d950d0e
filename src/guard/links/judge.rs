//! Decides the links of all templates that kept pages print, and reports what it cannot decide or carry out.

use super::content::content_of;
use super::decide::{self, Outcome, Printed};
use super::plan::{Planner, options};
use crate::guard::names;
use crate::syntax::html::StartTag;
use crate::text::{Code, Finding};
use crate::theme::template_path;
use std::collections::{BTreeMap, BTreeSet};

impl<'a> Planner<'a> {
    /// Decides every link of the closure.
    pub(super) fn decide(&mut self) {
        let options = options(self.policy, self.kept);
        for name in self.closure.keys() {
            let markup = self.templates.markup(self.theme, name);
            self.markup.insert((*name).to_owned(), markup);
        }
        let elements = self.elements_of_attributes();
        let (given, none) = (self.given(), BTreeSet::new());
        let pages = self.roots.iter().copied().filter(|root| root.starts_with("pages/"));
        let content = content_of(self.theme, self.templates, pages);
        for (name, pages) in &self.closure {
            let mut markup = self.markup.remove(*name).unwrap_or_default();
            let elements = elements.get(name).into_iter().flatten();
            markup.tags.extend(self.attributes_in_tags(name, elements));
            let source = self.theme.template(name).unwrap_or_default();
            let printed = Printed {
                template: name,
                source,
                markup: &markup,
                pages,
                content_of: content.get(name).unwrap_or(&none),
                given: given.get(name).unwrap_or(&none),
            };
            let links = decide::links(&options, printed);
            if markup.is_incomplete || markup.ends_inside_tag {
                let message = match markup.is_incomplete {
                    true => "the tags of this template are too entangled to be followed",
                    false => "this template ends inside a tag, which is not followed into others",
                };
                let finding =
                    Finding::new(Code::LinkDoubtful, message).in_file(template_path(name));
                self.findings.push(finding);
            }
            self.links.insert((*name).to_owned(), links);
            self.markup.insert((*name).to_owned(), markup);
        }
    }

    /// Returns the names of variables that includes pass to templates, by template.
    fn given(&self) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
        let files = self.closure.keys().filter_map(|including| self.templates.get(including));
        let mut given: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for include in files.flat_map(|file| &file.includes) {
            let names = include.hash_keys.iter().map(String::as_str);
            given.entry(include.name.as_str()).or_default().extend(names);
        }
        given
    }

    /// Returns the elements whose tags templates are included into, by template.
    fn elements_of_attributes(&self) -> BTreeMap<&'a str, BTreeSet<String>> {
        let mut elements: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for name in self.closure.keys() {
            let file = self.templates.get(name);
            let includes = file.map(|file| file.includes.as_slice()).unwrap_or_default();
            let places = self.markup.get(*name).map(|markup| markup.includes_in_tags.as_slice());
            for (place, element) in places.unwrap_or_default() {
                let here = includes.iter().filter(|include| include.span == *place);
                for include in here {
                    elements.entry(include.name.as_str()).or_default().insert(element.clone());
                }
            }
        }
        elements
    }

    /// Returns the tags of `elements` that other templates open and this one prints attributes into.
    fn attributes_in_tags<'e>(
        &self,
        name: &str,
        elements: impl Iterator<Item = &'e String>,
    ) -> Vec<StartTag> {
        let tags = elements
            .filter_map(|element| self.templates.attributes_inside(self.theme, name, element))
            .enumerate();
        // Gives each a start of its own, after all others.
        tags.map(|(number, tag)| StartTag { start: tag.start + number, ..tag }).collect()
    }

    /// Reports templates that need a copy but cannot get one: a partial that a block defines replaces only
    /// the original, and front matter in a copy would be printed.
    pub(super) fn refuse_what_cannot_be_copied(&mut self) {
        let changed = self.changed();
        let defined = self.closure.keys().copied().filter(|name| self.templates.is_defined(name));
        let with_front_matter = self
            .closure
            .keys()
            .copied()
            .filter(|name| self.templates.get(name).is_some_and(|file| file.text_start > 0));
        let fixed: BTreeSet<&str> = defined.chain(with_front_matter).collect();
        let stuck = fixed.into_iter().filter(|name| changed.contains(name) && self.is_copied(name));
        let spelled = changed.iter().flat_map(|name| {
            let includes = self.includes_of_copies(name, &changed);
            includes.filter_map(|include| names::check_restorable_name(name, include))
        });
        let findings: Vec<Finding> = stuck.map(|name| self.stuck(name)).chain(spelled).collect();
        self.findings.extend(findings);
    }

    /// Warns about includes whose name is found at run time only, because they may hold links.
    pub(super) fn look_at_unknown_includes(&mut self) {
        let message =
            "what is included here is found at run time only, so its links are not looked at";
        let findings = self.closure.keys().flat_map(|name| {
            let file = self.templates.get(name);
            let places = file.map(|file| file.unknown_includes.clone()).unwrap_or_default();
            places.into_iter().map(|place| {
                let finding =
                    Finding::new(Code::LinkDoubtful, message).at(template_path(name), place);
                finding.help("include it by its name, or see that it holds no link into the shop")
            })
        });
        let findings: Vec<Finding> = findings.collect();
        self.findings.extend(findings);
    }

    fn stuck(&self, name: &str) -> Finding {
        let links = self.links.get(name).into_iter().flatten();
        let mut lost = links.filter(|link| link.outcome != Outcome::Keep);
        let message = "a link into the shop would stay on a kept page, which cannot get a copy of this template: a block defines a partial of its name, or it has front matter";
        let finding = Finding::new(Code::LinkStays, message)
            .help("give it another name, or keep the link by a rule of your own (--patches)");
        match lost.next() {
            Some(link) => finding.at(template_path(name), link.span()),
            None => finding.in_file(template_path(name)),
        }
    }
}
