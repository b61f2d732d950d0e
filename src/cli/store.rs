//! The arguments of the commands that talk to a store, and how their reports are printed.

use super::{Format, PolicyArguments, emit, fit, or_error};
use crate::commands::build::BuildRequest;
use crate::commands::store::deploy::{self, DeployRequest};
use crate::commands::store::download::{self, DownloadRequest};
use crate::commands::store::live::{self, LiveRequest};
use crate::commands::store::push::{self, PushRequest};
use crate::commands::store::rollback::{self, RollbackRequest};
use crate::commands::store::{StoreRequest, channels};
use crate::config::{Settings, Sources};
use crate::report::store::{StoreReport, human, json};
use crate::store::StoreEnvironment;
use clap::Args;
use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::time::Duration;

/// Which store to use, and the access to it.
#[derive(Args)]
#[command(next_help_heading = "Store")]
pub(super) struct AccessArguments {
    /// The store's hash, which follows /stores/ in its API path
    #[arg(long, value_name = "HASH", global = true)]
    store_hash: Option<String>,
    /// A file that holds only the access token
    #[arg(long, value_name = "FILE", global = true)]
    token_file: Option<PathBuf>,
    /// The address of the API [default: https://api.bigcommerce.com]
    #[arg(long, value_name = "URL", global = true)]
    api_host: Option<String>,
}

/// Which store to use, and how to report.
#[derive(Args)]
pub(super) struct StoreArguments {
    #[command(flatten)]
    access: AccessArguments,
    /// How to report
    #[arg(long, value_enum, default_value_t = Format::Human, global = true)]
    format: Format,
}

/// The arguments of `check` for a live store.
#[derive(Args)]
#[command(next_help_heading = "Live store")]
pub(super) struct LiveArguments {
    /// Also check the other addresses of this channel (needs access to the store)
    #[arg(long, value_name = "NUMBER")]
    channel: Option<u64>,
    /// Check pages that are not as they should be again and again, for so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    wait: u64,
    #[command(flatten)]
    access: AccessArguments,
}

impl LiveArguments {
    /// Runs `check` on a live store and returns the exit status.
    pub(super) fn run(&self, address: String, sources: Sources, format: Format) -> u8 {
        let request = LiveRequest {
            address,
            channel: self.channel,
            store: self.access.request(),
            sources,
            wait: Duration::from_secs(self.wait),
        };
        print(&live::run(&request, &environment(format)), format)
    }
}

#[derive(Args)]
pub(super) struct ChannelsArguments {
    #[command(flatten)]
    store: StoreArguments,
}

#[derive(Args)]
pub(super) struct DownloadArguments {
    /// The channel whose theme to download
    #[arg(long, value_name = "NUMBER")]
    channel: Option<u64>,
    /// Where to write the theme
    #[arg(long, value_name = "FILE.zip")]
    output: PathBuf,
    /// Leave out the settings from the theme editor
    #[arg(long)]
    no_settings: bool,
    #[command(flatten)]
    store: StoreArguments,
}

#[derive(Args)]
pub(super) struct PushArguments {
    /// A bundle, or a theme that is bundled first
    #[arg(value_name = "FILE.zip|THEME")]
    theme: PathBuf,
    /// A channel to show it on; repeatable
    #[arg(long, value_name = "NUMBER")]
    channel: Vec<u64>,
    /// Show it on these channels, in this variation [default: the current one]
    #[arg(long, value_name = "VARIATION", require_equals = true, num_args = 0..=1)]
    activate: Option<Option<String>>,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    sending: SendingArguments,
    #[command(flatten)]
    store: StoreArguments,
}

/// How to upload a bundle to a store.
#[derive(Args)]
struct SendingArguments {
    /// If the store is full, remove the oldest inactive theme that stencil-guard uploaded
    #[arg(long)]
    replace_oldest: bool,
    /// The file that records what to go back to [default: a file in the user's state folder]
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
}

#[derive(Args)]
pub(super) struct RollbackArguments {
    /// The channel to roll back [default: all that were changed]
    #[arg(long, value_name = "NUMBER")]
    channel: Option<u64>,
    /// The file that records what to go back to [default: a file in the user's state folder]
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    store: StoreArguments,
}

#[derive(Args)]
pub(super) struct DeployArguments {
    /// A theme to guard instead of the one that the channel shows: a folder or a .zip
    theme: Option<PathBuf>,
    /// The channel
    #[arg(long, value_name = "NUMBER")]
    channel: Option<u64>,
    /// Leave out the settings from the theme editor
    #[arg(long)]
    no_settings: bool,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// Do not check the live store at the end
    #[arg(long)]
    no_live_check: bool,
    #[arg(long, value_name = "NAME", help_heading = "Guard")]
    theme_name: Option<String>,
    #[command(flatten)]
    policy: PolicyArguments,
    #[command(flatten)]
    sending: SendingArguments,
    #[command(flatten)]
    store: StoreArguments,
}

