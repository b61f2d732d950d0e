//! Where in a settings file each path rule stands, for messages about rules that do not fit together.

use super::Settings;
use crate::guard::paths::{PathRule, RuleOrigin, RulePlace};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use toml::Spanned;

/// What of a settings file says where rules stand.
#[derive(Default, Deserialize)]
struct Places {
    #[serde(default)]
    path: Vec<Place>,
    #[serde(default)]
    profile: BTreeMap<String, Places>,
}

/// The keys of one rule.
#[derive(Deserialize)]
struct Place {
    from: Option<Spanned<toml::Value>>,
    page: Option<Spanned<toml::Value>>,
    to: Option<Spanned<toml::Value>>,
}

/// Notes in each rule where in the file it stands.
pub(super) fn note(
    file: &Path,
    text: &str,
    settings: &mut Settings,
    profiles: &mut BTreeMap<String, Settings>,
) {
    // The file was read before; whoever cannot find a place does without.
    let places: Places = toml::from_str(text).unwrap_or_default();
    let text: Arc<str> = text.into();
    let note = |settings: &mut Settings, places: &Places| {
        let rules = settings.path.iter_mut().flatten();
        for (rule, place) in rules.zip(&places.path) {
            note_rule(rule, place, file, &text);
        }
    };
    note(settings, &places);
    for (name, places) in &places.profile {
        if let Some(settings) = profiles.get_mut(name) {
            note(settings, places);
        }
    }
}

fn note_rule(rule: &mut PathRule, place: &Place, file: &Path, text: &Arc<str>) {
    let span = |value: &Option<Spanned<toml::Value>>| value.as_ref().map(Spanned::span);
    let target: Range<usize> = span(&place.to).unwrap_or_default();
    let subject = span(&place.from).or_else(|| span(&place.page)).unwrap_or(target.clone());
    rule.origin = RuleOrigin::Settings(RulePlace {
        file: file.to_owned(),
        text: Arc::clone(text),
        span: subject,
        target,
    });
}
