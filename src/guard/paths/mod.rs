//! Path rules: which address of the hosted shop leads where on the storefront.
//!
//! A rule has the same form in a settings file, in a platform's map and in the guard's script. The script
//! applies the rules in browsers (`snippets/paths.js`); [`PathTable::lead`] applies them here. This module
//! knows nothing about a theme but the names of its pages.

mod address;
mod check;
mod lead;
mod map;
mod pages;
mod pattern;
mod target;

pub use address::Address;
pub use check::{Problem, RuleProblem, check};
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

/// What happens to query parameters that a rule does not use. `action` is always dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "PathQuery")]
pub enum Query {
    /// They are kept.
    #[default]
    Keep,
    /// Only those that track advertisements and newsletters are kept, such as `utm_source`.
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
    /// Where it leads: a path on the storefront, with values such as `{order_id:int}`, or an address on one
    /// of the named origins.
    #[schemars(with = "String")]
    pub to: Target,
    /// Where it leads if a value of `to` is missing or wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub fallback: Option<Target>,
    /// What happens to the rest of the query.
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
    /// One name.
    One(String),
    /// Several names.
    Several(Vec<String>),
}

impl Pages {
    /// Returns the names.
    pub fn names(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Several(names) => names,
        }
    }
}

/// The place of a rule in a settings file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RulePlace {
    /// The file.
    pub file: PathBuf,
    /// Its text.
    pub text: Arc<str>,
    /// The bytes that say what the rule is for.
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
    /// The fallback for addresses of the hosted shop that no other rule names.
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

/// All rules in the order in which they are tried; the first match wins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PathTable {
    rules: Vec<PathRule>,
    /// The query parameter that hands on the cart ID, if that is wanted.
    cart_param: Option<String>,
}

impl PathTable {
    /// Combines the user's rules with those of a platform's map, which come after them. With a map or a
    /// `fallback`, addresses of the hosted shop that no rule names lead to the fallback, or else to the
    /// storefront's home page.
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

    /// Creates a table from rules in the order in which they are tried.
    pub fn from_rules(rules: Vec<PathRule>) -> Self {
        Self { rules, cart_param: None }
    }

    /// Returns the table with a query parameter that hands on the cart ID from the cart page.
    #[must_use]
    pub fn with_cart_param(self, cart_param: Option<String>) -> Self {
        Self { cart_param, ..self }
    }

    /// Returns the query parameter that hands on the cart ID, if that is wanted.
    pub fn cart_param(&self) -> Option<&str> {
        self.cart_param.as_deref()
    }

    /// Returns the rules in order.
    pub fn rules(&self) -> &[PathRule] {
        &self.rules
    }

    /// Reports whether there are no rules, so that every path leads to the same one on the storefront.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Returns the size of the rules in a script, in bytes.
    pub fn size(&self) -> usize {
        // Serializing rules to JSON cannot fail.
        serde_json::to_string(&self.rules).unwrap_or_default().len()
    }

    /// Returns a digest of the rules and the cart parameter; empty if there are none.
    pub fn digest(&self) -> String {
        if self.is_empty() && self.cart_param.is_none() {
            return String::new();
        }
        let text = serde_json::to_string(&self.rules).unwrap_or_default();
        let text = text + self.cart_param().unwrap_or_default();
        Md5::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Reports whether some rule depends on the page.
    pub fn asks_for_page(&self) -> bool {
        self.rules.iter().any(|rule| rule.page.is_some())
    }

    /// Reports whether some rule uses the number of the product.
    pub fn asks_for_product(&self) -> bool {
        let targets = self.rules.iter().flat_map(|rule| rule.fallback.iter().chain([&rule.to]));
        targets.into_iter().any(Target::names_product)
    }

    /// Resolves the rules for a theme with these pages (given without `pages/`): replaces page patterns with
    /// the names that match, and drops rules for pages that the theme does not have.
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

/// Returns the name of a page as the platform's renderer gives it.
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
