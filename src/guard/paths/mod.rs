//! Path rules: which address of the hosted shop leads where on the storefront.
//!
//! A rule is the same thing in a settings file, in a platform's map and in the guard's script. The script
//! follows the rules in browsers (`snippets/paths.js`); [`PathTable::lead`] follows them here, for all who
//! want to know beforehand. It knows no theme beyond the names of its pages.

mod address;
mod check;
mod lead;
mod map;
mod pages;
mod pattern;
mod target;

pub use address::Address;
pub use check::{Problem, Trouble, check};
pub use lead::Lead;
pub use map::{Map, Platform, maps};
pub use pages::{AT_CHECKOUT, HostedPage, hosted_address, hosted_pages, is_meant, places};
pub use pattern::{Pattern, PatternError};
pub use target::{Target, TargetError};

use md5::{Digest, Md5};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

/// What becomes of the query that a shopper brings and that a rule does not use. Its `action` never stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "PathQuery")]
pub enum Query {
    /// It stays.
    #[default]
    Keep,
    /// Only what advertisements and newsletters are told apart by stays, such as `utm_source`.
    Marketing,
}

impl Query {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// One rule: where an address of the hosted shop leads on the storefront.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PathRule {
    /// The path in the hosted shop, such as `/login.php?action=logout`; `*` at its end stands for any tail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub from: Option<Pattern>,
    /// Pages of the theme that the rule is for, such as `category`; a `*` stands for anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<Pages>,
    /// Where it leads: a path on the storefront, with values such as `{order_id:int}`, or an address on one of
    /// the named origins.
    #[schemars(with = "String")]
    pub to: Target,
    /// Where it leads if a value of `to` is missing or wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub fallback: Option<Target>,
    /// What becomes of the rest of the query.
    #[serde(default, skip_serializing_if = "Query::is_default")]
    pub query: Query,
    /// Where the rule comes from.
    #[serde(skip)]
    pub origin: RuleOrigin,
}

/// One name of a page, or several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Pages {
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

impl Pages {
    /// The names.
    pub fn names(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Several(names) => names,
        }
    }
}

/// Where in a settings file a rule stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RulePlace {
    /// The file.
    pub file: PathBuf,
    /// Its text.
    pub text: Arc<str>,
    /// The bytes that say for what the rule is.
    pub span: Range<usize>,
    /// The bytes that say where it leads.
    pub target: Range<usize>,
}

impl fmt::Display for RulePlace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let before = self.text.get(..self.span.start).unwrap_or_default();
        let name = self.file.file_name().unwrap_or_default().to_string_lossy();
        write!(formatter, "{name}:{}", before.matches('\n').count() + 1)
    }
}

/// Where a rule comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum RuleOrigin {
    /// A settings file.
    Settings(RulePlace),
    /// The map of a platform.
    Map(&'static str),
    /// What becomes of the hosted shop's own addresses that no other rule names.
    #[default]
    Fallback,
}

impl fmt::Display for RuleOrigin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settings(place) => place.fmt(formatter),
            Self::Map(platform) => write!(formatter, "map {platform}"),
            Self::Fallback => formatter.write_str("fallback"),
        }
    }
}

/// Addresses that only the hosted shop has.
const HOSTED_ONLY: &[&str] = &["/*.php", "/compare/*", "/brands"];

/// All rules in the order in which they are tried; the first that fits decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PathTable {
    rules: Vec<PathRule>,
    /// The parameter that hands the number of the cart on, if that is wanted.
    cart_param: Option<String>,
}

impl PathTable {
    /// The rules of the user before those of a platform's map. With a map or a `fallback`, what no rule names of
    /// the hosted shop's own addresses leads to the fallback, or to the storefront's home page.
    pub fn new(own: &[PathRule], map: Option<&'static Map>, fallback: Option<Target>) -> Self {
        let mut rules = own.to_vec();
        rules.extend(map.iter().flat_map(|map| map.rules.iter().cloned()));
        if map.is_some() || fallback.is_some() {
            let to = fallback.unwrap_or_else(Target::home);
            rules.extend(HOSTED_ONLY.iter().map(|from| hosted_only(from, &to)));
        }
        rules.extend(map.and_then(|map| map.otherwise.clone()));
        Self { rules, cart_param: None }
    }

    /// Rules in the order in which they are tried.
    pub fn from_rules(rules: Vec<PathRule>) -> Self {
        Self { rules, cart_param: None }
    }

    /// The same, where the number of the cart is handed on from the cart in this parameter.
    #[must_use]
    pub fn with_cart_param(self, cart_param: Option<String>) -> Self {
        Self { cart_param, ..self }
    }

    /// The parameter that hands the number of the cart on, if that is wanted.
    pub fn cart_param(&self) -> Option<&str> {
        self.cart_param.as_deref()
    }

    /// The rules in order.
    pub fn rules(&self) -> &[PathRule] {
        &self.rules
    }

    /// Whether there is no rule, so that every path leads to the same one on the storefront.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// How many bytes the rules have in a script.
    pub fn size(&self) -> usize {
        // Texts alone: this cannot fail.
        serde_json::to_string(&self.rules).unwrap_or_default().len()
    }

    /// A text that is another one for other rules; empty if there are none, and nothing is handed on.
    pub fn digest(&self) -> String {
        if self.is_empty() && self.cart_param.is_none() {
            return String::new();
        }
        let text = serde_json::to_string(&self.rules).unwrap_or_default();
        let text = text + self.cart_param().unwrap_or_default();
        Md5::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether some rule asks which page it is.
    pub fn asks_for_page(&self) -> bool {
        self.rules.iter().any(|rule| rule.page.is_some())
    }

    /// Whether some rule asks for the number of the product.
    pub fn asks_for_product(&self) -> bool {
        let targets = self.rules.iter().flat_map(|rule| rule.fallback.iter().chain([&rule.to]));
        targets.into_iter().any(Target::names_product)
    }

    /// The same rules for a theme with these pages (without `pages/`): patterns of pages become their names, and
    /// rules for pages that the theme does not have are left out.
    #[must_use]
    pub fn for_pages(&self, pages: &[&str]) -> Self {
        let named = |rule: &PathRule| {
            let Some(wanted) = &rule.page else { return Some(rule.clone()) };
            let is_meant =
                |page: &&str| wanted.names().iter().any(|name| pages::is_meant(name, page));
            let meant = pages.iter().copied().filter(is_meant);
            let names: Vec<String> = meant.map(full_name).collect();
            (!names.is_empty())
                .then(|| PathRule { page: Some(Pages::Several(names)), ..rule.clone() })
        };
        let rules = self.rules.iter().filter_map(named).collect();
        Self { rules, cart_param: self.cart_param.clone() }
    }
}

/// The name of a page as the platform's renderer says it.
fn full_name(page: &str) -> String {
    format!("pages/{page}")
}

fn hosted_only(from: &str, to: &Target) -> PathRule {
    PathRule {
        from: from.parse().ok(),
        page: None,
        to: to.clone(),
        fallback: None,
        query: Query::Marketing,
        origin: RuleOrigin::Fallback,
    }
}
