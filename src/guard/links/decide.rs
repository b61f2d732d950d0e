//! Finds the attributes of a template that are links, and decides what happens to each.

use super::arrival::Arrival;
use super::kinds::{self, Lead, PageLink};
use super::options::LinkOptions;
use crate::guard::link_rules::{Action, Kind, Question, Rule};
use crate::syntax::html::{Markup, StartTag, TagAttribute};
use crate::text::{LineIndex, Span};
use crate::theme::destinations::{LinkContext, Target, targets};
use std::cell::OnceCell;
use std::collections::BTreeSet;

/// A template as kept pages print it.
#[derive(Clone, Copy)]
pub struct Printed<'a> {
    /// Its name.
    pub template: &'a str,
    /// Its text.
    pub source: &'a [u8],
    /// Its start tags.
    pub markup: &'a Markup,
    /// The kept pages that print it.
    pub pages: &'a [&'a str],
    /// The pages among them whose own content it is part of.
    pub content_of: &'a BTreeSet<&'a str>,
    /// Names of variables that includes pass to it.
    pub given: &'a BTreeSet<&'a str>,
}

/// What happens to a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is kept.
    Keep,
    /// It is retargeted to this address.
    Retarget(Arrival),
    /// It is disabled.
    Strip,
}

/// The rule that decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reason {
    /// The rule's file.
    pub file: String,
    /// Its name.
    pub rule: String,
    /// The rule's own reason.
    pub why: String,
    /// Whether it is built in.
    pub is_built_in: bool,
}

/// One link and what happens to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The template that holds it.
    pub template: String,
    /// Where its tag starts.
    pub tag: usize,
    /// The element in lower case; empty if a mustache prints it.
    pub element: String,
    /// The attribute in lower case.
    pub attribute: String,
    /// The span of the attribute's name.
    pub name: Span,
    /// The span of its value, without quotes.
    pub value: Option<Span>,
    /// The value as written.
    pub written: String,
    /// The line of the attribute's name, from 1.
    pub line: usize,
    /// Where it leads, in all its variants.
    pub leads_to: Vec<Kind>,
    /// The guarded pages that shoppers see next.
    pub next: BTreeSet<&'static str>,
    /// Other hosts that it leads to.
    pub hosts: Vec<String>,
    /// What happens to it.
    pub outcome: Outcome,
    /// The rule that decided.
    pub reason: Reason,
    /// Why the user should review it.
    pub doubt: Option<String>,
}

impl Link {
    /// Returns the span of the attribute's name and value.
    pub fn span(&self) -> Span {
        self.value.map_or(self.name, |value| self.name.to(value))
    }
}

/// What navigates in HTML and SVG; an empty element name stands for one that a mustache prints.
const NAVIGATING: &[(&str, &str)] = &[
    ("a", "href"),
    ("a", "xlink:href"),
    ("area", "href"),
    ("form", "action"),
    ("button", "formaction"),
    ("input", "formaction"),
    ("", "href"),
    ("", "xlink:href"),
    ("", "action"),
    ("", "formaction"),
];

/// Returns the links in a template.
pub fn links(options: &LinkOptions<'_>, printed: Printed<'_>) -> Vec<Link> {
    let mut links = Vec::new();
    let lines = LineIndex::new(printed.source);
    for tag in &printed.markup.tags {
        let classes = OnceCell::new();
        let decider = Decider { options, printed, lines: &lines, tag, classes };
        let mut of_tag: Vec<Link> =
            tag.attributes.iter().filter_map(|attribute| decider.link(attribute)).collect();
        make_forms_agree(&mut of_tag);
        links.extend(of_tag);
    }
    links
}

