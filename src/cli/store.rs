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
use crate::store::Surroundings;
use clap::Args;
use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::time::Duration;

/// Which store, and with which right.
#[derive(Args)]
#[command(next_help_heading = "Store")]
pub(super) struct AccessArguments {
    /// The store: what stands after /stores/ in its API path
    #[arg(long, value_name = "HASH", global = true)]
    store_hash: Option<String>,
    /// A file that holds nothing but the access token
    #[arg(long, value_name = "FILE", global = true)]
    token_file: Option<PathBuf>,
    /// Where the API answers [default: https://api.bigcommerce.com]
    #[arg(long, value_name = "URL", global = true)]
    api_host: Option<String>,
}

/// Which store, and how to report.
#[derive(Args)]
pub(super) struct StoreArguments {
    #[command(flatten)]
    access: AccessArguments,
    /// How to report
    #[arg(long, value_enum, default_value_t = Format::Human, global = true)]
    format: Format,
}

/// What is asked about a store that is live.
#[derive(Args)]
#[command(next_help_heading = "Live store")]
pub(super) struct LiveArguments {
    /// Look at the other addresses of this channel, too (needs access to the store)
    #[arg(long, value_name = "NUMBER")]
    channel: Option<u64>,
    /// Look again for so many seconds at pages that are not as they should be
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    wait: u64,
    #[command(flatten)]
    access: AccessArguments,
}

impl LiveArguments {
    /// Runs `check` on a store that is live; the result is the exit status.
    pub(super) fn run(&self, address: String, sources: Sources, format: Format) -> u8 {
        let request = LiveRequest {
            address,
            channel: self.channel,
            store: self.access.request(),
            sources,
            wait: Duration::from_secs(self.wait),
        };
        print(&live::run(&request, &surroundings(format)), format)
    }
}

#[derive(Args)]
pub(super) struct ChannelsArguments {
    #[command(flatten)]
    store: StoreArguments,
}

#[derive(Args)]
pub(super) struct DownloadArguments {
    /// The channel whose theme is wanted
    #[arg(long, value_name = "NUMBER")]
    channel: Option<u64>,
    /// Where the theme goes
    #[arg(long, value_name = "FILE.zip")]
    output: PathBuf,
    /// Leave out what was set in the theme editor
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
    /// A channel that is to show it; repeatable
    #[arg(long, value_name = "NUMBER")]
    channel: Vec<u64>,
    /// Show it on these channels, in this variation [default: the one that is shown now]
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

/// How a bundle gets into a store.
#[derive(Args)]
struct SendingArguments {
    /// If the store is full, remove the oldest inactive theme that stencil-guard uploaded
    #[arg(long)]
    replace_oldest: bool,
    /// Where it is put down what to go back to [default: a file in the user's state folder]
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
}

#[derive(Args)]
pub(super) struct RollbackArguments {
    /// The channel that is to go back [default: all that were changed]
    #[arg(long, value_name = "NUMBER")]
    channel: Option<u64>,
    /// Where it was put down what to go back to [default: a file in the user's state folder]
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
    /// Leave out what was set in the theme editor
    #[arg(long)]
    no_settings: bool,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// Do not look at the live store in the end
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
    /// Runs `deploy`; the result is the exit status.
    pub(super) fn run(self) -> u8 {
        let format = self.store.format;
        let request = self.request();
        print(&deploy::run(&request, &surroundings(format), &format.progress()), format)
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
    /// Runs `download`; the result is the exit status.
    pub(super) fn run(self) -> u8 {
        let format = self.store.format;
        let request = DownloadRequest {
            store: self.store.request(),
            channel: self.channel,
            output: self.output,
            no_settings: self.no_settings,
        };
        print(&download::run(&request, &surroundings(format)), format)
    }
}

impl PushArguments {
    /// Runs `push`; the result is the exit status.
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
        print(&push::run(&request, &surroundings(format), &format.progress()), format)
    }
}

impl RollbackArguments {
    /// Runs `rollback`; the result is the exit status.
    pub(super) fn run(self) -> u8 {
        let format = self.store.format;
        let request = RollbackRequest {
            store: self.store.request(),
            channel: self.channel,
            record: self.record,
            yes: self.yes,
        };
        print(&rollback::run(&request, &surroundings(format)), format)
    }
}

impl StoreArguments {
    /// How to report.
    pub(super) fn format(&self) -> Format {
        self.format
    }

    /// Which store, and with which right.
    pub(super) fn request(&self) -> StoreRequest {
        self.access.request()
    }
}

impl AccessArguments {
    /// Which store, and with which right.
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
    /// Runs `channels`; the result is the exit status.
    pub(super) fn run(self) -> u8 {
        let surroundings = surroundings(self.store.format);
        print(&channels::run(&self.store.request(), &surroundings), self.store.format)
    }
}

/// The real world, where progress and questions appear on a terminal only.
pub(super) fn surroundings(format: Format) -> Surroundings {
    let is_shown = format == Format::Human && std::io::stderr().is_terminal();
    let can_ask = is_shown && std::io::stdin().is_terminal();
    Surroundings {
        tell: Box::new(move |text| {
            if is_shown {
                // A terminal that went away has nothing to miss.
                let _ = writeln!(anstream::stderr(), "· {text}");
            }
        }),
        show: Box::new(move |text| {
            if format == Format::Human {
                let _ = write!(anstream::stderr(), "{text}");
            }
        }),
        ask: Box::new(move |question| can_ask.then(|| ask(question))),
        ..Surroundings::default()
    }
}

fn ask(question: &str) -> bool {
    let mut answer = String::new();
    let asked = write!(anstream::stderr(), "{question} [y/N] ");
    let read = asked.and_then(|()| std::io::stdin().lock().read_line(&mut answer));
    read.is_ok() && matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}

/// Prints the report of a command that talks to a store; the exit status.
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
