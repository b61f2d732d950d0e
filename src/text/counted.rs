//! Numbers of things, as people write them.

/// A number and what is counted: `1 page`, `2 pages`.
#[must_use]
pub fn counted(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
