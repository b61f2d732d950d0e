//! The tokenizer's states, as far as start tags and their attributes need them.
//!
//! It reads one piece of text at a time and knows nothing about branches.

use crate::text::Span;

/// Where the tokenizer is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Place {
    Data,
    Tag(Tag),
    /// `<!-- … -->`.
    Comment,
    /// `<!doctype …>`, `</ …>`, `<? …>`: everything up to the next `>`.
    Declaration,
    /// The content of this element (its name is in lower case), up to its end tag.
    RawText(Vec<u8>),
    /// The branches of a block disagree.
    Unknown,
}

/// A start tag that is being read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tag {
    pub(super) start: usize,
    /// The name in lower case; empty if a mustache prints it.
    pub(super) name: Vec<u8>,
    pub(super) part: Part,
}

/// The part of a start tag that is being read. The name of an attribute is `None` if a mustache prints a part
/// of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Part {
    Name,
    Attributes,
    AttributeName { start: usize, is_plain: bool },
    AfterAttributeName(Option<Span>),
    BeforeValue(Option<Span>),
    Unquoted { name: Option<Span>, start: usize },
    Quoted { name: Option<Span>, start: usize, quote: u8 },
}

/// What a step found.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Event {
    /// An attribute of the tag that starts at `tag`.
    Attribute { tag: usize, element: Vec<u8>, name: Span, value: Option<Span> },
    /// A whole start tag, from its `<` to after its `>`; it may start in another template.
    StartTag { start: usize, end: usize, element: Vec<u8> },
    /// Text in an element whose content is not markup.
    RawText { element: Vec<u8>, span: Span },
}

impl Place {
    /// Reads from `at` until it finds something or the text ends, and returns where the next step starts. The
    /// content of the `raw` elements is not markup.
    pub(super) fn step(&mut self, text: &[u8], at: usize, raw: &[&[u8]]) -> (usize, Option<Event>) {
        match self {
            Place::Data => (data(text, at, self), None),
            Place::Comment => (past_comment(text, at, self), None),
            Place::Declaration => (past(text, at, b">", self), None),
            Place::RawText(element) => {
                let length = raw_text_end(&text[at..], element);
                let end = length.map_or(text.len(), |length| at + length);
                let span = Span::new(at, end);
                let event = Event::RawText { element: element.clone(), span };
                if length.is_some() {
                    *self = Place::Declaration;
                }
                (end, Some(event))
            }
            Place::Tag(tag) => {
                let (at, event) = tag.read(text, at);
                if let Some(Event::StartTag { end, .. }) = &event {
                    let closes_itself = text[..*end].ends_with(b"/>");
                    *self = tag.content(raw, closes_itself);
                }
                (at, event)
            }
            Place::Unknown => (text.len(), None),
        }
    }

    /// Returns the place between the attributes of a start tag of `element` at `start`.
    pub(super) fn inside_tag(start: usize, element: &str) -> Self {
        Self::Tag(Tag { start, name: element.as_bytes().to_vec(), part: Part::Attributes })
    }

    /// Returns the element whose attributes may be here.
    pub(super) fn element_of_attributes(&self) -> Option<String> {
        match self {
            Self::Tag(tag) if !matches!(tag.part, Part::Quoted { .. } | Part::Unquoted { .. }) => {
                Some(String::from_utf8_lossy(&tag.name).into_owned())
            }
            _ => None,
        }
    }

    /// Passes a mustache; inside a tag, it is part of a name or value.
    pub(super) fn pass_hole(&mut self, hole: Span) {
        let Place::Tag(tag) = self else { return };
        tag.part = match tag.part {
            Part::Name => {
                tag.name.clear();
                Part::Attributes
            }
            Part::AttributeName { start, .. } => Part::AttributeName { start, is_plain: false },
            Part::AfterAttributeName(_) => Part::Attributes,
            Part::BeforeValue(name) => Part::Unquoted { name, start: hole.start },
            part => part,
        };
    }

