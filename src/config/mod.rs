//! Settings from `stencil-guard.toml`, the environment and the command line, in layers.
//!
//! This module only collects the values; the pipeline checks whether they make sense for a theme. To add a
//! setting, add a row to the table below.

mod codes;
mod faults;
mod file;
mod layers;
mod places;
mod schema;
mod storefronts;
mod template;
#[cfg(test)]
mod tests;
mod values;

use crate::guard::hidden::Hidden;
use crate::guard::paths::{PathRule, Platform};
use crate::guard::texts::{Language, LinkText};
use crate::text::{Finding, Severity};
pub use codes::AdjustableCode;
pub use faults::not_a_variable;
pub use file::{ConfigError, EnvironmentError, FILE_NAME, SettingsFile};
pub use layers::{Effective, Origin, Sources};
pub use schema::schema;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
pub use storefronts::{CartParameter, Locale, ShopHost, StorefrontRow, StorefrontUrl};
pub use template::{Notes, template};
use values::RelativePaths;
pub use values::{
    BackLinksSetting, BundleChoice, FallbackPath, GroupSetting, KeptChromeSetting, Level, Mode,
    NamedOrigin, RoutePath, SearchEnginesSetting,
};

/// One key of a settings file.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// The name of the key in the file.
    pub name: &'static str,
    /// What the setting means, in sentences.
    pub meaning: &'static str,
}

