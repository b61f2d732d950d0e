//! What a shell can be given: completions and manual pages, made of the arguments themselves.

use super::usage::COMMANDS;
use super::{command, emit};
use crate::guard::hidden::Hidden;
use crate::report::Status;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Arg, Args, Command};
use clap_complete::Shell;
use std::ffi::OsStr;

/// Where shells look for completions, for most people.
pub(super) const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  For bash:
    stencil-guard completions bash > ~/.local/share/bash-completion/completions/stencil-guard
  For fish:
    stencil-guard completions fish > ~/.config/fish/completions/stencil-guard.fish
  For zsh, into a folder of $fpath:
    stencil-guard completions zsh > ~/.zfunc/_stencil-guard";

/// How a page is read that is not installed.
pub(super) const MAN_EXAMPLES: &str = "\
Examples:
  Read the page about build:
    stencil-guard man build | man -l -";

#[derive(Args)]
pub(super) struct CompletionsArguments {
    /// The shell
    shell: Shell,
}

#[derive(Args)]
pub(super) struct ManArguments {
    /// The command that the page is about [default: all of the program]
    #[arg(value_parser = PossibleValuesParser::new(COMMANDS), hide_possible_values = true)]
    command: Option<String>,
}

/// The program's name.
const NAME: &str = env!("CARGO_PKG_NAME");
/// What stands at the foot of a manual page.
const SOURCE: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));

impl CompletionsArguments {
    /// Prints the completions; the result is the exit status.
    pub(super) fn run(&self) -> u8 {
        let (mut program, mut script) = (command(), Vec::new());
        clap_complete::generate(self.shell, &mut program, NAME, &mut script);
        let script = String::from_utf8_lossy(&script);
        let script = if self.shell == Shell::Bash { one_spelling(&script) } else { script.into() };
        emit(&script, "", Status::Done)
    }
}

/// A script for bash that spells the hyphen of the program's name in one way. `clap_complete` names a command in one
/// way where it finds it and in another where it completes it, so that nothing is completed behind a command
/// (clap-rs/clap#6421).
fn one_spelling(script: &str) -> String {
    script.replace(&NAME.replace('-', "__subcmd__"), &NAME.replace('-', "__"))
}

impl ManArguments {
    /// Prints the page in the language of `man`; the result is the exit status.
    pub(super) fn run(&self) -> u8 {
        let mut program = command();
        program.build();
        let command = match &self.command {
            Some(name) => program.find_subcommand(name).cloned(),
            None => Some(program),
        };
        let mut page = Vec::new();
        let page_of = |command| clap_mangen::Man::new(command).source(SOURCE);
        match command.map(|command| page_of(command).render(&mut page)) {
            Some(Ok(())) => emit(&String::from_utf8_lossy(&page), "", Status::Done),
            Some(Err(error)) => emit("", &format!("error: {error}\n"), Status::Failed),
            // One for a store, in a program that was built without them.
            None => emit("", "error: this program has no such command\n", Status::Failed),
        }
    }
}

/// Reads what is to be hidden, and tells shells the names.
#[derive(Clone)]
pub(super) struct HiddenParser;

impl TypedValueParser for HiddenParser {
    type Value = Hidden;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Hidden, clap::Error> {
        let read = |name: &str| name.parse::<Hidden>();
        read.parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let value = |hidden: Hidden| PossibleValue::new(hidden.name()).help(hidden.what());
        Some(Box::new(Hidden::all().map(value)))
    }
}
