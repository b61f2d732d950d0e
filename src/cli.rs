//! The command line: reads arguments, runs a command, prints its report.
//!
//! The only module that prints.

mod bundling;
mod inspect;
mod progress;
mod show;
mod status_line;
#[cfg(feature = "store")]
mod store;
mod watch;

use self::bundling::{BundlingArguments, ThemeBuildArguments};
use self::progress::Lines;
use crate::commands::build::{self, BuildRequest};
use crate::commands::explain::{self, ExplainRequest};
use crate::commands::remake::{self, RemakeRequest};
use crate::commands::style_compiler;
use crate::config::{BundleChoice, KeptChromeSetting, Mode, Settings};
use crate::report::{self, Failure, Report, Status};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;

/// Guards a BigCommerce Stencil theme: shoppers of a headless store can pay in the hosted checkout
/// and go nowhere else in it.
#[derive(Parser)]
#[command(name = "stencil-guard", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Guard a theme and write it as a bundle to upload
    Build(BuildCommand),
    /// Keep a guarded copy of a theme up to date while the theme is edited
    Watch(Box<watch::WatchArguments>),
    /// Say what each page of a theme does as it stands, whoever guarded it
    Check(inspect::CheckArguments),
    /// Show what build would change, and write nothing
    Diff(inspect::DiffArguments),
    /// Write a page for a browser that shows what shoppers will see
    Report(show::ReportArguments),
    /// Keep what a build would deliver as small files in a repository, and see when it moves
    Snapshot(show::SnapshotArguments),
    /// Give back the theme from before its guard
    Undo(UndoArguments),
    /// Make a bundle of a theme as it stands, without a guard
    Bundle(BundleArguments),
    /// Say which rule decides a link on a kept page, and why
    Explain(ExplainArguments),
    /// List the store's channels, with the theme that each shows
    #[cfg(feature = "store")]
    Channels(store::ChannelsArguments),
    /// Compile a style sheet that comes as JSON on standard input; for the program itself
    #[command(name = style_compiler::COMMAND, hide = true)]
    CompileStyleSheet,
}

#[derive(Args)]
struct BuildCommand {
    #[command(flatten)]
    build: BuildArguments,
    #[command(flatten)]
    theme_build: ThemeBuildArguments,
}

/// What decides about a build, and what `diff` may be given, too.
#[derive(Args)]
struct BuildArguments {
    /// The theme: a folder or a .zip
    theme: PathBuf,
    #[command(flatten)]
    policy: PolicyArguments,
    #[command(flatten)]
    outputs: OutputArguments,
    #[command(flatten)]
    bundling: BundlingArguments,
    /// Rename the theme
    #[arg(long, value_name = "NAME")]
    theme_name: Option<String>,
    /// Redirect on the local development server too
    #[arg(long)]
    guard_development: bool,
}

#[derive(Args)]
struct UndoArguments {
    /// The guarded theme: a folder or a .zip
    theme: PathBuf,
    #[command(flatten)]
    outputs: OutputArguments,
}

#[derive(Args)]
struct BundleArguments {
    /// The theme: a folder or a .zip
    theme: PathBuf,
    /// Where the bundle goes [default: a file named after the theme, in the current folder]
    #[arg(long, value_name = "FILE.zip")]
    bundle: Option<PathBuf>,
    /// Check and report, but write nothing
    #[arg(long)]
    dry_run: bool,
    /// How to report
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    #[command(flatten)]
    bundling: BundlingArguments,
    #[command(flatten)]
    theme_build: ThemeBuildArguments,
}

