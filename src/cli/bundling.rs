//! Arguments about the bundle and about the theme's own build.

use crate::config::{Level, Settings};
use clap::Args;

/// How to make a bundle, and how strictly to check it.
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
    /// Do not check whether the style sheets compile
    #[arg(long)]
    no_style_check: bool,
}

/// Files to put into the outputs that would otherwise be left out.
#[derive(Args)]
#[command(next_help_heading = "Bundle")]
pub(super) struct IncludeArguments {
    #[arg(long, value_name = "PATH")]
    include: Vec<String>,
}

impl IncludeArguments {
    /// Returns the paths of the files; `None` if there are none.
    pub(super) fn paths(&self) -> Option<Vec<String>> {
        (!self.include.is_empty()).then(|| self.include.clone())
    }
}

/// Whether the theme's own code runs. Only the command line can ask for it, never a file of the theme.
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
    /// Returns the time limit of the theme's build in seconds; `None` if the build is not to run.
    pub(super) fn seconds(&self) -> Option<u32> {
        self.run_build.then_some(self.build_timeout)
    }
}

impl BundlingArguments {
    /// Returns the settings that these flags give.
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
