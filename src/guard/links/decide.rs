//! Which attributes of a template are links, and what becomes of each.

use super::rules::{Action, Kind, Question, Rule, Rules};
use crate::syntax::html::{Markup, StartTag, TagAttribute};
use crate::text::{LineIndex, Span};
use crate::theme::destinations::{Destination, Target, targets};
use std::collections::BTreeSet;

/// What is known of the store and its pages.
pub struct Situation<'a> {
    /// The rules.
    pub rules: &'a Rules,
    /// Kept pages, such as `pages/checkout`.
    pub kept: &'a BTreeSet<String>,
    /// Address of the storefront without a final slash.
    pub storefront: &'a str,
    /// Hosts that belong to the store.
    pub own_hosts: &'a [String],
}

/// What becomes of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It stays.
    Keep,
    /// It leads to this address.
    Retarget(String),
    /// It leads nowhere.
    Strip,
}

/// The rule that decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The rule's file.
    pub file: String,
    /// Its name.
    pub rule: String,
    /// Why.
    pub why: String,
}

/// One link and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The template that it stands in.
    pub template: String,
    /// Where its tag starts.
    pub tag: usize,
    /// The element in lower case; empty if a mustache prints it.
    pub element: String,
    /// The attribute in lower case.
    pub attribute: String,
    /// Where the attribute's name stands.
    pub name: Span,
    /// Where its value stands, without quotes.
    pub value: Option<Span>,
    /// The value as it is written there.
    pub written: String,
    /// The line of the attribute's name, from 1.
    pub line: usize,
    /// Where it leads, in all its forms.
    pub leads_to: Vec<Kind>,
    /// Other hosts that it leads to.
    pub hosts: Vec<String>,
    /// What becomes of it.
    pub outcome: Outcome,
    /// The rule that decided.
    pub reason: Reason,
    /// Why it needs a look.
    pub doubt: Option<&'static str>,
}

impl Link {
    /// The attribute with its name and value.
    pub fn span(&self) -> Span {
        self.value.map_or(self.name, |value| self.name.to(value))
    }
}

/// What navigates, by HTML and SVG; an element without a name is one that a mustache prints.
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

/// The links in a template that the kept `pages` print, and whose includes give it variables of the names
/// `given`.
pub fn links(
    situation: &Situation<'_>,
    template: &str,
    source: &[u8],
    markup: &Markup,
    pages: &[&str],
    given: &BTreeSet<&str>,
) -> Vec<Link> {
    let mut links = Vec::new();
    let lines = LineIndex::new(source);
    for tag in &markup.tags {
        let decider = Decider { situation, template, source, lines: &lines, tag, pages, given };
        let mut of_tag: Vec<Link> =
            tag.attributes.iter().filter_map(|attribute| decider.link(attribute)).collect();
        make_forms_agree(&mut of_tag);
        links.extend(of_tag);
    }
    links
}

/// A form has one method for all its actions, so that one that leads inside takes the others with it.
fn make_forms_agree(links: &mut [Link]) {
    let is_action = |link: &Link| link.attribute == "action";
    let stripped = links.iter().find(|link| is_action(link) && link.outcome == Outcome::Strip);
    let Some(reason) = stripped.map(|link| link.reason.clone()) else { return };
    for link in links.iter_mut().filter(|link| is_action(link) && link.outcome != Outcome::Strip) {
        link.outcome = Outcome::Strip;
        link.reason = reason.clone();
        link.doubt = Some("another branch of this form leads into the store");
    }
}

struct Decider<'a> {
    situation: &'a Situation<'a>,
    template: &'a str,
    source: &'a [u8],
    lines: &'a LineIndex,
    tag: &'a StartTag,
    pages: &'a [&'a str],
    given: &'a BTreeSet<&'a str>,
}

/// What one rule says about one form of a link.
struct Answer {
    outcome: Outcome,
    reason: Reason,
    doubt: Option<&'static str>,
}