/// Declares all settings in one table, so that merging layers cannot miss one.
macro_rules! settings {
    ($($(#[doc = $doc:literal])+ $field:ident = $key:literal: $type:ty;)+) => {
        /// One layer of settings; a setting without a value here comes from the layer below.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct Settings {
            $($(#[doc = $doc])+
            #[serde(rename = $key, skip_serializing_if = "Option::is_none")]
            pub $field: Option<$type>,)+
        }

        /// The settings file of stencil-guard.
        #[derive(Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        #[schemars(rename = "SettingsFile")]
        struct FileTable {
            $($(#[doc = $doc])+
            #[serde(rename = $key)]
            $field: Option<$type>,)+
            /// Settings for one purpose, such as `[profile.staging]`.
            #[serde(default)]
            profile: BTreeMap<String, Settings>,
        }

        /// The keys of a settings file.
        pub const KEYS: &[Key] = &[$(Key { name: $key, meaning: concat!($($doc),+).trim_ascii() }),+];

        impl FileTable {
            /// Returns the settings that always apply, and the profiles.
            fn split(self) -> (Settings, BTreeMap<String, Settings>) {
                (Settings { $($field: self.$field),+ }, self.profile)
            }
        }

        impl Settings {
            /// Returns the keys that have a value in this layer.
            pub fn set_keys(&self) -> Vec<&'static str> {
                let keys = [$(self.$field.is_some().then_some($key)),+];
                keys.into_iter().flatten().collect()
            }

            /// Returns each setting from this layer if it has a value here, otherwise from `below`.
            fn or(self, below: Settings) -> Settings {
                Settings { $($field: self.$field.or(below.$field)),+ }
            }

            /// Resolves paths that are relative to `folder`, the folder of the settings file.
            fn below(self, folder: &Path) -> Settings {
                Settings { $($field: self.$field.map(|value| value.below(folder))),+ }
            }
        }
    };
}

settings! {
    /// Where shoppers belong, such as `https://www.example.com`.
    storefront = "storefront": String;
    /// Further storefronts, for the shoppers of one host of the shop, of one language, or both; `storefront`
    /// is for all other shoppers.
    storefronts = "storefronts": Vec<StorefrontRow>;
    /// How the theme is guarded: `redirect`, `conditional`, `replace` or `links`.
    mode = "mode": Mode;
    /// The platform of the storefront, which determines its paths: `catalyst`, `wordpress`,
    /// `nextjs-commerce`, `next-commerce-v1`, `vue-storefront-2` or `none`.
    paths = "paths": Platform;
    /// A path on the storefront for addresses that only the hosted shop has and no rule matches; by default
    /// `/` if the platform is known.
    fallback = "fallback": FallbackPath;
    /// Origins besides the storefront's own that path rules may lead to.
    origins = "origins": Vec<NamedOrigin>;
    /// Path rules: where an address of the hosted shop leads. The first match decides; these rules come
    /// before those of the platform.
    path = "path": Vec<PathRule>;
    /// The parameter that passes the cart ID on from the cart page, such as `cartId`.
    cart_param = "cart-param": CartParameter;
    /// Where the platform's own links lead: a path for each type of route, such as `cart`. These paths come
    /// before those of the platform of the storefront.
    routes = "routes": BTreeMap<String, RoutePath>;
    /// The text of the link to the storefront, by language, such as `de` or `pt-BR`; `default` for all
    /// others.
    texts = "texts": BTreeMap<Language, LinkText>;
    /// What guarded pages tell search engines: `none` (nothing), `canonical` (to list the matching page of
    /// the storefront) or `noindex` (not to list them).
    search_engines = "search-engines": SearchEnginesSetting;
    /// Customer groups that also see guarded pages in the mode `conditional`: numbers, or `name:` and a name.
    allow_group = "allow-group": Vec<GroupSetting>;
    /// Pages to keep besides `checkout`, `order-confirmation` and `order-complete`: names, patterns such as
    /// `account/*`, or the groups `essentials`, `account`, `sign-in`, `returns`, `gift-certificates` and
    /// `legal`.
    keep = "keep": Vec<String>;
    /// Pages to guard although they are kept by default.
    no_keep = "no-keep": Vec<String>;
    /// Also guard the page on which shoppers pay, if `no-keep` names it; then nobody can pay any more.
    stop_payments = "stop-payments": bool;
    /// Pages that may stay open if no guard can be placed on them.
    allow_open = "allow-open": Vec<String>;
    /// A folder to write the finished theme to.
    out = "out": PathBuf;
    /// The file of the bundle, by default one named after the theme in the current folder; `bundle = false`
    /// for none.
    bundle = "bundle": BundleChoice;
    /// Files to put into the outputs although they may hold secrets, by their paths in the theme.
    include = "include": Vec<String>;
    /// A new name for the theme.
    theme_name = "theme-name": String;
    /// Also redirect on the local development server.
    guard_development = "guard-development": bool;
    /// Also guard pages in the frame of the theme editor.
    guard_editor = "guard-editor": bool;
    /// Add a switch for the guard and a field for the address of the storefront to the theme editor.
    theme_settings = "theme-settings": bool;
    /// Further hosts of the store: links to them lead into the shop.
    own_host = "own-host": Vec<String>;
    /// A folder with your own rules about links.
    patches = "patches": PathBuf;
    /// What kept pages show around their own content: `full`, or `bare` (the logo only).
    kept_chrome = "kept-chrome": KeptChromeSetting;
    /// Where links from kept pages to guarded pages lead: `strip` (nowhere), or `storefront`.
    back_links = "back-links": BackLinksSetting;
    /// Links of the hosted checkout to hide with a style element on its pages: `edit-cart`, `guest-sign-in`,
    /// `forgot-password`, `sign-in-link`, `create-account`, `sign-out`, `guest-sign-up` or
    /// `continue-shopping`.
    hide = "hide": Vec<Hidden>;
    /// Treat warnings as errors.
    strict = "strict": bool;
    /// Codes of warnings and notes to leave out.
    ignore = "ignore": Vec<AdjustableCode>;
    /// The severity of findings by their code: `error`, `warning` or `note`.
    severity = "severity": BTreeMap<AdjustableCode, Severity>;
    /// Check the requirements of the theme marketplace, such as screenshots.
    marketplace = "marketplace": bool;
    /// Also put source maps of scripts into the bundle.
    source_maps = "source-maps": bool;
    /// How hard the bundle is compressed, from 0 to 9.
    level = "level": Level;
    /// Check whether the style sheets compile.
    style_check = "style-check": bool;
}

impl Settings {
    /// Returns the default settings. A setting that is `None` here has no default.
    pub fn defaults() -> Self {
        Self {
            storefront: None,
            storefronts: Some(Vec::new()),
            mode: Some(Mode::default()),
            paths: None,
            fallback: None,
            origins: Some(Vec::new()),
            path: Some(Vec::new()),
            cart_param: None,
            routes: Some(BTreeMap::new()),
            texts: Some(BTreeMap::new()),
            search_engines: Some(SearchEnginesSetting::default()),
            allow_group: Some(Vec::new()),
            keep: Some(Vec::new()),
            no_keep: Some(Vec::new()),
            stop_payments: Some(false),
            allow_open: Some(Vec::new()),
            out: None,
            bundle: Some(BundleChoice::Wanted(true)),
            include: Some(Vec::new()),
            theme_name: None,
            guard_development: Some(false),
            guard_editor: Some(false),
            theme_settings: Some(false),
            own_host: Some(Vec::new()),
            patches: None,
            kept_chrome: Some(KeptChromeSetting::default()),
            back_links: Some(BackLinksSetting::default()),
            hide: Some(Vec::new()),
            strict: Some(false),
            ignore: Some(Vec::new()),
            severity: Some(BTreeMap::new()),
            marketplace: Some(false),
            source_maps: Some(false),
            level: Some(Level::default()),
            style_check: Some(true),
        }
    }

    /// Removes ignored findings and sets configured severities. An error stays an error.
    pub fn apply_severities(&self, findings: &mut Vec<Finding>) {
        let is_error = |finding: &Finding| finding.severity == Severity::Error;
        let is_ignored = |finding: &Finding| {
            self.ignore.iter().flatten().any(|code| finding.code == (*code).into())
        };
        findings.retain(|finding| is_error(finding) || !is_ignored(finding));
        for (code, severity) in self.severity.iter().flatten() {
            let is_meant =
                |finding: &&mut Finding| finding.code == (*code).into() && !is_error(finding);
            findings.iter_mut().filter(is_meant).for_each(|finding| finding.severity = *severity);
        }
    }

    /// Returns these settings, with those of the layer `below` where this layer has no value.
    #[must_use]
    pub fn over(self, below: Settings) -> Settings {
        // `keep` and `no-keep` together select the kept pages, so a layer replaces both.
        let below = match self.keep.is_some() || self.no_keep.is_some() {
            true => Settings { keep: None, no_keep: None, ..below },
            false => below,
        };
        self.or(below)
    }
}