    /// Enters a block; one that directly follows a tag's name holds attributes.
    pub(super) fn enter_block(&mut self) {
        if let Place::Tag(tag) = self
            && tag.part == Part::Name
        {
            tag.part = Part::Attributes;
        }
    }
}

impl Tag {
    fn new(start: usize) -> Self {
        Self { start, name: Vec::new(), part: Part::Name }
    }

    /// Reads from `from` to the end of an attribute or of the tag.
    fn read(&mut self, text: &[u8], from: usize) -> (usize, Option<Event>) {
        for (at, &byte) in text.iter().enumerate().skip(from) {
            let is_quoted = matches!(self.part, Part::Quoted { .. });
            if let (b'>', false) = (byte, is_quoted) {
                // An attribute that ends with the tag is reported first; the next step comes back to the `>`.
                return match self.finish_attribute(at) {
                    Some(event) => (at, Some(event)),
                    None => {
                        let (start, end) = (self.start, at + 1);
                        (end, Some(Event::StartTag { start, end, element: self.name.clone() }))
                    }
                };
            }
            if let Some(event) = self.read_byte(byte, at) {
                return (at + 1, Some(event));
            }
        }
        (text.len(), None)
    }

    fn read_byte(&mut self, byte: u8, at: usize) -> Option<Event> {
        let is_space = byte.is_ascii_whitespace();
        match self.part {
            Part::Name if is_space || byte == b'/' => self.part = Part::Attributes,
            Part::Name => self.name.push(byte.to_ascii_lowercase()),
            Part::Attributes if byte == b'=' => self.part = Part::BeforeValue(None),
            Part::Attributes if is_space || byte == b'/' => {}
            Part::Attributes => self.part = Part::AttributeName { start: at, is_plain: true },
            Part::AttributeName { start, is_plain } if is_space || matches!(byte, b'=' | b'/') => {
                let name = is_plain.then(|| Span::new(start, at));
                match byte {
                    b'=' => self.part = Part::BeforeValue(name),
                    b'/' => return self.attribute(name, None),
                    _ => self.part = Part::AfterAttributeName(name),
                }
            }
            Part::AttributeName { .. } => {}
            Part::AfterAttributeName(name) if byte == b'=' => self.part = Part::BeforeValue(name),
            Part::AfterAttributeName(_) if is_space => {}
            Part::AfterAttributeName(name) => {
                let event = self.attribute(name, None);
                if byte != b'/' {
                    self.part = Part::AttributeName { start: at, is_plain: true };
                }
                return event;
            }
            Part::BeforeValue(name) if matches!(byte, b'"' | b'\'') => {
                self.part = Part::Quoted { name, start: at + 1, quote: byte };
            }
            Part::BeforeValue(_) if is_space => {}
            Part::BeforeValue(name) => self.part = Part::Unquoted { name, start: at },
            Part::Unquoted { name, start } if is_space => {
                return self.attribute(name, Some(Span::new(start, at)));
            }
            Part::Unquoted { .. } => {}
            Part::Quoted { name, start, quote } if byte == quote => {
                return self.attribute(name, Some(Span::new(start, at)));
            }
            Part::Quoted { .. } => {}
        }
        None
    }

    /// Returns the attribute that ends with the tag at `at`.
    fn finish_attribute(&mut self, at: usize) -> Option<Event> {
        match self.part {
            Part::AttributeName { start, is_plain } => {
                self.attribute(is_plain.then(|| Span::new(start, at)), None)
            }
            Part::AfterAttributeName(name) | Part::BeforeValue(name) => self.attribute(name, None),
            Part::Unquoted { name, start } => self.attribute(name, Some(Span::new(start, at))),
            _ => None,
        }
    }

    fn attribute(&mut self, name: Option<Span>, value: Option<Span>) -> Option<Event> {
        self.part = Part::Attributes;
        let element = self.name.clone();
        name.map(|name| Event::Attribute { tag: self.start, element, name, value })
    }

    /// Returns the place after the tag. In SVG, titles and styles can close themselves; elsewhere, nobody
    /// tries that.
    fn content(&self, raw: &[&[u8]], closes_itself: bool) -> Place {
        let is_empty = closes_itself && matches!(self.name.as_slice(), b"title" | b"style");
        match raw.contains(&self.name.as_slice()) && !is_empty {
            true => Place::RawText(self.name.clone()),
            false => Place::Data,
        }
    }