#[derive(Args)]
struct ExplainArguments {
    /// Templates of one theme, each with or without a line
    #[arg(required = true, value_name = "FILE[:LINE]")]
    places: Vec<String>,
    #[command(flatten)]
    policy: PolicyArguments,
    /// How to report
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// Who may see what.
#[derive(Args)]
struct PolicyArguments {
    /// Where shoppers belong, such as https://www.example.com
    #[arg(long, value_name = "URL")]
    storefront: Option<String>,
    /// How the theme is guarded: redirect, conditional, replace or links [default: redirect]
    #[arg(long, hide_possible_values = true)]
    mode: Option<Mode>,
    /// Show guarded pages to this customer group too: its number, or name:NAME (conditional only)
    #[arg(long, value_name = "GROUP")]
    allow_group: Vec<String>,
    /// Show this page to everybody, besides checkout, order-confirmation and order-complete
    #[arg(long, value_name = "PAGE")]
    keep: Vec<String>,
    /// Guard this page although it is kept by default
    #[arg(long, value_name = "PAGE")]
    no_keep: Vec<String>,
    /// Shoppers may go on seeing this page if no guard can be placed
    #[arg(long, value_name = "PAGE")]
    allow_open: Vec<String>,
    /// A host that belongs to the store, too: links to it lead inside
    #[arg(long, value_name = "HOST")]
    own_host: Vec<String>,
    /// A folder with rules of your own about links
    #[arg(long, value_name = "DIR")]
    patches: Option<PathBuf>,
    /// What kept pages show around their own content: full, or bare (the logo only) [default: full]
    #[arg(long, hide_possible_values = true)]
    kept_chrome: Option<KeptChromeSetting>,
    /// The settings file [default: stencil-guard.toml in the theme, or beside the zip]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl PolicyArguments {
    fn settings(self) -> Settings {
        let list = |names: Vec<String>| (!names.is_empty()).then_some(names);
        Settings {
            storefront: self.storefront,
            mode: self.mode,
            allow_group: list(self.allow_group),
            keep: list(self.keep),
            no_keep: list(self.no_keep),
            allow_open: list(self.allow_open),
            own_host: list(self.own_host),
            patches: self.patches,
            kept_chrome: self.kept_chrome,
            ..Settings::default()
        }
    }
}

#[derive(Args)]
struct OutputArguments {
    /// Also write the theme as a folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Where the bundle goes [default: a file named after the theme, in the current folder]
    #[arg(long, value_name = "FILE.zip", conflicts_with = "no_bundle")]
    bundle: Option<PathBuf>,
    /// Write no bundle
    #[arg(long)]
    no_bundle: bool,
    /// Decide, check and report, but write nothing
    #[arg(long)]
    dry_run: bool,
    /// How to report
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

impl OutputArguments {
    /// Whether and where the bundle is wanted.
    fn bundle(&self) -> Option<BundleChoice> {
        match self.no_bundle {
            true => Some(BundleChoice::Wanted(false)),
            false => self.bundle.clone().map(BundleChoice::File),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
}

impl Format {
    /// People are shown what is done; a program waits for the document.
    fn progress(self) -> Lines {
        Lines::new(self == Format::Json)
    }
}

/// Runs the tool with `arguments`, program name first; the result is the exit status.
pub fn run(arguments: Vec<OsString>) -> u8 {
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, &arguments),
    };
    match cli.command {
        Command::Build(arguments) => {
            let format = arguments.build.outputs.format;
            let run_build = arguments.theme_build.seconds();
            let request = BuildRequest { run_build, ..build_request(arguments.build) };
            print(&build::run(&request, &format.progress()), format)
        }
        Command::Watch(arguments) => arguments.run(),
        Command::Check(arguments) => arguments.run(),
        Command::Diff(arguments) => arguments.run(),
        Command::Report(arguments) => arguments.run(),
        Command::Snapshot(arguments) => arguments.run(),
        Command::Undo(arguments) => {
            let format = arguments.outputs.format;
            print(&remake::undo(&undo_request(arguments), &format.progress()), format)
        }
        Command::Explain(arguments) => {
            let request = ExplainRequest {
                places: arguments.places,
                config: arguments.policy.config.clone(),
                flags: arguments.policy.settings(),
            };
            print(&explain::run(&request), arguments.format)
        }
        #[cfg(feature = "store")]
        Command::Channels(arguments) => arguments.run(),
        Command::CompileStyleSheet => match style_compiler::compile(std::io::stdin()) {
            Ok(outcome) => emit(&outcome, "", Status::Done),
            Err(error) => emit("", &format!("{error}\n"), Status::Failed),
        },
        Command::Bundle(arguments) => {
            let format = arguments.format;
            print(&remake::bundle(&bundle_request(arguments), &format.progress()), format)
        }
    }
}

fn build_request(arguments: BuildArguments) -> BuildRequest {
    BuildRequest {
        theme: arguments.theme,
        config: arguments.policy.config.clone(),
        dry_run: arguments.outputs.dry_run,
        run_build: None,
        flags: Settings {
            bundle: arguments.outputs.bundle(),
            out: arguments.outputs.out,
            theme_name: arguments.theme_name,
            guard_development: arguments.guard_development.then_some(true),
            ..arguments.bundling.over(arguments.policy.settings())
        },
    }
}

fn undo_request(arguments: UndoArguments) -> RemakeRequest {
    RemakeRequest {
        theme: arguments.theme,
        dry_run: arguments.outputs.dry_run,
        run_build: None,
        flags: Settings {
            bundle: arguments.outputs.bundle(),
            out: arguments.outputs.out,
            ..Settings::default()
        },
    }
}

fn bundle_request(arguments: BundleArguments) -> RemakeRequest {
    RemakeRequest {
        theme: arguments.theme,
        dry_run: arguments.dry_run,
        run_build: arguments.theme_build.seconds(),
        flags: Settings {
            bundle: arguments.bundle.map(BundleChoice::File),
            ..arguments.bundling.over(Settings::default())
        },
    }
}

/// The names of all commands.
const COMMANDS: &[&str] = &[
    "build", "check", "diff", "report", "snapshot", "explain", "undo", "bundle", "watch",
    "channels",
];

/// A command line that is not understood, or a call for help.
fn usage(error: &clap::Error, arguments: &[OsString]) -> u8 {
    let wants_json = arguments.windows(2).any(|pair| pair[0] == "--format" && pair[1] == "json")
        || arguments.iter().any(|argument| argument == "--format=json");
    if wants_json && error.use_stderr() {
        let text = error.render().to_string();
        let message =
            text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
        let failure = Failure { message, ..Failure::default() };
        let named = |name: &str| arguments.iter().any(|argument| argument == name);
        let command = COMMANDS.iter().find(|command| named(command));
        return print(&Report::failed(command.unwrap_or(&""), failure), Format::Json);
    }
    // Nothing is left to do if the terminal is gone.
    let _ = error.print();
    u8::try_from(error.exit_code()).unwrap_or(2)
}

fn print(report: &Report, format: Format) -> u8 {
    let (results, rest) = match format {
        // Where findings are all there is to say, they are the result.
        Format::Human if report.summary.is_none() && report.failure.is_none() => {
            (report::human_explanation(report), String::new())
        }
        Format::Human => (report::human_summary(report), report::human_findings(report)),
        Format::Json => {
            (report::json(report).unwrap_or_else(|error| error.to_string()), String::new())
        }
    };
    emit(&results, &rest, report.status())
}

/// Prints results to standard output and all else to standard error; the exit status.
fn emit(results: &str, rest: &str, status: Status) -> u8 {
    let failed = write!(anstream::stderr(), "{rest}").is_err()
        | write!(anstream::stdout(), "{results}").is_err();
    // A reader that went away (`| head`) is no failure of ours, but its work is not done either.
    if failed { 2 } else { status.exit_code() }
}
