//! Finds the place of each path rule and each further storefront in a settings file, for messages about those
//! that contradict each other.

use super::Settings;
use crate::guard::paths::{RuleOrigin, RulePlace};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use toml::Spanned;

/// The parts of a settings file that have places, read once more with their spans.
#[derive(Default, Deserialize)]
struct Places {
    #[serde(default)]
    path: Vec<Place>,
    #[serde(default)]
    storefronts: Vec<Row>,
    #[serde(default)]
    profile: BTreeMap<String, Places>,
}

/// The spans of the keys of one path rule.
#[derive(Deserialize)]
struct Place {
    from: Option<Spanned<toml::Value>>,
    page: Option<Spanned<toml::Value>>,
    to: Option<Spanned<toml::Value>>,
}

/// The spans of the keys of one further storefront.
#[derive(Deserialize)]
struct Row {
    host: Option<Spanned<toml::Value>>,
    locale: Option<Spanned<toml::Value>>,
    url: Option<Spanned<toml::Value>>,
}

/// Sets the place in the file of each path rule and each further storefront.
pub(super) fn note(
    file: &Path,
    text: &str,
    settings: &mut Settings,
    profiles: &mut BTreeMap<String, Settings>,
) {
    // The file was parsed successfully before. Should this fail, messages have no place.
    let places: Places = toml::from_str(text).unwrap_or_default();
    let text: Arc<str> = text.into();
    let note = |settings: &mut Settings, places: &Places| {
        let rules = settings.path.iter_mut().flatten();
        for (rule, place) in rules.zip(&places.path) {
            let subject = place.from.as_ref().or(place.page.as_ref());
            rule.origin = origin(subject, place.to.as_ref(), file, &text);
        }
        let rows = settings.storefronts.iter_mut().flatten();
        for (row, place) in rows.zip(&places.storefronts) {
            let subject = place.host.as_ref().or(place.locale.as_ref());
            row.origin = origin(subject, place.url.as_ref(), file, &text);
        }
    };
    note(settings, &places);
    for (name, places) in &places.profile {
        if let Some(settings) = profiles.get_mut(name) {
            note(settings, places);
        }
    }
}

fn origin(
    subject: Option<&Spanned<toml::Value>>,
    target: Option<&Spanned<toml::Value>>,
    file: &Path,
    text: &Arc<str>,
) -> RuleOrigin {
    let target: Range<usize> = target.map(Spanned::span).unwrap_or_default();
    RuleOrigin::Settings(RulePlace {
        file: file.to_owned(),
        text: Arc::clone(text),
        span: subject.map_or(target.clone(), Spanned::span),
        target,
    })
}
