//! A text made from parts of another, which remembers where each character comes from.

use crate::text::Span;

/// A text and where each of its characters comes from.
#[derive(Clone, Debug, Default)]
pub(super) struct Mapped {
    characters: Vec<(char, usize)>,
}

impl Mapped {
    /// Adds a text that stands at `at` in the source.
    pub fn push(&mut self, text: &str, at: usize) {
        self.characters.extend(text.char_indices().map(|(index, c)| (c, at + index)));
    }

    /// Adds a text that stands for something at `at`.
    pub fn push_at(&mut self, text: &str, at: usize) {
        self.characters.extend(text.chars().map(|c| (c, at)));
    }

    /// All of it.
    pub fn text(&self) -> String {
        self.characters().collect()
    }

    /// Its characters.
    pub fn characters(&self) -> impl Iterator<Item = char> {
        self.characters.iter().map(|(c, _)| *c)
    }

    /// The source's bytes behind one character.
    pub fn span(&self, index: usize) -> Span {
        let (character, at) =
            self.characters.get(index).or(self.characters.last()).copied().unwrap_or_default();
        Span::new(at, at + character.len_utf8())
    }

    /// Adds a text that the source does not have.
    pub fn insert(&mut self, index: usize, text: &str) {
        let index = index.min(self.characters.len());
        let at = self.characters.get(index).map_or(0, |(_, at)| *at);
        self.characters.splice(index..index, text.chars().map(|c| (c, at)));
    }

    /// Whether a document ends on the line that starts at `line`.
    pub fn is_separator(&self, line: usize) -> bool {
        let mut characters = self.characters[line..].iter().map(|(c, _)| *c);
        let start: String = characters.by_ref().take(3).collect();
        let is_over = characters.next().is_none_or(char::is_whitespace);
        is_over && (start == "---" || start == "...")
    }

    /// Where the second and further lines start of the text in quotes that begins at `index`.
    pub fn quoted_lines(&self, index: usize) -> Vec<usize> {
        let inside = self.characters.iter().enumerate().skip(index);
        let mut characters = inside.map(|(at, (c, _))| (at, *c)).peekable();
        let quote = characters.next().map(|(_, quote)| quote);
        let mut lines = Vec::new();
        while let Some((at, character)) = characters.next() {
            let next = characters.peek().map(|(_, next)| *next);
            match character {
                '\\' if quote == Some('"') && next != Some('\n') => drop(characters.next()),
                '\'' if quote == Some('\'') && next == quote => drop(characters.next()),
                '\n' => lines.push(at + 1),
                _ if Some(character) == quote => break,
                _ => {}
            }
        }
        lines
    }
}
