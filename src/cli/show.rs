//! The arguments of `report` and `snapshot`, which write what a build would deliver to files of their own.

use super::{PolicyArguments, ReportingArguments, fit};
use crate::commands::build::BuildRequest;
use crate::commands::report::ReportRequest;
use crate::commands::snapshot::SnapshotRequest;
use crate::commands::{report, snapshot};
use crate::config::Settings;
use crate::report::diff;
use clap::Args;
use std::path::PathBuf;

/// The arguments that determine a build, without its outputs.
#[derive(Args)]
pub(super) struct WhatArguments {
    /// The theme: a folder or a .zip
    theme: PathBuf,
    #[command(flatten)]
    policy: PolicyArguments,
    #[arg(long, value_name = "NAME")]
    theme_name: Option<String>,
    #[arg(long)]
    guard_development: bool,
    #[arg(long)]
    strict: bool,
}

#[derive(Args)]
pub(super) struct ReportArguments {
    #[command(flatten)]
    what: WhatArguments,
    /// Where to write the page
    #[arg(long, value_name = "FILE.html")]
    output: PathBuf,
    #[command(flatten)]
    reporting: ReportingArguments,
}

#[derive(Args)]
pub(super) struct SnapshotArguments {
    #[command(flatten)]
    what: WhatArguments,
    /// The folder for the files; it may be in the theme's repository, beside the theme's own folders
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// Write nothing; fail with a diff if the files are out of date
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    reporting: ReportingArguments,
}

impl WhatArguments {
    /// Returns the request, which writes no outputs.
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
    /// Runs `report` and returns the exit status.
    pub(super) fn run(self) -> u8 {
        let request = ReportRequest { build: self.what.request(), output: self.output };
        self.reporting.print(report::run(&request), &request.build.theme)
    }
}

impl SnapshotArguments {
    /// Runs `snapshot` and returns the exit status.
    pub(super) fn run(self) -> u8 {
        let (reporting, check) = (self.reporting, self.check);
        let request = SnapshotRequest { build: self.what.request(), folder: self.dir, check };
        let mut report = snapshot::run(&request);
        reporting.apply_quiet(&mut report.report);
        let results = || match check {
            true => diff::unified(&report),
            false => fit::results(&diff::stat(&report)),
        };
        let human = || (results(), diff::human_findings(&report));
        reporting.print_as(&report.report, &request.build.theme, human, || diff::json(&report))
    }
}
