//! The arguments of `config`, and how settings are printed.

use super::build::BuildArguments;
use super::{Format, emit, or_error};
use crate::commands::config;
use crate::report::{Status, human_findings, settings};
use clap::Args;

#[derive(Args)]
pub(super) struct ConfigArguments {
    #[command(flatten)]
    build: BuildArguments,
    /// Only check whether the settings, including each profile, can be used for the theme
    #[arg(long)]
    check: bool,
    /// How to report
    #[arg(long, value_enum, default_value_t = Format::Human, help_heading = "Outputs")]
    format: Format,
}

impl ConfigArguments {
    /// Runs `config` and returns the exit status.
    pub(super) fn run(self) -> u8 {
        let (format, check) = (self.format, self.check);
        let request = self.build.request();
        let report = if check { config::check(&request) } else { config::run(&request) };
        let status = report.report.status();
        let (results, rest) = match format {
            Format::Json => (or_error(settings::json(&report)), String::new()),
            Format::Human if check && status == Status::Done => {
                (config::all_is_well(&request), String::new())
            }
            Format::Human => (settings::human(&report), human_findings(&report.report)),
        };
        emit(&results, &rest, status)
    }
}
