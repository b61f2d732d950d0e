//! Finds all start tags, with their attributes, that a template may print on any path through its blocks.
//!
//! If branches leave the tokenizer in different places, it continues from each of them, so that it misses no
//! tag; what it finds while there are several readings is marked as uncertain.

use super::tokenizer::{Event, Place};
use crate::syntax::Template;
use crate::syntax::ast::{Block, Call, ExpressionKind, Mustache, PartialCall, Statement};
use crate::text::Span;
use std::collections::BTreeMap;

/// The markup of one template.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Markup {
    /// The start tags, in source order.
    pub tags: Vec<StartTag>,
    /// Pieces of text in elements whose content is not markup, in source order.
    pub scripts: Vec<ScriptText>,
    /// The includes inside start tags, each with the tag's element.
    pub includes_in_tags: Vec<(Span, String)>,
    /// Whether the template may end inside a tag that it starts.
    pub ends_inside_tag: bool,
    /// Whether some readings were dropped, because there were too many.
    pub is_incomplete: bool,
}

/// A start tag, with the attributes of all branches inside it.
#[derive(Clone, Debug, PartialEq)]
pub struct StartTag {
    /// The position of its `<`.
    pub start: usize,
    /// The element's name in lower case; empty if a mustache prints it.
    pub element: String,
    /// Its attributes, in source order.
    pub attributes: Vec<TagAttribute>,
    /// The list or object of the innermost `{{#each}}` or `{{#with}}` around it, as spelled.
    pub scope: Option<String>,
}

/// An attribute whose name is written out.
#[derive(Clone, Debug, PartialEq)]
pub struct TagAttribute {
    /// Its name.
    pub name: Span,
    /// Its value without quotes; `None` if it has none.
    pub value: Option<Span>,
    /// Whether there is only one way to read it.
    pub is_certain: bool,
}

/// Text in an element such as `script`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptText {
    /// The element's name in lower case.
    pub element: String,
    /// The text up to the next mustache or the end tag.
    pub span: Span,
}

/// Elements whose content browsers do not read as markup.
const RAW_TEXT: &[&[u8]] =
    &[b"script", b"style", b"title", b"textarea", b"xmp", b"iframe", b"noembed", b"noframes"];

/// Maximum number of readings that are followed at one place.
const MAX_READINGS: usize = 8;

/// Reads the markup of a template. One that no engine accepts prints nothing.
pub fn markup(source: &[u8], template: &Template) -> Markup {
    read(source, template, Place::Data)
}

/// Returns the attributes that a template prints if it is included inside a start tag of `element`. The
/// returned tag starts at the end of `source`.
pub fn attributes_inside(source: &[u8], template: &Template, element: &str) -> Option<StartTag> {
    let start = source.len();
    let markup = read(source, template, Place::inside_tag(start, element));
    markup.tags.into_iter().find(|tag| tag.start == start)
}

fn read(source: &[u8], template: &Template, place: Place) -> Markup {
    let mut collector = Collector {
        source,
        tags: BTreeMap::new(),
        scripts: Vec::new(),
        scopes: Vec::new(),
        includes_in_tags: Vec::new(),
        is_incomplete: false,
    };
    let end = collector.statements(template.statements().unwrap_or_default(), vec![place]);
    collector.scripts.sort_by_key(|text| text.span);
    collector.scripts.dedup();
    Markup {
        tags: collector.tags.into_values().collect(),
        scripts: collector.scripts,
        includes_in_tags: collector.includes_in_tags,
        ends_inside_tag: end.iter().any(|place| matches!(place, Place::Tag(_))),
        is_incomplete: collector.is_incomplete,
    }
}

struct Collector<'s> {
    source: &'s [u8],
    tags: BTreeMap<usize, StartTag>,
    scripts: Vec<ScriptText>,
    scopes: Vec<String>,
    includes_in_tags: Vec<(Span, String)>,
    is_incomplete: bool,
}

