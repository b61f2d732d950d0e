//! Reads literal text that is printed: finds where tags, comments and scripts begin and end in it.

use super::Output;
use super::browser::Browser;
use super::tags::has_text;
use crate::verify::elements::Tag;
use crate::verify::place::{Part, Place, ends_name, find_end, is_cut, is_unfinished, keep};
use crate::verify::suspect_text::SuspectText;
use crate::verify::tag::{self, HOLE};
use std::borrow::Cow;

/// No element has a longer name than this.
const LONGEST_NAME: usize = 200;

/// Start tags that show nothing by themselves.
const HARMLESS: &[&str] = &[
    "html", "head", "meta", "link", "title", "base", "script", "style", "noscript", "template",
    "body",
];

/// Other start tags of a small document that says that the browser is being redirected.
const OF_A_NOTICE: &[&str] = &["a", "br", "div", "em", "h1", "h2", "main", "p", "span", "strong"];

/// Returns where a comment ends.
fn end_of_comment(text: &str) -> Option<usize> {
    let mut ends = text.match_indices('>').map(|(at, _)| at);
    let is_end = |at: &usize| ["--", "--!"].iter().any(|dashes| text[..*at].ends_with(dashes));
    ends.find(is_end).map(|at| at + 1)
}

/// Whether a value may not begin at the quote after this end of a tag's text: the name before it has an unknown
/// part, which may hold a value, or the value before that name may be empty, so that the name is the value.
fn may_not_be_quoted(before: &str) -> bool {
    let Some(head) = before.trim_ascii_end().strip_suffix('=') else { return false };
    let head = head.trim_ascii_end();
    let is_end = |letter: char| letter.is_ascii_whitespace() || "/\"'".contains(letter);
    let name = head.rsplit(is_end).next().unwrap_or_default();
    name.contains(HOLE)
        || name.len() >= LONGEST_NAME
        || ends_in_unknown_value(&head[..head.len() - name.len()])
}

/// Whether the text of a tag ends in an unquoted value of which nothing is known, which may be empty.
fn ends_in_unknown_value(text: &str) -> bool {
    let value = text.trim_ascii_end().strip_suffix(HOLE);
    value.is_some_and(|before| before.trim_ascii_end().ends_with('='))
}

/// Returns the end of two texts, one after the other: a name of the greatest length, and what is around it.
fn end_of(text: &str, more: &str) -> String {
    const LENGTH: usize = 2 * LONGEST_NAME;
    let end = |text: &str, length: usize| {
        text[text.ceil_char_boundary(text.len().saturating_sub(length))..].to_owned()
    };
    end(text, LENGTH.saturating_sub(more.len())) + &end(more, LENGTH)
}

