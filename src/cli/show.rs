//! The arguments of the commands that show what a build would deliver, in files of their own.

use super::{Format, PolicyArguments, emit, print};
use crate::commands::build::BuildRequest;
use crate::commands::report::ReportRequest;
use crate::commands::snapshot::SnapshotRequest;
use crate::commands::{report, snapshot};
use crate::config::Settings;
use crate::report::diff;
use clap::Args;
use std::path::PathBuf;

/// What a build is asked for, outputs apart.
#[derive(Args)]
pub(super) struct WhatArguments {
    /// The theme: a folder or a .zip
    theme: PathBuf,
    #[command(flatten)]
    policy: PolicyArguments,
    /// Rename the theme
    #[arg(long, value_name = "NAME")]
    theme_name: Option<String>,
    /// Redirect on the local development server too
    #[arg(long)]
    guard_development: bool,
    /// Let warnings count as errors
    #[arg(long)]
    strict: bool,
    /// How to report
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(super) format: Format,
}

#[derive(Args)]
pub(super) struct ReportArguments {
    #[command(flatten)]
    what: WhatArguments,
    /// Where the page goes
    #[arg(long, value_name = "FILE.html")]
    output: PathBuf,
}

#[derive(Args)]
pub(super) struct SnapshotArguments {
    #[command(flatten)]
    what: WhatArguments,
    /// The folder of the files; it may lie in the theme's repository, beside the theme's own folders
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// Write nothing; fail with a diff if the files are not what they should be
    #[arg(long)]
    check: bool,
}

impl WhatArguments {
    /// The request; nothing is built.
    pub(super) fn request(self) -> BuildRequest {
        BuildRequest {
            theme: self.theme,
            run_build: None,
            dry_run: true,
            sources: self.policy.sources(Settings {
                theme_name: self.theme_name,
                guard_development: self.guard_development.then_some(true),
                strict: self.strict.then_some(true),
                ..Settings::default()
            }),
        }
    }
}

impl ReportArguments {
    /// Runs `report`; the result is the exit status.
    pub(super) fn run(self) -> u8 {
        let format = self.what.format;
        let request = ReportRequest { build: self.what.request(), output: self.output };
        print(&report::run(&request), format)
    }
}

impl SnapshotArguments {
    /// Runs `snapshot`; the result is the exit status.
    pub(super) fn run(self) -> u8 {
        let (format, check) = (self.what.format, self.check);
        let request = SnapshotRequest { build: self.what.request(), folder: self.dir, check };
        let report = snapshot::run(&request);
        let (results, rest) = match format {
            Format::Human if check => (diff::unified(&report), diff::human_findings(&report)),
            Format::Human => (diff::stat(&report), diff::human_findings(&report)),
            Format::Json => (or_error(diff::json(&report)), String::new()),
        };
        emit(&results, &rest, report.report.status())
    }
}

/// The text, or why there is none.
pub(super) fn or_error(text: serde_json::Result<String>) -> String {
    text.unwrap_or_else(|error| error.to_string())
}