impl Decider<'_> {
    /// The link that an attribute is, if it is one.
    fn link(&self, attribute: &TagAttribute) -> Option<Link> {
        let name = String::from_utf8_lossy(attribute.name.of(self.source)).to_ascii_lowercase();
        let is_link = NAVIGATING.contains(&(self.tag.element.as_str(), name.as_str()))
            || self.situation.rules.name_attribute(&name);
        if !is_link {
            return None;
        }
        let value = attribute.value.map_or(&b""[..], |value| value.of(self.source));
        let scope = self.tag.scope.as_deref();
        let targets = targets(value, scope, self.situation.own_hosts);
        let classes = self.classes();
        let mut answers: Vec<Answer> =
            targets.iter().flat_map(|target| self.answers(&name, &classes, target)).collect();
        let differ = answers.windows(2).any(|pair| pair[0].outcome != pair[1].outcome);
        answers.sort_by_key(|answer| rank(&answer.outcome));
        let answer = answers.pop()?;
        let doubt = match answer.doubt {
            Some(doubt) => Some(doubt),
            None if !attribute.is_certain => Some("it can be read in more than one way"),
            None if differ => Some("it leads to different places"),
            None if answer.outcome == Outcome::Strip && self.is_given(&targets) => {
                Some("its address is given by a template that includes this one")
            }
            None => None,
        };
        let mut leads_to: Vec<Kind> = targets.iter().map(|target| self.kind(target)).collect();
        leads_to.dedup();
        Some(Link {
            template: self.template.to_owned(),
            tag: self.tag.start,
            element: self.tag.element.clone(),
            attribute: name,
            name: attribute.name,
            value: attribute.value,
            written: String::from_utf8_lossy(value).into_owned(),
            line: self.lines.position(self.source, attribute.name.start).line,
            leads_to,
            hosts: targets.into_iter().filter_map(|target| target.destination.host()).collect(),
            outcome: answer.outcome,
            reason: answer.reason,
            doubt,
        })
    }

    /// What the rules say on each page.
    fn answers(&self, attribute: &str, classes: &[String], target: &Target) -> Vec<Answer> {
        let expressions = self.expressions(target);
        let answer = |page: &&str| {
            let question = Question {
                element: &self.tag.element,
                attribute,
                classes,
                expressions: &expressions,
                path: target.path.as_deref(),
                leads_to: self.kind(target),
                page: page.strip_prefix("pages/").unwrap_or(page),
                file: self.template,
            };
            self.answer(&question, target)
        };
        self.pages.iter().map(answer).collect()
    }

    fn answer(&self, question: &Question<'_>, target: &Target) -> Answer {
        let Some(rule) = self.situation.rules.decide(question) else {
            // Our own rules answer every question; without them nothing may lead inside.
            let reason = Reason { file: String::new(), rule: String::new(), why: String::new() };
            return Answer { outcome: Outcome::Strip, reason, doubt: None };
        };
        let (outcome, cannot) = self.carry_out(rule, target);
        let doubt = cannot.or(rule.is_doubtful.then_some("the rule is not certain"));
        let reason =
            Reason { file: rule.file.clone(), rule: rule.name.clone(), why: rule.why.clone() };
        Answer { outcome, reason, doubt }
    }

    /// What a rule's action means for this link, and why it is not what the rule says.
    fn carry_out(&self, rule: &Rule, target: &Target) -> (Outcome, Option<&'static str>) {
        match &rule.action {
            Action::Keep => (Outcome::Keep, None),
            Action::Strip => (Outcome::Strip, None),
            Action::Retarget(_) if self.tag.element == "form" => {
                (Outcome::Strip, Some("a form cannot be sent to the storefront"))
            }
            Action::Retarget(path) => match path.as_deref().or(target.path.as_deref()) {
                Some(path) => {
                    (Outcome::Retarget(format!("{}{path}", self.situation.storefront)), None)
                }
                None => (Outcome::Strip, Some("its path is not written out")),
            },
        }
    }

    fn kind(&self, target: &Target) -> Kind {
        match &target.destination {
            Destination::Itself => Kind::Itself,
            Destination::Fragment => Kind::Fragment,
            Destination::Contact => Kind::Contact,
            Destination::Script => Kind::Script,
            Destination::Host(host) => match self.is_storefront(host) {
                true => Kind::Storefront,
                false => Kind::External,
            },
            Destination::Page(page) => match self.situation.kept.contains(*page) {
                true => Kind::Kept,
                false => Kind::Guarded,
            },
            Destination::Checkout => Kind::Checkout,
            Destination::CartAction => Kind::CartAction,
            Destination::Switch => Kind::Switch,
            Destination::File => Kind::File,
            Destination::Merchant => Kind::Merchant,
            Destination::Unknown => Kind::Unknown,
        }
    }

    fn is_storefront(&self, host: &str) -> bool {
        let address = url::Url::parse(self.situation.storefront).ok();
        address.is_some_and(|address| address.host_str() == Some(host))
    }

    /// Whether an include says where the link leads.
    fn is_given(&self, targets: &[Target]) -> bool {
        let mut names = targets.iter().filter_map(|target| target.expression.as_deref());
        names.any(|name| self.given.contains(name))
    }

    /// The classes of the tag that are written out.
    fn classes(&self) -> Vec<String> {
        let values = self.tag.named(self.source, "class").filter_map(|attribute| attribute.value);
        let words = values.flat_map(|value| {
            let text = String::from_utf8_lossy(value.of(self.source)).into_owned();
            text.split_ascii_whitespace().map(str::to_owned).collect::<Vec<_>>()
        });
        words.filter(|word| !word.contains(['{', '}'])).collect()
    }

    /// The names of the expression that the link starts with: as spelled, and below the list around it.
    fn expressions(&self, target: &Target) -> Vec<String> {
        let Some(name) = &target.expression else { return Vec::new() };
        let scope = self.tag.scope.as_deref().filter(|scope| !scope.is_empty());
        let below = scope.map(|scope| format!("{scope}.{name}"));
        [name.clone()].into_iter().chain(below).collect()
    }
}

/// What leads out of the shop wins over what stays, and what leads nowhere over both.
fn rank(outcome: &Outcome) -> usize {
    match outcome {
        Outcome::Keep => 0,
        Outcome::Retarget(_) => 1,
        Outcome::Strip => 2,
    }
}
