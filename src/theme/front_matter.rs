//! The front matter of a page, as each of the platform's tools sees it: they disagree about where it begins
//! and ends. This module does not read the values.
//!
//! The platform takes only front matter at the very beginning of a file. Its development server drops
//! everything up to the last line of dashes, wherever the first one is. The npm package that reads the values
//! allows a byte order mark first, and takes `...` as an end. No tool drops front matter in a template that
//! is not a page.

/// Where the text of a page begins, according to each tool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TextStarts {
    /// According to the platform.
    pub platform: usize,
    /// According to all tools; some of them may print what comes before as plain text.
    pub guard: usize,
    /// According to the development server, if it differs.
    pub development: Option<usize>,
    /// Whether some tools read the values only as long as nothing comes before text that other tools print.
    pub is_fragile: bool,
}

/// Determines where the text of the page in `source` begins.
pub fn text_starts(source: &[u8]) -> TextStarts {
    let platform = front_matter_end(source);
    let plain = if platform > 0 { platform } else { plain_end(source) };
    let development = development_end(source);
    let first_line = &source[..line_end(source, 0).unwrap_or(source.len())];
    let is_read = |mark: &[u8]| memchr::memmem::find(first_line, mark).is_some();
    TextStarts {
        platform,
        guard: plain,
        development: Some(development).filter(|&end| end > plain),
        is_fragile: plain == 0
            && (is_read(DASHES) || is_read(OTHER_MARK))
            && block_end(source, 0).is_some(),
    }
}

const DASHES: &[u8] = b"---";
/// The other mark that the npm package takes.
const OTHER_MARK: &[u8] = b"= yaml =";
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Returns the end of the line that contains `from`, after its line break.
fn line_end(source: &[u8], from: usize) -> Option<usize> {
    memchr::memchr(b'\n', &source[from..]).map(|at| from + at + 1)
}

/// Iterates over the lines from `from` on: the start and the end of each.
fn lines(source: &[u8], from: usize) -> impl Iterator<Item = (usize, usize)> {
    let next = move |start: usize| {
        (start < source.len()).then(|| (start, line_end(source, start).unwrap_or(source.len())))
    };
    std::iter::successors(next(from), move |&(_, end)| next(end))
}

/// Returns where a page's text begins for the platform: after a leading `---` line, its values, a closing
/// `---` and the line break after it; 0 without front matter.
fn front_matter_end(source: &[u8]) -> usize {
    let is_rule = |&(start, end): &(usize, usize)| source[start..end].trim_ascii_end() == DASHES;
    let mut lines = lines(source, 0);
    if !lines.next().as_ref().is_some_and(|line| is_rule(line) && line.1 > DASHES.len()) {
        return 0;
    }
    lines.find(is_rule).map_or(0, |(_, end)| end)
}

/// Returns the first block between two marks that begins on a line at or after `from`: its start and its end.
fn block_end(source: &[u8], from: usize) -> Option<(usize, usize)> {
    let text = |(start, end): (usize, usize)| source[start..end].trim_ascii_end();
    let mark_of = |line: (usize, usize)| {
        let line = text(line);
        let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
        [DASHES, OTHER_MARK].into_iter().find(|mark| *mark == line)
    };
    let (open, mark) = lines(source, from).find_map(|line| Some((line, mark_of(line)?)))?;
    let closes = |line: &(usize, usize)| text(*line) == mark || text(*line) == b"...";
    let (_, end) = lines(source, open.1).find(closes)?;
    Some((open.0, end))
}

/// Returns where the text begins after something that looks like front matter, if printing everything before
/// it does no harm; 0 if nothing looks like it.
fn plain_end(source: &[u8]) -> usize {
    let before = skip_silent(source);
    match block_end(source, before) {
        Some((start, end)) if start == before && is_plain(&source[start..end]) => end,
        _ => 0,
    }
}

