//! A transform for the JSON schemas that are generated from Rust types.

use schemars::Schema;
use schemars::transform::{Transform, transform_subschemas};
use serde_json::Value;

/// Removes `null` from the types of optional members, which are left out instead, and the formats of numbers.
#[derive(Clone, Debug)]
pub struct AbsentIsNotNull;

impl Transform for AbsentIsNotNull {
    fn transform(&mut self, schema: &mut Schema) {
        schema.remove("format");
        let required = schema.get("required").and_then(Value::as_array).cloned();
        let required = required.unwrap_or_default();
        if let Some(Value::Object(members)) = schema.get_mut("properties") {
            let optional = members
                .iter_mut()
                .filter(|(name, _)| !required.contains(&Value::from(name.as_str())));
            optional.for_each(|(_, member)| without_null(member));
        }
        transform_subschemas(self, schema);
    }
}

fn without_null(member: &mut Value) {
    let is_null = |value: &Value| value == "null" || value["type"] == "null";
    for key in ["type", "anyOf"] {
        let Some(Value::Array(kinds)) = member.get_mut(key) else { continue };
        kinds.retain(|kind| !is_null(kind));
        let [only] = kinds.as_slice() else { continue };
        let only = only.clone();
        match (key, only) {
            ("anyOf", Value::Object(only)) => {
                if let Some(member) = member.as_object_mut() {
                    member.remove("anyOf");
                    member.extend(only);
                }
            }
            (_, only) => member[key] = only,
        }
    }
}
