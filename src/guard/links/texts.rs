//! Links in texts of the language files that kept pages print. A text that no other page prints is changed
//! like a template; of another it is said where it stands.

use super::content::content_of;
use super::decide::{self, Link, Outcome, Printed};
use super::edits;
use super::findings::{about_link, staying};
use super::plan::{Planner, situation};
use super::situation::Situation;
use crate::guard::plan::Plan;
use crate::syntax::html::markup;
use crate::syntax::parse;
use crate::text::{EditSet, Finding, Location, TextEdit};
use crate::theme::texts::{Asked, Text, asked, with_markup};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Who prints a text.
struct Printers<'a> {
    /// The templates of kept pages, and what they ask for.
    kept: Vec<(&'a str, Arc<Vec<Asked>>)>,
    /// What the templates of other pages ask for.
    others: BTreeSet<Asked>,
    /// The kept pages of whose content a template is a part.
    content: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

/// The same link in one language or several.
type Places = BTreeMap<(String, String), (Vec<Location>, Link, bool)>;

impl Planner<'_> {
    /// What becomes of the texts that kept pages print.
    pub(super) fn plan_texts(&self) -> Plan {
        let mut plan = Plan::default();
        let mut places = Places::new();
        let (situation, printers) = (situation(self.policy, self.kept), printers(self));
        for (path, texts) in with_markup(self.theme) {
            let mut edits = Vec::new();
            for text in &texts.0 {
                let Some(looked_at) = printers.look_at(self, &situation, path, text) else {
                    continue;
                };
                edits.extend(looked_at.edits);
                for link in looked_at.links {
                    let span = Some(text.origin(link.span()));
                    let place = Location { path: path.to_owned(), span };
                    let same = (text.key.clone(), format!("{}={}", link.attribute, link.written));
                    let entry = places.entry(same);
                    let entry = entry.or_insert_with(|| (Vec::new(), link, looked_at.is_shared));
                    entry.0.push(place);
                }
            }
            if let Some(edits) = EditSet::new(edits).ok().filter(|edits| !edits.is_empty()) {
                plan.edits.insert(path.to_owned(), edits);
            }
        }
        plan.findings = findings(places);
        plan
    }
}

/// A text that kept pages print.
struct LookedAt {
    links: Vec<Link>,
    /// Nothing if other pages print it, too.
    edits: Vec<TextEdit>,
    is_shared: bool,
}

fn findings(places: Places) -> Vec<Finding> {
    let findings = places.into_iter().map(|((key, _), (places, link, is_shared))| {
        let stays = is_shared && link.outcome != Outcome::Keep;
        let finding = if stays { staying(&link, &key) } else { about_link(&link) };
        at_all(finding, places, &key)
    });
    findings.collect()
}

/// The links of a text, and the edits of its file for them.
fn judged(
    situation: &Situation<'_>,
    path: &str,
    text: &Text,
    pages: &[&str],
    content: &BTreeSet<&str>,
) -> (Vec<Link>, Vec<TextEdit>) {
    // Braces mean something else in texts.
    let source = String::from_utf8_lossy(&text.value).replace("{{", "((").into_bytes();
    let markup = markup(&source, &parse(&source));
    let printed = Printed {
        template: path,
        source: &source,
        markup: &markup,
        pages,
        content_of: content,
        given: &BTreeSet::new(),
    };
    let mut links = decide::links(situation, printed);
    // No text asks where it is printed.
    for link in &mut links {
        if let Outcome::Retarget(arrival) = &mut link.outcome {
            arrival.for_all();
        }
    }
    let changes = edits::edits(&source, &markup, &links).into_iter().map(|edit| TextEdit {
        span: text.origin(edit.span),
        replacement: in_json(&edit.replacement),
        ..edit
    });
    let changes = changes.collect();
    (links, changes)
}

/// What is put in, inside of a text of JSON. It holds nothing else that has to be escaped.
fn in_json(inserted: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(inserted).replace('\\', "%5C").replace('"', "\\\"").into_bytes()
}

fn at_all(mut finding: Finding, places: Vec<Location>, key: &str) -> Finding {
    finding.message = format!("the text `{key}`: {}", finding.message);
    let mut places = places.into_iter();
    finding.primary = places.next();
    finding.related.extend(places.map(|place| (place, "here, too".to_owned())));
    finding
}

fn printers<'a>(planner: &Planner<'a>) -> Printers<'a> {
    let templates = planner.templates;
    let of_template = |name: &str| {
        /// Has a type of its own among what is known of a file.
        struct Known(Arc<Vec<Asked>>);
        let known = templates.derived(name, |file| {
            Known(Arc::new(asked(file.syntax.statements().unwrap_or_default())))
        });
        known.map(|known| Arc::clone(&known.0)).unwrap_or_default()
    };
    let kept = planner.closure.keys().map(|name| (*name, of_template(name)));
    let kept = kept.filter(|(_, asked)| !asked.is_empty()).collect();
    let is_other = |name: &&str| !planner.closure.contains_key(name) || planner.is_shared(name);
    let others = templates.iter().map(|(name, _)| name).filter(is_other);
    let others = others.flat_map(|name| of_template(name).as_ref().clone()).collect();
    let pages = planner.roots.iter().copied().filter(|root| root.starts_with("pages/"));
    Printers { kept, others, content: content_of(planner.theme, templates, pages) }
}

impl<'a> Printers<'a> {
    /// What becomes of a text; `None` if no kept page prints it.
    fn look_at(
        &self,
        planner: &Planner<'a>,
        situation: &Situation<'_>,
        path: &str,
        text: &Text,
    ) -> Option<LookedAt> {
        let (pages, content) = self.of(planner, &text.key);
        if pages.is_empty() {
            return None;
        }
        let (links, mut edits) = judged(situation, path, text, &pages, &content);
        let is_shared = self.others.iter().any(|asked| asked.includes(&text.key));
        if is_shared {
            edits.clear();
        }
        Some(LookedAt { links, edits, is_shared })
    }

    /// The kept pages that print the text of `key`, and those in whose own content it stands. A key that is
    /// found at run time is taken for another.
    fn of(&self, planner: &Planner<'a>, key: &str) -> (Vec<&'a str>, BTreeSet<&'a str>) {
        let prints = |asked: &Arc<Vec<Asked>>| {
            asked.iter().any(|asked| *asked != Asked::Unknown && asked.includes(key))
        };
        let names: Vec<&str> =
            self.kept.iter().filter(|(_, asked)| prints(asked)).map(|(name, _)| *name).collect();
        let pages = names.iter().filter_map(|name| planner.closure.get(name));
        let pages: BTreeSet<&str> = pages.flatten().copied().collect();
        let content = names.iter().filter_map(|name| self.content.get(name));
        (pages.into_iter().collect(), content.flatten().copied().collect())
    }
}