/// Returns the start of the line on which a leading byte order mark, white space and comments end.
fn skip_silent(source: &[u8]) -> usize {
    let mut at = 0;
    // The start of the line that contains `at`: front matter begins on a line of its own.
    let mut line = 0;
    loop {
        let rest = &source[at..];
        let comment = COMMENTS.iter().find_map(|(open, close)| {
            let inside = rest.strip_prefix(*open)?;
            let end = memchr::memmem::find(inside, close)?;
            let is_silent = *close != b"-->" || is_one_comment(&inside[..end]);
            is_silent.then_some(open.len() + end + close.len())
        });
        at += match (rest.first(), comment) {
            (_, Some(length)) => length,
            (Some(blank), _) if blank.is_ascii_whitespace() => 1,
            _ if at == 0 && rest.starts_with(BYTE_ORDER_MARK) => BYTE_ORDER_MARK.len(),
            _ => break,
        };
        if source[..at].ends_with(b"\n") || source[..at] == *BYTE_ORDER_MARK {
            line = at;
        }
    }
    // A byte order mark belongs to the line it begins.
    if line == BYTE_ORDER_MARK.len() && source.starts_with(BYTE_ORDER_MARK) { 0 } else { line }
}

/// The delimiters of comments; longer ones come first.
const COMMENTS: &[(&[u8], &[u8])] =
    &[(b"{{!--", b"--}}"), (b"{{~!--", b"--}}"), (b"{{!", b"}}"), (b"<!--", b"-->")];

/// Reports whether browsers show nothing of a text between the delimiters of a comment; some texts end it
/// early.
fn is_one_comment(inside: &[u8]) -> bool {
    let has = |needle: &[u8]| memchr::memmem::find(inside, needle).is_some();
    !inside.starts_with(b">") && !inside.starts_with(b"->") && !has(b"--!>") && !has(b"{{")
}

/// Reports whether a text holds no markup and prints nothing but escaped theme settings, so that it prints no
/// element whatever the settings are.
fn is_plain(text: &[u8]) -> bool {
    let has = |needle: &[u8]| memchr::memmem::find(text, needle).is_some();
    let is_value = |at: usize| {
        let inside = &text[at + 2..];
        inside.trim_ascii_start().starts_with(b"theme_settings.")
    };
    !text.contains(&b'<') && !has(b"{{{") && memchr::memmem::find_iter(text, b"{{").all(is_value)
}

