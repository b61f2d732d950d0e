//! The arguments of the commands that only read a theme, and how their reports are printed.

use super::formats::FindingsFormat;
use super::show::WhatArguments;
#[cfg(feature = "store")]
use super::store::LiveArguments;
use super::{Format, ReportingArguments, SettingsFileArguments, emit, fit, groups, list, or_error};
use crate::commands::build::BuildRequest;
use crate::commands::{check, diff};
use crate::config::{FallbackPath, Settings};
use crate::guard::paths::Platform;
use crate::report;
use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
pub(super) struct CheckArguments {
    /// The theme: a folder or a .zip; or the address of a live store, such as https://checkout.example.com
    #[arg(value_name = "THEME|URL")]
    theme: PathBuf,
    /// Pages that lead elsewhere are an error
    #[arg(long, value_name = "URL")]
    storefront: Option<String>,
    /// A guard that follows other path rules is an error
    #[arg(long, value_name = "PLATFORM", hide_possible_values = true)]
    paths: Option<Platform>,
    #[arg(long, value_name = "PATH")]
    fallback: Option<FallbackPath>,
    #[arg(long, value_name = "GROUP")]
    allow_group: Vec<String>,
    #[arg(long, value_name = "PAGE", value_delimiter = ',')]
    keep: Vec<String>,
    #[arg(long, value_name = "PAGE", value_delimiter = ',')]
    no_keep: Vec<String>,
    #[arg(long, value_name = "PAGE", value_delimiter = ',')]
    allow_open: Vec<String>,
    #[command(flatten)]
    file: SettingsFileArguments,
    #[command(flatten)]
    reporting: ReportingArguments,
    #[cfg(feature = "store")]
    #[command(flatten)]
    live: LiveArguments,
}

#[derive(Args)]
pub(super) struct DiffArguments {
    #[command(flatten)]
    what: WhatArguments,
    /// Only report how many lines change in each file
    #[arg(long)]
    stat: bool,
    /// How to report
    #[arg(long, value_enum, default_value_t = Format::Human, help_heading = "Outputs")]
    format: Format,
}

impl CheckArguments {
    /// Runs `check` and returns the exit status.
    pub(super) fn run(self) -> u8 {
        let reporting = self.reporting;
        #[cfg(feature = "store")]
        if let Some(address) = self.address() {
            return self.run_live(address);
        }
        let request = self.request();
        let is_brief = reporting.format != FindingsFormat::Json;
        let mut report = check::run(&request, is_brief);
        reporting.apply_quiet(&mut report.report);
        let human = || {
            (
                fit::results(&report::check::human_table(&report)),
                report::check::human_findings(&report),
            )
        };
        let json = || report::check::json(&report);
        reporting.print_as(&report.report, &request.theme, human, json)
    }

    /// Returns the address of the live store to check; `None` if the argument is a theme.
    #[cfg(feature = "store")]
    fn address(&self) -> Option<String> {
        let text = self.theme.to_str()?;
        let is_address = text.starts_with("https://") || text.starts_with("http://");
        is_address.then(|| text.to_owned())
    }

    #[cfg(feature = "store")]
    fn run_live(self, address: String) -> u8 {
        let Some(format) = self.reporting.without_files() else {
            let message = "error: a live store has no files to mark; use --format human or json\n";
            return emit("", message, report::Status::Failed);
        };
        let flags = self.flags();
        let Self { live, file, .. } = self;
        live.run(address, file.sources(flags), format)
    }

    fn request(self) -> BuildRequest {
        let flags = self.flags();
        let sources = self.file.sources(flags);
        BuildRequest { theme: self.theme, dry_run: true, run_build: None, sources }
    }

    /// Returns the settings that the flags give.
    pub(super) fn flags(&self) -> Settings {
        Settings {
            storefront: self.storefront.clone(),
            paths: self.paths,
            fallback: self.fallback.clone(),
            allow_group: groups(self.allow_group.clone()),
            keep: list(self.keep.clone()),
            no_keep: list(self.no_keep.clone()),
            allow_open: list(self.allow_open.clone()),
            ..Settings::default()
        }
    }
}

impl DiffArguments {
    /// Runs `diff` and returns the exit status.
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
