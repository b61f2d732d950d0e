//! What is said about a command line that is not understood.

use super::Format;
use super::formats;
use crate::report::{Failure, FailureCode, Report};
use std::ffi::OsString;

/// The names of all commands, in the order of the help.
pub(super) const COMMANDS: &[&str] = &[
    "init",
    "build",
    "watch",
    "check",
    "diff",
    "paths",
    "report",
    "snapshot",
    "undo",
    "bundle",
    "explain",
    "config",
    "channels",
    "download",
    "push",
    "deploy",
    "rollback",
    "routes",
    "serve",
    "schema",
    "completions",
    "man",
];

/// A command line that is not understood, or a call for help.
pub(super) fn print(error: &clap::Error, arguments: &[OsString]) -> u8 {
    let wants_json = arguments.windows(2).any(|pair| pair[0] == "--format" && pair[1] == "json")
        || arguments.iter().any(|argument| argument == "--format=json");
    if wants_json && error.use_stderr() {
        let text = error.render().to_string();
        let message =
            text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
        let failure = Failure { code: FailureCode::Usage, message, ..Failure::default() };
        let name = arguments.get(1).and_then(|name| name.to_str());
        let command = COMMANDS.iter().find(|command| Some(**command) == name);
        return formats::print(&Report::failed(command.unwrap_or(&""), failure), Format::Json);
    }
    // Nothing is left to do if the terminal is gone.
    let _ = error.print();
    u8::try_from(error.exit_code()).unwrap_or(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::CommandFactory;

    #[test]
    fn every_command_is_known_by_its_name() {
        let commands = Cli::command();
        for command in commands.get_subcommands().filter(|command| !command.is_hide_set()) {
            assert!(COMMANDS.contains(&command.get_name()), "{}", command.get_name());
        }
    }
}
