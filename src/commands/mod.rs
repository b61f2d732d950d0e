//! One module per command: from what was asked for to a report. Printing is left to `cli`.

pub mod build;
