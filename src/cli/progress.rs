//! Prints one line for each stage on a terminal, and nothing elsewhere.
//!
//! The lines fit any terminal and are never overwritten, so that the output of a theme's build may come
//! between them.

use crate::pipeline::progress::{Progress, Stage};
use anstyle::Style;
use std::io::{IsTerminal, Write};

/// Shows stages if standard error is a terminal.
pub(super) struct Lines {
    are_shown: bool,
}

impl Lines {
    /// Creates the display. Its lines go to standard error if that is a terminal; `program_asks`, for output
    /// that a program reads, turns them off.
    pub(super) fn new(program_asks: bool) -> Self {
        Self { are_shown: !program_asks && std::io::stderr().is_terminal() }
    }
}

impl Progress for Lines {
    fn begin(&self, stage: Stage) {
        if self.are_shown {
            // If the terminal is gone, nobody misses the line.
            let _ = writeln!(anstream::stderr(), "{}", line(stage));
        }
    }
}

/// Returns the line of a stage.
fn line(stage: Stage) -> String {
    const DIM: Style = Style::new().dimmed();
    format!("{DIM}· {}{DIM:#}", stage.words())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stage_lines_are_short_and_unique() {
        let lines = Stage::ALL.map(|stage| anstream::adapter::strip_str(&line(stage)).to_string());
        for line in &lines {
            assert!(line.chars().count() <= 24 && !line.contains(char::is_control), "{line}");
        }
        assert_eq!(lines.iter().collect::<std::collections::BTreeSet<_>>().len(), lines.len());
    }
}
