//! The arguments of `serve`, and what it prints.

use super::emit;
use crate::commands::serve::{ServeRequest, Server};
use crate::report::Status;
use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
pub(super) struct ServeArguments {
    /// A theme that the page offers: a folder or a .zip; others can be dropped on the page
    theme: Option<PathBuf>,
    /// Listen on this port of the loopback address [default: any that is free]
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// Only print the address, and open no browser
    #[arg(long)]
    no_open: bool,
    /// Where it is put down what a channel can go back to [default: a file in the user's state folder]
    #[cfg(feature = "store")]
    #[arg(long, value_name = "FILE", help_heading = "Store")]
    record: Option<PathBuf>,
    #[cfg(feature = "store")]
    #[command(flatten)]
    access: super::store::AccessArguments,
}

impl ServeArguments {
    /// Runs `serve`; the result is the exit status.
    pub(super) fn run(self) -> u8 {
        let request = ServeRequest {
            theme: self.theme,
            port: self.port,
            #[cfg(feature = "store")]
            record: self.record,
            #[cfg(feature = "store")]
            store: self.access.request(),
        };
        let server = match Server::start(&request) {
            Ok(server) => server,
            Err(error) => return emit("", &format!("error: {error}\n"), Status::Failed),
        };
        let address = server.address();
        let help = "The page is for this computer only. Ctrl-C ends it.\n";
        let status = emit(&format!("{address}\n"), help, Status::Done);
        if !self.no_open && open::that_detached(&address).is_err() {
            emit("", "No browser could be opened: open the address yourself.\n", Status::Done);
        }
        server.run();
        emit("", "The page has been away for ten minutes, so this has ended.\n", Status::Done);
        status
    }
}
