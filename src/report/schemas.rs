//! JSON schemas of the commands' output for programs, generated from the types that are serialized.

use super::{batch, check, codes, diff, json, paths, settings, watch};
use crate::text::AbsentIsNotNull;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;

/// A command, and the function that describes its `--format json` output.
type Row = (&'static str, fn() -> Schema);

/// All commands with JSON output; for `watch`, the schema describes one line.
const OUTPUTS: &[Row] = &[
    ("build", of_build),
    ("bundle", of::<json::Document<'static>>),
    ("check", of::<check::Document<'static>>),
    ("config", of::<settings::Document<'static>>),
    ("diff", of::<diff::Document<'static>>),
    ("explain", of::<codes::Explanation<'static>>),
    ("init", of::<json::Document<'static>>),
    ("paths", of::<paths::Document<'static>>),
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
    #[cfg(feature = "store")]
    ("routes", of::<super::store::Document<'static>>),
];

/// Returns the commands whose output has a schema.
pub fn commands() -> impl Iterator<Item = &'static str> {
    OUTPUTS.iter().map(|(command, _)| *command)
}

/// Returns the schema of a command's `--format json` output.
pub fn of_output(command: &str) -> Option<Schema> {
    let (name, make) = OUTPUTS.iter().find(|(name, _)| *name == command)?;
    let mut schema = make();
    let title = format!("What `stencil-guard {name} --format json` prints");
    schema.insert("title".to_owned(), Value::from(title));
    Some(schema)
}

fn of<T: JsonSchema>() -> Schema {
    generator().into_root_schema_for::<T>()
}

/// Returns the schema for one theme, or for a list of several.
fn of_build() -> Schema {
    let mut generator = generator();
    let one = generator.subschema_for::<json::Document<'static>>();
    let item = generator.subschema_for::<batch::Item<'static>>();
    json_schema!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "anyOf": [one, { "type": "array", "items": item }],
        "$defs": generator.take_definitions(true),
    })
}

fn generator() -> SchemaGenerator {
    let settings = SchemaSettings::draft2020_12().for_serialize().with_transform(AbsentIsNotNull);
    settings.into_generator()
}
