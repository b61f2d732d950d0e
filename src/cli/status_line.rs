//! The last line of a terminal while nothing happens; nothing where there is no terminal.
//!
//! It is drawn over with blanks, so that it needs nothing of a terminal but a carriage return.

use std::io::{IsTerminal, Result, Write};

/// A line that gives way to what is printed next.
pub(super) struct StatusLine {
    is_wanted: bool,
    /// Characters of it that are on the screen.
    shown: usize,
}

impl StatusLine {
    /// A line on standard output if that is a terminal; none where a program `asks` for the results.
    pub(super) fn new(program_asks: bool) -> Self {
        Self { is_wanted: !program_asks && std::io::stdout().is_terminal(), shown: 0 }
    }

    /// Puts a text of less than a line in the place of the last.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub(super) fn show(&mut self, text: &str) -> Result<()> {
        self.clear()?;
        if self.is_wanted {
            self.shown = text.chars().count();
            let mut terminal = std::io::stdout();
            write!(terminal, "{text}")?;
            terminal.flush()?;
        }
        Ok(())
    }

    /// Takes the line away before something else is printed.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub(super) fn clear(&mut self) -> Result<()> {
        if self.shown > 0 {
            let mut terminal = std::io::stdout();
            write!(terminal, "\r{:1$}\r", "", self.shown)?;
            terminal.flush()?;
        }
        self.shown = 0;
        Ok(())
    }
}