impl Collector<'_> {
    /// Returns where the tokenizer may be after `statements`, from every place where it may be before.
    fn statements(&mut self, statements: &[Statement], mut places: Vec<Place>) -> Vec<Place> {
        for statement in statements {
            match statement {
                Statement::Content(span) => self.content(*span, &mut places),
                Statement::Comment(_) => {}
                Statement::Mustache(Mustache { span, .. }) => {
                    places.iter_mut().for_each(|place| place.pass_hole(*span));
                }
                Statement::Partial(PartialCall { span, .. }) => {
                    let elements = places.iter().filter_map(Place::element_of_attributes);
                    self.includes_in_tags.extend(elements.map(|element| (*span, element)));
                    places.iter_mut().for_each(|place| place.pass_hole(*span));
                }
                Statement::Block(block) => places = self.block(block, places),
            }
            self.forget_equal(&mut places);
        }
        places
    }

    fn block(&mut self, block: &Block, mut places: Vec<Place>) -> Vec<Place> {
        places.iter_mut().for_each(Place::enter_block);
        let scope = scope(&block.call);
        let has_scope = scope.is_some();
        self.scopes.extend(scope);
        let mut after = self.statements(&block.body, places.clone());
        if has_scope {
            self.scopes.pop();
        }
        after.extend(self.statements(block.inverse.as_deref().unwrap_or_default(), places));
        after
    }

    fn forget_equal(&mut self, places: &mut Vec<Place>) {
        let mut different = Vec::with_capacity(places.len());
        for place in places.drain(..) {
            if !different.contains(&place) {
                different.push(place);
            }
        }
        self.is_incomplete |= different.len() > MAX_READINGS;
        different.truncate(MAX_READINGS);
        *places = different;
    }

    fn content(&mut self, span: Span, places: &mut [Place]) {
        let is_certain = places.len() == 1;
        let text = &self.source[..span.end];
        for place in places {
            let mut at = span.start;
            while at < span.end {
                let (next, event) = place.step(text, at, RAW_TEXT);
                if let Some(event) = event {
                    self.note(event, is_certain);
                }
                at = next;
            }
        }
    }

    fn tag(&mut self, start: usize, element: &[u8]) -> &mut StartTag {
        let scope = self.scopes.last();
        self.tags.entry(start).or_insert_with(|| StartTag {
            start,
            element: String::from_utf8_lossy(element).into_owned(),
            attributes: Vec::new(),
            scope: scope.cloned(),
        })
    }

    fn note(&mut self, event: Event, is_certain: bool) {
        match event {
            Event::Attribute { tag, element, name, value } => {
                self.tag(tag, &element).add(TagAttribute { name, value, is_certain });
            }
            Event::RawText { element, span } if !span.is_empty() => {
                let element = String::from_utf8_lossy(&element).into_owned();
                self.scripts.push(ScriptText { element, span });
            }
            Event::StartTag { start, element, .. } => {
                self.tag(start, &element);
            }
            Event::RawText { .. } => {}
        }
    }
}

impl StartTag {
    /// Adds an attribute, unless another reading found it already.
    fn add(&mut self, attribute: TagAttribute) {
        let place = self.attributes.binary_search_by_key(&attribute.name, |known| known.name);
        let at = match place {
            Ok(at) => at,
            Err(at) => return self.attributes.insert(at, attribute),
        };
        let known = &mut self.attributes[at];
        if known.value != attribute.value {
            // The quotes around it do not end at the same place in all branches.
            known.is_certain = false;
            known.value = known.value.zip(attribute.value).map(|(one, other)| one.to(other));
        }
    }

    /// Returns the attributes with this name, ignoring case.
    pub fn named<'t>(
        &'t self,
        source: &'t [u8],
        name: &'t str,
    ) -> impl Iterator<Item = &'t TagAttribute> {
        let is_named = move |attribute: &&TagAttribute| {
            attribute.name.of(source).eq_ignore_ascii_case(name.as_bytes())
        };
        self.attributes.iter().filter(is_named)
    }
}

