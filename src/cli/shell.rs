//! Shell completions and manual pages, generated from the definitions of the arguments.

use super::usage::COMMANDS;
use super::{command, emit};
use crate::guard::hidden::Hidden;
use crate::report::Status;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Arg, Args, Command};
use clap_complete::Shell;
use std::ffi::OsStr;

/// Examples with the folders where shells usually look for completions.
pub(super) const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  For bash:
    stencil-guard completions bash > ~/.local/share/bash-completion/completions/stencil-guard
  For fish:
    stencil-guard completions fish > ~/.config/fish/completions/stencil-guard.fish
  For zsh, into a folder of $fpath:
    stencil-guard completions zsh > ~/.zfunc/_stencil-guard";

/// How to read a manual page without installing it.
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
    /// The command that the page is about [default: the whole program]
    #[arg(value_parser = PossibleValuesParser::new(COMMANDS), hide_possible_values = true)]
    command: Option<String>,
}

/// The program's name.
const NAME: &str = env!("CARGO_PKG_NAME");
/// The text at the foot of a manual page.
const SOURCE: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));

impl CompletionsArguments {
    /// Prints the completions and returns the exit status.
    pub(super) fn run(&self) -> u8 {
        let (mut program, mut script) = (command(), Vec::new());
        clap_complete::generate(self.shell, &mut program, NAME, &mut script);
        let script = String::from_utf8_lossy(&script);
        let script = if self.shell == Shell::Bash { one_spelling(&script) } else { script.into() };
        emit(&script, "", Status::Done)
    }
}

/// Returns the bash script with one spelling for the hyphen in the program's name. `clap_complete` spells it
/// one way where it detects a command and another way where it completes that command, so that bash would
/// complete nothing after a command (clap-rs/clap#6421).
fn one_spelling(script: &str) -> String {
    script.replace(&NAME.replace('-', "__subcmd__"), &NAME.replace('-', "__"))
}

impl ManArguments {
    /// Prints the page as roff, which `man` reads, and returns the exit status.
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
            // A store command, in a program built without the feature `store`.
            None => emit("", "error: this program has no such command\n", Status::Failed),
        }
    }
}

/// Parses the values of `--hide`, and offers their names to shell completions.
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
