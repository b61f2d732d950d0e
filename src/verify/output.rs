//! What a visitor's browser has got so far, as far as it matters: whether anything of the shop was
//! to be seen, whether the browser has left before that, and for where.

use super::elements::{Elements, Tag};
use super::loose::{self, LooseText};
use super::place::{Part, Place, ends_name, find_end, hides_its_end, is_cut, is_unfinished, keep};
use super::script::{Reading, Readings, Runs, loads_before_all_else, runs};
use super::tag::{self, HOLE, Refresh, Target};
use super::tracked_visitor::TrackedVisitor;
use super::{Doubt, KnownScripts, Place as Whereabouts, Scripts};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What the browser does with what it gets.
#[derive(Clone, Copy)]
pub(super) struct Browser<'a> {
    /// Whose it is.
    pub(super) visitor: &'a TrackedVisitor<'a>,
    /// Scripts that are known to leave as soon as they run.
    pub(super) known: KnownScripts<'a>,
    /// Scripts that were read.
    pub(super) readings: &'a Readings,
}

impl Browser<'_> {
    /// Whether scripts are switched off.
    fn is_without_scripts(self) -> bool {
        self.visitor.scripts() == Scripts::Off
    }

    /// Whether it runs a script, given whether that has the nonce of the store's policy.
    fn runs(self, has_nonce: bool) -> bool {
        match self.visitor.scripts() {
            Scripts::Run => true,
            Scripts::Off => false,
            Scripts::WithNonce => has_nonce,
        }
    }
}

/// The output up to some point.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Output {
    place: Place,
    /// The start of a token that is not clear before more is read.
    start: String,
    elements: Elements,
    /// Something was printed that a visitor may see.
    pub(super) seen: bool,
    /// The browser has left, before anything could be seen.
    pub(super) left: bool,
    /// It will leave, but goes on reading until then.
    pub(super) leaves_later: bool,
    /// There is more than what a document needs that only leads away.
    pub(super) shows_page: bool,
    /// Ways through the template ended in different places, so that all further markup is doubtful.
    confused: bool,
    /// What was read as text since then, and may be none.
    loose: LooseText,
    /// A policy in the document may forbid scripts.
    restricted: bool,
    /// In which `noscript` that is read: one that leaves or another.
    noscript: Option<bool>,
    /// A script was run of which nobody knows what it leaves to those behind it.
    pub(super) unknown_script: bool,
    /// What scripts may do when somebody does something.
    pub(super) later: Later,
    /// Where the browser is sent.
    pub(super) leads_to: BTreeSet<String>,
    /// Where links lead that were read after the browser has left.
    pub(super) links: BTreeSet<String>,
    /// What speaks for leaving and proves nothing.
    pub(super) doubts: BTreeSet<Doubt>,
}

/// What scripts of a page may do when somebody does something.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Later {
    /// The hosts that scripts name which go to another page.
    goes_near: BTreeSet<String>,
    /// The hosts that any script names.
    named: BTreeSet<String>,
    /// Whether a script goes to an address that it has from elsewhere.
    goes_anywhere: bool,
}

impl Later {
    fn add(&mut self, reading: &Reading) {
        self.goes_anywhere |= reading.goes_anywhere;
        let hosts = if reading.goes { &mut self.goes_near } else { &mut self.named };
        hosts.extend(reading.hosts.iter().cloned());
    }

    fn join(&mut self, other: Self) {
        self.goes_near.extend(other.goes_near);
        self.named.extend(other.named);
        self.goes_anywhere |= other.goes_anywhere;
    }

    /// The hosts that scripts may go to.
    pub(super) fn hosts(mut self) -> BTreeSet<String> {
        if self.goes_anywhere {
            self.goes_near.append(&mut self.named);
        }
        self.goes_near
    }
}

/// Whether the content of an element is text.
fn has_text(name: &str) -> bool {
    name == "script" || TEXTS.contains(&name)
}

/// Adds something unknown to a text.
fn add_hole(text: &mut String) {
    if !text.ends_with(HOLE) {
        text.push(HOLE);
    }
}

/// What stands in all markup and scripts that lead away.
const LEADING: &[&str] = &["location", "navigat", "refresh", "REFRESH", "Refresh"];

/// No element has a name that is longer.
const LONGEST_NAME: usize = 200;

