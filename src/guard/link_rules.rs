//! Rules that decide what happens to a link, as TOML data: the user's files first, then the built-in ones.
//!
//! This module only matches links against rules; other modules decide what a link is and where it leads.

use crate::theme::destinations::fits;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use toml::Spanned;

/// The built-in files, in the order in which they are tried.
const EMBEDDED: &[(&str, &str)] =
    &[("generic.toml", include_str!("../../theme-patches/generic.toml"))];

/// Where a link leads, as far as rules distinguish it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Destination")]
pub enum Kind {
    /// A kept page.
    Kept,
    /// A page that is not kept.
    Guarded,
    /// An action that belongs to the page with the link.
    OwnAction,
    /// An unknown address that a form in the page's own content posts to.
    OwnForm,
    /// The checkout.
    Checkout,
    /// The page with the link itself.
    Itself,
    /// A place on the page with the link.
    Fragment,
    /// A telephone number, an e-mail address, another program.
    Contact,
    /// A script.
    Script,
    /// The storefront.
    Storefront,
    /// Another host.
    External,
    /// A file or data.
    File,
    /// Another currency or language.
    Switch,
    /// A change to the cart.
    CartAction,
    /// An address that the merchant sets.
    Merchant,
    /// An unknown place in the store.
    Unknown,
}

impl Kind {
    /// Returns the destination in words, to follow "leads to".
    pub fn phrase(self) -> &'static str {
        match self {
            Kind::Kept => "a kept page",
            Kind::Guarded => "a guarded page",
            Kind::OwnAction => "what its page is there for",
            Kind::OwnForm => "an address that only the store knows",
            Kind::Checkout => "the checkout",
            Kind::Itself => "its own page",
            Kind::Fragment => "a place on its own page",
            Kind::Contact => "another program",
            Kind::Script => "a script",
            Kind::Storefront => "the storefront",
            Kind::External => "another site",
            Kind::File => "a file",
            Kind::Switch => "another currency or language",
            Kind::CartAction => "a change of the cart",
            Kind::Merchant => "a place that the merchant set",
            Kind::Unknown => "some place in the store",
        }
    }
}

/// What a rule does with a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Keeps it.
    Keep,
    /// Disables it.
    Strip,
    /// Retargets it to this path of the storefront; with `None`, to where its own path leads.
    Retarget(Option<String>),
}

/// One rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The file that holds it.
    pub file: String,
    /// Its name.
    pub name: String,
    /// What it does.
    pub action: Action,
    /// Whether the user should review what it decides.
    pub is_doubtful: bool,
    /// The reason for it.
    pub why: String,
    /// Whether it is built in.
    pub is_built_in: bool,
    asked: RawRule,
}

/// What rules are matched against: one variant of a link on one kept page.
#[derive(Clone, Copy, Debug)]
pub struct Question<'q> {
    /// The element, in lower case; empty if a mustache prints it.
    pub element: &'q str,
    /// The attribute, in lower case.
    pub attribute: &'q str,
    /// The classes that are written out.
    pub classes: &'q [String],
    /// The names of the expression that the value starts with.
    pub expressions: &'q [String],
    /// The path and query inside the store.
    pub path: Option<&'q str>,
    /// Where it leads.
    pub leads_to: Kind,
    /// The kept page, without `pages/`.
    pub page: &'q str,
    /// The template that holds the link.
    pub file: &'q str,
}

/// Rules in the order in which they are tried.
#[derive(Clone, Debug)]
pub struct Rules {
    rules: Vec<Rule>,
}

/// An error in a file of rules.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct RuleError {
    /// The file's name.
    pub file: String,
    /// Its text.
    pub text: String,
    /// The bytes that it is about.
    pub span: Range<usize>,
    /// What is wrong: one clause without a final period.
    pub message: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    #[serde(default)]
    rule: Vec<Spanned<RawRule>>,
}

