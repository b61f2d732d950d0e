//! Fingerprints of the lines of a file, by which GitHub's code scanning recognizes a finding after its line
//! has moved. GitHub's upload action adds the same fingerprints to a log that has none; uploads without that
//! action need them in the log.
//!
//! This module knows no findings: a finding's fingerprint is that of the line in which it begins.

use std::collections::HashMap;

/// The number of characters, from the beginning of a line, that a fingerprint covers.
const WINDOW: usize = 100;
/// The factor by which the hash is multiplied for each character.
const FACTOR: u64 = 37;
/// Marks the end of a file.
const END: u16 = u16::MAX;

/// The fingerprints of the lines of a file.
pub(super) struct Fingerprints(Vec<String>);

impl Fingerprints {
    /// Computes the fingerprint of each line: a hash of the characters from its start on, and the number of
    /// lines so far with the same hash.
    pub(super) fn new(source: &[u8]) -> Self {
        let (units, starts) = units(source);
        let mut seen: HashMap<u64, usize> = HashMap::new();
        let fingerprint = |start: &usize| {
            let hash = hash(&units[*start..]);
            let number = seen.entry(hash).or_default();
            *number += 1;
            format!("{hash:x}:{number}")
        };
        Self(starts.iter().map(fingerprint).collect())
    }

    /// Returns the fingerprint of a line, counted from 1.
    pub(super) fn of_line(&self, line: usize) -> Option<&str> {
        self.0.get(line.checked_sub(1)?).map(String::as_str)
    }
}

impl Default for Fingerprints {
    /// Returns the fingerprints of an empty file.
    fn default() -> Self {
        Self::new(b"")
    }
}

/// Returns all UTF-16 units except blanks, with each line end as one line feed, and the index at which each
/// line begins.
fn units(source: &[u8]) -> (Vec<u16>, Vec<usize>) {
    let text = String::from_utf8_lossy(source).replace("\r\n", "\n").replace('\r', "\n");
    let (mut units, mut starts) = (Vec::new(), Vec::new());
    for line in text.split('\n') {
        starts.push(units.len());
        units.extend(line.encode_utf16().filter(|unit| ![0x20, 0x09].contains(unit)));
        units.push(0x0a);
    }
    units.pop();
    units.push(END);
    (units, starts)
}

/// Hashes the first units; zeros are added after the end.
fn hash(units: &[u16]) -> u64 {
    let padded = units.iter().copied().chain(std::iter::repeat(0));
    let step = |hash: u64, unit: u16| hash.wrapping_mul(FACTOR).wrapping_add(unit.into());
    padded.take(WINDOW).fold(0, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_lines(source: &[u8]) -> Vec<String> {
        Fingerprints::new(source).0
    }

    /// The expected values are what GitHub's upload action computes.
    #[test]
    fn fingerprints_match_the_github_upload_action() {
        assert_eq!(of_lines(b""), ["c129715d7a2bc9a3:1"]);
        let four =
            ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"];
        for text in [" a\nb\n  \t\tc\n d", " a\r\nb\r  \t\tc\n d"] {
            assert_eq!(of_lines(text.as_bytes()), four);
        }
        let repeated = of_lines("Lorem ipsum dolor sit amet.\n".repeat(10).as_bytes());
        assert_eq!(repeated[0], "a7f2ff13bc495cf2:1");
        assert_eq!(repeated[5], "a7f2ff13bc495cf2:6");
        assert_eq!(repeated[6], "a7f2ff1481e87703:1");
        assert_eq!(repeated[10], "c129715d7a2bc9a3:1");
    }
}
