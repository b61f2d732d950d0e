//! The arguments of `explain`, and how its results are printed.

use super::formats::print;
use super::{Format, PolicyArguments, emit, fit, or_error};
use crate::commands::explain::{self, ExplainRequest};
use crate::config::Settings;
use crate::report::{self, Status};
use clap::Args;

#[derive(Args)]
pub(super) struct ExplainArguments {
    /// Templates of one theme, each with or without a line and a column; or codes of findings
    #[arg(required = true, value_name = "FILE[:LINE[:COLUMN]]|CODE")]
    places: Vec<String>,
    #[command(flatten)]
    policy: PolicyArguments,
    /// How to report
    #[arg(long, value_enum, default_value_t = Format::Human, help_heading = "Outputs")]
    format: Format,
}

impl ExplainArguments {
    /// Runs `explain` and returns the exit status.
    pub(super) fn run(self) -> u8 {
        let sources = self.policy.sources(Settings::default());
        let request = ExplainRequest { places: self.places, sources };
        let Some(codes) = explain::codes(&request) else {
            return print(&explain::run(&request), self.format);
        };
        let text = match self.format {
            Format::Human => fit::results(&report::codes(&codes)),
            Format::Json => or_error(report::codes_json(&codes)),
        };
        emit(&text, "", Status::Done)
    }
}
