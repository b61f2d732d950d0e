//! The arguments of the commands that look and write nothing, and how their reports are printed.

use super::show::WhatArguments;
use super::{Format, ReportingArguments, SettingsFileArguments, emit, groups, list};
use crate::commands::build::BuildRequest;
use crate::commands::{check, diff};
use crate::config::Settings;
use crate::report;
use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
pub(super) struct CheckArguments {
    /// The theme: a folder or a .zip
    theme: PathBuf,
    /// Where shoppers belong; pages that lead elsewhere are an error
    #[arg(long, value_name = "URL")]
    storefront: Option<String>,
    /// This customer group may see guarded pages: its number, or name:NAME
    #[arg(long, value_name = "GROUP")]
    allow_group: Vec<String>,
    /// This page is for everybody, besides checkout, order-confirmation and order-complete
    #[arg(long, value_name = "PAGE")]
    keep: Vec<String>,
    /// This page is guarded although it is kept by default
    #[arg(long, value_name = "PAGE")]
    no_keep: Vec<String>,
    /// Shoppers may see this page although it is not kept
    #[arg(long, value_name = "PAGE")]
    allow_open: Vec<String>,
    #[command(flatten)]
    file: SettingsFileArguments,
    #[command(flatten)]
    reporting: ReportingArguments,
}

#[derive(Args)]
pub(super) struct DiffArguments {
    #[command(flatten)]
    what: WhatArguments,
    /// Only say how many lines change in which file
    #[arg(long)]
    stat: bool,
    /// How to report
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

impl CheckArguments {
    /// Runs `check`; the result is the exit status.
    pub(super) fn run(self) -> u8 {
        let reporting = self.reporting;
        let request = self.request();
        let mut report = check::run(&request);
        reporting.hush(&mut report.report);
        let human =
            || (report::check::human_table(&report), report::check::human_findings(&report));
        let json = || report::check::json(&report);
        reporting.print_as(&report.report, &request.theme, human, json)
    }

    fn request(self) -> BuildRequest {
        BuildRequest {
            theme: self.theme,
            dry_run: true,
            run_build: None,
            sources: self.file.sources(Settings {
                storefront: self.storefront,
                allow_group: groups(self.allow_group),
                keep: list(self.keep),
                no_keep: list(self.no_keep),
                allow_open: list(self.allow_open),
                ..Settings::default()
            }),
        }
    }
}

impl DiffArguments {
    /// Runs `diff`; the result is the exit status.
    pub(super) fn run(self) -> u8 {
        let (format, stat) = (self.format, self.stat);
        let report = diff::run(&self.what.request());
        let results = match format {
            Format::Human if stat => report::diff::stat(&report),
            Format::Human => report::diff::unified(&report),
            Format::Json => or_error(report::diff::json(&report)),
        };
        let rest = match format {
            Format::Human => report::diff::human_findings(&report),
            Format::Json => String::new(),
        };
        emit(&results, &rest, report.report.status())
    }
}

pub(super) fn or_error(text: serde_json::Result<String>) -> String {
    text.unwrap_or_else(|error| error.to_string())
}
