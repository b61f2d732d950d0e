//! The arguments of `init`, and what it asks.

use super::{ReportingArguments, environment, groups, list};
use crate::commands::init::{self, InitRequest};
use crate::config::{Mode, Settings};
use clap::Args;
use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;

#[derive(Args)]
pub(super) struct InitArguments {
    /// The theme: a folder or a .zip
    #[arg(default_value = ".")]
    theme: PathBuf,
    /// Where shoppers belong, such as https://www.example.com; asked for on a terminal
    #[arg(long, value_name = "URL")]
    storefront: Option<String>,
    /// How the theme is to be guarded: redirect, conditional, replace or links
    #[arg(long, hide_possible_values = true)]
    mode: Option<Mode>,
    /// Show guarded pages to this customer group too: its number, or name:NAME (conditional only)
    #[arg(long, value_name = "GROUP")]
    allow_group: Vec<String>,
    /// Show this page to everybody, besides the checkout [default: essentials]
    #[arg(long, value_name = "PAGE", value_delimiter = ',')]
    keep: Vec<String>,
    /// Where the settings file goes [default: stencil-guard.toml in the theme, or beside the zip]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    reporting: ReportingArguments,
}

impl InitArguments {
    /// Runs `init`; the result is the exit status.
    pub(super) fn run(self) -> u8 {
        let reporting = self.reporting;
        let given = || environment::settings().ok().and_then(|settings| settings.storefront);
        let is_free = init::is_free(&self.theme, self.config.as_deref());
        let asked = || if is_free { ask() } else { None };
        let storefront = self.storefront.or_else(given).or_else(asked);
        let settings = Settings {
            storefront,
            mode: self.mode,
            allow_group: groups(self.allow_group),
            keep: list(self.keep),
            ..Settings::default()
        };
        let request = InitRequest { theme: self.theme, file: self.config, settings };
        reporting.print(init::run(&request), &request.theme)
    }
}

/// Asks where the storefront is, if somebody is there to answer.
fn ask() -> Option<String> {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return None;
    }
    let mut terminal = anstream::stderr();
    loop {
        let asked =
            write!(terminal, "Where do shoppers belong? (such as https://www.example.com) ");
        let mut answer = String::new();
        asked.and_then(|()| terminal.flush()).ok()?;
        std::io::stdin().lock().read_line(&mut answer).ok().filter(|length| *length > 0)?;
        let Some(fault) = init::storefront_fault(answer.trim()) else {
            return Some(answer.trim().to_owned());
        };
        writeln!(terminal, "{fault}").ok()?;
    }
}
