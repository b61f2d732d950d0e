//! Scripts and refreshes that set the location, and the address if it is written beside that.

use super::{Kind, WayOut, way};
use crate::syntax::html::Markup;
use crate::text::Span;
use memchr::memmem;

/// What leaves a page, and what stands between that and the address, without blanks.
const SETTERS: &[(&[u8], &[&[u8]])] = &[
    (
        b"location",
        &[
            b".href=",
            b".pathname=",
            b"[\"href\"]=",
            b"['href']=",
            b".replace(",
            b"[\"replace\"](",
            b"['replace'](",
            b".assign(",
            b"[\"assign\"](",
            b"['assign'](",
            b"=",
        ],
    ),
    (b"window.open", &[b"("]),
    (b"navigation.navigate", &[b"("]),
];
/// Longest address that is looked for.
const LONGEST: usize = 2_000;

/// The places in scripts and handlers that set the location.
pub(super) fn ways_out(source: &[u8], markup: &Markup) -> Vec<WayOut> {
    let scripts = markup.scripts.iter().filter(|text| text.element == "script");
    let scripts = scripts.map(|text| text.span);
    let handlers = markup.tags.iter().flat_map(|tag| &tag.attributes).filter_map(|attribute| {
        let name = attribute.name.of(source);
        attribute.value.filter(|value| {
            name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case(b"on"))
                || value.of(source).trim_ascii_start().starts_with(b"javascript:")
        })
    });
    scripts.chain(handlers).flat_map(|span| in_script(source, span)).collect()
}

fn in_script(source: &[u8], script: Span) -> Vec<WayOut> {
    let of_object = |(object, setters): &(&[u8], &[&[u8]])| -> Vec<WayOut> {
        let places = memmem::find_iter(script.of(source), object).filter_map(|at| {
            let object = Span::new(script.start + at, script.start + at + object.len());
            let end = after_setter(source, object.end, setters)?;
            Some(match address(source, end) {
                Some(value) => way(source, value, Kind::Script, None),
                None => WayOut {
                    span: object,
                    kind: Kind::Script,
                    written: String::new(),
                    destinations: Vec::new(),
                },
            })
        });
        places.collect()
    };
    SETTERS.iter().flat_map(of_object).collect()
}

/// Where what the location is set to begins, if it is set at all.
fn after_setter(source: &[u8], start: usize, setters: &[&[u8]]) -> Option<usize> {
    setters.iter().find_map(|setter| {
        let mut at = start;
        for byte in *setter {
            while source.get(at).is_some_and(u8::is_ascii_whitespace) {
                at += 1;
            }
            if source.get(at) != Some(byte) {
                return None;
            }
            at += 1;
        }
        (!setter.ends_with(b"=") || source.get(at) != Some(&b'=')).then_some(at)
    })
}

/// The text in quotes at some place, in which mustaches may stand.
fn address(source: &[u8], start: usize) -> Option<Span> {
    let rest = &source[start..source.len().min(start + LONGEST)];
    let blanks = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let quote = *rest.get(blanks)?;
    let inner = rest.get(blanks + 1..)?;
    let is_quote = b"'\"`".contains(&quote);
    let length = is_quote.then(|| end_of_text(inner, quote)).flatten()?;
    let begin = start + blanks + 1;
    Some(Span::new(begin, begin + length))
}

/// Quotes inside of mustaches do not end a text.
fn end_of_text(text: &[u8], quote: u8) -> Option<usize> {
    let mut depth = 0_usize;
    text.iter().position(|byte| {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && *byte == quote
    })
}

/// Where the address of a refresh begins in its `content`.
pub(super) fn after_url(content: &[u8]) -> Option<usize> {
    let is_delay = content.trim_ascii_start().first().is_some_and(u8::is_ascii_digit);
    let lower = content.to_ascii_lowercase();
    let at = memmem::find(&lower, b"url=").filter(|_| is_delay)?;
    Some(at + b"url=".len())
}
