//! Tracks open elements that change how browsers read their content.

use super::tag::{self, HOLE};

/// The open elements that matter here, as far as end tags show.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Elements {
    /// Open `template` elements, whose content is not shown and does not run.
    templates: usize,
    svg: usize,
    math: usize,
    select: usize,
    /// Whether an element inside SVG or MathML may have ended it.
    is_broken: bool,
}

/// Elements that end the SVG or MathML they are in, unless it has a place for HTML.
const ENDING: &[&str] = &[
    "b",
    "big",
    "blockquote",
    "body",
    "br",
    "center",
    "code",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "hr",
    "i",
    "img",
    "li",
    "listing",
    "menu",
    "meta",
    "nobr",
    "ol",
    "p",
    "pre",
    "ruby",
    "s",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tt",
    "u",
    "ul",
    "var",
];

/// A tag as far as it matters here.
pub(super) struct Tag<'a> {
    /// Its name, with the slash of an end tag.
    pub(super) name: &'a str,
    pub(super) attributes: &'a [(String, String)],
    /// Whether it ends in a slash, so that it has no end tag in SVG.
    pub(super) is_closed: bool,
}

impl Elements {
    /// Reads a tag, and returns whether it is clear how browsers read it.
    pub(super) fn read(&mut self, tag: &Tag<'_>) -> bool {
        let count = match tag.name {
            "template" | "/template" => return self.template(tag),
            "svg" | "/svg" => &mut self.svg,
            "math" | "/math" => &mut self.math,
            "select" | "/select" => &mut self.select,
            name => {
                self.is_broken |= self.is_image() && ENDING.contains(&name);
                return true;
            }
        };
        if tag.name.starts_with('/') {
            *count = count.saturating_sub(1);
        } else if !tag.is_closed || tag.name == "select" {
            *count += 1;
        }
        self.is_broken &= self.is_image();
        true
    }

    fn template(&mut self, tag: &Tag<'_>) -> bool {
        // In SVG and MathML, it is a different element with the same name.
        let is_clear = !self.is_image();
        if tag.name.starts_with('/') {
            self.templates = self.templates.saturating_sub(1);
            return is_clear;
        }
        // Browsers show the content of a template with a shadow root.
        let may_show = tag::value(tag.attributes, "shadowrootmode").is_some()
            || tag.attributes.iter().any(|(name, _)| name.contains(HOLE));
        let is_clear = is_clear && !may_show;
        self.templates += usize::from(is_clear);
        is_clear
    }

    /// Whether browsers may follow the rules of SVG and MathML here.
    pub(super) fn is_image(&self) -> bool {
        self.svg > 0 || self.math > 0
    }

    /// Whether a tag that ends in a slash is an element without content; `None` if that is unclear.
    pub(super) fn may_be_empty(&self) -> Option<bool> {
        match self.is_image() {
            true if self.is_broken => None,
            is_image => Some(is_image),
        }
    }

    /// Whether nothing here is shown or runs.
    pub(super) fn is_inert(&self) -> bool {
        self.templates > 0
    }

    /// Whether elements whose content is otherwise text may hold elements here.
    pub(super) fn opens_texts(&self) -> bool {
        self.is_image() || self.select > 0
    }

    /// Merges two possible sets of open elements; returns whether they are alike.
    pub(super) fn meet(&mut self, other: &Self) -> bool {
        let is_alike = self == other;
        self.templates = self.templates.min(other.templates);
        self.svg = self.svg.max(other.svg);
        self.math = self.math.max(other.math);
        self.select = self.select.max(other.select);
        is_alike
    }
}
