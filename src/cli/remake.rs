//! The arguments of the commands that take a theme and no settings: `undo` and `bundle`.

use super::ReportingArguments;
use super::build::OutputArguments;
use super::bundling::{BundlingArguments, IncludeArguments, ThemeBuildArguments};
use crate::commands::remake::{self, RemakeRequest};
use crate::config::{BundleChoice, Settings};
use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
pub(super) struct UndoArguments {
    /// The guarded theme: a folder or a .zip
    theme: PathBuf,
    #[command(flatten)]
    outputs: OutputArguments,
    #[command(flatten)]
    include: IncludeArguments,
    #[command(flatten)]
    reporting: ReportingArguments,
}

#[derive(Args)]
pub(super) struct BundleArguments {
    /// The theme: a folder or a .zip
    theme: PathBuf,
    #[arg(long, value_name = "FILE.zip")]
    bundle: Option<PathBuf>,
    /// Check and report, but write nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    bundling: BundlingArguments,
    #[command(flatten)]
    theme_build: ThemeBuildArguments,
    #[command(flatten)]
    reporting: ReportingArguments,
}

impl UndoArguments {
    /// Runs `undo` and returns the exit status.
    pub(super) fn run(self) -> u8 {
        let reporting = self.reporting;
        let request = self.request();
        reporting.print(remake::undo(&request, &reporting.progress()), &request.theme)
    }

    /// Returns the request.
    pub(super) fn request(self) -> RemakeRequest {
        RemakeRequest {
            theme: self.theme,
            dry_run: self.outputs.dry_run,
            run_build: None,
            flags: Settings {
                bundle: self.outputs.bundle(),
                out: self.outputs.out,
                include: self.include.paths(),
                ..Settings::default()
            },
        }
    }
}

impl BundleArguments {
    /// Runs `bundle` and returns the exit status.
    pub(super) fn run(self) -> u8 {
        let reporting = self.reporting;
        let request = self.request();
        reporting.print(remake::bundle(&request, &reporting.progress()), &request.theme)
    }

    /// Returns the request.
    pub(super) fn request(self) -> RemakeRequest {
        RemakeRequest {
            theme: self.theme,
            dry_run: self.dry_run,
            run_build: self.theme_build.seconds(),
            flags: Settings {
                bundle: self.bundle.map(BundleChoice::File),
                ..self.bundling.settings()
            },
        }
    }
}