/// Returns what a block makes the context of its body; `None` if it does not change the context.
fn scope(call: &Call) -> Option<String> {
    let name = |kind: &ExpressionKind| match kind {
        ExpressionKind::Path(path) => Some(path.original.clone()),
        _ => None,
    };
    let helper = name(&call.callee.kind)?;
    if !matches!(helper.as_str(), "each" | "with" | "for" | "enumerate") {
        return None;
    }
    // An unknown list is a scope, too, with an empty name.
    Some(call.params.first().and_then(|list| name(&list.kind)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::parse;

    /// Returns the attributes of all tags: `element name=value`, with `?` if uncertain.
    fn attributes(source: &str) -> Vec<String> {
        let markup = markup(source.as_bytes(), &parse(source.as_bytes()));
        let tags = markup.tags.iter().flat_map(|tag| {
            tag.attributes.iter().map(|attribute| {
                let name = &source[attribute.name.range()];
                let value = attribute.value.map_or("-", |value| &source[value.range()]);
                let doubt = if attribute.is_certain { "" } else { "?" };
                format!("{} {name}={value}{doubt}", tag.element)
            })
        });
        tags.collect()
    }

    #[test]
    fn attributes_are_read_as_browsers_do() {
        assert_eq!(attributes("<a href=\"{{url}}\">"), ["a href={{url}}"]);
        assert_eq!(attributes("<A HREF='/x' Class=b>"), ["a HREF=/x", "a Class=b"]);
        assert_eq!(attributes("<a href={{url}}>"), ["a href={{url}}"]);
        assert_eq!(attributes("<a href={{url}}/x b>"), ["a href={{url}}/x", "a b=-"]);
        assert_eq!(attributes("<a href = /x/ >"), ["a href=/x/"]);
        assert_eq!(attributes("<a href>"), ["a href=-"]);
        assert_eq!(attributes("<a href=>"), ["a href=-"]);
        assert_eq!(attributes("<a href=\"\"b='1'/>"), ["a href=", "a b=1"]);
        assert_eq!(attributes("<a title=\"a>b\" href=\"c\">"), ["a title=a>b", "a href=c"]);
        assert_eq!(attributes("<a href='1' href='2'>"), ["a href=1", "a href=2"]);
        assert_eq!(attributes("<br/><a/href=x>"), ["a href=x"]);
    }

    #[test]
    fn mustaches_may_contain_the_surrounding_quotes() {
        assert_eq!(
            attributes("<a title=\"{{lang \"a.b\"}}\" href=\"{{concat \"/\" x}}\">"),
            ["a title={{lang \"a.b\"}}", "a href={{concat \"/\" x}}"]
        );
    }

    #[test]
    fn blocks_may_appear_anywhere_in_a_tag() {
        assert_eq!(
            attributes("<a{{#if b}} class=\"x\"{{/if}} href=\"y\">"),
            ["a class=x", "a href=y"]
        );
        assert_eq!(
            attributes("<a {{#if b}}href=\"x\"{{else}}href=\"y\"{{/if}}>"),
            ["a href=x", "a href=y"]
        );
        assert_eq!(
            attributes("<a href=\"{{#if b}}x{{else}}y{{/if}}\">"),
            ["a href={{#if b}}x{{else}}y{{/if}}"]
        );
        assert_eq!(
            attributes("<a href={{#if b}}\"x\"{{else}}\"y\"{{/if}}>"),
            ["a href=x\"{{else}}\"y?"]
        );
    }

    #[test]
    fn tag_that_ends_in_one_branch_is_read_to_its_end() {
        let glued = "<a href=\"u\" {{#unless x}}data-x=\"1\">{{/unless}}<b href=\"v\">";
        assert_eq!(attributes(glued)[..2], ["a href=u", "a data-x=1"]);
        assert!(attributes(glued).contains(&"b href=v?".to_owned()));
        assert_eq!(
            attributes(
                "{{#if u}}<a href=\"u\">{{else}}<span>{{/if}}x{{#if u}}</a>{{/if}}<a href=v>"
            ),
            ["a href=u", "a href=v"]
        );
    }

    #[test]
    fn attributes_with_computed_names_are_ignored() {
        assert_eq!(attributes("<a {{x}} data-{{y}}=\"1\" href=z>"), ["a href=z"]);
        assert_eq!(attributes("<{{tag}} href=z>"), [" href=z"]);
        assert_eq!(attributes("<h{{n}} href=z>"), [" href=z"]);
        assert_eq!(attributes("<a {{x}}=\"1\" href=z>"), ["a href=z"]);
    }

    #[test]
    fn tags_in_comments_and_scripts_are_ignored() {
        assert_eq!(attributes("<!-- <a href=x> --><a href=y>"), ["a href=y"]);
        assert_eq!(attributes("{{!-- <a href=x> --}}<a href=y>"), ["a href=y"]);
        assert_eq!(attributes("<script>'<a href=x>'</script><a href=y>"), ["a href=y"]);
        assert_eq!(
            attributes("<svg><style>a{}</style><a xlink:href=\"x\"></svg>"),
            ["a xlink:href=x"]
        );
        assert_eq!(attributes("<noscript><a href=x></noscript>"), ["a href=x"]);
        // One branch opens a comment, so that what follows may be a tag.
        assert_eq!(attributes("{{#if a}}<!-- {{/if}}<a href=x>"), ["a href=x?"]);
    }

    #[test]
    fn tag_scope_is_the_enclosing_each() {
        let source = "{{#each social}}{{#if url}}<a href={{url}}>{{/if}}{{/each}}<a href=x>";
        let markup = markup(source.as_bytes(), &parse(source.as_bytes()));
        let scopes: Vec<_> = markup.tags.iter().map(|tag| tag.scope.as_deref()).collect();
        assert_eq!(scopes, [Some("social"), None]);
    }
}
