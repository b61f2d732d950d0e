//! JSON schemas of what commands print for programs, made of the types that it is printed from.

use super::{check, codes, diff, json, settings, watch};
use crate::text::AbsentIsNotNull;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde_json::Value;

/// A command, and how to describe what it prints with `--format json`.
type Row = (&'static str, fn() -> Schema);

/// All commands with such a format; of `watch`, each line.
const OUTPUTS: &[Row] = &[
    ("build", of::<json::Document<'static>>),
    ("bundle", of::<json::Document<'static>>),
    ("check", of::<check::Document<'static>>),
    ("config", of::<settings::Document<'static>>),
    ("diff", of::<diff::Document<'static>>),
    ("explain", of::<codes::Explanation<'static>>),
    ("init", of::<json::Document<'static>>),
    ("report", of::<json::Document<'static>>),
    ("snapshot", of::<diff::Document<'static>>),
    ("undo", of::<json::Document<'static>>),
    ("watch", of::<watch::Event<'static>>),
    #[cfg(feature = "store")]
    ("channels", of::<super::store::Document<'static>>),
    #[cfg(feature = "store")]
    ("deploy", of::<super::store::Document<'static>>),
    #[cfg(feature = "store")]
    ("download", of::<super::store::Document<'static>>),
    #[cfg(feature = "store")]
    ("push", of::<super::store::Document<'static>>),
    #[cfg(feature = "store")]
    ("rollback", of::<super::store::Document<'static>>),
];

/// The commands whose output has a schema.
pub fn commands() -> impl Iterator<Item = &'static str> {
    OUTPUTS.iter().map(|(command, _)| *command)
}

/// The schema of what a command prints with `--format json`.
pub fn of_output(command: &str) -> Option<Schema> {
    let (name, make) = OUTPUTS.iter().find(|(name, _)| *name == command)?;
    let mut schema = make();
    let title = format!("What `stencil-guard {name} --format json` prints");
    schema.insert("title".to_owned(), Value::from(title));
    Some(schema)
}

fn of<T: JsonSchema>() -> Schema {
    let settings = SchemaSettings::draft2020_12().for_serialize().with_transform(AbsentIsNotNull);
    settings.into_generator().into_root_schema_for::<T>()
}
