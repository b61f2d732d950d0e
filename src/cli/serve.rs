//! The arguments of `serve`, and what it prints.

use super::emit;
use crate::commands::serve::{ServeRequest, Server};
use crate::report::Status;
use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
pub(super) struct ServeArguments {
    /// A theme that the page offers: a folder or a .zip; you can drop others on the page
    theme: Option<PathBuf>,
    /// Listen on this port of the loopback address [default: any free port]
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// Only print the address, and open no browser
    #[arg(long)]
    no_open: bool,
    /// The file that records what a channel can go back to [default: a file in the user's state folder]
    #[cfg(feature = "store")]
    #[arg(long, value_name = "FILE", help_heading = "Store")]
    record: Option<PathBuf>,
    #[cfg(feature = "store")]
    #[command(flatten)]
    access: super::store::AccessArguments,
}

impl ServeArguments {
    /// Runs `serve` and returns the exit status.
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
            emit(
                "",
                "stencil-guard could not open a browser; open the address yourself.\n",
                Status::Done,
            );
        }
        server.run();
        emit(
            "",
            "No page has been open for ten minutes, so stencil-guard has ended.\n",
            Status::Done,
        );
        status
    }
}
