//! The links that the hosted checkout shows by itself and that can be hidden, and what must not be hidden:
//! the data file `theme-patches/hide.toml`. Nothing that a user writes gets into a page.

use crate::text::nearest;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::str::FromStr;
use std::sync::LazyLock;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    version: String,
    custom: Vec<String>,
    hide: Vec<Row>,
    never: Vec<AlwaysVisible>,
}

/// One link that can be hidden.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    what: String,
    page: String,
    selector: String,
    #[serde(default)]
    fragile: bool,
    advice: Option<String>,
}

/// What must stay visible, with the names that users might try for it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AlwaysVisible {
    name: Vec<String>,
    why: String,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    // A test parses the file, so this never falls back to an empty table.
    toml::from_str(include_str!("../../theme-patches/hide.toml")).unwrap_or_default()
});

/// Returns the checkout version that the selectors were read from.
pub fn version() -> &'static str {
    &TABLE.version
}

/// Returns texts that mark a custom checkout: a page that brings its own checkout holds one of them.
pub fn marks_of_custom_checkouts() -> impl Iterator<Item = &'static str> {
    TABLE.custom.iter().map(String::as_str)
}

/// A link of the hosted checkout to hide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hidden(usize);

/// Why something cannot be hidden.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotHidden {
    /// Shoppers need it.
    #[error("`{name}` cannot be hidden: {why}")]
    Needed {
        /// The name as given.
        name: String,
        /// What shoppers need it for.
        why: &'static str,
    },
    /// There is no such link.
    #[error("no link of the checkout is called `{name}`; {hint}")]
    Unknown {
        /// The name as given.
        name: String,
        /// A suggestion: the nearest name, or all names.
        hint: String,
    },
}

impl Hidden {
    /// Returns all links that can be hidden, in the order of the file.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..TABLE.hide.len()).map(Self)
    }

    fn row(self) -> Option<&'static Row> {
        TABLE.hide.get(self.0)
    }

    fn text(self, text: impl FnOnce(&'static Row) -> &'static String) -> &'static str {
        self.row().map_or("", |row| text(row))
    }

    /// Returns the link's name.
    pub fn name(self) -> &'static str {
        self.text(|row| &row.name)
    }

    /// Returns what shoppers no longer see.
    pub fn what(self) -> &'static str {
        self.text(|row| &row.what)
    }

    /// Returns the kept page, without `pages/`.
    pub fn page(self) -> &'static str {
        self.text(|row| &row.page)
    }

    /// Returns the link's CSS selector.
    pub fn selector(self) -> &'static str {
        self.text(|row| &row.selector)
    }

    /// Reports whether the selector depends on markup that the platform may change.
    pub fn is_fragile(self) -> bool {
        self.row().is_some_and(|row| row.fragile)
    }

    /// Returns the advice against hiding it, if there is any.
    pub fn advice(self) -> Option<&'static str> {
        self.row()?.advice.as_deref()
    }
}

impl FromStr for Hidden {
    type Err = NotHidden;

    fn from_str(name: &str) -> Result<Self, NotHidden> {
        if let Some(hidden) = Self::all().find(|hidden| hidden.name() == name) {
            return Ok(hidden);
        }
        let plain = name.to_lowercase().replace(['_', ' '], "-");
        let is_meant = |never: &&AlwaysVisible| never.name.contains(&plain);
        if let Some(never) = TABLE.never.iter().find(is_meant) {
            return Err(NotHidden::Needed { name: name.to_owned(), why: &never.why });
        }
        let hint = match nearest(name, Self::all().map(Self::name)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                format!("there are {}", Self::all().map(Self::name).collect::<Vec<_>>().join(", "))
            }
        };
        Err(NotHidden::Unknown { name: name.to_owned(), hint })
    }
}

impl TryFrom<String> for Hidden {
    type Error = NotHidden;

    fn try_from(name: String) -> Result<Self, NotHidden> {
        name.parse()
    }
}

impl From<Hidden> for String {
    fn from(hidden: Hidden) -> Self {
        hidden.name().to_owned()
    }
}

impl JsonSchema for Hidden {
    fn schema_name() -> Cow<'static, str> {
        "Hide".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<&str> = Self::all().map(Self::name).collect();
        json_schema!({
            "description": "A link that the hosted checkout shows by itself.",
            "type": "string",
            "enum": names,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn hide_table_parses_and_its_selectors_are_plain() {
        let table: Table = toml::from_str(include_str!("../../theme-patches/hide.toml")).unwrap();
        assert_eq!((table.hide.len(), table.never.len()), (8, 4));
        assert!(!version().is_empty() && marks_of_custom_checkouts().count() > 0);
        let names: BTreeSet<&str> = Hidden::all().map(Hidden::name).collect();
        assert_eq!(names.len(), 8);
        for hidden in Hidden::all() {
            let selector = hidden.selector();
            let is_plain = |c: char| c.is_ascii_alphanumeric() || " #.,-_:()[]=\"".contains(c);
            assert!(selector.chars().all(is_plain) && !selector.contains("--"), "{selector}");
            assert!(["checkout", "order-confirmation"].contains(&hidden.page()));
            assert_eq!(hidden.name().parse(), Ok(hidden));
        }
    }

    #[test]
    fn required_and_unknown_links_cannot_be_hidden() {
        for (name, words) in [
            ("terms", "`terms` cannot be hidden: shoppers must be able to read the terms"),
            ("Privacy_Policy", "`Privacy_Policy` cannot be hidden: shoppers must be able to"),
            ("downloads", "`downloads` cannot be hidden: shoppers must be able to fetch"),
            ("mandate", "`mandate` cannot be hidden: shoppers must be able to read the mandate"),
            ("edit-crt", "no link of the checkout is called `edit-crt`; did you mean `edit-cart`?"),
            ("}", "no link of the checkout is called `}`; there are edit-cart, guest-sign-in,"),
        ] {
            let error = name.parse::<Hidden>().unwrap_err().to_string();
            assert!(error.starts_with(words), "{error}");
        }
    }
}
