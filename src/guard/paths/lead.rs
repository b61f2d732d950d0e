//! Resolves where an address of the hosted shop leads by the rules: an independent implementation of what
//! `snippets/paths.js` does in browsers.

use super::address::Address;
use super::pattern::{Pattern, pieces};
use super::target::{Kind, PRODUCT, RESERVED, Target, Value};
use super::{PathRule, PathTable, Query};
use crate::guard::storefront::Storefront;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Where an address leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead {
    /// The whole address.
    pub address: String,
    /// The index of the rule that decided; `None` if no rule did and the path stays the same.
    pub rule: Option<usize>,
}

impl PathTable {
    /// Returns where an address leads.
    pub fn lead(&self, address: &Address, storefront: &Storefront) -> Lead {
        let storefront = storefront.of(&address.host, &address.locale);
        let rules = self.rules.iter().enumerate();
        let matching = |(at, rule)| Some((at, Match::new(rule, address, self.cart_param())?));
        let (rule, mut whole) = match rules.filter_map(matching).next() {
            Some((at, found)) => (Some(at), found.address(&found.rule.to, storefront)),
            None => (None, self.same_path(address, storefront)),
        };
        if let (Some(name), Some(cart)) = (self.cart_param(), address.cart())
            && whole.starts_with(&storefront.root())
        {
            let sign = if whole.contains('?') { '&' } else { '?' };
            whole.push_str(&format!("{sign}{name}={cart}"));
        }
        whole.push_str(&address.fragment);
        Lead { address: whole, rule }
    }

    fn same_path(&self, address: &Address, storefront: &Storefront) -> String {
        let path = address.path.trim_start_matches(['/', '\\']);
        let rest = address.rest(&|name| Some(name) == self.cart_param());
        format!("{}/{path}{rest}", storefront.base())
    }
}

/// A rule that matches an address.
struct Match<'r> {
    rule: &'r PathRule,
    address: &'r Address,
    tail: Vec<&'r str>,
    locale: Option<&'r str>,
    /// The parameter that only the server may hand on.
    cart_param: Option<&'r str>,
}

impl<'r> Match<'r> {
    fn new(rule: &'r PathRule, address: &'r Address, cart_param: Option<&'r str>) -> Option<Self> {
        if rule.page.as_ref().is_some_and(|pages| !pages.names().contains(&address.page)) {
            return None;
        }
        let (tail, locale) = match &rule.from {
            Some(pattern) => pattern.tail(address)?,
            None => (pieces(&address.path).collect(), None),
        };
        Some(Self { rule, address, tail, locale, cart_param })
    }

    /// Returns the address for a target. If a value is missing, it uses the fallback; without one, the path
    /// ends before that value and the query omits it.
    fn address(&self, target: &Target, storefront: &Storefront) -> String {
        let (path, query) = target.as_str().split_once('?').unwrap_or((target.as_str(), ""));
        let mut parts: Vec<String> = Vec::new();
        let mut lacks = false;
        for part in path.split('/') {
            match self.filled(part, false) {
                Some(part) => parts.push(part),
                None => {
                    lacks = true;
                    parts.extend(path.ends_with('/').then(String::new));
                    break;
                }
            }
        }
        let pairs: Vec<Option<String>> = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| self.filled(pair, true))
            .collect();
        lacks |= pairs.iter().any(Option::is_none);
        if let (true, Some(fallback)) = (lacks, &self.rule.fallback)
            && fallback != target
        {
            return self.address(fallback, storefront);
        }
        let kept = self.kept(target);
        let pairs: Vec<&str> = pairs.iter().flatten().map(String::as_str).collect();
        let pairs = [pairs.join("&"), kept];
        let query: Vec<&str> =
            pairs.iter().map(String::as_str).filter(|pair| !pair.is_empty()).collect();
        let sign = if query.is_empty() { "" } else { "?" };
        let locale = self.locale.map(|locale| format!("/{locale}")).unwrap_or_default();
        let start = match target.origin() {
            Some(_) => String::new(),
            None => format!("{}{locale}", storefront.base()),
        };
        format!("{start}{}{sign}{}", parts.join("/"), query.join("&"))
    }

    /// Returns what remains of the query besides what the target uses.
    fn kept(&self, target: &Target) -> String {
        let conditions = self.rule.from.as_ref().map(Pattern::conditions).unwrap_or_default();
        let goes = |name: &str| {
            name == "action"
                || Some(name) == self.cart_param
                || conditions.iter().any(|(own, _)| own == name)
                || target.names().any(|own| own == name)
                || (self.rule.query == Query::Marketing && !is_marketing(name))
        };
        let kept = self.address.rest(&goes);
        kept.get(1..).unwrap_or_default().to_owned()
    }

    /// Fills in a part of a target; `None` if a value is missing or wrong.
    fn filled(&self, part: &str, in_query: bool) -> Option<String> {
        let mut filled = String::new();
        let mut rest = part;
        while let Some((before, after)) = rest.split_once('{') {
            let (inner, after) = after.split_once('}')?;
            let value = self.value(inner)?;
            filled.push_str(before);
            filled.push_str(&if in_query { for_query(&value) } else { value });
            rest = after;
        }
        Some(filled + rest)
    }

    fn value(&self, inner: &str) -> Option<String> {
        let Value { name, kind } = Value::parse(inner).ok()?;
        let value = match name.as_str() {
            "path" => single_slashes(&self.address.path),
            "tail" => self.tail.join(if kind == Kind::Numbers { "," } else { "/" }),
            "last" => pieces(&self.address.path).last().unwrap_or_default().to_owned(),
            PRODUCT => self.address.product.clone(),
            _ => {
                let value = self.address.parameter(&name).unwrap_or_default();
                utf8_percent_encode(&value, ENCODED).to_string()
            }
        };
        let is_number =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let is_right = match kind {
            Kind::Text => !["", ".", ".."].contains(&value.as_str()),
            Kind::Number => is_number(&value),
            Kind::Numbers => value.split(',').all(is_number),
        };
        is_right.then_some(value)
    }
}

/// Escapes a piece of a path as a value in a query.
fn for_query(value: &str) -> String {
    value.replace('&', "%26").replace('+', "%2B")
}

fn single_slashes(path: &str) -> String {
    let mut single = String::with_capacity(path.len());
    for letter in path.chars() {
        if letter != '/' || !single.ends_with('/') {
            single.push(letter);
        }
    }
    single
}

/// The characters that `encodeURIComponent` encodes.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// Prefixes of the parameters that track advertisements and newsletters.
const MARKETING: &[&str] = &[
    "utm_", "gclid", "gbraid", "wbraid", "gad_", "fbclid", "msclkid", "ttclid", "twclid", "mc_cid",
    "mc_eid", "srsltid",
];

fn is_marketing(name: &str) -> bool {
    MARKETING.iter().any(|start| name.starts_with(start))
}

/// Reports whether a name in a target is a query parameter.
pub(super) fn is_parameter(name: &str) -> bool {
    !RESERVED.contains(&name)
}
