//! Finds the Page Builder regions of a page by text, as the official bundler does. Finding more of them could
//! show regions that the official tool hides.

use super::closure::Member;
use super::external::INCLUDE;
use crate::text::patterns::{groups, pattern, texts};
use crate::theme::references::DYNAMIC_COMPONENT;
use regex::Regex;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

/// Matches the start of a partial's definition; the group is its name.
static PARTIAL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"\{\{\s*#partial\s+\N*?["'|]([\w-]+)["'|]\N*?\}\}"#));
/// Matches the start of a block; the group is its name.
static BLOCK: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"\{\{\s*#block\s+\N*?["'|]([\w-]+)["'|]\N*?\}\}"#));
/// Matches a region; the group is its name.
static REGION: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"\{\{\{\s*region\s+\N*?name=["'|]([\w-]+)["'|]\N*?\}\}\}"#));
/// Matches the translation of a region; the group is its key.
static TRANSLATION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"\{\{\{\N*?\stranslation=["'|](i18n\NRegionName\N[\w-]+)["'|]\N*?\}\}\}"#)
});

/// Returns the regions in the closure of a page, whose first member is the page.
pub(super) fn regions(closure: &[Member<'_>]) -> Value {
    let members: BTreeMap<&str, &str> =
        closure.iter().map(|(name, text)| (*name, text.as_ref())).collect();
    let Some((page, text)) = closure.first() else {
        return json!([]);
    };
    let mut seen = BTreeSet::from([*page]);
    let text = inlined(text, &members, &mut seen);
    let text = with_blocks(&text);
    let text = with_dynamic_components(&text, &members);
    // The official bundler assigns the first translation key in the page to every region.
    let translation = texts(&TRANSLATION, &text).next();
    let mut names = BTreeSet::new();
    texts(&REGION, &text)
        .filter(|name| names.insert(*name))
        .map(|name| match translation {
            Some(translation) => json!({"name": name, "translation": translation}),
            None => json!({"name": name}),
        })
        .collect()
}

/// Replaces each unquoted include in `text` by the template's text, each template once. This loop has its own
/// stack, because a chain of includes may be long.
fn inlined<'s>(
    text: &'s str,
    texts: &BTreeMap<&'s str, &'s str>,
    seen: &mut BTreeSet<&'s str>,
) -> String {
    let mut result = String::new();
    let mut open = vec![(text, 0, groups(&INCLUDE, text))];
    while let Some((text, copied, includes)) = open.last_mut() {
        let text: &'s str = text;
        let Some((include, name)) = includes.next() else {
            result.push_str(&text[*copied..]);
            open.pop();
            continue;
        };
        result.push_str(&text[*copied..include.start]);
        *copied = include.end;
        if let Some((name, text)) = texts.get_key_value(&text[name.range()])
            && seen.insert(name)
        {
            open.push((text, 0, groups(&INCLUDE, text)));
        }
    }
    result
}

/// Removes the definitions of partials, and appends their content to the blocks that they name.
fn with_blocks(text: &str) -> String {
    let partials: Vec<Named<'_>> = named(&PARTIAL, "{{/partial}}", text).collect();
    let contents: BTreeMap<&str, &str> =
        partials.iter().map(|partial| (partial.name, partial.content)).collect();
    let rest =
        replaced(text, partials.iter().map(|partial| (partial.whole.clone(), ())), |_, ()| ());
    let blocks = named(&BLOCK, "{{/block}}", &rest).map(|block| (block.whole.clone(), block));
    replaced(&rest, blocks, |out, block| {
        out.push_str(block.content);
        push(out, contents.get(block.name).copied().unwrap_or_default());
    })
}

/// A named part of a text, from its opening match to the next closing tag.
struct Named<'t> {
    whole: Range<usize>,
    name: &'t str,
    content: &'t str,
}

/// Finds the parts that begin with a match of `opening`, whose first group is the name, and end with
/// `closing`.
fn named<'t>(opening: &Regex, closing: &str, text: &'t str) -> impl Iterator<Item = Named<'t>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let opened = opening.captures_at(text, from)?;
        let (start, content) = (opened.get_match().start(), &text[opened.get_match().end()..]);
        let content = &content[..content.find(closing)?];
        from = opened.get_match().end() + content.len() + closing.len();
        Some(Named { whole: start..from, name: opened.get(1)?.as_str(), content })
    })
}

/// Replaces each part of `text` by what `replacement` adds.
fn replaced<T>(
    text: &str,
    parts: impl Iterator<Item = (Range<usize>, T)>,
    mut replacement: impl FnMut(&mut String, T),
) -> String {
    let mut result = String::with_capacity(text.len());
    let mut copied = 0;
    for (range, part) in parts {
        result.push_str(&text[copied..range.start]);
        replacement(&mut result, part);
        copied = range.end;
    }
    result + &text[copied..]
}

/// Appends `text`, unless this makes the page unreasonably long.
fn push(page: &mut String, text: &str) {
    const MOST: usize = 32 * 1024 * 1024;
    if page.len() + text.len() <= MOST {
        page.push_str(text);
    }
}

/// Replaces each dynamic component by all members whose names begin with its path.
fn with_dynamic_components(text: &str, texts: &BTreeMap<&str, &str>) -> String {
    let calls = groups(&DYNAMIC_COMPONENT, text);
    let paths = calls.map(|(call, path)| (call.range(), &text[path.range()]));
    replaced(text, paths, |out, path| {
        let members = texts.range(path..).take_while(|(name, _)| name.starts_with(path));
        members.for_each(|(_, member)| push(out, member));
    })
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
    fn regions_are_found_in_raw_text() {
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
    fn partial_content_is_added_to_the_block_of_the_layout() {
        let page = "{{#partial \"p\"}}{{{region name=\"in\"}}}{{/partial}}\
            {{#partial \"gone\"}}{{{region name=\"lost\"}}}{{/partial}}{{> l}}";
        let layout =
            "{{{region name=\"first\"}}}{{#block \"p\"}}{{{region name=\"own\"}}}{{/block}}";
        let files = [("templates/pages/p.html", page), ("templates/l.html", layout)];
        assert_eq!(names(&files), ["first", "own", "in"]);
    }

    #[test]
    fn dynamic_components_include_all_names_with_their_prefix() {
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
    fn no_input_takes_quadratic_time() {
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
    fn first_translation_applies_to_all_regions() {
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

    #[test]
    fn named_parts_match_the_official_pattern() {
        let official =
            pattern(r#"\{\{\s*#block\s+\N*?["'|]([\w-]+)["'|]\N*?\}\}((?s:.*?))\{\{/block\}\}"#);
        let tokens = [
            "{{",
            "}}",
            "#block",
            " ",
            "\n",
            "\"",
            "'",
            "|",
            "a",
            "b-c",
            "{{#block \"x\"}}",
            "{{/block}}",
            "{{/",
            "block",
            "\u{feff}",
            "é",
        ];
        let mut state = 1_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            tokens[(state >> 33) as usize % tokens.len()]
        };
        let mut found = 0;
        for _ in 0..20_000 {
            let text: String = (0..24).map(|_| next()).collect();
            let ours: Vec<_> = named(&BLOCK, "{{/block}}", &text)
                .map(|part| (part.whole, part.name, part.content))
                .collect();
            let theirs: Vec<_> = official
                .captures_iter(&text)
                .map(|part| (part.get_match().range(), part.extract::<2>().1))
                .map(|(range, [name, content])| (range, name, content))
                .collect();
            found += ours.len();
            assert_eq!(ours, theirs, "{text:?}");
        }
        assert!(found > 1_000, "{found}");
    }
}
