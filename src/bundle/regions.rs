//! Page Builder regions of a page as the official bundler finds them by text. Finding more could
//! show regions that the official tool hides.

use super::closure::Member;
use super::references;
use super::scan::{self, Lazy};
use crate::text::Span;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The regions in the closure of a page, whose first member is the page.
pub(super) fn regions(closure: &[Member<'_>]) -> Value {
    let texts: BTreeMap<&str, &str> =
        closure.iter().map(|(name, text)| (*name, text.as_ref())).collect();
    let Some((page, text)) = closure.first() else {
        return json!([]);
    };
    let mut seen = BTreeSet::from([*page]);
    let text = inlined(text, &texts, &mut seen);
    let text = with_blocks(&text);
    let text = with_dynamic_components(&text, &texts);
    let translation = translation(&text);
    let mut names = BTreeSet::new();
    let mut lazy = Lazy::default();
    scan::matches(&text, "{{{", |at| region(&text, at, &mut lazy))
        .into_iter()
        .map(|(_, name)| name)
        .filter(|name| names.insert(*name))
        .map(|name| match translation {
            Some(translation) => json!({"name": name, "translation": translation}),
            None => json!({"name": name}),
        })
        .collect()
}

/// `text` with each unquoted include replaced by the template's text, each template once. A loop
/// with its own stack, as a chain of includes may be long.
fn inlined<'s>(
    text: &'s str,
    texts: &BTreeMap<&'s str, &'s str>,
    seen: &mut BTreeSet<&'s str>,
) -> String {
    let mut result = String::new();
    let mut open = vec![(text, 0, includes(text).into_iter())];
    while let Some((text, copied, includes)) = open.last_mut() {
        let text: &'s str = text;
        let Some((range, name)) = includes.next() else {
            result.push_str(&text[*copied..]);
            open.pop();
            continue;
        };
        result.push_str(&text[*copied..range.start]);
        *copied = range.end;
        if let Some((name, text)) = texts.get_key_value(name)
            && seen.insert(name)
        {
            open.push((text, 0, self::includes(text).into_iter()));
        }
    }
    result
}

fn includes(text: &str) -> Vec<(std::ops::Range<usize>, &str)> {
    scan::matches(text, "{{>", |at| {
        let start = scan::skip_spaces(text, at + 3);
        let end = scan::run(text, start, |byte| scan::is_word(byte) || b"|-/".contains(&byte))?;
        Some((references::closing(text, end)?, &text[start..end]))
    })
}

/// Takes the partial definitions out and puts their content behind that of the blocks they name.
fn with_blocks(text: &str) -> String {
    let partials = tagged(text, "partial");
    let mut contents: BTreeMap<&str, &str> = BTreeMap::new();
    for (_, (name, content)) in &partials {
        contents.insert(&text[name.range()], &text[content.range()]);
    }
    let rest = scan::replaced(text, &partials, |_, _| {});
    let blocks = tagged(&rest, "block");
    scan::replaced(&rest, &blocks, |out, (name, content)| {
        out.push_str(&rest[content.range()]);
        let content = contents.get(&rest[name.range()]);
        push(out, content.copied().unwrap_or_default());
    })
}

/// Adds `text` unless the page has grown beyond all reason by then.
fn push(page: &mut String, text: &str) {
    const MOST: usize = 32 * 1024 * 1024;
    if page.len() + text.len() <= MOST {
        page.push_str(text);
    }
}

/// All `{{#tag "name"}}content{{/tag}}`: the places of name and content.
fn tagged(text: &str, tag: &str) -> Vec<(std::ops::Range<usize>, (Span, Span))> {
    let (open, close) = (format!("#{tag}"), format!("{{{{/{tag}}}}}"));
    let last_close = memchr::memmem::rfind(text.as_bytes(), close.as_bytes());
    let mut lazy = Lazy::default();
    scan::matches(text, "{{", |at| {
        let start = scan::skip_spaces(text, at + 2);
        let start = scan::some_spaces(text, scan::literal(text, start, &open)?)?;
        let name = lazy.find(text, start, |at| quoted_name(text, at))?;
        let content = lazy.find(text, name.end + 1, |at| scan::literal(text, at, "}}"))?;
        last_close.filter(|&last| last >= content)?;
        let end = scan::find(text, content, &close)?;
        Some((end + close.len(), (name, Span::new(content, end))))
    })
}

/// A name in quotes at `at`: the bytes between the quotes.
fn quoted_name(text: &str, at: usize) -> Option<Span> {
    let start = scan::quote(text, at)?;
    let end = scan::run(text, start, is_name)?;
    scan::quote(text, end).map(|_| Span::new(start, end))
}

fn is_name(byte: u8) -> bool {
    scan::is_word(byte) || byte == b'-'
}

/// Each dynamic component replaced by all members whose names begin with its path.
fn with_dynamic_components(text: &str, texts: &BTreeMap<&str, &str>) -> String {
    let calls = references::dynamic_components(text);
    scan::replaced(text, &calls, |out, path| {
        let path = &text[path.range()];
        let members = texts.range(path..);
        members
            .take_while(|(name, _)| name.starts_with(path))
            .for_each(|(_, member)| push(out, member));
    })
}

/// `{{{region name="…"}}}` at `at`: its end and the name.
fn region<'t>(text: &'t str, at: usize, lazy: &mut Lazy) -> Option<(usize, &'t str)> {
    let start = scan::skip_spaces(text, at + 3);
    let start = scan::some_spaces(text, scan::literal(text, start, "region")?)?;
    let name = lazy.find(text, start, |at| quoted_name(text, scan::literal(text, at, "name=")?))?;
    let end = lazy.find(text, name.end + 1, |at| scan::literal(text, at, "}}}"))?;
    Some((end, &text[name.range()]))
}