/// Disables all actions of a form if one of them is disabled, because the form has one method for all.
fn make_forms_agree(links: &mut [Link]) {
    let is_action = |link: &Link| link.attribute == "action";
    let stripped = links.iter().find(|link| is_action(link) && link.outcome == Outcome::Strip);
    let Some(reason) = stripped.map(|link| link.reason.clone()) else { return };
    for link in links.iter_mut().filter(|link| is_action(link) && link.outcome != Outcome::Strip) {
        link.outcome = Outcome::Strip;
        link.reason = reason.clone();
        link.doubt = Some("another branch of this form leads into the store".to_owned());
    }
}

struct Decider<'a> {
    options: &'a LinkOptions<'a>,
    printed: Printed<'a>,
    lines: &'a LineIndex,
    tag: &'a StartTag,
    /// The classes of the tag that are written out.
    classes: OnceCell<Vec<String>>,
}

/// What one rule decides about one variant of a link on one page.
struct Answer {
    lead: Lead,
    outcome: Outcome,
    reason: Reason,
    doubt: Option<String>,
}

impl Decider<'_> {
    /// Returns the link that an attribute is, if it is one.
    fn link(&self, attribute: &TagAttribute) -> Option<Link> {
        let source = self.printed.source;
        let name = String::from_utf8_lossy(attribute.name.of(source)).to_ascii_lowercase();
        let is_link = NAVIGATING.contains(&(self.tag.element.as_str(), name.as_str()))
            || self.options.rules.name_attribute(&name);
        if !is_link {
            return None;
        }
        let value = attribute.value.map_or(&b""[..], |value| value.of(source));
        let classes = self.classes.get_or_init(|| self.written_classes());
        let (mut hosts, mut is_given) = (Vec::new(), false);
        let mut answers: Vec<Answer> = Vec::new();
        for page in self.printed.pages {
            let targets = self.targets(value, page);
            answers.extend(targets.iter().map(|target| self.answer(&name, classes, page, target)));
            is_given |= self.is_given(&targets);
            hosts.extend(targets.into_iter().filter_map(|target| target.destination.host()));
        }
        hosts.sort();
        hosts.dedup();
        let leads: Vec<Lead> = answers.iter().map(|answer| answer.lead).collect();
        let differ = answers.windows(2).any(|pair| pair[0].outcome != pair[1].outcome);
        answers.sort_by_key(|answer| rank(&answer.outcome));
        let answer = answers.pop()?;
        let doubt = answer.doubt.or(match answer.outcome {
            _ if !attribute.is_certain => Some("it can be read in more than one way".to_owned()),
            _ if differ => Some("it leads to different places".to_owned()),
            Outcome::Strip if is_given => {
                Some("its address is given by a template that includes this one".to_owned())
            }
            _ => None,
        });
        let (leads_to, next) = kinds::summed_up(&leads);
        Some(Link {
            template: self.printed.template.to_owned(),
            tag: self.tag.start,
            element: self.tag.element.clone(),
            attribute: name,
            name: attribute.name,
            value: attribute.value,
            written: String::from_utf8_lossy(value).into_owned(),
            line: self.lines.position(source, attribute.name.start).line,
            leads_to,
            next,
            hosts,
            outcome: answer.outcome,
            reason: answer.reason,
            doubt,
        })
    }

    /// Returns where a value leads on one page.
    fn targets(&self, value: &[u8], page: &str) -> Vec<Target> {
        let around = LinkContext {
            scope: self.tag.scope.as_deref(),
            page: self.printed.content_of.contains(page).then_some(page),
            own_hosts: self.options.own_hosts,
        };
        targets(value, around)
    }

    /// Returns what the rules decide on one page.
    fn answer(&self, attribute: &str, classes: &[String], page: &str, target: &Target) -> Answer {
        let standing = PageLink {
            options: self.options,
            source: self.printed.source,
            tag: self.tag,
            attribute,
            page,
            is_content: self.printed.content_of.contains(page),
        };
        let lead = standing.lead(target);
        let question = Question {
            element: &self.tag.element,
            attribute,
            classes,
            expressions: &self.expressions(target),
            path: target.path.as_deref(),
            leads_to: lead.kind,
            page: page.strip_prefix("pages/").unwrap_or(page),
            file: self.printed.template,
        };
        let Some(rule) = self.options.rules.decide(&question) else {
            // The built-in rules match every question; without them nothing may lead into the shop.
            let reason = Reason::default();
            return Answer { lead, outcome: Outcome::Strip, reason, doubt: None };
        };
        let (outcome, cannot) = self.outcome_of(rule, target);
        let is_lost = outcome == Outcome::Strip && rule.is_built_in;
        let doubt = match cannot {
            Some(cannot) => Some(cannot.to_owned()),
            None if rule.is_doubtful => Some("the rule is not certain".to_owned()),
            None if is_lost && standing.is_form() && standing.is_content => {
                Some(lost_form(page, lead.next))
            }
            None => None,
        };
        let reason = Reason {
            file: rule.file.clone(),
            rule: rule.name.clone(),
            why: rule.why.clone(),
            is_built_in: rule.is_built_in,
        };
        Answer { lead, outcome, reason, doubt }
    }

    /// Returns what a rule's action means for this link, and why, where that differs from what the rule says.
    fn outcome_of(&self, rule: &Rule, target: &Target) -> (Outcome, Option<&'static str>) {
        match &rule.action {
            Action::Keep => (Outcome::Keep, None),
            Action::Strip => {
                let is_sent = ["form", "button", "input"].contains(&self.tag.element.as_str());
                let back = self.options.lead_back(target).filter(|_| rule.is_built_in && !is_sent);
                (back.map_or(Outcome::Strip, Outcome::Retarget), None)
            }
            Action::Retarget(_) if self.tag.element == "form" => {
                (Outcome::Strip, Some("a form cannot be sent to the storefront"))
            }
            Action::Retarget(path) => {
                let own = || self.options.lead(target.path.as_deref()?);
                match path.as_ref().map(|path| self.options.at(path)).unwrap_or_else(own) {
                    Some(arrival) => (Outcome::Retarget(arrival), None),
                    None => (Outcome::Strip, Some("its path is not written out")),
                }
            }
        }
    }

    /// Reports whether an include passes the variable that the link starts with.
    fn is_given(&self, targets: &[Target]) -> bool {
        let mut names = targets.iter().filter_map(|target| target.expression.as_deref());
        names.any(|name| self.printed.given.contains(name))
    }

    /// Returns the classes of the tag that are written out.
    fn written_classes(&self) -> Vec<String> {
        let source = self.printed.source;
        let values = self.tag.named(source, "class").filter_map(|attribute| attribute.value);
        let words = values.flat_map(|value| {
            let text = String::from_utf8_lossy(value.of(source)).into_owned();
            text.split_ascii_whitespace().map(str::to_owned).collect::<Vec<_>>()
        });
        words.filter(|word| !word.contains(['{', '}'])).collect()
    }

    /// Returns the names of the expression that the link starts with: as spelled, and qualified by the list
    /// around it.
    fn expressions(&self, target: &Target) -> Vec<String> {
        let Some(name) = &target.expression else { return Vec::new() };
        let scope = self.tag.scope.as_deref().filter(|scope| !scope.is_empty());
        let below = scope.map(|scope| format!("{scope}.{name}"));
        [name.clone()].into_iter().chain(below).collect()
    }
}

/// Returns why the user should review a disabled form.
fn lost_form(page: &str, next: Option<&str>) -> String {
    let short = |page: &str| page.strip_prefix("pages/").unwrap_or(page).to_owned();
    let page = short(page);
    match next.map(short) {
        Some(next) => format!(
            "it is a form in the content of {page}; to leave it as it is, keep the page that it needs, too: --keep {next}"
        ),
        None => format!("it is a form in the content of {page}; see whether shoppers need it"),
    }
}

/// Ranks outcomes: retargeting wins over keeping, and disabling over both.
fn rank(outcome: &Outcome) -> usize {
    match outcome {
        Outcome::Keep => 0,
        Outcome::Retarget(_) => 1,
        Outcome::Strip => 2,
    }
}