impl DeployArguments {
    /// Runs `deploy` and returns the exit status.
    pub(super) fn run(self) -> u8 {
        let format = self.store.format;
        let request = self.request();
        print(&deploy::run(&request, &environment(format), &format.progress()), format)
    }

    pub(super) fn request(self) -> DeployRequest {
        let besides = Settings { theme_name: self.theme_name, ..Settings::default() };
        DeployRequest {
            store: self.store.request(),
            channel: self.channel,
            build: BuildRequest {
                theme: PathBuf::new(),
                dry_run: true,
                run_build: None,
                sources: self.policy.sources(besides),
            },
            theme: self.theme,
            no_settings: self.no_settings,
            yes: self.yes,
            replace_oldest: self.sending.replace_oldest,
            record: self.sending.record,
            no_live_check: self.no_live_check,
        }
    }
}

impl DownloadArguments {
    /// Runs `download` and returns the exit status.
    pub(super) fn run(self) -> u8 {
        let format = self.store.format;
        let request = DownloadRequest {
            store: self.store.request(),
            channel: self.channel,
            output: self.output,
            no_settings: self.no_settings,
        };
        print(&download::run(&request, &environment(format)), format)
    }
}

impl PushArguments {
    /// Runs `push` and returns the exit status.
    pub(super) fn run(self) -> u8 {
        let format = self.store.format;
        let request = PushRequest {
            store: self.store.request(),
            theme: self.theme,
            channels: self.channel,
            activate: self.activate,
            replace_oldest: self.sending.replace_oldest,
            record: self.sending.record,
            yes: self.yes,
        };
        print(&push::run(&request, &environment(format), &format.progress()), format)
    }
}

impl RollbackArguments {
    /// Runs `rollback` and returns the exit status.
    pub(super) fn run(self) -> u8 {
        let format = self.store.format;
        let request = RollbackRequest {
            store: self.store.request(),
            channel: self.channel,
            record: self.record,
            yes: self.yes,
        };
        print(&rollback::run(&request, &environment(format)), format)
    }
}

impl StoreArguments {
    /// Returns how to report.
    pub(super) fn format(&self) -> Format {
        self.format
    }

    /// Returns which store to use, and the access to it.
    pub(super) fn request(&self) -> StoreRequest {
        self.access.request()
    }
}

impl AccessArguments {
    /// Returns which store to use, and the access to it.
    pub(super) fn request(&self) -> StoreRequest {
        StoreRequest {
            store_hash: self.store_hash.clone(),
            token_file: self.token_file.clone(),
            api_host: self.api_host.clone(),
            beside: None,
        }
    }
}

impl ChannelsArguments {
    /// Runs `channels` and returns the exit status.
    pub(super) fn run(self) -> u8 {
        let environment = environment(self.store.format);
        print(&channels::run(&self.store.request(), &environment), self.store.format)
    }
}

/// Returns the real environment, in which progress and questions appear only on a terminal.
pub(super) fn environment(format: Format) -> StoreEnvironment {
    let is_shown = format == Format::Human && std::io::stderr().is_terminal();
    let can_ask = is_shown && std::io::stdin().is_terminal();
    StoreEnvironment {
        tell: Box::new(move |text| {
            if is_shown {
                // If the terminal is gone, nobody misses the line.
                let _ = writeln!(anstream::stderr(), "· {text}");
            }
        }),
        show: Box::new(move |text| {
            if format == Format::Human {
                let _ = write!(anstream::stderr(), "{text}");
            }
        }),
        ask: Box::new(move |question| can_ask.then(|| ask(question))),
        ..StoreEnvironment::default()
    }
}

fn ask(question: &str) -> bool {
    let mut answer = String::new();
    let asked = write!(anstream::stderr(), "{question} [y/N] ");
    let read = asked.and_then(|()| std::io::stdin().lock().read_line(&mut answer));
    read.is_ok() && matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}

/// Prints the report of a command that talks to a store, and returns the exit status.
pub(super) fn print(report: &StoreReport, format: Format) -> u8 {
    let (results, rest) = match format {
        Format::Human => {
            let (results, rest) = human(report);
            (fit::results(&results), rest)
        }
        Format::Json => (or_error(json(report)), String::new()),
    };
    emit(&results, &rest, report.report.status())
}
