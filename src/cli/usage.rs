//! Prints clap's messages: usage errors, help and the version.

use super::formats::{self, Format, emit};
use crate::report::{Failure, FailureCode, Report, Status};
use clap::error::ErrorKind;
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

/// Prints a usage error, or the requested help or version, and returns the exit status.
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
    if error.use_stderr() && error.kind() != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return emit("", &error.render().ansi().to_string(), Status::Failed);
    }
    // clap fits the help to the terminal. If the terminal is gone, nothing is left to do.
    let _ = error.print();
    u8::try_from(error.exit_code()).unwrap_or(2)
}
