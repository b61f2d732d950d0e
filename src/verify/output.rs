//! What a visitor's browser has got so far, as far as it matters: whether anything of the shop was
//! to be seen, and whether a script has left before that.

/// The output up to some point.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Output {
    place: Place,
    /// Something was printed that a visitor may see.
    pub(super) seen: bool,
    /// A script has left, before anything could be seen.
    pub(super) left: bool,
    /// Such a script stands on some path, wherever.
    pub(super) may_leave: bool,
}

/// Where in the HTML the output ends.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Text,
    Tag {
        name: String,
        quote: Option<char>,
    },
    Comment,
    Script,
    /// Inside an element of which nothing is shown, or whose text is not.
    Hidden(String),
}

/// Start tags that show nothing by themselves.
const HARMLESS: &[&str] = &[
    "html", "head", "meta", "link", "title", "base", "script", "style", "noscript", "template",
    "body",
];
/// Elements whose content is not shown while scripts run.
const HIDDEN: &[&str] = &["style", "title", "noscript", "template"];

impl Output {
    pub(super) fn new() -> Self {
        Self { place: Place::Text, seen: false, left: false, may_leave: false }
    }

    /// Something unknown is printed.
    pub(super) fn read_unknown(&mut self) {
        self.seen |= self.place == Place::Text && !self.left;
    }

    /// What is certain of two ways to the same point.
    pub(super) fn join(self, other: Self) -> Self {
        let may_leave = self.may_leave || other.may_leave;
        let left = self.left && other.left;
        let seen = (self.seen && !self.left) || (other.seen && !other.left);
        let place = if self.left { other.place } else { self.place };
        Self { place, seen, left, may_leave }
    }

    /// Literal text is printed.
    pub(super) fn read(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() && !self.left {
            rest = match self.place.clone() {
                Place::Text => self.text(rest),
                Place::Tag { name, quote } => self.tag(rest, name, quote),
                Place::Comment => self.skip(rest, "-->"),
                // A script that a mustache cuts is none that we know.
                Place::Script => self.skip_element(rest, "script"),
                Place::Hidden(name) => self.skip_element(rest, &name),
            };
        }
    }

    fn text<'t>(&mut self, text: &'t str) -> &'t str {
        let (before, rest) = text.split_at(text.find('<').unwrap_or(text.len()));
        self.seen |=
            !before.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').is_empty();
        if let Some(comment) = rest.strip_prefix("<!--") {
            self.place = Place::Comment;
            return comment;
        }
        let Some(inner) = rest.strip_prefix('<') else { return rest };
        let end = inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len());
        let name = inner[..end].to_ascii_lowercase();
        let is_markup = inner.starts_with(['/', '!', '?']);
        self.seen |= !is_markup && !HARMLESS.contains(&name.as_str());
        self.place = Place::Tag { name, quote: None };
        &inner[end..]
    }

    fn tag<'t>(&mut self, text: &'t str, name: String, quote: Option<char>) -> &'t str {
        let mut quote = quote;
        for (at, character) in text.char_indices() {
            match (quote, character) {
                (Some(open), _) if open == character => quote = None,
                (None, '"' | '\'') => quote = Some(character),
                (None, '>') => return self.after_tag(&text[at + 1..], name),
                _ => {}
            }
        }
        self.place = Place::Tag { name, quote };
        ""
    }

    fn after_tag<'t>(&mut self, rest: &'t str, name: String) -> &'t str {
        if name == "script" {
            self.place = Place::Script;
            if let Some(end) = find_end(rest, "script")
                && leaves(&rest[..end])
            {
                self.may_leave = true;
                self.left |= !self.seen;
            }
        } else if HIDDEN.contains(&name.as_str()) {
            self.place = Place::Hidden(name);
        } else {
            self.place = Place::Text;
        }
        rest
    }

    fn skip<'t>(&mut self, text: &'t str, end: &str) -> &'t str {
        match text.find(end) {
            Some(at) => {
                self.place = Place::Text;
                &text[at + end.len()..]
            }
            None => "",
        }
    }

    fn skip_element<'t>(&mut self, text: &'t str, name: &str) -> &'t str {
        match find_end(text, name) {
            Some(at) => {
                self.place = Place::Text;
                &text[at..]
            }
            None => "",
        }
    }
}

/// Where the end tag of the element `name` begins.
fn find_end(text: &str, name: &str) -> Option<usize> {
    let is_end = |at: &usize| {
        let rest = &text.as_bytes()[at + 2..];
        rest.len() >= name.len() && rest[..name.len()].eq_ignore_ascii_case(name.as_bytes())
    };
    text.match_indices("</").map(|(at, _)| at).find(is_end)
}

/// Whether a script leaves as soon as it runs: it is one call of a function that replaces the
/// location and knows an absolute address.
fn leaves(script: &str) -> bool {
    let script = script.trim().trim_end_matches(';');
    let is_call = script.starts_with('(') && script.ends_with(')');
    is_call && script.contains("location.replace(") && script.contains("://")
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAVES: &str =
        "<script nonce=\"\">(a=>location.replace(a))(\"https://a.example\")</script>";

    fn output(pieces: &[&str]) -> (bool, bool, bool) {
        let mut output = Output::new();
        for piece in pieces {
            output.read(piece);
        }
        (output.left, output.may_leave, output.seen)
    }

    #[test]
    fn a_script_leaves_if_it_runs_at_once_and_before_all_that_is_seen() {
        assert_eq!(
            output(&["\u{feff}<!doctype html>\n<html class=\"", "\"><head>", LEAVES, "<body>shop"]),
            (true, true, false)
        );
        assert_eq!(output(&["<p>", LEAVES]), (false, true, true));
        assert_eq!(output(&["text", LEAVES]), (false, true, true));
        for harmless in [
            "<!-- text <p> -->",
            "<style>p { x: y }</style>",
            "<title>t</title>",
            "<script>x()</script>",
        ] {
            assert_eq!(output(&[harmless, LEAVES]), (true, true, false), "{harmless}");
        }
        for hidden in ["<!-- ", "<noscript>", "<template>", "<title>", "<html data-a='"] {
            assert_eq!(output(&[hidden, LEAVES]), (false, false, false), "{hidden}");
        }
    }

    #[test]
    fn scripts_of_a_shop_do_not_leave() {
        for script in [
            "function back() { location.replace('/') }",
            "(function () { location.replace('/cart') })()",
            "if (x) location.replace('https://a.example')",
            "var a = 'location.replace('",
        ] {
            assert_eq!(
                output(&[&format!("<script>{script}</script>")]),
                (false, false, false),
                "{script}"
            );
        }
    }

    #[test]
    fn of_two_ways_the_one_that_goes_on_counts() {
        let read = |text: &str| {
            let mut output = Output::new();
            output.read(text);
            output
        };
        let joined = read(LEAVES).join(read("<head>"));
        assert!(!joined.left && joined.may_leave && !joined.seen);
        assert!(read(LEAVES).join(read(LEAVES)).left);
        assert!(read(LEAVES).join(read("<p>")).seen);
    }
}