impl Output {
    /// Reads literal text that is printed.
    pub(in crate::verify) fn read(&mut self, text: &str, browser: Browser<'_>) {
        let start = std::mem::take(&mut self.start);
        let whole = if start.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(start + text) };
        let mut rest = whole.as_ref();
        while !rest.is_empty() {
            rest = match &self.place {
                Place::Text => self.text(rest, browser),
                Place::Tag { .. } => self.tag(rest, browser),
                Place::Comment => {
                    let after_unknown = rest.strip_prefix(HOLE).unwrap_or("");
                    let may_end = [">", "->", "!>", "-!>"];
                    self.confused |=
                        !self.left && may_end.iter().any(|end| after_unknown.starts_with(end));
                    self.skip_to(rest, end_of_comment(rest))
                }
                Place::Bogus => self.skip_to(rest, rest.find('>').map(|end| end + 1)),
                Place::Script { .. } => self.script(rest, browser),
                Place::Hidden(name) => {
                    let end = find_end(rest, name);
                    let is_style = name == "style";
                    let hidden = &rest[..end.unwrap_or_else(|| self.place.start_of_end(rest))];
                    let holds_tags = || hidden.replace("<![CDATA[", "").contains('<');
                    if self.elements.opens_texts() && holds_tags() {
                        self.mark_ambiguous();
                    }
                    // Style sheets are full of words that scripts use, too.
                    self.doubt_text(hidden);
                    self.doubt_after_raw(hidden);
                    if !is_style {
                        self.read_text(hidden, browser);
                    }
                    self.pass(rest, end)
                }
            };
        }
    }

    fn text<'t>(&mut self, text: &'t str, browser: Browser<'_>) -> &'t str {
        let (before, rest) = text.split_at(text.find('<').unwrap_or(text.len()));
        let is_blank =
            before.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').is_empty();
        if !is_blank {
            self.see();
        }
        self.doubt_text(before);
        self.read_text(before, browser);
        if rest.is_empty() {
            return rest;
        }
        if is_unfinished(rest) {
            self.start = rest.to_owned();
            return "";
        }
        self.markup(rest)
    }

    /// Reads the start of a token that begins with `<`.
    pub(super) fn markup<'t>(&mut self, rest: &'t str) -> &'t str {
        // No word continues after it.
        self.suspect = SuspectText::default();
        if let Some(comment) = rest.strip_prefix("<!--") {
            let closed = [">", "->"].iter().find_map(|end| comment.strip_prefix(end));
            self.place = if closed.is_some() { Place::Text } else { Place::Comment };
            return closed.unwrap_or(comment);
        }
        let Some(inner) = rest.strip_prefix('<') else { return rest };
        let is_name = |text: &str| text.starts_with(|c: char| c.is_ascii_alphabetic());
        if !is_name(inner.strip_prefix('/').unwrap_or(inner)) {
            let is_bogus = inner.starts_with(['!', '?', '/']);
            if !is_bogus {
                self.see();
            }
            // In SVG and MathML, a CDATA section may end elsewhere than other comments of its kind.
            let data = inner.strip_prefix("![CDATA[").filter(|_| self.elements.is_image());
            if data.is_some_and(|data| data.split('>').next().is_none_or(|it| !it.ends_with("]]")))
            {
                self.mark_ambiguous();
            }
            self.place = if is_bogus { Place::Bogus } else { Place::Text };
            return inner;
        }
        let end = inner[1..].find(ends_name).map_or(inner.len(), |end| end + 1);
        if end == inner.len() && end > LONGEST_NAME {
            self.mark_ambiguous();
        }
        let name = inner[..end].to_ascii_lowercase();
        let shows = !name.starts_with('/') && !HARMLESS.contains(&name.as_str());
        if shows {
            self.see();
        }
        let is_of_notice = OF_A_NOTICE.contains(&name.as_str());
        self.shows_page |= shows && !is_of_notice && !self.elements.is_inert();
        self.has_setting = false;
        self.place = Place::Tag { name, text: String::new(), part: Part::BeforeName };
        &inner[end..]
    }

    fn tag<'t>(&mut self, input: &'t str, browser: Browser<'_>) -> &'t str {
        let Place::Tag { name, text, part } = &mut self.place else { return input };
        let mut is_open = false;
        // Only then may a quote not be what it looks like.
        let has_unknown = text.contains(HOLE);
        let mut is_doubtful = match part {
            Part::Quoted(quote) if has_unknown => {
                text.rfind(*quote).is_some_and(|start| may_not_be_quoted(&text[..start]))
            }
            _ => false,
        };
        for (at, character) in input.char_indices() {
            if character == '>' && !matches!(part, Part::Quoted(_)) {
                keep(text, &input[..at]);
                let is_closed = *part == Part::BeforeName && text.ends_with('/');
                let (name, text) = (std::mem::take(name), std::mem::take(text));
                let attributes = tag::attributes(&text);
                self.doubt_tag(&name, &text, &attributes);
                let tag = Tag { name: &name, attributes: &attributes, is_closed };
                let is_clear = self.elements.read(&tag);
                let is_empty = if is_closed { self.elements.may_be_empty() } else { Some(false) };
                if is_open || is_cut(&text) || !is_clear || is_empty.is_none() && has_text(&name) {
                    self.mark_ambiguous();
                }
                self.after_tag(name, &attributes, browser);
                if is_empty == Some(true) {
                    self.place = Place::Text;
                }
                return &input[at + 1..];
            }
            is_open |= *part == Part::AroundName && character == '=';
            match (*part, character) {
                (Part::Quoted(_), '>') => is_open |= is_doubtful,
                (Part::BeforeValue, '"' | '\'') if has_unknown => {
                    is_doubtful = may_not_be_quoted(&end_of(text, &input[..at]));
                }
                (Part::Quoted(_), _) => {}
                (_, '"' | '\'') if has_unknown => {
                    is_open |= ends_in_unknown_value(&end_of(text, &input[..at]));
                }
                _ => {}
            }
            *part = part.after(character);
        }
        keep(text, input);
        if is_open {
            self.mark_ambiguous();
        }
        ""
    }

    pub(super) fn skip_to<'t>(&mut self, text: &'t str, end: Option<usize>) -> &'t str {
        let skipped = &text[..end.unwrap_or(text.len())];
        self.doubt_hidden(skipped);
        self.doubt_after_raw(skipped);
        self.pass(text, end)
    }

    /// Continues after `end`; if there is no end yet, keeps what may be its start.
    fn pass<'t>(&mut self, text: &'t str, end: Option<usize>) -> &'t str {
        match end {
            Some(end) => {
                self.place = Place::Text;
                &text[end..]
            }
            None => {
                self.start = text[self.place.start_of_end(text)..].to_owned();
                ""
            }
        }
    }
}
