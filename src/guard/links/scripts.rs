//! Scripts and handlers of kept pages that go to another page, or write links: found and reported, never
//! changed.
//!
//! They are found by how they are usually spelled; what a script really does, nobody can say from here.

use crate::syntax::html::Markup;
use crate::text::{Code, Finding, Span};
use memchr::memmem;
use std::collections::HashSet;

/// What stands before `location` or a call in scripts that go somewhere.
const CALLS: &[&[u8]] = &[b"window.open(", b"location.assign(", b"location.replace("];

/// Parts of a location that can be set.
const PARTS: &[&[u8]] = &[b".href", b".pathname", b".search", b"['href']", b"[\"href\"]"];

/// The findings for one template.
pub(super) fn findings(template: &str, source: &[u8], markup: &Markup) -> Vec<Finding> {
    let scripts = markup.scripts.iter().filter(|script| script.element == "script");
    let scripts = scripts.map(|script| script.span);
    let handlers = markup.tags.iter().flat_map(|tag| &tag.attributes).filter_map(|attribute| {
        let name = attribute.name.of(source).to_ascii_lowercase();
        let value = attribute.value?;
        let text = value.of(source).trim_ascii_start();
        let is_script = name.starts_with(b"on")
            || text.get(..11).is_some_and(|start| start.eq_ignore_ascii_case(b"javascript:"));
        is_script.then_some(value)
    });
    let path = format!("templates/{template}.html");
    let mut findings: Vec<Finding> = refreshes(source, markup, &path);
    for text in scripts.chain(handlers) {
        findings.extend(navigations(source, text).map(|place| goes(&path, place)));
        findings.extend(written_links(source, text).map(|place| writes(&path, place)));
    }
    findings
}

/// Documents that are left for another after a while.
fn refreshes(source: &[u8], markup: &Markup, path: &str) -> Vec<Finding> {
    let metas = markup.tags.iter().filter(|tag| tag.element == "meta");
    let values =
        metas.flat_map(|tag| tag.named(source, "http-equiv")).filter_map(|name| name.value);
    let refreshes = values.filter(|value| value.of(source).eq_ignore_ascii_case(b"refresh"));
    let message = "this kept page is left for another by itself";
    let finding = |value: Span| {
        let finding = Finding::new(Code::NavigatingScript, message).at(path, value);
        finding.help("see where it leads; it is not changed")
    };
    refreshes.map(finding).collect()
}

fn goes(path: &str, place: Span) -> Finding {
    Finding::new(Code::NavigatingScript, "this script of a kept page goes to another page")
        .at(path, place)
        .help("see where it leads; scripts are not changed")
}

fn writes(path: &str, place: Span) -> Finding {
    Finding::new(Code::NavigatingScript, "this script of a kept page writes a link")
        .at(path, place)
        .help("see where it leads; scripts are not changed")
}

/// Whether a script goes somewhere.
pub(super) fn navigates(script: &[u8]) -> bool {
    navigations(script, Span::new(0, script.len())).next().is_some()
}

/// What a script has in quotes and may be the path of a template.
pub(super) fn quoted_paths(script: &[u8]) -> HashSet<Vec<u8>> {
    let is_of_path = |byte: &u8| !b"'\"`\n<>{}()=;, ".contains(byte);
    let quoted = memchr::memchr3_iter(b'\'', b'"', b'`', script).filter_map(|at| {
        let inside = &script[at + 1..];
        let length = inside.iter().position(|byte| !is_of_path(byte))?;
        (inside[length] == script[at]).then(|| inside[..length].to_vec())
    });
    quoted.collect()
}

/// Where a script sets its location or opens one.
fn navigations(source: &[u8], text: Span) -> impl Iterator<Item = Span> {
    let script = text.of(source);
    let assigned = memmem::find_iter(script, b"location").filter_map(move |at| {
        let rest = &script[at + b"location".len()..];
        let part = PARTS.iter().find_map(|part| rest.strip_prefix(*part));
        let rest = part.unwrap_or(rest).trim_ascii_start();
        let is_assigned = rest.starts_with(b"=") && !rest.starts_with(b"==");
        is_assigned.then(|| Span::new(at, at + b"location".len()))
    });
    let called = CALLS.iter().flat_map(move |call| {
        memmem::find_iter(script, call).map(|at| Span::new(at, at + call.len() - 1))
    });
    let within = move |span: Span| Span::new(text.start + span.start, text.start + span.end);
    assigned.chain(called).map(within)
}

/// Where a script holds the start of a link.
fn written_links(source: &[u8], text: Span) -> impl Iterator<Item = Span> {
    let script = text.of(source);
    let tags = memmem::find_iter(script, b"<a ");
    let links = tags.filter(|at| {
        let tag = &script[*at..];
        let end = memchr::memchr(b'>', tag).unwrap_or(tag.len());
        memmem::find(&tag[..end], b"href").is_some()
    });
    links.map(move |at| Span::new(text.start + at, text.start + at + 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::html::markup;
    use crate::syntax::parse;

    fn found(source: &str) -> Vec<&str> {
        let source_bytes = source.as_bytes();
        let markup = markup(source_bytes, &parse(source_bytes));
        let findings = findings("pages/x", source_bytes, &markup);
        findings
            .iter()
            .map(|finding| &source[finding.primary.as_ref().unwrap().span.unwrap().range()])
            .collect()
    }

    #[test]
    fn scripts_that_go_somewhere_are_found() {
        assert_eq!(found("<script>location.href = '{{urls.home}}'</script>"), ["location"]);
        assert_eq!(found("<script>window.location='/'</script>"), ["location"]);
        assert_eq!(found("<a onclick=\"location['href'] = '/'\">"), ["location"]);
        assert_eq!(found("<meta http-equiv=Refresh content=\"0;url=/\">"), ["Refresh"]);
        assert_eq!(found("<script>location.assign(x)</script>"), ["location.assign"]);
        assert_eq!(found("<button onclick=\"window.open('/')\">"), ["window.open"]);
        assert_eq!(found("<a href=\"javascript:location.replace('/')\">"), ["location.replace"]);
        assert_eq!(found("<script>x = '<a class=\"y\" href=\"/\">'</script>"), ["<a"]);
    }

    #[test]
    fn paths_in_quotes_are_found() {
        let script = b"get('cart/content', \"a.b-c\", `x/y'`, 'a b', 'don', 't')";
        let found = quoted_paths(script);
        for path in ["cart/content", "a.b-c", "don", "t"] {
            assert!(found.contains(path.as_bytes()), "{path}");
        }
        assert!(!found.contains(&b"x/y"[..]) && !found.contains(&b"a b"[..]));
    }

    #[test]
    fn scripts_that_only_look_are_not() {
        assert!(found("<script>if (location.href == x) y(location.search)</script>").is_empty());
        assert!(found("<script>location.reload()</script><p>location = here</p>").is_empty());
        assert!(
            found("<button onclick=\"return confirm('Sure?')\"><a href=\"javascript:void(0)\">")
                .is_empty()
        );
        assert!(found("<script>x = '<a>'; href = 1</script>").is_empty());
    }
}
