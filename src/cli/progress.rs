//! One line a stage on a terminal, nothing anywhere else.
//!
//! The lines are short enough for any terminal and only ever added, so that the output of a theme's
//! build may stand between them.

use crate::pipeline::progress::{Progress, Stage};
use anstyle::Style;
use std::io::{IsTerminal, Write};

/// Shows stages, if anybody looks.
pub(super) struct Lines {
    are_shown: bool,
}

impl Lines {
    /// Lines on standard error if that is a terminal; none where a program `asks` for the result.
    pub(super) fn new(program_asks: bool) -> Self {
        Self { are_shown: !program_asks && std::io::stderr().is_terminal() }
    }
}

impl Progress for Lines {
    fn begin(&self, stage: Stage) {
        if self.are_shown {
            // A terminal that went away has nothing to miss.
            let _ = writeln!(anstream::stderr(), "{}", line(stage));
        }
    }
}

/// The line of a stage; without colour where none is wanted.
fn line(stage: Stage) -> String {
    const DIM: Style = Style::new().dimmed();
    format!("{DIM}· {}{DIM:#}", stage.words())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_fits_the_narrowest_terminal() {
        let lines = Stage::ALL.map(|stage| anstream::adapter::strip_str(&line(stage)).to_string());
        for line in &lines {
            assert!(line.chars().count() <= 24 && !line.contains(char::is_control), "{line}");
        }
        assert_eq!(lines.iter().collect::<std::collections::BTreeSet<_>>().len(), lines.len());
    }
}
