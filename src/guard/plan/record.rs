//! The record inside a guarded theme of what it was guarded with, so that later checks can compare them.
//!
//! A record only states what the user wanted; other modules check that the theme does it. It is text that no
//! template includes, written so that readers of templates or front matter do not fail on its file.

use super::{Mechanism, Policy};
use crate::guard::group::Group;
use crate::guard::names;
use crate::guard::storefront::{ScopedStorefront, Visit};
use crate::guard::texts::{Language, LinkText};
use crate::theme::Theme;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The contents of a record.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Record {
    /// `redirect`, `conditional`, `replace` or `links`.
    pub mode: String,
    /// The address of the storefront.
    pub storefront: String,
    /// Further storefronts: a host of the shop, a language, and an address; `*` stands for any.
    #[serde(default)]
    pub storefronts: Vec<String>,
    /// The query parameter that hands on the cart ID.
    #[serde(default)]
    pub cart_param: Option<String>,
    /// All kept pages, such as `checkout`.
    pub kept: Vec<String>,
    /// Groups that see guarded pages, as the command line takes them.
    #[serde(default)]
    pub allow_group: Vec<String>,
    /// A digest of the path rules; empty if there are none.
    #[serde(default)]
    pub paths: String,
    /// Whether the local development server is guarded too.
    #[serde(default)]
    pub guard_development: bool,
    /// Whether pages are also guarded in the frame of the theme editor.
    #[serde(default)]
    pub guard_editor: bool,
    /// Whether the theme editor can switch the guard off and change its storefront.
    #[serde(default)]
    pub theme_settings: bool,
    /// Names of the links that are hidden.
    #[serde(default)]
    pub hide: Vec<String>,
    /// What guarded pages tell search engines; empty for nothing.
    #[serde(default)]
    pub search_engines: String,
    /// The texts of the link to the storefront that are not built in, each after its language; `None` if they
    /// are not recorded.
    #[serde(default)]
    pub texts: Option<Vec<String>>,
}

impl Record {
    /// Parses the further storefronts: the visits that each is for, and its address.
    pub fn further(&self) -> impl Iterator<Item = (Visit, String)> {
        let read = |row: &String| {
            let mut words = row.split(' ').map(str::to_owned);
            let mut word = || words.next().filter(|word| word != "*");
            let visit = Visit { host: word(), locale: word().map(|name| name.to_lowercase()) };
            (visit, word().unwrap_or_default())
        };
        self.storefronts.iter().map(read)
    }

    /// Parses the link texts that are not built in; `None` if they are not recorded, or invalid.
    pub fn texts(&self) -> Option<BTreeMap<Language, LinkText>> {
        let read = |row: &String| {
            let (language, text) = row.split_once(' ')?;
            Some((language.to_owned().try_into().ok()?, text.to_owned().try_into().ok()?))
        };
        self.texts.as_ref()?.iter().map(read).collect()
    }
}

/// The start of every record.
const START: &str = "# stencil-guard: what this theme was guarded with. `stencil-guard check` reads it, `stencil-guard undo` removes it.\n";

/// Returns the name and text of the record for a policy.
pub(in crate::guard) fn of(policy: &Policy) -> (&'static str, String) {
    let (mode, groups): (_, &[Group]) = match &policy.mechanism {
        Mechanism::Redirect => ("redirect", &[]),
        Mechanism::Dispatch(groups) if groups.is_empty() => ("replace", &[]),
        Mechanism::Dispatch(groups) => ("conditional", groups),
        Mechanism::None => ("links", &[]),
    };
    let kept = policy.kept.iter().map(|page| page.strip_prefix("pages/").unwrap_or(page));
    let groups = groups.iter().map(|group| match group {
        Group::Id(id) => id.to_string(),
        Group::Name(name) => format!("name:{name}"),
    });
    let any = || "*".to_owned();
    let further =
        policy.storefront.further().iter().map(|ScopedStorefront { visit, storefront }| {
            let visit = visit.clone();
            let (host, locale) = (visit.host.unwrap_or_else(any), visit.locale.unwrap_or_else(any));
            format!("{host} {locale} {}", storefront.base())
        });
    let further = list(further);
    let texts = policy.texts.given().map(|(language, text)| format!("{language} {text}"));
    let cart_param = policy.paths.cart_param();
    let rows = [
        format!("mode = {}", quoted(mode)),
        format!("storefront = {}", quoted(policy.storefront.base())),
        // Most themes have neither.
        if further.is_empty() { String::new() } else { format!("storefronts = [{further}]") },
        cart_param.map(|name| format!("cart-param = {}", quoted(name))).unwrap_or_default(),
        format!("kept = [{}]", list(kept.map(str::to_owned))),
        format!("allow-group = [{}]", list(groups)),
        format!("paths = {}", quoted(&policy.paths.digest())),
        format!("guard-development = {}", policy.guard_development),
        format!("guard-editor = {}", policy.guard_editor),
        format!("search-engines = {}", quoted(policy.search_engines.name())),
        if policy.theme_settings { "theme-settings = true".to_owned() } else { String::new() },
        format!("texts = [{}]", list(texts)),
    ];
    let mut hidden = policy.links.hidden.clone();
    hidden.sort();
    hidden.dedup();
    let hidden = hidden.into_iter().map(String::from);
    let hidden = Some(list(hidden)).filter(|names| !names.is_empty());
    let rows = rows
        .into_iter()
        .filter(|row| !row.is_empty())
        .chain(hidden.map(|names| format!("hide = [{names}]")));
    (names::RECORD, format!("{START}{}\n", rows.collect::<Vec<_>>().join("\n")))
}

/// Reads the record of a theme; `None` if there is none, or it cannot be parsed.
pub fn read(theme: &Theme) -> Option<Record> {
    let text = theme.template(names::RECORD).filter(|_| is_there(theme))?;
    toml::from_str(std::str::from_utf8(text).ok()?).ok()
}

/// Reports whether a theme holds a record, readable or not.
pub fn is_there(theme: &Theme) -> bool {
    theme.template(names::RECORD).is_some_and(|text| text.starts_with(START.as_bytes()))
}

fn list(texts: impl Iterator<Item = String>) -> String {
    texts.map(|text| quoted(&text)).collect::<Vec<_>>().join(", ")
}

/// Quotes a text, and escapes everything that a reader of templates could interpret.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        let is_plain = letter.is_ascii_alphanumeric()
            || " /:._?=&%+~@,".contains(letter)
            || (letter == '-' && !quoted.ends_with('-'));
        match is_plain {
            true => quoted.push(letter),
            false => quoted.push_str(&format!("\\U{:08X}", u32::from(letter))),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_text_round_trips_without_template_syntax() {
        for text in ["plain/page", "a---b {{x}} <!--\" \\ 'c' é\u{1f600}\n\u{7f}", ""] {
            let line = format!("x = {}", quoted(text));
            let table: std::collections::BTreeMap<String, String> = toml::from_str(&line).unwrap();
            assert_eq!(table["x"], text);
            for mark in ["---", "{{", "}}", "<"] {
                assert!(!line.contains(mark), "{line}");
            }
        }
    }
}