/// A rule as written in its file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawRule {
    name: String,
    element: Option<Vec<String>>,
    attribute: Option<Vec<String>>,
    class: Option<Vec<String>>,
    expression: Option<Vec<String>>,
    path: Option<Vec<String>>,
    leads_to: Option<Vec<Kind>>,
    page: Option<Vec<String>>,
    file: Option<Vec<String>>,
    r#do: Option<RawAction>,
    retarget: Option<Spanned<String>>,
    #[serde(default)]
    doubtful: bool,
    why: String,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum RawAction {
    Keep,
    Strip,
}

impl Rules {
    /// Parses the user's rules, given as the name and text of each file, and adds the built-in ones after
    /// them.
    ///
    /// # Errors
    /// When a file cannot be parsed.
    pub fn new(files: &[(String, String)]) -> Result<Self, RuleError> {
        let own = EMBEDDED.iter().map(|(name, text)| (*name, *text, true));
        let files = files.iter().map(|(name, text)| (name.as_str(), text.as_str(), false));
        let mut rules = Vec::new();
        for (name, text, is_built_in) in files.chain(own) {
            let of_file = parse(name, text)?;
            rules.extend(of_file.into_iter().map(|rule| Rule { is_built_in, ..rule }));
        }
        Ok(Self { rules })
    }

    /// Returns the first rule that matches; the built-in rules match every question.
    pub fn decide(&self, question: &Question<'_>) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.asked.fit(question))
    }

    /// Reports whether a rule names this data attribute, so that it counts as a link.
    pub fn name_attribute(&self, attribute: &str) -> bool {
        let mut lists = self.rules.iter().filter_map(|rule| rule.asked.attribute.as_ref());
        attribute.starts_with("data-")
            && lists.any(|list| list.iter().any(|name| name == attribute))
    }
}

fn parse(file: &str, text: &str) -> Result<Vec<Rule>, RuleError> {
    let error = |span: Option<Range<usize>>, message: &str| RuleError {
        file: file.to_owned(),
        text: text.to_owned(),
        span: span.unwrap_or(0..0),
        message: message.to_owned(),
    };
    let rules: RuleFile =
        toml::from_str(text).map_err(|wrong| error(wrong.span(), wrong.message()))?;
    let rules = rules.rule.into_iter().map(|rule| {
        let span = Some(rule.span());
        let mut rule = rule.into_inner();
        let action = match (rule.r#do, rule.retarget.take()) {
            (Some(RawAction::Keep), None) => Action::Keep,
            (Some(RawAction::Strip), None) => Action::Strip,
            (None, Some(path)) => Action::Retarget(
                retarget(path.get_ref()).map_err(|message| error(Some(path.span()), message))?,
            ),
            _ => return Err(error(span, "a rule needs either `do` or `retarget`")),
        };
        Ok(Rule {
            file: file.to_owned(),
            name: std::mem::take(&mut rule.name),
            action,
            is_doubtful: rule.doubtful,
            why: std::mem::take(&mut rule.why),
            is_built_in: false,
            asked: rule,
        })
    });
    rules.collect()
}

fn retarget(path: &str) -> Result<Option<String>, &'static str> {
    match path {
        "{path}" => Ok(None),
        path if path.starts_with('/') && !path.starts_with("//") => Ok(Some(path.to_owned())),
        _ => Err("`retarget` is a path on the storefront, such as \"/terms/\", or \"{path}\""),
    }
}

impl RawRule {
    /// Reports whether the rule matches a question; a criterion that the rule does not name matches
    /// everything.
    fn fit(&self, question: &Question<'_>) -> bool {
        one_of(&self.element, [question.element])
            && one_of(&self.attribute, [question.attribute])
            && one_of(&self.class, question.classes.iter().map(String::as_str))
            && one_of(&self.expression, question.expressions.iter().map(String::as_str))
            && one_of(&self.path, question.path)
            && one_of(&self.page, [question.page])
            && one_of(&self.file, [question.file])
            && self.leads_to.as_ref().is_none_or(|kinds| kinds.contains(&question.leads_to))
    }
}

