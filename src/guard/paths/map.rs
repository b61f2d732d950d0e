//! The maps of storefront platforms, from the data files under `theme-patches/paths/`.

use super::{Pages, PathRule, Query, RuleOrigin, Target};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A storefront platform whose addresses are known.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, clap::ValueEnum,
)]
#[serde(rename_all = "kebab-case")]
pub enum Platform {
    /// BigCommerce's Catalyst.
    Catalyst,
    /// BigCommerce's plugin for WordPress.
    Wordpress,
    /// bigcommerce/nextjs-commerce.
    NextjsCommerce,
    /// vercel/commerce, version 1, with its BigCommerce provider.
    NextCommerceV1,
    /// Vue Storefront 2 with its BigCommerce theme.
    #[value(name = "vue-storefront-2")]
    #[serde(rename = "vue-storefront-2")]
    VueStorefront2,
    /// No platform: the hosted shop's own addresses lead to the home page, all others to the same path.
    None,
}

/// Where the pages of the hosted shop are on one platform.
#[derive(Clone, Debug, Default)]
pub struct Map {
    /// The platform's name, with the version and date that the map was read from.
    pub title: String,
    /// The rules, in the order in which they are tried.
    pub rules: Vec<PathRule>,
    /// The rule for every other path, if it does not lead to the same path.
    pub otherwise: Option<PathRule>,
    /// The routes that Sites & Routes should have, by type.
    pub routes: BTreeMap<String, String>,
}

/// A data file.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct MapFile {
    platform: String,
    version: String,
    read: String,
    otherwise: Option<Target>,
    #[serde(default)]
    paths: BTreeMap<String, Target>,
    #[serde(default)]
    pages: BTreeMap<String, Target>,
    #[serde(default)]
    routes: BTreeMap<String, String>,
}

/// Each platform with the name that users give it, and its data file.
const FILES: &[(Platform, &str, &str)] = &[
    (Platform::Catalyst, "catalyst", include_str!("../../../theme-patches/paths/catalyst.toml")),
    (Platform::Wordpress, "wordpress", include_str!("../../../theme-patches/paths/wordpress.toml")),
    (
        Platform::NextjsCommerce,
        "nextjs-commerce",
        include_str!("../../../theme-patches/paths/nextjs-commerce.toml"),
    ),
    (
        Platform::NextCommerceV1,
        "next-commerce-v1",
        include_str!("../../../theme-patches/paths/next-commerce-v1.toml"),
    ),
    (
        Platform::VueStorefront2,
        "vue-storefront-2",
        include_str!("../../../theme-patches/paths/vue-storefront-2.toml"),
    ),
    (Platform::None, "none", include_str!("../../../theme-patches/paths/none.toml")),
];

// A test parses each file, so none falls back to an empty map.
static MAPS: LazyLock<Vec<Map>> = LazyLock::new(|| {
    FILES
        .iter()
        .map(|(_, name, text)| map(name, toml::from_str(text).unwrap_or_default()))
        .collect()
});

/// Returns all maps, with the names that users give them.
pub fn maps() -> impl Iterator<Item = (&'static str, &'static Map)> {
    FILES.iter().map(|(_, name, _)| *name).zip(MAPS.iter())
}

impl Platform {
    /// Returns its map.
    pub fn map(self) -> Option<&'static Map> {
        let at = FILES.iter().position(|(platform, ..)| *platform == self)?;
        MAPS.get(at)
    }
}

fn map(name: &'static str, file: MapFile) -> Map {
    let rule = |from: Option<&str>, page: Option<&str>, to: Target, query| PathRule {
        from: from.and_then(|from| from.parse().ok()),
        page: page.map(|page| Pages::One(page.to_owned())),
        to,
        fallback: None,
        query,
        origin: RuleOrigin::Map(name),
    };
    let mut paths: Vec<(String, Target)> = file.paths.into_iter().collect();
    // Paths with more conditions come first.
    paths.sort_by_key(|(from, _)| std::cmp::Reverse(from.matches(['?', '&']).count()));
    let paths = paths.into_iter().map(|(from, to)| rule(Some(&from), None, to, Query::Keep));
    let pages = file.pages.into_iter().map(|(page, to)| rule(None, Some(&page), to, Query::Keep));
    Map {
        title: format!("{} {}, read {}", file.platform, file.version, file.read),
        rules: paths.chain(pages).collect(),
        otherwise: file.otherwise.map(|to| rule(Some("/*"), None, to, Query::Marketing)),
        routes: file.routes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ValueEnum;

    #[test]
    fn every_map_file_is_read_completely() {
        for (platform, name, text) in FILES {
            let file: MapFile = toml::from_str(text).unwrap();
            let rows = file.paths.len() + file.pages.len();
            let map = platform.map().unwrap();
            assert_eq!(map.rules.len(), rows, "{name}");
            assert!(map.rules.iter().all(|rule| rule.from.is_some() || rule.page.is_some()));
            assert_eq!(platform.to_possible_value().unwrap().get_name(), *name);
            assert_eq!(serde_json::to_value(platform).unwrap(), *name);
        }
        assert_eq!(FILES.len(), Platform::value_variants().len());
    }
}
