//! A text assembled from parts of another text, with the origin of each character.

use crate::text::Span;

/// A text with the origin of each of its characters.
#[derive(Clone, Debug, Default)]
pub(super) struct Mapped {
    characters: Vec<(char, usize)>,
}

impl Mapped {
    /// Appends a text that is at `at` in the source.
    pub fn push(&mut self, text: &str, at: usize) {
        self.characters.extend(text.char_indices().map(|(index, c)| (c, at + index)));
    }

    /// Appends a text that replaces something at `at` in the source.
    pub fn push_at(&mut self, text: &str, at: usize) {
        self.characters.extend(text.chars().map(|c| (c, at)));
    }

    /// Returns the whole text.
    pub fn text(&self) -> String {
        self.characters().collect()
    }

    /// Iterates over the characters.
    pub fn characters(&self) -> impl Iterator<Item = char> {
        self.characters.iter().map(|(c, _)| *c)
    }

    /// Returns the bytes of the source that a character comes from.
    pub fn span(&self, index: usize) -> Span {
        let (character, at) =
            self.characters.get(index).or(self.characters.last()).copied().unwrap_or_default();
        Span::new(at, at + character.len_utf8())
    }

    /// Inserts a text that is not in the source.
    pub fn insert(&mut self, index: usize, text: &str) {
        let index = index.min(self.characters.len());
        let at = self.characters.get(index).map_or(0, |(_, at)| *at);
        self.characters.splice(index..index, text.chars().map(|c| (c, at)));
    }

    /// Reports whether the line that starts at `line` ends a document.
    pub fn is_separator(&self, line: usize) -> bool {
        let mut characters = self.characters[line..].iter().map(|(c, _)| *c);
        let start: String = characters.by_ref().take(3).collect();
        let is_over = characters.next().is_none_or(char::is_whitespace);
        is_over && (start == "---" || start == "...")
    }

    /// Returns where the lines after the first start in the quoted text that begins at `index`.
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
