//! Formats a number with its noun.

/// Returns a number and its noun, in the plural if needed: `1 page`, `2 pages`.
#[must_use]
pub fn counted(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