/// Reports whether one of `texts` matches one of the patterns; without patterns, everything matches.
fn one_of<'t>(patterns: &Option<Vec<String>>, texts: impl IntoIterator<Item = &'t str>) -> bool {
    let Some(patterns) = patterns else { return true };
    texts.into_iter().any(|text| patterns.iter().any(|pattern| fits(pattern, text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(text: &str) -> Result<Rules, RuleError> {
        Rules::new(&[("mine.toml".to_owned(), text.to_owned())])
    }

    const QUESTION: Question<'_> = Question {
        element: "a",
        attribute: "href",
        classes: &[],
        expressions: &[],
        path: None,
        leads_to: Kind::Guarded,
        page: "checkout",
        file: "pages/checkout",
    };

    #[test]
    fn every_rule_file_is_embedded() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/theme-patches");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_file())
            .filter(|path| std::fs::read_to_string(path).unwrap().contains("\n[[rule]]\n"))
            .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
            .collect();
        files.sort();
        assert_eq!(files, EMBEDDED.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    }

    /// Findings print the condition themselves, in the words for where the link leads.
    #[test]
    fn built_in_reasons_do_not_repeat_their_condition() {
        for rule in &Rules::new(&[]).unwrap().rules {
            for kind in rule.asked.leads_to.iter().flatten() {
                assert!(!rule.why.contains(kind.phrase()), "{}: {}", rule.name, rule.why);
            }
            for words in ["leads to", "lead to", "leads into", "lead into"] {
                assert!(!rule.why.contains(words), "{}: {}", rule.name, rule.why);
            }
        }
    }

    #[test]
    fn built_in_rules_cover_every_kind_of_link() {
        let rules = Rules::new(&[]).unwrap();
        let kinds = "kept guarded own-action own-form checkout itself fragment contact script storefront external file \
                     switch cart-action merchant unknown";
        for kind in kinds.split_whitespace() {
            let leads_to = serde_json::from_value(kind.into()).unwrap();
            let strips =
                rules.decide(&Question { leads_to, ..QUESTION }).unwrap().action == Action::Strip;
            assert_eq!(strips, ["guarded", "merchant", "unknown"].contains(&kind), "{kind}");
        }
    }

    #[test]
    fn user_rules_win_over_built_in_rules() {
        let text = "[[rule]]\nname = 'logo'\nelement = ['a']\nclass = ['lo*']\npage = ['checkout']\nretarget = '/'\nwhy = 'w'";
        let rules = user(text).unwrap();
        let classes = ["x".to_owned(), "logo".to_owned()];
        let logo = Question { classes: &classes, ..QUESTION };
        let rule = rules.decide(&logo).unwrap();
        assert_eq!((rule.file.as_str(), rule.name.as_str()), ("mine.toml", "logo"));
        assert_eq!(rule.action, Action::Retarget(Some("/".to_owned())));
        for other in
            [QUESTION, Question { page: "cart", ..logo }, Question { element: "area", ..logo }]
        {
            assert_eq!(rules.decide(&other).unwrap().name, "guarded-page");
        }
    }

    #[test]
    fn bad_rules_are_refused_with_their_place() {
        for (text, place) in [
            ("[[rule]]\nname = 'a'\nwhy = 'w'\n", "[[rule]]"),
            ("[[rule]]\nname = 'a'\ndo = 'burn'\nwhy = 'w'", "'burn'"),
            ("[[rule]]\nname = 'a'\nretarget = 'x'\nwhy = 'w'", "'x'"),
            ("[[rule]]\nname = 'a'\nretarget = '//x'\nwhy = 'w'", "'//x'"),
            ("[[rule]]\nname = 'a'\ndo = 'keep'\nleads-to = ['mars']\nwhy = 'w'", "'mars'"),
            ("[[rule]]\nname = 'a'\ndo = 'keep'\nwhere = 1\nwhy = 'w'", "where"),
            ("[[rules]]\n", "rules"),
        ] {
            let error = user(text).unwrap_err();
            assert!(text[error.span.clone()].starts_with(place), "{text}: {error:?}");
        }
    }
}
