//! The arguments of `build`, which also takes several themes.

use super::bundling::{BundlingArguments, ThemeBuildArguments};
use super::{PolicyArguments, ReportingArguments, batch};
use crate::commands::build::{self, BuildRequest};
use crate::config::{BundleChoice, Settings};
use clap::Args;
use clap::builder::Resettable;
use std::path::PathBuf;

/// The most common uses.
pub(super) const EXAMPLES: &str = "\
Examples:
  From the zip that the store hands out:
    stencil-guard build my-theme.zip --storefront https://www.example.com
  Keep pages that e-mails lead to:
    stencil-guard build my-theme --storefront https://www.example.com --keep auth/new-password
  Look first, and write nothing:
    stencil-guard build my-theme --storefront https://www.example.com --dry-run";

#[derive(Args)]
pub(super) struct BuildCommand {
    #[command(flatten)]
    build: BuildArguments,
    /// Further themes; a folder of themes stands for all themes in it
    #[arg(value_name = "THEME", help_heading = Resettable::Reset)]
    more: Vec<PathBuf>,
    #[command(flatten)]
    theme_build: ThemeBuildArguments,
    #[command(flatten)]
    reporting: ReportingArguments,
}

/// The arguments that determine what a build makes of one theme.
#[derive(Args)]
pub(super) struct BuildArguments {
    /// The theme: a folder or a .zip
    theme: PathBuf,
    #[command(flatten)]
    policy: PolicyArguments,
    #[command(flatten)]
    outputs: OutputArguments,
    #[command(flatten)]
    bundling: BundlingArguments,
    #[arg(long, value_name = "NAME", help_heading = "Guard")]
    theme_name: Option<String>,
    #[arg(long, help_heading = "Guard")]
    guard_development: bool,
}

#[derive(Args)]
#[command(next_help_heading = "Outputs")]
pub(super) struct OutputArguments {
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    #[arg(long, value_name = "FILE.zip", conflicts_with = "no_bundle")]
    bundle: Option<PathBuf>,
    /// Write no bundle
    #[arg(long)]
    no_bundle: bool,
    /// Guard, check and report, but write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
}

impl OutputArguments {
    /// Returns whether and where to write the bundle.
    pub(super) fn bundle(&self) -> Option<BundleChoice> {
        match self.no_bundle {
            true => Some(BundleChoice::Wanted(false)),
            false => self.bundle.clone().map(BundleChoice::File),
        }
    }
}

impl BuildCommand {
    /// Runs `build` and returns the exit status.
    pub(super) fn run(self) -> u8 {
        let reporting = self.reporting;
        let paths = [std::slice::from_ref(&self.build.theme), &self.more].concat();
        let run_build = self.theme_build.seconds();
        let request = BuildRequest { run_build, ..self.build.request() };
        match batch::themes(&paths) {
            Some(themes) => batch::run(themes, &request, reporting),
            None => reporting.print(build::run(&request, &reporting.progress()), &request.theme),
        }
    }
}

impl BuildArguments {
    /// Returns the request, which does not run the theme's own build.
    pub(super) fn request(self) -> BuildRequest {
        BuildRequest {
            theme: self.theme,
            dry_run: self.outputs.dry_run,
            run_build: None,
            sources: self.policy.sources(Settings {
                bundle: self.outputs.bundle(),
                out: self.outputs.out,
                theme_name: self.theme_name,
                guard_development: self.guard_development.then_some(true),
                ..self.bundling.settings()
            }),
        }
    }
}
