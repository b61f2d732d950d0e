//! The arguments of `paths`, and how its report is printed.

use super::show::WhatArguments;
#[cfg(feature = "store")]
use super::store;
use super::{Format, emit, fit, or_error};
use crate::commands::paths;
#[cfg(feature = "store")]
use crate::commands::store::probe;
use crate::report::{self, human_findings};
use clap::Args;

#[derive(Args)]
pub(super) struct PathsArguments {
    #[command(flatten)]
    what: WhatArguments,
    /// Only report where this address of the hosted shop leads, such as /login.php?action=logout
    #[arg(long = "try", value_name = "URL")]
    tries: Vec<String>,
    /// The page that the tried addresses show, such as product, for rules about pages
    #[arg(long, value_name = "PAGE", requires = "tries")]
    page: Option<String>,
    /// Ask the storefront at this address whether the targets of pages exist
    #[cfg(feature = "store")]
    #[arg(long, value_name = "URL")]
    probe: Option<String>,
    /// How to report
    #[arg(long, value_enum, default_value_t = Format::Human, help_heading = "Outputs")]
    format: Format,
}

impl PathsArguments {
    /// Runs `paths` and returns the exit status.
    pub(super) fn run(self) -> u8 {
        #[cfg_attr(not(feature = "store"), allow(unused_mut))]
        let mut report = paths::run(&self.what.request(), &self.tries, self.page.as_deref());
        #[cfg(feature = "store")]
        if let Some(address) = &self.probe {
            probe::probe(&mut report, address, &store::environment(self.format));
        }
        let (results, rest) = match self.format {
            Format::Json => (or_error(report::paths::json(&report)), String::new()),
            Format::Human => {
                (fit::results(&report::paths::human(&report)), human_findings(&report.report))
            }
        };
        emit(&results, &rest, report.report.status())
    }
}
