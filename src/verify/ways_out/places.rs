//! Finds what mustaches print: texts of the language file that contain links, and markup that no template
//! shows.

use super::{Kind, WayOut};
use crate::syntax::ast::{Call, ExpressionKind, Mustache, Statement};
use crate::syntax::html::{Markup, markup as markup_of};
use crate::syntax::parse;
use crate::text::Span;
use crate::theme::Theme;
use crate::theme::destinations::{LinkContext, targets};
use crate::theme::pages::{Templates, literal_name, prints_nothing};
use serde_json::Value;
use std::collections::BTreeSet;

/// Helpers whose output contains no link: resources, data for scripts, plain texts.
const HARMLESS: &[&str] = &[
    "JSONstringify",
    "capitalize",
    "cdn",
    "concat",
    "earlyHint",
    "getFontLoaderConfig",
    "getFontsCollection",
    "getImage",
    "getImageManagerImage",
    "getImageManagerImageSrcset",
    "getImageSrcset",
    "getImageSrcset1x2x",
    "inject",
    "jsContext",
    "json",
    "langJson",
    "nonce",
    "resourceHints",
    "stripQuerystring",
    "stylesheet",
    "head.charset",
    "head.favicon",
    "head.rsslinks",
    "head.styles",
];

/// The texts of a theme in English, or else in its first language.
#[derive(Clone, Debug, Default)]
pub struct Language(Value);

impl Language {
    /// Reads the language file; a missing or broken one has no texts.
    pub fn read(theme: &Theme) -> Self {
        let is_language = |path: &&String| path.starts_with("lang/") && path.ends_with(".json");
        let first = || theme.bytes(theme.files.keys().find(is_language)?);
        let file = theme.bytes("lang/en.json").or_else(first).unwrap_or_default();
        Self(serde_json::from_slice(file).unwrap_or_default())
    }

    /// Returns the text that `{{lang "a.b"}}` prints.
    fn text(&self, call: &Call) -> Option<&str> {
        let ExpressionKind::String(key) = &call.params.first()?.kind else { return None };
        key.split('.').try_fold(&self.0, |texts, part| texts.get(part))?.as_str()
    }
}

/// Returns the ways out that the mustaches of a template print.
pub(super) fn ways_out(
    templates: &Templates,
    language: &Language,
    name: &str,
    markup: &Markup,
) -> Vec<WayOut> {
    let file = templates.get(name);
    let mut mustaches = Vec::new();
    collect(file.and_then(|file| file.syntax.statements()).unwrap_or_default(), &mut mustaches);
    let insides = MarkupRanges::new(markup);
    let outside = mustaches.into_iter().filter(|mustache| !insides.hold(mustache.span));
    outside.flat_map(|mustache| of_mustache(language, mustache)).collect()
}

/// Where attribute values and scripts are.
struct MarkupRanges {
    /// The start of each attribute value, with the furthest end of all values up to this one.
    values: Vec<(usize, usize)>,
    script_starts: BTreeSet<usize>,
    script_ends: BTreeSet<usize>,
}

impl MarkupRanges {
    fn new(markup: &Markup) -> Self {
        let attributes = markup.tags.iter().flat_map(|tag| &tag.attributes);
        let spans = attributes.filter_map(|attribute| attribute.value);
        let mut values: Vec<(usize, usize)> = spans.map(|span| (span.start, span.end)).collect();
        values.sort_unstable();
        let mut last_end = 0;
        for (_, end) in &mut values {
            last_end = last_end.max(*end);
            *end = last_end;
        }
        Self {
            values,
            script_starts: markup.scripts.iter().map(|text| text.span.start).collect(),
            script_ends: markup.scripts.iter().map(|text| text.span.end).collect(),
        }
    }

    /// Whether a mustache is inside an attribute value, or next to a piece of a script.
    fn hold(&self, place: Span) -> bool {
        let before = self.values.partition_point(|(start, _)| *start <= place.start);
        let last_end = before.checked_sub(1).map(|last| self.values[last].1);
        last_end.is_some_and(|end| place.end <= end)
            || self.script_ends.contains(&place.start)
            || self.script_starts.contains(&place.end)
    }
}

fn collect<'s>(statements: &'s [Statement], found: &mut Vec<&'s Mustache>) {
    for statement in statements {
        match statement {
            Statement::Mustache(mustache) => found.push(mustache),
            Statement::Block(block) => {
                collect(&block.body, found);
                collect(block.inverse.as_deref().unwrap_or_default(), found);
            }
            _ => {}
        }
    }
}

fn of_mustache(language: &Language, mustache: &Mustache) -> Vec<WayOut> {
    let call = &mustache.call;
    let name = literal_name(&call.callee.kind).unwrap_or_default();
    let way =
        |kind, written, destinations| WayOut { span: mustache.span, kind, written, destinations };
    match name.as_str() {
        "lang" => links_of(language.text(call).unwrap_or_default())
            .into_iter()
            .map(|address| {
                let found = targets(address.as_bytes(), LinkContext::default());
                let destinations = found.into_iter().map(|target| target.destination).collect();
                way(Kind::Text, address, destinations)
            })
            .collect(),
        _ if mustache.escaped || prints_nothing(call) || HARMLESS.contains(&name.as_str()) => {
            Vec::new()
        }
        _ => vec![way(Kind::Unseen, spelled(&name, call), Vec::new())],
    }
}

/// Returns the name of a helper or variable, with its first string argument if it has one.
fn spelled(name: &str, call: &Call) -> String {
    let hash = call.hash.iter().map(|pair| &pair.value);
    let text = call.params.iter().chain(hash).find_map(|given| match &given.kind {
        ExpressionKind::String(text) => Some(text),
        _ => None,
    });
    text.map_or_else(|| name.to_owned(), |text| format!("{name} \"{text}\""))
}

/// Returns the addresses of the links in a text.
fn links_of(text: &str) -> Vec<String> {
    if !text.contains("href") {
        return Vec::new();
    }
    let source = text.as_bytes();
    let tags = markup_of(source, &parse(source)).tags;
    let links = tags.iter().filter(|tag| tag.element == "a");
    let values = links.flat_map(|tag| tag.named(source, "href")).filter_map(|href| href.value);
    values.map(|value| String::from_utf8_lossy(value.of(source)).into_owned()).collect()
}
