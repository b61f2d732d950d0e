//! The types of settings' values, as a settings file, a flag or the environment gives them.

use super::{AdjustableCode, CartParameter, StorefrontRow};
use crate::guard::hidden::Hidden;
use crate::guard::paths::{PathRule, Platform, Target, TargetError};
use crate::guard::search_engines::SearchEngines;
use crate::guard::storefront::Storefront;
use crate::guard::texts::{Language, LinkText};
use crate::text::Severity;
use schemars::JsonSchema;
use serde::de::{Deserializer, Error, Unexpected, Visitor};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

/// How the theme is guarded.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Guarded pages send every shopper to the storefront.
    #[default]
    Redirect,
    /// Members of allowed groups see guarded pages; all other shoppers get a small page instead.
    Conditional,
    /// Every shopper gets a small page instead of a guarded page.
    Replace,
    /// No page is guarded.
    Links,
}

/// What kept pages show around their own content.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "KeptChrome")]
pub enum KeptChromeSetting {
    /// Header, navigation and footer.
    #[default]
    Full,
    /// The logo only.
    Bare,
}

/// What happens to links from kept pages to guarded pages.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "BackLinks")]
pub enum BackLinksSetting {
    /// They lead nowhere.
    #[default]
    Strip,
    /// They lead to the storefront, as the path rules say.
    Storefront,
}

/// What guarded pages tell search engines.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
#[value(rename_all = "lowercase")]
#[schemars(rename = "SearchEngines")]
pub enum SearchEnginesSetting {
    /// Nothing.
    #[default]
    None,
    /// To list the matching page of the storefront instead.
    Canonical,
    /// Not to list the page.
    NoIndex,
}

impl From<SearchEnginesSetting> for SearchEngines {
    fn from(setting: SearchEnginesSetting) -> Self {
        match setting {
            SearchEnginesSetting::None => Self::None,
            SearchEnginesSetting::Canonical => Self::Canonical,
            SearchEnginesSetting::NoIndex => Self::NoIndex,
        }
    }
}

/// Whether and where the bundle is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "Bundle")]
pub enum BundleChoice {
    /// `true` to write it under the default name, `false` to write none.
    Wanted(bool),
    /// To this file.
    File(PathBuf),
}

impl<'de> Deserialize<'de> for BundleChoice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BundleVisitor)
    }
}

struct BundleVisitor;

impl Visitor<'_> for BundleVisitor {
    type Value = BundleChoice;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("`true`, `false` or the name of a file")
    }

    fn visit_bool<E: Error>(self, wanted: bool) -> Result<BundleChoice, E> {
        Ok(BundleChoice::Wanted(wanted))
    }

    fn visit_str<E: Error>(self, path: &str) -> Result<BundleChoice, E> {
        Ok(BundleChoice::File(PathBuf::from(path)))
    }
}

impl std::str::FromStr for BundleChoice {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(text.parse().map_or_else(|_| Self::File(PathBuf::from(text)), Self::Wanted))
    }
}

/// A customer group: its number, or `name:` and its name. The guard parses it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupSetting(pub String);

impl From<String> for GroupSetting {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl<'de> Deserialize<'de> for GroupSetting {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(GroupVisitor)
    }
}

struct GroupVisitor;

impl Visitor<'_> for GroupVisitor {
    type Value = GroupSetting;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the number of a customer group, or \"name:\" and its name")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<GroupSetting, E> {
        match number {
            0.. => Ok(GroupSetting(number.to_string())),
            _ => Err(E::invalid_value(Unexpected::Signed(number), &self)),
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<GroupSetting, E> {
        Ok(GroupSetting(text.to_owned()))
    }
}

/// A path on the storefront, without placeholders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String", rename = "Fallback")]
pub struct FallbackPath(pub Target);

impl TryFrom<String> for FallbackPath {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let target: Target = text.parse().map_err(|error: TargetError| error.to_string())?;
        match target.origin().is_none() && target.names().next().is_none() {
            true => Ok(Self(target)),
            false => {
                Err(format!("`{text}` is not a plain path on the storefront, such as `/help`"))
            }
        }
    }
}

