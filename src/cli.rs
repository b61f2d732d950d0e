//! The command line: reads arguments, runs a command, prints its report.
//!
//! The only module that prints.

mod batch;
mod build;
mod bundling;
mod config;
mod environment;
mod explain;
mod fit;
mod formats;
mod init;
mod inspect;
mod meanings;
mod paths;
mod progress;
mod remake;
#[cfg(feature = "store")]
mod routes;
mod schema;
mod serve;
mod shell;
mod show;
mod status_line;
#[cfg(feature = "store")]
mod store;
#[cfg(test)]
mod tests;
mod usage;
mod watch;

use self::formats::{Format, ReportingArguments, emit};
use crate::commands::style_compiler;
use crate::config::{
    BackLinksSetting, CartParameter, FallbackPath, GroupSetting, KeptChromeSetting, Mode,
    SearchEnginesSetting, Settings, Sources,
};
use crate::guard::hidden::Hidden;
use crate::guard::paths::Platform;
use crate::report::Status;
use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;

/// Guards a BigCommerce Stencil theme: shoppers of a headless store can pay in the hosted checkout
/// and go nowhere else in it.
#[derive(Parser)]
#[command(name = "stencil-guard", version, long_version = LONG_VERSION, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// The version, and those of the platform's tools that formats and behaviour were measured on.
const LONG_VERSION: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    "\nmeasured on stencil-cli 10.0.0, stencil-paper 5.4.5, stencil-paper-handlebars 6.6.4, stencil-styles 6.2.7"
);

#[derive(Subcommand)]
enum Command {
    /// Write a settings file to begin with, from what a theme is
    Init(init::InitArguments),
    /// Guard a theme and write it as a bundle to upload
    #[command(after_help = build::EXAMPLES)]
    Build(build::BuildCommand),
    /// Keep a guarded copy of a theme up to date while the theme is edited
    Watch(Box<watch::WatchArguments>),
    /// Say what each page of a theme does as it stands, whoever guarded it
    Check(inspect::CheckArguments),
    /// Show what build would change, and write nothing
    Diff(inspect::DiffArguments),
    /// Print where each page leads on the storefront, and which rule decides
    Paths(Box<paths::PathsArguments>),
    /// Write a page for a browser that shows what shoppers will see
    Report(show::ReportArguments),
    /// Open a page in the browser on which to drop a theme and choose the pages to keep
    Serve(serve::ServeArguments),
    /// Keep what a build would deliver as small files in a repository, and see when it moves
    Snapshot(show::SnapshotArguments),
    /// Give back the theme from before its guard
    Undo(remake::UndoArguments),
    /// Make a bundle of a theme as it stands, without a guard
    Bundle(remake::BundleArguments),
    /// Say which rule decides a link on a kept page, and why; or what the code of a finding means
    Explain(explain::ExplainArguments),
    /// Print the settings that count, and where each comes from
    Config(Box<config::ConfigArguments>),
    /// Print the JSON schema of the settings file or of what a command prints
    Schema(schema::SchemaArguments),
    /// Print completions for a shell
    #[command(after_help = shell::COMPLETIONS_EXAMPLES)]
    Completions(shell::CompletionsArguments),
    /// Print a manual page
    #[command(after_help = shell::MAN_EXAMPLES)]
    Man(shell::ManArguments),
    /// List the store's channels, with the theme that each shows
    #[cfg(feature = "store")]
    Channels(store::ChannelsArguments),
    /// Get the theme that a channel shows, with what was set in the theme editor
    #[cfg(feature = "store")]
    Download(store::DownloadArguments),
    /// Upload a bundle, and show it on channels
    #[cfg(feature = "store")]
    Push(store::PushArguments),
    /// Guard the theme of a channel and put it back: download, guard, check, upload and show it
    #[cfg(feature = "store")]
    Deploy(Box<store::DeployArguments>),
    /// Show again what a channel showed before
    #[cfg(feature = "store")]
    Rollback(store::RollbackArguments),
    /// Say where links lead that the platform makes itself, such as "Edit cart" in the checkout, and change it
    #[cfg(feature = "store")]
    Routes(Box<routes::RoutesArguments>),
    /// Compile a style sheet that comes as JSON on standard input; for the program itself
    #[command(name = style_compiler::COMMAND, hide = true)]
    CompileStyleSheet,
}

/// Who may see what.
#[derive(Args)]
#[command(next_help_heading = "Guard")]
struct PolicyArguments {
    #[arg(long, value_name = "URL")]
    storefront: Option<String>,
    #[arg(long, hide_possible_values = true)]
    mode: Option<Mode>,
    #[arg(long, value_name = "PLATFORM", hide_possible_values = true)]
    paths: Option<Platform>,
    #[arg(long, value_name = "PATH")]
    fallback: Option<FallbackPath>,
    #[arg(long, value_name = "WHAT", hide_possible_values = true)]
    search_engines: Option<SearchEnginesSetting>,
    #[arg(long, value_name = "NAME")]
    cart_param: Option<CartParameter>,
    #[arg(long, value_name = "GROUP")]
    allow_group: Vec<String>,
    #[arg(long, value_name = "PAGE", value_delimiter = ',')]
    keep: Vec<String>,
    #[arg(long, value_name = "PAGE", value_delimiter = ',')]
    no_keep: Vec<String>,
    #[arg(long)]
    stop_payments: bool,
    #[arg(long, value_name = "PAGE", value_delimiter = ',')]
    allow_open: Vec<String>,
    #[arg(long)]
    guard_editor: bool,
    #[arg(long)]
    theme_settings: bool,
    #[arg(long, value_name = "HOST", help_heading = "Links")]
    own_host: Vec<String>,
    #[arg(long, value_name = "DIR", help_heading = "Links")]
    patches: Option<PathBuf>,
    #[arg(long, value_name = "WHAT", hide_possible_values = true, help_heading = "Links")]
    kept_chrome: Option<KeptChromeSetting>,
    #[arg(long, value_name = "WHERE", hide_possible_values = true, help_heading = "Links")]
    back_links: Option<BackLinksSetting>,
    #[arg(long, value_name = "NAME", value_delimiter = ',', help_heading = "Links", value_parser = shell::HiddenParser, hide_possible_values = true)]
    hide: Vec<Hidden>,
    #[command(flatten)]
    file: SettingsFileArguments,
}

