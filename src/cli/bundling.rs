//! Arguments about the bundle and about the theme's own build.

use crate::config::{Level, Settings};
use clap::Args;

/// How a bundle is made, and what is asked of it.
#[derive(Args)]
#[command(next_help_heading = "Bundle")]
pub(super) struct BundlingArguments {
    #[arg(long)]
    strict: bool,
    #[arg(long)]
    marketplace: bool,
    #[arg(long)]
    source_maps: bool,
    #[command(flatten)]
    include: IncludeArguments,
    #[arg(long, value_name = "LEVEL")]
    level: Option<Level>,
    /// Do not try whether the style sheets compile
    #[arg(long)]
    no_style_check: bool,
}

/// Which files go into the outputs that are left out otherwise.
#[derive(Args)]
#[command(next_help_heading = "Bundle")]
pub(super) struct IncludeArguments {
    #[arg(long, value_name = "PATH")]
    include: Vec<String>,
}

impl IncludeArguments {
    /// Their paths, if any is named.
    pub(super) fn paths(&self) -> Option<Vec<String>> {
        (!self.include.is_empty()).then(|| self.include.clone())
    }
}

/// Whether the theme's own code runs. Asked for here only, never by a file of the theme.
#[derive(Args)]
#[command(next_help_heading = "Bundle")]
pub(super) struct ThemeBuildArguments {
    /// Run the theme's own build first (stencil.conf.cjs, with Node.js); it writes into the theme
    #[arg(long, conflicts_with = "dry_run")]
    run_build: bool,
    /// How long the theme's own build may take
    #[arg(long, value_name = "SECONDS", default_value_t = 600, requires = "run_build", value_parser = clap::value_parser!(u32).range(1..=86_400))]
    build_timeout: u32,
}

impl ThemeBuildArguments {
    /// For how many seconds it may run; `None` if it is not to run.
    pub(super) fn seconds(&self) -> Option<u32> {
        self.run_build.then_some(self.build_timeout)
    }
}

impl BundlingArguments {
    /// What is said here.
    pub(super) fn settings(&self) -> Settings {
        Settings {
            strict: self.strict.then_some(true),
            marketplace: self.marketplace.then_some(true),
            source_maps: self.source_maps.then_some(true),
            include: self.include.paths(),
            level: self.level,
            style_check: self.no_style_check.then_some(false),
            ..Settings::default()
        }
    }
}
