//! Templates made up from the grammar in `shapes.rs`, the same ones in every run.
//!
//! Knows nothing of what an engine accepts.

use crate::shapes::{ODD, RULES, TOKENS};

pub(crate) use crate::shapes::SHAPES;

/// Rules inside one another; deeper ones take their flat alternative.
const MAX_DEPTH: usize = 7;
/// Longer templates only make differences harder to read.
const LONGEST: usize = 1_500;

/// A generated template.
pub(crate) struct Case {
    pub(crate) source: Vec<u8>,
    /// Indices of the shapes it is made of, each once.
    pub(crate) shapes: Vec<usize>,
    /// Whether something was broken on purpose afterwards.
    pub(crate) broken: bool,
}

/// What each rule of a grammar may come to.
pub(crate) type Rules = &'static [(&'static str, &'static [&'static str])];

pub(crate) struct Generator {
    state: u64,
    rules: Rules,
    shapes: Vec<usize>,
}

impl Generator {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed, rules: RULES, shapes: Vec::new() }
    }

    /// One that follows other rules.
    pub(crate) fn with_rules(seed: u64, rules: Rules) -> Self {
        Self { rules, ..Self::new(seed) }
    }

    /// What a rule comes to.
    pub(crate) fn text(&mut self, rule: &str) -> String {
        let mut text = String::new();
        self.rule(rule, 0, &mut text);
        text
    }

    pub(crate) fn case(&mut self) -> Case {
        self.shapes.clear();
        let mut text = String::new();
        for _ in 0..=self.below(4) {
            self.rule("shape", 0, &mut text);
            self.rule("eol", 0, &mut text);
        }
        let mut source = text.into_bytes();
        if self.below(4) == 0 {
            self.insert(&mut source, ODD);
        }
        let broken = self.below(5) == 0;
        for _ in 0..if broken { 1 + self.below(2) } else { 0 } {
            self.mutate(&mut source);
        }
        let mut shapes = std::mem::take(&mut self.shapes);
        shapes.sort_unstable();
        shapes.dedup();
        Case { source, shapes, broken }
    }

    /// Marsaglia's xorshift64.
    fn next(&mut self) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() >> 16) as usize % end
    }

    pub(crate) fn pick<'a, T: ?Sized>(&mut self, among: &[&'a T]) -> &'a T {
        among[self.below(among.len())]
    }

    fn rule(&mut self, name: &str, depth: usize, text: &mut String) {
        let flat = depth > MAX_DEPTH || text.len() > LONGEST;
        let alternatives = if name == "shape" {
            let shape = self.below(SHAPES.len());
            self.shapes.push(shape);
            SHAPES[shape].1
        } else {
            let rule = self.rules.iter().find(|rule| rule.0 == name);
            rule.map_or(&[][..], |rule| rule.1)
        };
        assert!(!alternatives.is_empty(), "no rule is called {name}");
        let alternative = match flat {
            true if name != "shape" => alternatives[0],
            _ => self.pick(alternatives),
        };
        self.expand(alternative, depth, text);
    }

    fn expand(&mut self, alternative: &str, depth: usize, text: &mut String) {
        let mut parts = alternative.split('«');
        text.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let (name, rest) = part.split_once('»').unwrap_or((part, ""));
            self.rule(name, depth + 1, text);
            text.push_str(rest);
        }
    }

    fn insert<T: AsRef<[u8]> + ?Sized>(&mut self, source: &mut Vec<u8>, among: &[&T]) {
        let at = self.below(source.len() + 1);
        let bytes = self.pick(among).as_ref();
        source.splice(at..at, bytes.iter().copied());
    }

    /// Deletes, repeats or replaces something anywhere.
    fn mutate(&mut self, source: &mut Vec<u8>) {
        let start = self.below(source.len() + 1);
        let longest = if self.below(2) == 0 { 2 } else { 24 };
        let end = source.len().min(start + self.below(longest));
        match self.below(6) {
            0 => drop(source.drain(start..end)),
            1 => {
                let span = source[start..end].to_vec();
                source.splice(end..end, span);
            }
            2 => {
                let byte = self.below(128) as u8;
                source.splice(start..end, [byte]);
            }
            3 => {
                let token = self.pick(TOKENS).as_bytes();
                source.splice(start..end, token.iter().copied());
            }
            4 => self.insert(source, TOKENS),
            _ => self.insert_in_mustache(source),
        }
    }

    /// Where text goes into a mustache, most of it is an error; elsewhere nearly nothing is.
    fn insert_in_mustache(&mut self, source: &mut Vec<u8>) {
        let opens: Vec<usize> =
            (0..source.len()).filter(|&at| source[at..].starts_with(b"{{")).collect();
        if opens.is_empty() {
            return;
        }
        let open = opens[self.below(opens.len())] + 2;
        let at = source.len().min(open + self.below(12));
        let token = self.pick(TOKENS).as_bytes();
        source.splice(at..at, token.iter().copied());
    }
}
