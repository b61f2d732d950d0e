//! The arguments of `schema`, which prints a JSON schema.

use super::emit;
use crate::config;
use crate::report::{Status, schemas};
use clap::Args;
use clap::builder::PossibleValuesParser;

/// The schema of the settings file.
const SETTINGS: &str = "settings";

#[derive(Args)]
pub(super) struct SchemaArguments {
    /// `settings`, or a command, for what it prints with `--format json`
    #[arg(value_parser = PossibleValuesParser::new(std::iter::once(SETTINGS).chain(schemas::commands())))]
    what: String,
}

impl SchemaArguments {
    /// Prints the schema and returns the exit status.
    pub(super) fn run(&self) -> u8 {
        let schema = match self.what.as_str() {
            SETTINGS => Some(config::schema()),
            command => schemas::of_output(command),
        };
        let text = schema.map(|schema| format!("{:#}\n", schema.as_value())).unwrap_or_default();
        emit(&text, "", Status::Done)
    }
}