/// Start tags that show nothing by themselves.
const HARMLESS: &[&str] = &[
    "html", "head", "meta", "link", "title", "base", "script", "style", "noscript", "template",
    "body",
];
/// Further start tags that a small document has which says that the browser is led away.
const OF_A_NOTICE: &[&str] = &["a", "br", "div", "em", "h1", "h2", "main", "p", "span", "strong"];
/// Elements whose content is text, whatever it looks like; `noscript` is one while scripts run.
const TEXTS: &[&str] =
    &["iframe", "noembed", "noframes", "noscript", "style", "textarea", "title", "xmp"];

impl Output {
    pub(super) fn new() -> Self {
        Self {
            place: Place::Text,
            start: String::new(),
            elements: Elements::default(),
            seen: false,
            left: false,
            leaves_later: false,
            shows_page: false,
            confused: false,
            loose: LooseText::default(),
            restricted: false,
            noscript: None,
            unknown_script: false,
            later: Later::default(),
            leads_to: BTreeSet::new(),
            links: BTreeSet::new(),
            doubts: BTreeSet::new(),
        }
    }

    /// Something unknown is printed.
    pub(super) fn read_unknown(&mut self) {
        self.give_up_start();
        match &mut self.place {
            Place::Text => self.see(),
            Place::Tag { text, part, .. } => {
                *part = part.after_unknown();
                add_hole(text);
            }
            Place::Script { text, .. } => add_hole(text),
            // It may end in dashes.
            Place::Comment => self.start = tag::UNKNOWN.to_owned(),
            _ => {}
        }
    }

    /// Whether it ends between tags.
    pub(super) fn is_in_text(&self) -> bool {
        self.place == Place::Text && self.start.is_empty()
    }

    /// Whether something unknown that is printed now becomes part of what is read later.
    pub(super) fn takes_unknown(&self) -> bool {
        matches!(self.place, Place::Tag { .. } | Place::Script { .. }) || !self.start.is_empty()
    }

    /// Anything may be printed, and end what it is printed into.
    pub(super) fn read_raw(&mut self) {
        let is_seen = self.shows_text();
        self.read_unknown();
        self.confused |= !is_seen && !self.left;
    }

    /// Whether what is printed now is seen, unless the browser has left.
    pub(super) fn shows_text(&self) -> bool {
        self.is_in_text() && !self.elements.is_inert()
    }

    /// Whether it ends in a script.
    pub(super) fn is_in_script(&self) -> bool {
        matches!(self.place, Place::Script { .. }) && self.start.is_empty()
    }

    /// The nonce of the store's policy is printed.
    pub(super) fn read_nonce(&mut self) {
        self.give_up_start();
        match &mut self.place {
            Place::Tag { text, part, .. } => {
                *part = part.after_unknown();
                keep(text, tag::NONCE);
            }
            _ => self.read_unknown(),
        }
    }

    /// Anything may be printed, markup too.
    pub(super) fn read_anything(&mut self) {
        self.read_unknown();
        self.confused |= !self.left;
    }

    /// What is certain of two ways to the same point.
    pub(super) fn join(mut self, other: Self) -> Self {
        let goes_on = !self.left && !other.left;
        self.confused |= other.confused;
        if goes_on {
            self.confused |= !self.place.meet(&other.place);
            self.confused |= !self.elements.meet(&other.elements);
            match [self.start.as_str(), other.start.as_str()] {
                [one, other] if one == other => {}
                [tag::UNKNOWN, ""] => {}
                ["", tag::UNKNOWN] => self.start.clone_from(&other.start),
                _ => self.confused = true,
            }
            if !self.loose.join(other.loose.clone()) {
                self.lose_track();
            }
        }
        self.seen = (self.seen && !self.left) || (other.seen && !other.left);
        if self.left {
            self.place = other.place;
            self.start = other.start;
            self.elements = other.elements;
            self.loose = other.loose;
            self.noscript = other.noscript;
        }
        if self.left != other.left || self.leaves_later != other.leaves_later {
            self.doubts.insert(Doubt::SomeWays);
        }
        self.left &= other.left;
        self.leaves_later &= other.leaves_later;
        self.restricted |= other.restricted;
        self.unknown_script |= other.unknown_script;
        self.later.join(other.later);
        self.shows_page |= other.shows_page;
        self.leads_to.extend(other.leads_to);
        self.links.extend(other.links);
        self.doubts.extend(other.doubts);
        self
    }

