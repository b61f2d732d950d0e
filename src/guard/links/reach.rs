//! Reports links that are not in any template, and what to do about them, so that nobody takes a guarded
//! theme for one without links.

use crate::syntax::ast::{Call, ExpressionKind, Statement};
use crate::text::{Code, Finding, Location};
use crate::theme::pages::{Templates, literal_name};
use crate::theme::{Theme, template_path};
use std::collections::{BTreeMap, BTreeSet};

/// Returns notes about links that kept templates print but do not hold; `closure` are those templates.
pub(super) fn findings<'t>(
    theme: &Theme,
    templates: &Templates,
    closure: impl Iterator<Item = &'t str>,
) -> Vec<Finding> {
    let with_links = settings_with_links(theme);
    let mut places = Places::default();
    for name in closure {
        let file = templates.get(name);
        let statements = file.and_then(|file| file.syntax.statements()).unwrap_or_default();
        places.look(&template_path(name), statements, &with_links);
    }
    let regions = "what is put into regions with Page Builder may hold links";
    let settings = "settings of the theme hold links";
    [
        (places.regions, regions, "look at these regions in Page Builder"),
        (places.settings, settings, "change these settings in the theme editor"),
    ]
    .into_iter()
    .filter_map(|(places, message, help)| note(places, message, help))
    .collect()
}

/// Places that print something out of reach, by path and name.
#[derive(Default)]
struct Places {
    regions: BTreeSet<(String, String)>,
    settings: BTreeSet<(String, String)>,
}

impl Places {
    fn look(&mut self, path: &str, statements: &[Statement], with_links: &BTreeSet<String>) {
        for statement in statements {
            match statement {
                Statement::Mustache(mustache) => self.call(path, &mustache.call, with_links),
                Statement::Block(block) => {
                    self.look(path, &block.body, with_links);
                    self.look(path, block.inverse.as_deref().unwrap_or_default(), with_links);
                }
                _ => {}
            }
        }
    }

    fn call(&mut self, path: &str, call: &Call, with_links: &BTreeSet<String>) {
        let name = literal_name(&call.callee.kind).unwrap_or_default();
        let text = |kind: &ExpressionKind| match kind {
            ExpressionKind::String(text) => Some(text.clone()),
            _ => None,
        };
        if name == "region" {
            let named = call.hash.iter().find(|pair| pair.key == "name");
            let region = named.and_then(|pair| text(&pair.value.kind)).unwrap_or_default();
            self.regions.insert((path.to_owned(), region));
        } else if let Some((_, setting)) = name.rsplit_once("theme_settings.")
            && with_links.contains(setting)
        {
            self.settings.insert((path.to_owned(), setting.to_owned()));
        }
    }
}

fn note(places: BTreeSet<(String, String)>, message: &str, help: &str) -> Option<Finding> {
    let mut places = places.into_iter();
    let (path, first) = places.next()?;
    let mut finding = Finding::new(Code::OutOfReach, format!("{message}: {first}"))
        .in_file(path)
        .help(help.to_owned());
    for (path, name) in places {
        finding.related.push((Location { path, span: None }, name));
    }
    Some(finding)
}

/// The folder of the templates that scripts fetch by name.
pub(super) const COMPONENTS: &str = "components/";

/// Returns a warning if a script of the kept pages fetches this template by name, although they have a copy
/// of it.
pub(super) fn fetched(asked_for: &BTreeMap<String, String>, template: &str) -> Option<Finding> {
    let script = asked_for.get(template.strip_prefix(COMPONENTS)?)?;
    let message = format!(
        "{script}, which a kept page loads, fetches this template, and gets it with its links, because other pages need them"
    );
    let path = template_path(template);
    let help = "let that script fetch a template of its own";
    Some(Finding::new(Code::FetchedFragment, message).in_file(path).help(help))
}

/// Returns the names of the settings whose value holds a link.
fn settings_with_links(theme: &Theme) -> BTreeSet<String> {
    let config = theme.bytes("config.json").unwrap_or_default();
    let mut names = BTreeSet::new();
    if let Ok(config) = serde_json::from_slice::<serde_json::Value>(config) {
        collect(&config["settings"], "", &mut names);
    }
    names
}

fn collect(texts: &serde_json::Value, key: &str, keys: &mut BTreeSet<String>) {
    match texts {
        serde_json::Value::Object(members) => {
            for (name, value) in members {
                let key = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                collect(value, &key, keys);
            }
        }
        serde_json::Value::String(text) if text.contains("<a ") => {
            keys.insert(key.to_owned());
        }
        _ => {}
    }
}