/// Returns where the text begins for the development server: after the last line of dashes that follows the
/// first dashes at a line's end, if any text comes after it; 0 if the server drops nothing.
fn development_end(source: &[u8]) -> usize {
    let ends_line = |at: usize| {
        let rest = &source[at + DASHES.len()..];
        let length =
            if rest.starts_with(b"\r\n") { 2 } else { usize::from(rest.starts_with(b"\n")) };
        (length > 0).then_some(at + DASHES.len() + length)
    };
    let mut all =
        (0..source.len().saturating_sub(2)).filter(|&at| source[at..].starts_with(DASHES));
    let Some(inside) = all.find_map(ends_line) else { return 0 };
    let is_line = |&at: &usize| {
        let before = source[..at].strip_suffix(b"\n").map(<[u8]>::len);
        before.is_some_and(|before| before >= inside)
    };
    let after = (inside..source.len().saturating_sub(2)).rev();
    let mut after = after.filter(|&at| source[at..].starts_with(DASHES)).filter(is_line);
    let end = after.find_map(ends_line).unwrap_or_default();
    if end == source.len() { 0 } else { end }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_ends_after_its_closing_line() {
        assert_eq!(front_matter_end(b"---\na: 1\n---\n<p>"), 13);
        assert_eq!(front_matter_end(b"---\r\na: 1\r\n---\r\n<p>"), 16);
        assert_eq!(front_matter_end(b"---\na: 1\n---"), 12);
        assert_eq!(front_matter_end(b"\n---\na: 1\n---\n<p>"), 0);
        assert_eq!(front_matter_end(b"---\nnever closed"), 0);
        assert_eq!(front_matter_end(b"---"), 0);
        assert_eq!(front_matter_end(b""), 0);
    }

    /// Returns the text of a page for the guard and for the development server, and whether it is fragile.
    fn starts(marked: &str) -> (String, String, bool) {
        let starts = text_starts(marked.as_bytes());
        let rest = |at: usize| marked[at..].to_owned();
        let development = starts.development.map(rest).unwrap_or_default();
        (rest(starts.guard), development, starts.is_fragile)
    }

    #[test]
    fn harmless_misplaced_front_matter_is_skipped() {
        for before in [
            "",
            "\u{feff}",
            "\n",
            " \r\n",
            "\n\n\t\n",
            "\u{feff}\n",
            "{{!-- c --}}\n",
            "{{!-- {{c}} ---\n--}}\n",
            "{{! c }}\n\n",
            "{{~!-- c --}}\n",
            "<!-- c -->\n",
            "<!--\nc\n-->\n{{! d }}\n",
        ] {
            for block in [
                "---\na: 1\n---\n",
                "---\n---\n",
                "---\na: {{theme_settings.x}}\nb: {{ theme_settings.y }}\n---\n",
                "--- \na: 1\n--- \n",
            ] {
                let page = format!("{before}{block}<p>x");
                assert_eq!(starts(&page).0, "<p>x", "{page:?}");
                let windows = page.replace('\n', "\r\n").replace("\r\r", "\r");
                assert_eq!(starts(&windows).0, "<p>x", "{windows:?}");
            }
        }
        assert_eq!(starts("\n---\na: 1\n...\n<p>x").0, "<p>x");
        assert_eq!(starts("= yaml =\na: 1\n= yaml =\n<p>x").0, "<p>x");
        for page in [
            "<p>x\n---\na: 1\n---\n<p>y",
            "\n---\na: <b>\n---\n<p>y",
            "\n---\na: {{{theme_settings.x}}}\n---\n<p>y",
            "\n---\n{{> x}}\n---\n<p>y",
            "\n---\nnever closed",
            "{{!-- c --}}---\na: 1\n---\n<p>y",
            "x\n---\na: 1\n---\n<p>y",
            "<!-- {{> x}} -->\n---\na: 1\n---\n<p>y",
            "{{> x}}\n---\na: 1\n---\n<p>y",
            "<!--><p>x-->\n---\na: 1\n---\n<p>y",
            "<!---><p>x-->\n---\na: 1\n---\n<p>y",
            "<!-- c --!><p>x-->\n---\na: 1\n---\n<p>y",
            "",
            "---",
        ] {
            assert_eq!(text_starts(page.as_bytes()).guard, 0, "{page:?}");
        }
    }

    #[test]
    fn development_server_drops_text_up_to_the_last_dashes() {
        for (page, development) in [
            ("---\na: 1\n---\n<p>x", ""),
            ("---\na: 1\n---\n<p>x\n---\ny", "y"),
            ("---\na: 1\n---\n<!--\n---\n-->\ny", "-->\ny"),
            ("---\na: 1\n---\nx\n---\ny\n---\nz", "z"),
            ("---\na: 1\n---\nx\n---\n", ""),
            ("---\r\na: 1\r\n---\r\nx\r\n---\r\ny", "y"),
            ("---\na: 1\n---\nx\n---y\n--- \n ---\n", ""),
            ("<p>x\n---\na: 1\n---\ny", "y"),
            ("<p>x---\na: 1\n---\ny", "y"),
            ("\n---\na: <b>\n---\ny", "y"),
            ("<p>x\n---\ny", ""),
            ("-----\n<p>x\n---\ny", "y"),
            ("---\n---\ny", ""),
            ("---\n---\nx\n---\ny", "y"),
            ("", ""),
        ] {
            assert_eq!(starts(page).1, development, "{page:?}");
        }
    }

    #[test]
    fn values_that_only_some_tools_read_are_fragile() {
        for (page, is_fragile) in [
            ("---\na: 1\n---\n", false),
            ("\u{feff}---\na: 1\n---\n", false),
            ("\u{feff}---\na: <b>\n---\nx", true),
            ("<p>---</p>\n---\na: 1\n---\nx", true),
            ("<p>---</p>\nx", false),
            ("\n---\na: <b>\n---\nx", false),
            ("<p>\n---\na: 1\n---\nx", false),
        ] {
            assert_eq!(starts(page).2, is_fragile, "{page:?}");
        }
    }
}