/// Where settings are that no flag gives.
#[derive(Args)]
#[command(next_help_heading = "Settings")]
struct SettingsFileArguments {
    /// The settings file [default: stencil-guard.toml in the theme, or beside the zip]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Use the settings in [profile.NAME] of the settings file, too
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
}

impl SettingsFileArguments {
    /// The file, the environment and these `flags`.
    fn sources(self, flags: Settings) -> Sources {
        let environment = environment::settings();
        Sources { file: self.config, profile: self.profile, environment, flags }
    }
}

/// A document, or what keeps it from being written.
fn or_error(text: serde_json::Result<String>) -> String {
    text.unwrap_or_else(|error| error.to_string())
}

/// What a flag that may be repeated says.
fn list(names: Vec<String>) -> Option<Vec<String>> {
    (!names.is_empty()).then_some(names)
}

/// The same, of customer groups.
fn groups(names: Vec<String>) -> Option<Vec<GroupSetting>> {
    list(names).map(|names| names.into_iter().map(GroupSetting::from).collect())
}

impl PolicyArguments {
    /// Where settings come from, with these flags over those that are given `besides`.
    fn sources(self, besides: Settings) -> Sources {
        let flags = Settings {
            storefront: self.storefront,
            mode: self.mode,
            paths: self.paths,
            fallback: self.fallback,
            search_engines: self.search_engines,
            cart_param: self.cart_param,
            allow_group: groups(self.allow_group),
            keep: list(self.keep),
            no_keep: list(self.no_keep),
            stop_payments: self.stop_payments.then_some(true),
            allow_open: list(self.allow_open),
            guard_editor: self.guard_editor.then_some(true),
            theme_settings: self.theme_settings.then_some(true),
            own_host: list(self.own_host),
            patches: self.patches,
            kept_chrome: self.kept_chrome,
            back_links: self.back_links,
            hide: (!self.hide.is_empty()).then_some(self.hide),
            ..besides
        };
        self.file.sources(flags)
    }
}

/// All that can be said on the command line, with its help.
fn command() -> clap::Command {
    meanings::told(Cli::command())
}

/// Reads `arguments`; and whether to look at the environment, too.
fn parse(arguments: &[OsString]) -> Result<(Cli, bool), clap::Error> {
    let mut command = command();
    let matches = command.try_get_matches_from_mut(arguments)?;
    Ok((Cli::from_arg_matches(&matches)?, reads_settings(&command, &matches)))
}

/// Whether the command follows settings, and may warn about them.
fn reads_settings(command: &clap::Command, matches: &ArgMatches) -> bool {
    let below = matches.subcommand();
    match below.and_then(|(name, matches)| Some((command.find_subcommand(name)?, matches))) {
        Some((command, matches)) => reads_settings(command, matches),
        None => {
            let has = |id: &str| command.get_arguments().any(|argument| argument.get_id() == id);
            has("config") && !(has("quiet") && matches.get_flag("quiet"))
        }
    }
}

/// Runs the tool with `arguments`, program name first; the result is the exit status.
pub fn run(arguments: Vec<OsString>) -> u8 {
    let (cli, reads_settings) = match parse(&arguments) {
        Ok(parsed) => parsed,
        Err(error) => return usage::print(&error, &arguments),
    };
    if reads_settings {
        emit("", &environment::warnings(), Status::Done);
    }
    match cli.command {
        Command::Init(arguments) => arguments.run(),
        Command::Build(arguments) => arguments.run(),
        Command::Watch(arguments) => arguments.run(),
        Command::Check(arguments) => arguments.run(),
        Command::Diff(arguments) => arguments.run(),
        Command::Paths(arguments) => arguments.run(),
        Command::Report(arguments) => arguments.run(),
        Command::Serve(arguments) => arguments.run(),
        Command::Snapshot(arguments) => arguments.run(),
        Command::Undo(arguments) => arguments.run(),
        Command::Bundle(arguments) => arguments.run(),
        Command::Explain(arguments) => arguments.run(),
        Command::Config(arguments) => arguments.run(),
        Command::Schema(arguments) => arguments.run(),
        Command::Completions(arguments) => arguments.run(),
        Command::Man(arguments) => arguments.run(),
        #[cfg(feature = "store")]
        Command::Channels(arguments) => arguments.run(),
        #[cfg(feature = "store")]
        Command::Download(arguments) => arguments.run(),
        #[cfg(feature = "store")]
        Command::Push(arguments) => arguments.run(),
        #[cfg(feature = "store")]
        Command::Deploy(arguments) => arguments.run(),
        #[cfg(feature = "store")]
        Command::Rollback(arguments) => arguments.run(),
        #[cfg(feature = "store")]
        Command::Routes(arguments) => arguments.run(),
        Command::CompileStyleSheet => match style_compiler::compile(std::io::stdin()) {
            Ok(outcome) => emit(&outcome, "", Status::Done),
            Err(error) => emit("", &format!("{error}\n"), Status::Failed),
        },
    }
}
