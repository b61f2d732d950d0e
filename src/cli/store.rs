//! The arguments of the commands that talk to a store, and how their reports are printed.

use super::inspect::or_error;
use super::{Format, emit};
use crate::commands::store::{StoreRequest, channels};
use crate::report::store::{StoreReport, human, json};
use crate::store::Surroundings;
use clap::Args;
use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;

/// Which store, and with which right.
#[derive(Args)]
pub(super) struct StoreArguments {
    /// The store: what stands after /stores/ in its API path
    #[arg(long, value_name = "HASH")]
    store_hash: Option<String>,
    /// A file that holds nothing but the access token
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Where the API answers [default: https://api.bigcommerce.com]
    #[arg(long, value_name = "URL")]
    api_host: Option<String>,
    /// How to report
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Args)]
pub(super) struct ChannelsArguments {
    #[command(flatten)]
    store: StoreArguments,
}

impl StoreArguments {
    fn request(&self) -> StoreRequest {
        StoreRequest {
            store_hash: self.store_hash.clone(),
            token_file: self.token_file.clone(),
            api_host: self.api_host.clone(),
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
fn surroundings(format: Format) -> Surroundings {
    let is_shown = format == Format::Human && std::io::stderr().is_terminal();
    let can_ask = is_shown && std::io::stdin().is_terminal();
    Surroundings {
        tell: Box::new(move |text| {
            if is_shown {
                // A terminal that went away has nothing to miss.
                let _ = writeln!(anstream::stderr(), "· {text}");
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

fn print(report: &StoreReport, format: Format) -> u8 {
    let (results, rest) = match format {
        Format::Human => human(report),
        Format::Json => (or_error(json(report)), String::new()),
    };
    emit(&results, &rest, report.report.status())
}
