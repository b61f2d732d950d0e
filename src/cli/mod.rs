//! The command line: parses arguments, runs a command and prints its report.
//!
//! No other module prints.

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

/// The version, with the versions of the platform's tools whose formats and behaviour this tool reproduces.
const LONG_VERSION: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    "\nmeasured on stencil-cli 10.0.0, stencil-paper 5.4.5, stencil-paper-handlebars 6.6.4, stencil-styles 6.2.7"
);

#[derive(Subcommand)]
enum Command {
    /// Write an initial settings file for a theme
    Init(init::InitArguments),
    /// Guard a theme and write it as a bundle to upload
    #[command(after_help = build::EXAMPLES)]
    Build(build::BuildCommand),
    /// Keep a guarded copy of a theme up to date while the theme is edited
    Watch(Box<watch::WatchArguments>),
    /// Report what each page of a theme does, whichever tool guarded it
    Check(inspect::CheckArguments),
    /// Show what `build` would change, and write nothing
    Diff(inspect::DiffArguments),
    /// Print where each page leads on the storefront, and which rule decides
    Paths(Box<paths::PathsArguments>),
    /// Write an HTML page that shows what shoppers will see
    Report(show::ReportArguments),
    /// Open a page in the browser to drop a theme on and choose the pages to keep
    Serve(serve::ServeArguments),
    /// Record what a build would deliver as small files in a repository, and see when it changes
    Snapshot(show::SnapshotArguments),
    /// Restore the theme from before it was guarded
    Undo(remake::UndoArguments),
    /// Bundle a theme as it is, without a guard
    Bundle(remake::BundleArguments),
    /// Explain which rule decides a link on a kept page, and why; or what the code of a finding means
    Explain(explain::ExplainArguments),
    /// Print the effective settings, and where each comes from
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
    /// Download the theme that a channel shows, with its settings from the theme editor
    #[cfg(feature = "store")]
    Download(store::DownloadArguments),
    /// Upload a bundle, and show it on channels
    #[cfg(feature = "store")]
    Push(store::PushArguments),
    /// Guard the theme of a channel and put it back: download, guard, check, upload and show it
    #[cfg(feature = "store")]
    Deploy(Box<store::DeployArguments>),
    /// Show a channel's previous theme again
    #[cfg(feature = "store")]
    Rollback(store::RollbackArguments),
    /// Show and change where the platform's own links lead, such as "Edit cart" in the checkout
    #[cfg(feature = "store")]
    Routes(Box<routes::RoutesArguments>),
    /// Compile a style sheet, given as JSON on standard input; only this program calls it
    #[command(name = style_compiler::COMMAND, hide = true)]
    CompileStyleSheet,
}

/// The flags that decide which pages and links shoppers see.
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

/// Where to read the settings that no flag sets.
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
    /// Returns the sources of the settings: the file, the environment and `flags`.
    fn sources(self, flags: Settings) -> Sources {
        let environment = environment::settings();
        Sources { file: self.config, profile: self.profile, environment, flags }
    }
}

/// Returns a serialized document, or the error's message instead.
fn or_error(text: serde_json::Result<String>) -> String {
    text.unwrap_or_else(|error| error.to_string())
}

/// Returns the values of a repeatable flag; `None` if it was not given.
fn list(names: Vec<String>) -> Option<Vec<String>> {
    (!names.is_empty()).then_some(names)
}

/// Returns the values of a repeatable flag as customer groups; `None` if it was not given.
fn groups(names: Vec<String>) -> Option<Vec<GroupSetting>> {
    list(names).map(|names| names.into_iter().map(GroupSetting::from).collect())
}

impl PolicyArguments {
    /// Returns the sources of the settings; the flags are these and those in `besides`.
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

/// Returns the whole command line with its help texts.
fn command() -> clap::Command {
    meanings::with_setting_help(Cli::command())
}

/// Parses `arguments`, and reports whether to warn about variables of the environment.
fn parse(arguments: &[OsString]) -> Result<(Cli, bool), clap::Error> {
    let mut command = command();
    let matches = command.try_get_matches_from_mut(arguments)?;
    Ok((Cli::from_arg_matches(&matches)?, reads_settings(&command, &matches)))
}

/// Reports whether the command reads settings and may print warnings about them.
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

/// Runs the tool with `arguments`, which start with the program name, and returns the exit status.
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
