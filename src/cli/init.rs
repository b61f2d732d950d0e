//! The arguments of `init`, and the questions that it asks.

use super::{ReportingArguments, environment, fit, groups, list};
use crate::commands::init::{self, InitRequest};
use crate::config::{Mode, Settings};
use crate::guard::paths::Platform;
use clap::{Args, ValueEnum};
use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;

#[derive(Args)]
pub(super) struct InitArguments {
    /// The theme: a folder or a .zip
    #[arg(default_value = ".")]
    theme: PathBuf,
    /// Without it, `init` asks on a terminal
    #[arg(long, value_name = "URL")]
    storefront: Option<String>,
    /// Without it, `init` asks together with the storefront
    #[arg(long, value_name = "PLATFORM", hide_possible_values = true)]
    paths: Option<Platform>,
    #[arg(long, hide_possible_values = true)]
    mode: Option<Mode>,
    #[arg(long, value_name = "GROUP")]
    allow_group: Vec<String>,
    /// [default: essentials]
    #[arg(long, value_name = "PAGE", value_delimiter = ',')]
    keep: Vec<String>,
    /// Where to write the settings file [default: stencil-guard.toml in the theme, or beside the zip]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    reporting: ReportingArguments,
}

impl InitArguments {
    /// Runs `init` and returns the exit status.
    pub(super) fn run(self) -> u8 {
        let reporting = self.reporting;
        let given = match environment::settings() {
            Ok(given) => given,
            Err(error) => return reporting.print(init::misread(error), &self.theme),
        };
        let mut storefront = self.storefront.or(given.storefront);
        let mut paths = self.paths.or(given.paths);
        // A user who gives the storefront is not asked for the platform either.
        if storefront.is_none() && init::is_ready(&self.theme, self.config.as_deref()) {
            storefront = ask(STOREFRONT, storefront_of);
            if storefront.is_some() && paths.is_none() {
                paths = ask(PLATFORM, platform_of).flatten();
            }
        }
        let settings = Settings {
            storefront,
            paths,
            mode: self.mode,
            allow_group: groups(self.allow_group),
            keep: list(self.keep),
            ..Settings::default()
        };
        let request = InitRequest { theme: self.theme, file: self.config, settings };
        reporting.print(init::run(&request), &request.theme)
    }
}

const STOREFRONT: &str = "Where do shoppers belong? (such as https://www.example.com)";

const PLATFORM: &str = "Which platform is that on? (catalyst, wordpress, nextjs-commerce, next-commerce-v1, \
                        vue-storefront-2; empty: another)";

/// Parses the address of a storefront.
///
/// # Errors
/// What is wrong with the address.
fn storefront_of(answer: &str) -> Result<String, String> {
    init::storefront_fault(answer).map_or_else(|| Ok(answer.to_owned()), Err)
}

/// Parses the name of a platform; `None` for an empty answer.
fn platform_of(answer: &str) -> Result<Option<Platform>, String> {
    if answer.is_empty() {
        return Ok(None);
    }
    let platform = Platform::from_str(answer, true).map(Some);
    platform.map_err(|_| format!("no platform is called `{answer}` here"))
}

/// Asks until the answer can be parsed; `None` without a terminal or at the end of its input.
fn ask<T>(question: &str, read: impl Fn(&str) -> Result<T, String>) -> Option<T> {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return None;
    }
    let mut terminal = anstream::stderr();
    loop {
        let mut answer = String::new();
        let asked = write!(terminal, "{} ", fit::messages(question));
        asked.and_then(|()| terminal.flush()).ok()?;
        let length = std::io::stdin().lock().read_line(&mut answer).ok()?;
        if length == 0 {
            // The next output starts on a new line.
            let _ = writeln!(terminal);
            return None;
        }
        match read(answer.trim()) {
            Ok(answer) => return Some(answer),
            Err(fault) => writeln!(terminal, "{fault}").ok()?,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn question_names_every_platform() {
        for platform in Platform::value_variants().iter().filter(|it| **it != Platform::None) {
            let name = platform.to_possible_value().unwrap().get_name().to_owned();
            assert!(PLATFORM.contains(&name), "{name}");
            assert_eq!(platform_of(&name), Ok(Some(*platform)));
        }
        assert_eq!(platform_of(""), Ok(None));
        assert!(platform_of("shopify").is_err());
    }
}