    /// Whether the tokenizer is outside quotes.
    pub(super) fn is_loose(&self) -> bool {
        !matches!(self.part, Part::Quoted { .. })
    }
}

/// Reads from `at` to the next tag, comment or declaration, and returns where its content starts.
fn data(text: &[u8], at: usize, place: &mut Place) -> usize {
    let Some(offset) = memchr::memchr(b'<', &text[at..]) else {
        return text.len();
    };
    let start = at + offset;
    let (next, length) = match &text[start + 1..] {
        [b'!', b'-', b'-', rest @ ..] => match rest {
            [b'>', ..] => (Place::Data, 5),
            [b'-', b'>', ..] => (Place::Data, 6),
            _ => (Place::Comment, 4),
        },
        [b'!' | b'/' | b'?', ..] => (Place::Declaration, 2),
        // At the end of the text, a mustache prints the tag's name.
        [] => (Place::Tag(Tag::new(start)), 1),
        [letter, ..] if letter.is_ascii_alphabetic() => (Place::Tag(Tag::new(start)), 1),
        _ => (Place::Data, 1),
    };
    *place = next;
    start + length
}

/// Reads past a comment, which `--!>` also ends.
fn past_comment(text: &[u8], at: usize, place: &mut Place) -> usize {
    // Scans only once, and no further than the comment's end: a text may consist of comments.
    let ends = |dashes: usize| match &text[at + dashes + 2..] {
        [b'>', ..] => Some(at + dashes + 3),
        [b'!', b'>', ..] => Some(at + dashes + 4),
        _ => None,
    };
    let mut dashes = memchr::memchr_iter(b'-', &text[at..]);
    let is_pair = |dashes: &usize| text[at + dashes + 1..].first() == Some(&b'-');
    match dashes.by_ref().filter(is_pair).find_map(ends) {
        Some(end) => {
            *place = Place::Data;
            end
        }
        None => text.len(),
    }
}

/// Reads past `end`.
fn past(text: &[u8], at: usize, end: &[u8], place: &mut Place) -> usize {
    match memchr::memmem::find(&text[at..], end) {
        Some(offset) => {
            *place = Place::Data;
            at + offset + end.len()
        }
        None => text.len(),
    }
}

/// Returns the length up to the name in the end tag of the element `name`.
fn raw_text_end(text: &[u8], name: &[u8]) -> Option<usize> {
    let plain = memchr::memmem::find_iter(text, b"</")
        .find(|&at| starts_with_name(&text[at + 2..], name))
        .map(|at| at + 2);
    let inside = &text[..plain.unwrap_or(text.len())];
    match name == b"script" && memchr::memmem::find(inside, b"<!--").is_some() {
        true => script_end(text),
        false => plain,
    }
}

/// Does the same for a script with a comment: another script that begins inside the comment ends first (the
/// tokenizer's "script data double escaped state").
fn script_end(text: &[u8]) -> Option<usize> {
    let (mut in_comment, mut is_inside) = (false, false);
    for at in memchr::memchr2_iter(b'<', b'-', text) {
        let rest = &text[at..];
        match rest {
            _ if rest.starts_with(b"<!--") => in_comment = true,
            // The dashes that begin a comment may also end it.
            _ if rest.starts_with(b"-->") => (in_comment, is_inside) = (false, false),
            [b'<', b'/', name @ ..] if starts_with_name(name, b"script") => {
                if !is_inside {
                    return Some(at + 2);
                }
                is_inside = false;
            }
            [b'<', name @ ..] if starts_with_name(name, b"script") => is_inside |= in_comment,
            _ => {}
        }
    }
    None
}

/// Whether `text` starts with the whole name of a tag.
pub(super) fn starts_with_name(text: &[u8], name: &[u8]) -> bool {
    let ends = |byte: Option<&u8>| {
        byte.is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'))
    };
    text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
        && ends(text.get(name.len()))
}