/// The first translation key in the page; the official bundler gives it to every region.
fn translation(text: &str) -> Option<&str> {
    let (mut keys, mut ends) = (Lazy::default(), Lazy::default());
    let found = scan::matches(text, "{{{", |at| {
        keys.find(text, at + 3, |at| {
            let key = translation_key(text, at)?;
            let end = ends.find(text, key.end + 1, |at| scan::literal(text, at, "}}}"))?;
            Some((end, &text[key.range()]))
        })
    });
    found.first().map(|(_, key)| *key)
}

fn translation_key(text: &str, at: usize) -> Option<Span> {
    let space = text[at..].chars().next().filter(|c| scan::is_space(*c))?;
    let start = scan::literal(text, at + space.len_utf8(), "translation=")?;
    let start = scan::quote(text, start)?;
    let any = |at: usize| {
        let next = text[at..].chars().next();
        next.filter(|c| !scan::is_line_break(*c)).map(|c| at + c.len_utf8())
    };
    let group = scan::literal(text, any(scan::literal(text, start, "i18n")?)?, "RegionName")?;
    let end = scan::run(text, any(group)?, is_name)?;
    scan::quote(text, end).map(|_| Span::new(start, end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::closure::closure;
    use crate::bundle::sources::Sources;
    use crate::bundle::tests::theme;

    fn found(files: &[(&str, &str)]) -> Value {
        let theme = theme(files);
        regions(&closure(&Sources::new(&theme), "pages/p"))
    }

    fn names(files: &[(&str, &str)]) -> Vec<String> {
        let found = found(files);
        let regions = found.as_array().unwrap().iter();
        regions.map(|region| region["name"].as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn regions_are_found_by_text() {
        let page = "{{{region name=\"a\"}}}{{{ region\n name='b' x=y}}}{{{region x name=|c|}}}\
            {{region name=\"d\"}}{{{~region name=\"e\"}}}{{{region name=f}}}\n{{{region name=\"g h\"}}}\n\
            <!-- {{{region name=\"i\"}}} -->{{{region name=\"a\"}}}";
        assert_eq!(names(&[("templates/pages/p.html", page)]), ["a", "b", "c", "i"]);
        assert_eq!(found(&[("templates/pages/p.html", "x")]), json!([]));
    }

    #[test]
    fn unquoted_includes_are_followed_once() {
        let page = "{{> a}}{{> 'q'}}{{> a}}{{> pages/p}}{{{region name=\"p\"}}}";
        let files = [
            ("templates/pages/p.html", page),
            ("templates/a.html", "{{{region name=\"a\"}}}{{> b}}"),
            ("templates/b.html", "{{{region name=\"b\"}}}{{> a}}"),
            ("templates/q.html", "{{{region name=\"q\"}}}"),
        ];
        assert_eq!(names(&files), ["a", "b", "p"]);
    }

    #[test]
    fn a_partial_block_counts_where_the_layout_has_its_block() {
        let page = "{{#partial \"p\"}}{{{region name=\"in\"}}}{{/partial}}\
            {{#partial \"gone\"}}{{{region name=\"lost\"}}}{{/partial}}{{> l}}";
        let layout =
            "{{{region name=\"first\"}}}{{#block \"p\"}}{{{region name=\"own\"}}}{{/block}}";
        let files = [("templates/pages/p.html", page), ("templates/l.html", layout)];
        assert_eq!(names(&files), ["first", "own", "in"]);
    }

    #[test]
    fn dynamic_components_count_by_prefix() {
        let files = [
            (
                "templates/pages/p.html",
                "{{{dynamicComponent 'c/dyn'}}}{{> c/dyninc}}{{> c/dyninc}}",
            ),
            ("templates/c/dyn/b.html", "{{{region name=\"b\"}}}"),
            ("templates/c/dyn/a.html", "{{{region name=\"a\"}}}"),
            ("templates/c/dyninc.html", "{{{region name=\"inc\"}}}"),
        ];
        assert_eq!(names(&files), ["a", "b", "inc"]);
    }

    #[test]
    fn no_text_takes_quadratic_time() {
        let times = 60_000;
        for text in [
            "{{{region ",
            "{{{region name='a' ",
            "{{{x translation='i18n.RegionName.X' ",
            "{{#partial ",
            "{{#block 'a' ",
            "{{#block 'a'}}",
            "{{> a ",
            "{{dynamicComponent 'a' ",
        ] {
            let page = text.repeat(times);
            assert_eq!(found(&[("templates/pages/p.html", &page)]), json!([]), "{text}");
        }
        let page = "{{#block 'a'}}{{/block}}".repeat(times)
            + &"{{#partial 'a'}}x{{/partial}}".repeat(times);
        assert_eq!(found(&[("templates/pages/p.html", &page)]), json!([]));
    }

    #[test]
    fn the_first_translation_goes_to_all_regions() {
        let page = "{{{region name=\"a\"}}}\n{{{region name=\"b\" \ttranslation='i18n.RegionName.X'}}}\n\
            {{{region name=\"c\" translation='i18n.RegionName.Y'}}}";
        let found = found(&[("templates/pages/p.html", page)]);
        let expected = json!([
            {"name": "a", "translation": "i18n.RegionName.X"},
            {"name": "b", "translation": "i18n.RegionName.X"},
            {"name": "c", "translation": "i18n.RegionName.X"},
        ]);
        assert_eq!(found, expected);
    }
}
