//! Steps of a scanner that finds what the official bundler finds by text, with JavaScript's
//! character classes. It knows no template syntax.

/// What JavaScript's `\s` stands for.
pub(super) fn is_space(c: char) -> bool {
    matches!(
        c,
        '\t'..='\r' | ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}'
            | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}' | '\u{feff}'
    )
}

/// What JavaScript's `.` does not stand for.
pub(super) fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

/// What JavaScript's `\w` stands for.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Where the white space that begins at `at` ends.
pub(super) fn skip_spaces(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    text.len() - rest.trim_start_matches(is_space).len()
}

/// Where at least one white space that begins at `at` ends.
pub(super) fn some_spaces(text: &str, at: usize) -> Option<usize> {
    Some(skip_spaces(text, at)).filter(|&end| end > at)
}

/// Where the run of `accepted` bytes that begins at `at` ends; `None` if it is empty. Only ASCII
/// may be accepted.
pub(super) fn run(text: &str, at: usize, accepted: impl Fn(u8) -> bool) -> Option<usize> {
    let rest = text.as_bytes().get(at..)?;
    let length = rest.iter().take_while(|&&byte| accepted(byte)).count();
    (length > 0).then_some(at + length)
}

/// The end of `expected` if it stands at `at`.
pub(super) fn literal(text: &str, at: usize, expected: &str) -> Option<usize> {
    let rest = text.as_bytes().get(at..)?;
    rest.starts_with(expected.as_bytes()).then_some(at + expected.len())
}

/// The end of a quote at `at`; the official bundler takes a bar for one, too.
pub(super) fn quote(text: &str, at: usize) -> Option<usize> {
    matches!(text.as_bytes().get(at)?, b'"' | b'\'' | b'|').then_some(at + 1)
}

/// Where `needle` begins at or after `from`.
pub(super) fn find(text: &str, from: usize, needle: &str) -> Option<usize> {
    let rest = text.as_bytes().get(from..)?;
    memchr::memmem::find(rest, needle.as_bytes()).map(|at| from + at)
}

/// The lazy parts of one pattern. What was not found on the rest of a line is not looked for again
/// from further right, so that no text takes quadratic time; ask from left to right.
#[derive(Debug, Default)]
pub(super) struct Lazy {
    fails_before: usize,
}

impl Lazy {
    /// The first acceptance at `from` or behind it on the same line.
    pub fn find<T>(
        &mut self,
        text: &str,
        from: usize,
        mut accept: impl FnMut(usize) -> Option<T>,
    ) -> Option<T> {
        if from < self.fails_before {
            return None;
        }
        for (offset, c) in text[from..].char_indices() {
            let found = accept(from + offset);
            if found.is_some() {
                return found;
            }
            if is_line_break(c) {
                self.fails_before = from + offset;
                return None;
            }
        }
        self.fails_before = text.len();
        accept(text.len())
    }
}

/// All matches that begin with `start`, from left to right, not overlapping. `accept` gets the
/// place of `start` and gives where the match ends and what it means.
pub(super) fn matches<T>(
    text: &str,
    start: &str,
    mut accept: impl FnMut(usize) -> Option<(usize, T)>,
) -> Vec<(std::ops::Range<usize>, T)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = find(text, from, start) {
        match accept(at) {
            Some((end, meaning)) => {
                found.push((at..end, meaning));
                from = end;
            }
            None => from = at + 1,
        }
    }
    found
}

/// `text` with each of the `ranges`, which are sorted, replaced by what `replacement` says.
pub(super) fn replaced<T>(
    text: &str,
    found: &[(std::ops::Range<usize>, T)],
    mut replacement: impl FnMut(&mut String, &T),
) -> String {
    let mut result = String::with_capacity(text.len());
    let mut copied = 0;
    for (range, meaning) in found {
        result.push_str(&text[copied..range.start]);
        replacement(&mut result, meaning);
        copied = range.end;
    }
    result.push_str(&text[copied..]);
    result
}
