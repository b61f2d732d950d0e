//! The arguments of the commands that show what a build would deliver, in files of their own.

use super::{Format, PolicyArguments, print};
use crate::commands::build::BuildRequest;
use crate::commands::report::{self, ReportRequest};
use crate::config::Settings;
use clap::Args;
use std::path::PathBuf;

/// What a build is asked for, outputs apart.
#[derive(Args)]
struct WhatArguments {
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
    format: Format,
}

#[derive(Args)]
pub(super) struct ReportArguments {
    #[command(flatten)]
    what: WhatArguments,
    /// Where the page goes
    #[arg(long, value_name = "FILE.html")]
    output: PathBuf,
}

impl WhatArguments {
    fn request(self) -> BuildRequest {
        BuildRequest {
            theme: self.theme,
            config: self.policy.config.clone(),
            dry_run: true,
            flags: Settings {
                theme_name: self.theme_name,
                guard_development: self.guard_development.then_some(true),
                strict: self.strict.then_some(true),
                ..self.policy.settings()
            },
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
