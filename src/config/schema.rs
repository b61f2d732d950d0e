//! The JSON schema of a settings file, generated from the types that it is parsed into.

use super::{AdjustableCode, FILE_NAME, FileTable, GroupSetting, Level, Settings};
use crate::text::{AbsentIsNotNull, Code, Severity};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;
use std::borrow::Cow;

/// Returns the schema of a settings file.
pub fn schema() -> Schema {
    let settings = SchemaSettings::draft2020_12().with_transform(AbsentIsNotNull);
    let mut schema = settings.into_generator().into_root_schema_for::<FileTable>();
    let defaults = serde_json::to_value(Settings::defaults()).unwrap_or_default();
    if let Some(Value::Object(members)) = schema.get_mut("properties") {
        for (key, member) in members {
            if let (Some(default), Value::Object(member)) = (defaults.get(key), member) {
                member.insert("default".to_owned(), default.clone());
            }
        }
    }
    for table in ["", "/$defs/Settings"] {
        if let Some(Value::Object(severity)) =
            schema.pointer_mut(&format!("{table}/properties/severity"))
        {
            let codes = serde_json::json!({ "$ref": "#/$defs/Code" });
            severity.insert("propertyNames".to_owned(), codes);
        }
    }
    schema.insert("title".to_owned(), Value::from(FILE_NAME));
    schema
}

impl JsonSchema for AdjustableCode {
    fn schema_name() -> Cow<'static, str> {
        "Code".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let codes = Code::ALL.iter().filter(|code| code.severity() != Severity::Error);
        let codes: Vec<Value> = codes
            .map(
                |code| serde_json::json!({ "const": code.as_str(), "description": code.meaning() }),
            )
            .collect();
        json_schema!({ "description": "The code of a warning or a note.", "oneOf": codes })
    }
}

impl JsonSchema for GroupSetting {
    fn schema_name() -> Cow<'static, str> {
        "Group".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A customer group: its number, or `name:` and its name.",
            "type": ["integer", "string"],
            "minimum": 0,
        })
    }
}

impl JsonSchema for Level {
    fn schema_name() -> Cow<'static, str> {
        "Level".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "How hard the bundle is compressed.",
            "type": "integer",
            "minimum": 0,
            "maximum": 9,
        })
    }
}