impl std::str::FromStr for FallbackPath {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.to_owned().try_into()
    }
}

impl From<FallbackPath> for String {
    fn from(path: FallbackPath) -> Self {
        path.0.into()
    }
}

/// A path on the storefront for a route, in which the platform fills in `{id}`, `{slug}` and the language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String", rename = "Route")]
pub struct RoutePath(pub Target);

/// The placeholders that the platform fills in.
const ROUTE_VALUES: &[&str] = &["id", "slug", "language", "lang"];

impl TryFrom<String> for RoutePath {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let target: Target = text.parse().map_err(|error: TargetError| error.to_string())?;
        let is_filled =
            |name: &str| ROUTE_VALUES.contains(&name) && text.contains(&format!("{{{name}}}"));
        match text.starts_with('/') && target.names().all(is_filled) {
            true => Ok(Self(target)),
            false => Err(format!(
                "`{text}` is not the path of a route, such as `/basket`; the platform fills in {{id}}, {{slug}} and {{language}}"
            )),
        }
    }
}

impl From<RoutePath> for String {
    fn from(path: RoutePath) -> Self {
        path.0.into()
    }
}

/// The scheme and host of a site, such as `https://blog.example.com`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String", rename = "Origin")]
pub struct NamedOrigin(pub String);

impl TryFrom<String> for NamedOrigin {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let storefront = Storefront::parse(&text).map_err(|error| error.to_string())?;
        match storefront.base() == storefront.origin() {
            true => Ok(Self(storefront.origin().to_owned())),
            false => Err(format!("`{text}` has a path; write scheme and host only")),
        }
    }
}

impl std::str::FromStr for NamedOrigin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.to_owned().try_into()
    }
}

/// How hard the bundle is compressed, from 0 (not at all) to 9.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "i64")]
pub struct Level(u8);

impl Default for Level {
    fn default() -> Self {
        Self(6)
    }
}

impl TryFrom<i64> for Level {
    type Error = &'static str;

    fn try_from(level: i64) -> Result<Self, Self::Error> {
        let level = u8::try_from(level).ok().filter(|level| *level <= 9);
        level.map(Self).ok_or("a level is a number from 0 to 9")
    }
}

impl std::str::FromStr for Level {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::try_from(text.parse().unwrap_or(-1))
    }
}

impl From<Level> for u8 {
    fn from(level: Level) -> Self {
        level.0
    }
}

/// A value of a settings file. Paths in it are relative to the file's folder.
pub(super) trait RelativePaths {
    /// Returns the value with its paths joined to `folder`.
    fn below(self, folder: &Path) -> Self;
}

impl RelativePaths for PathBuf {
    fn below(self, folder: &Path) -> Self {
        folder.join(self)
    }
}

impl RelativePaths for BundleChoice {
    fn below(self, folder: &Path) -> Self {
        match self {
            Self::File(file) => Self::File(folder.join(file)),
            Self::Wanted(_) => self,
        }
    }
}

/// Implements [`RelativePaths`] for types that hold no paths.
macro_rules! without_paths {
    ($($type:ty),+) => {
        $(impl RelativePaths for $type {
            fn below(self, _: &Path) -> Self {
                self
            }
        })+
    };
}

without_paths!(
    String,
    Vec<String>,
    Vec<GroupSetting>,
    Vec<AdjustableCode>,
    BTreeMap<AdjustableCode, Severity>,
    bool,
    Mode,
    Platform,
    FallbackPath,
    Vec<NamedOrigin>,
    Vec<PathRule>,
    Vec<StorefrontRow>,
    CartParameter,
    BTreeMap<String, RoutePath>,
    BTreeMap<Language, LinkText>,
    KeptChromeSetting,
    BackLinksSetting,
    Vec<Hidden>,
    SearchEnginesSetting,
    Level
);
