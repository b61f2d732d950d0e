//! What a shell can be given: completions and manual pages, made of the arguments themselves.

use super::{Cli, emit};
use crate::report::Status;
use clap::{Args, CommandFactory};
use clap_complete::Shell;

#[derive(Args)]
pub(super) struct CompletionsArguments {
    /// The shell
    shell: Shell,
}

#[derive(Args)]
pub(super) struct ManArguments {
    /// The command that the page is about [default: all of the program]
    command: Option<String>,
}

impl CompletionsArguments {
    /// Prints the completions; the result is the exit status.
    pub(super) fn run(&self) -> u8 {
        let (mut program, mut script) = (Cli::command(), Vec::new());
        clap_complete::generate(self.shell, &mut program, env!("CARGO_PKG_NAME"), &mut script);
        emit(&String::from_utf8_lossy(&script), "", Status::Done)
    }
}

impl ManArguments {
    /// Prints the page in the language of `man`; the result is the exit status.
    pub(super) fn run(&self) -> u8 {
        let mut program = Cli::command();
        program.build();
        let command = match &self.command {
            Some(name) => program.find_subcommand(name).cloned(),
            None => Some(program),
        };
        let mut page = Vec::new();
        match command.map(|command| clap_mangen::Man::new(command).render(&mut page)) {
            Some(Ok(())) => emit(&String::from_utf8_lossy(&page), "", Status::Done),
            Some(Err(error)) => emit("", &format!("error: {error}\n"), Status::Failed),
            None => {
                let message =
                    "error: there is no such command; `stencil-guard --help` lists them\n";
                emit("", message, Status::Failed)
            }
        }
    }
}
