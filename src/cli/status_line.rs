//! The status line at the end of a terminal while the program waits; nothing without a terminal.
//!
//! Blanks overwrite it, so that the terminal has to support only a carriage return.

use std::io::{IsTerminal, Result, Write};

/// A line that is cleared before the next output.
pub(super) struct StatusLine {
    is_wanted: bool,
    /// The number of its characters on the screen.
    shown: usize,
}

impl StatusLine {
    /// Creates the line. It goes to standard output if that is a terminal; `program_asks`, for output that a
    /// program reads, turns it off.
    pub(super) fn new(program_asks: bool) -> Self {
        Self { is_wanted: !program_asks && std::io::stdout().is_terminal(), shown: 0 }
    }

    /// Replaces the current text by `text`, which must be shorter than a line of the terminal.
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

    /// Clears the line before something else is printed.
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