    /// Literal text is printed.
    pub(super) fn read(&mut self, text: &str, browser: Browser<'_>) {
        let start = std::mem::take(&mut self.start);
        let whole = if start.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(start + text) };
        let mut rest = whole.as_ref();
        while !rest.is_empty() {
            rest = match &self.place {
                Place::Text => self.text(rest),
                Place::Tag { .. } => self.tag(rest, browser),
                Place::Comment => {
                    let after_unknown = rest.strip_prefix(HOLE).unwrap_or("");
                    let may_end = [">", "->", "!>", "-!>"];
                    self.confused |=
                        !self.left && may_end.iter().any(|end| after_unknown.starts_with(end));
                    self.skip(rest, &["-->", "--!>"])
                }
                Place::Bogus => self.skip(rest, &[">"]),
                Place::Script { .. } => self.script(rest, browser),
                Place::Hidden(name) => {
                    let end = find_end(rest, name);
                    let hidden = &rest[..end.unwrap_or_else(|| self.place.start_of_end(rest))];
                    let holds_tags = || hidden.replace("<![CDATA[", "").contains('<');
                    if self.elements.opens_texts() && holds_tags() {
                        self.lose_track();
                    }
                    self.skip_to(rest, end)
                }
            };
        }
    }

    /// Something is printed that a visitor may see, unless it is in what shows nothing.
    fn see(&mut self) {
        self.seen |= !self.left && !self.elements.is_inert();
    }

    /// What browsers make of the markup from here on is not clear.
    fn lose_track(&mut self) {
        if !self.left {
            self.confused = true;
            self.doubts.insert(Doubt::Markup);
        }
    }

    fn text<'t>(&mut self, text: &'t str) -> &'t str {
        let (before, rest) = text.split_at(text.find('<').unwrap_or(text.len()));
        let is_blank =
            before.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').is_empty();
        if !is_blank {
            self.see();
        }
        self.doubt_text(before);
        if rest.is_empty() {
            return rest;
        }
        if is_unfinished(rest) {
            self.start = rest.to_owned();
            return "";
        }
        self.markup(rest)
    }

    /// What stands open could be anything, now that something unknown is printed.
    fn give_up_start(&mut self) {
        if self.start.is_empty() || self.start == tag::UNKNOWN {
            return;
        }
        self.confused |= !self.left;
        let start = std::mem::take(&mut self.start);
        match &mut self.place {
            Place::Text => {
                self.markup(&start);
            }
            Place::Script { text, .. } => keep(text, &start),
            _ => {}
        }
    }

    /// Reads what begins with a `<`.
    fn markup<'t>(&mut self, rest: &'t str) -> &'t str {
        // No word goes on behind it.
        self.loose = LooseText::default();
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
            // In an image, this ends elsewhere than other comments of its kind.
            let data = inner.strip_prefix("![CDATA[").filter(|_| self.elements.is_image());
            if data.is_some_and(|data| data.split('>').next().is_none_or(|it| !it.ends_with("]]")))
            {
                self.lose_track();
            }
            self.place = if is_bogus { Place::Bogus } else { Place::Text };
            return inner;
        }
        let end = inner[1..].find(ends_name).map_or(inner.len(), |end| end + 1);
        if end == inner.len() && end > LONGEST_NAME {
            self.lose_track();
        }
        let name = inner[..end].to_ascii_lowercase();
        let shows = !name.starts_with('/') && !HARMLESS.contains(&name.as_str());
        if shows {
            self.see();
        }
        let is_of_notice = OF_A_NOTICE.contains(&name.as_str());
        self.shows_page |= shows && !is_of_notice && !self.elements.is_inert();
        self.place = Place::Tag { name, text: String::new(), part: Part::BeforeName };
        &inner[end..]
    }

    fn tag<'t>(&mut self, input: &'t str, browser: Browser<'_>) -> &'t str {
        let Place::Tag { name, text, part } = &mut self.place else { return input };
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
                if is_cut(&text) || !is_clear || is_empty.is_none() && has_text(&name) {
                    self.lose_track();
                }
                self.after_tag(name, &attributes, browser);
                if is_empty == Some(true) {
                    self.place = Place::Text;
                }
                return &input[at + 1..];
            }
            *part = part.after(character);
        }
        keep(text, input);
        ""
    }

    fn after_tag(&mut self, name: String, attributes: &[(String, String)], browser: Browser<'_>) {
        self.place = Place::Text;
        let value = |name| tag::value(attributes, name);
        let is_inert = self.elements.is_inert();
        match name.as_str() {
            "script" => {
                self.unknown_script |= !self.left && !is_inert && loads_before_all_else(attributes);
                let has_nonce = value("nonce") == Some(tag::NONCE);
                let runs = if is_inert { Runs::Never } else { runs(attributes) };
                self.place = Place::Script { runs, has_nonce, text: String::new() };
            }
            // There is no end to it, except where it is none.
            "plaintext" => {
                self.lose_track();
                self.place = Place::Hidden(tag::UNKNOWN.to_owned());
            }
            name if TEXTS.contains(&name) && !self.reads_as_markup(name, browser) => {
                self.place = Place::Hidden(name.to_owned());
            }
            // An unclear end tag may have ended it.
            _ if is_inert && !self.confused => return,
            "noscript" if browser.is_without_scripts() => self.noscript = Some(false),
            "/noscript" => self.noscript = None,
            "meta" => self.meta(attributes, browser),
            _ if self.confused && value("http-equiv").is_some() => self.meta(attributes, browser),
            "a" | "area" if self.left => {
                let target = value("href").and_then(tag::absolute);
                let of_guard = self.noscript == Some(true);
                let links = if of_guard { &mut self.leads_to } else { &mut self.links };
                links.extend(target);
            }
            _ => {}
        }
        if is_inert && !self.confused {
            return;
        }
        for (name, value) in attributes {
            let script = tag::script_of(name, value);
            // What loads calls these by itself.
            let is_at_once = matches!(name.as_str(), "onload" | "onerror" | "onpageshow");
            if let Some(script) = script.filter(|_| !self.left && browser.runs(false)) {
                let reading = browser.readings.of(script);
                self.later.add(&reading);
                self.doubt(is_at_once.then_some(&reading));
            }
        }
    }

    /// Whether it is read as if it were no element, as `noscript` is without scripts.
    fn reads_as_markup(&self, name: &str, browser: Browser<'_>) -> bool {
        name == "noscript" && browser.is_without_scripts()
    }

    fn meta(&mut self, attributes: &[(String, String)], browser: Browser<'_>) {
        let kind = tag::value(attributes, "http-equiv").unwrap_or_default();
        let content = tag::value(attributes, "content").unwrap_or_default();
        let is_open = kind.contains(HOLE) || attributes.iter().any(|(name, _)| name.contains(HOLE));
        self.restricted |= is_open || kind.eq_ignore_ascii_case("content-security-policy");
        if !kind.eq_ignore_ascii_case("refresh") {
            return;
        }
        let target = match tag::refresh(content) {
            None => return,
            Some(Refresh { is_at_once: true, target: Target::Full(target) }) => target,
            Some(Refresh { target, .. }) => {
                self.doubts.insert(match target {
                    Target::Full(target) => Doubt::Refresh(Some(target)),
                    Target::Unknown => Doubt::Refresh(None),
                    Target::Shop => Doubt::RefreshInside,
                });
                return;
            }
        };
        self.leads_to.insert(target);
        if self.seen || self.confused {
            self.doubts.insert(Doubt::SeenFirst);
        } else if browser.is_without_scripts() {
            self.left = true;
            self.noscript = self.noscript.map(|_| true);
        } else {
            // It leaves when the document has been read, by which time it may be seen.
            self.leaves_later = true;
        }
    }

    fn skip<'t>(&mut self, text: &'t str, ends: &[&str]) -> &'t str {
        let found = ends.iter().filter_map(|end| Some(text.find(end)? + end.len()));
        self.skip_to(text, found.min())
    }

    /// What is not clear to be text may lead away.
    fn doubt_text(&mut self, text: &str) {
        if self.confused && !self.left && self.loose.read(text) {
            self.doubts.insert(Doubt::Markup);
        }
    }

    /// What is not clear to be a tag may be a script.
    fn doubt_tag(&mut self, name: &str, text: &str, attributes: &[(String, String)]) {
        let is_odd = |name: &str| name.contains(|c: char| "(){}[];,'\"<`".contains(c));
        if self.confused && (text.contains('<') || is_odd(name)) {
            self.look_into(name);
            self.look_into(text);
        } else if attributes.iter().any(|(name, _)| is_odd(name)) {
            self.doubt_text(text);
        }
    }

    /// The page ends. Where it ends in something that is not clear, that may be something else.
    pub(super) fn finish(&mut self) {
        if !self.confused || self.left {
            return;
        }
        self.doubts.extend(loose::leads(&self.start.to_ascii_lowercase()).then_some(Doubt::Markup));
        match std::mem::replace(&mut self.place, Place::Text) {
            Place::Tag { name, text, .. } => {
                self.look_into(&name);
                self.look_into(&text);
            }
            Place::Script { text, .. } => self.look_into(&text),
            _ => {}
        }
    }

    /// What is not clear to be hidden may lead away.
    fn look_into(&mut self, hidden: &str) {
        let may_lead = |word: &&str| hidden.contains(*word);
        if self.confused && !self.left && LEADING.iter().any(may_lead) {
            self.doubts.insert(Doubt::Markup);
        }
    }

    fn skip_to<'t>(&mut self, text: &'t str, end: Option<usize>) -> &'t str {
        self.look_into(&text[..end.unwrap_or(text.len())]);
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

    fn script<'t>(&mut self, input: &'t str, browser: Browser<'_>) -> &'t str {
        let end = find_end(input, "script");
        let read = end.unwrap_or_else(|| self.place.start_of_end(input));
        let Place::Script { runs, has_nonce, text } = &mut self.place else { return input };
        keep(text, &input[..read]);
        if end.is_none() {
            self.start = input[read..].to_owned();
            return "";
        }
        let (runs, has_nonce, text) = (*runs, *has_nonce, std::mem::take(text));
        self.place = Place::Text;
        if hides_its_end(&text) {
            self.lose_track();
        }
        self.confused |= is_cut(&text);
        // A script that browsers would take for one holds no markup.
        if runs == Runs::Never || text.contains('<') && !browser.readings.of(&text).is_whole {
            self.look_into(&text);
        }
        if runs != Runs::Never && !self.left {
            self.run(runs, has_nonce, &text, browser);
        }
        &input[read..]
    }

    fn run(&mut self, runs: Runs, has_nonce: bool, script: &str, browser: Browser<'_>) {
        let Some(target) = (browser.known)(script) else {
            return self.doubt_script(script, has_nonce, browser);
        };
        if !browser.runs(has_nonce) || browser.visitor.place() == Whereabouts::CheckoutPath {
            return;
        }
        self.leads_to.insert(target);
        let doubt = match runs {
            _ if self.confused => Doubt::SomeWays,
            Runs::Perhaps | Runs::Never => Doubt::SomeWays,
            _ if self.restricted => Doubt::Restricted,
            Runs::AtOnce if !self.seen && self.unknown_script => Doubt::ScriptBefore,
            Runs::AtOnce if !self.seen => {
                self.left = true;
                return;
            }
            Runs::AtOnce | Runs::Later => Doubt::SeenFirst,
        };
        self.doubts.insert(doubt);
    }

    fn doubt_script(&mut self, script: &str, has_nonce: bool, browser: Browser<'_>) {
        if self.left || !browser.runs(has_nonce) {
            return;
        }
        if is_cut(script) {
            self.unknown_script = true;
            return self.lose_track();
        }
        let reading = browser.readings.of(script);
        self.unknown_script |= !reading.is_inert;
        self.later.add(&reading);
        self.doubt(Some(&reading));
    }

    /// A script may leave by itself.
    fn doubt(&mut self, reading: Option<&Reading>) {
        let leaves = reading.into_iter().flat_map(|reading| &reading.leaves);
        self.doubts.extend(leaves.cloned().map(Doubt::UnknownScript));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::{Customer, Visitor};

    const LEAVES: &str = "<script nonce=\"\">KNOWN</script>";

    fn known(script: &str) -> Option<String> {
        (script == "KNOWN").then(|| "https://a.example".to_owned())
    }

    fn read(pieces: &[&str], scripts: Scripts) -> Output {
        let visitor = Visitor { scripts, ..Visitor::new(Customer::Guest) };
        let browser = Browser {
            visitor: &TrackedVisitor::new(&visitor),
            known: &known,
            readings: &Readings::default(),
        };
        let mut output = Output::new();
        for (number, piece) in pieces.iter().enumerate() {
            if number > 0 {
                output.read_unknown();
            }
            output.read(piece, browser);
        }
        output
    }

    /// Whether the browser has left and whether something was seen.
    fn output(pieces: &[&str]) -> (bool, bool) {
        let output = read(pieces, Scripts::Run);
        (output.left, output.seen)
    }

    #[test]
    fn a_script_leaves_if_it_runs_at_once_and_before_all_that_is_seen() {
        let start = "\u{feff}<!doctype html>\n<html class=\"";
        assert_eq!(output(&[start, "\"><head>", LEAVES, "<body>shop"]), (false, true));
        assert_eq!(output(&[start, "\"><head><script nonce='", "'>KNOWN</script>"]), (true, false));
        for seen in ["<p>", "text", "<header>", "<script-x>", "<!-->text", "<?it's>text", "< 5"] {
            assert_eq!(output(&[&format!("{seen}{LEAVES}")]), (false, true), "{seen}");
        }
        for harmless in [
            "<!-- text <p> -->",
            "<style>p { x: y }</style>",
            "<title>t</title>",
            "<script>var dataLayer = []</script>",
            "<html data-it's='>'>",
            "<html a=b\"c>",
            "</p>",
        ] {
            assert_eq!(output(&[&format!("{harmless}{LEAVES}")]), (true, false), "{harmless}");
        }
        for hidden in [
            "<!-- ",
            "<noscript>",
            "<template>",
            "<template><template></template>",
            "<title>",
            "<html data-a='",
            "<html a==\"><!-- \">",
            "<script><!-- <script> </script>",
        ] {
            assert_eq!(output(&[&format!("{hidden}{LEAVES}")]), (false, false), "{hidden}");
        }
    }

    #[test]
    fn a_script_that_does_not_run_does_not_leave() {
        for attributes in [
            "type=text/template",
            "type=module",
            "src=x.js",
            "nomodule",
            "language=vbscript",
            "for=window event=onunload",
        ] {
            let script = format!("<script {attributes}>KNOWN</script>");
            assert_eq!(output(&[&script]), (false, false), "{attributes}");
        }
        for attributes in ["type=\"text/javascript\"", "async", "nonce=x"] {
            let script = format!("<script {attributes}>KNOWN</script>");
            assert_eq!(output(&[&script]), (true, false), "{attributes}");
        }
        assert_eq!(output(&["<script ", ">KNOWN</script>"]), (false, false));
        assert_eq!(output(&["<script>KNOWN", "</script>"]), (false, false));
        assert_eq!(output(&["<script>KNOWN</scriptx></script>"]), (false, false));
        let policy = "<meta http-equiv=Content-Security-Policy content=\"script-src 'none'\">";
        assert_eq!(output(&[&format!("{policy}{LEAVES}")]), (false, false));
    }

    #[test]
    fn without_scripts_a_refresh_leaves() {
        let meta = "<meta http-equiv=\"refresh\" content=\"0;url=https://b.example/\">";
        let guard = format!("{LEAVES}<noscript>{meta}<a href=https://c.example>x</a></noscript>");
        let without = read(&[&guard], Scripts::Off);
        assert!(without.left);
        assert_eq!(Vec::from_iter(without.leads_to), ["https://b.example/", "https://c.example/"]);
        let with = read(&[&guard], Scripts::Run);
        assert_eq!(Vec::from_iter(with.leads_to), ["https://a.example"]);
        assert!(!read(&["<p>", &guard], Scripts::Off).left);
        assert!(!read(&[&meta.replace("refresh", " refresh")], Scripts::Off).left);
        let bare = read(&[meta], Scripts::Run);
        assert!(bare.leaves_later && !bare.left);
    }

    #[test]
    fn of_two_ways_the_one_that_goes_on_counts() {
        let read = |text: &str| read(&[text], Scripts::Run);
        let joined = read(LEAVES).join(read("<head>"));
        assert!(!joined.left && !joined.seen && joined.doubts.contains(&Doubt::SomeWays));
        assert!(read(LEAVES).join(read(LEAVES)).left);
        assert!(read(LEAVES).join(read("<p>")).seen);
        let visitor = Visitor::new(Customer::Guest);
        let browser = Browser {
            visitor: &TrackedVisitor::new(&visitor),
            known: &known,
            readings: &Readings::default(),
        };
        let mut confused = read("").join(read("<!--"));
        confused.read(LEAVES, browser);
        assert!(!confused.left);
        for (one, other, rest) in [
            ("<script>x()", "<script>", "KNOWN</script>"),
            ("<script type=x", "<script ", ">KNOWN</script>"),
            ("<style>", "<title>", "</style><script>KNOWN</script>"),
            ("<html a='", "<html ", "><script>KNOWN</script>"),
        ] {
            for (one, other) in [(one, other), (other, one)] {
                let mut joined = read(one).join(read(other));
                joined.read(rest, browser);
                assert!(!joined.left, "{one} or {other}");
            }
        }
    }
}
