//! Records how often and where variables are used; the parent module decides which uses count.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The number and the places of the uses of each variable, in the order in which they were found.
#[derive(Default)]
pub(super) struct Usages {
    order: Vec<(String, usize, Vec<String>)>,
    index: BTreeMap<String, usize>,
}

impl Usages {
    /// Records one more use of `variable`, in `template`.
    pub(super) fn record(&mut self, variable: String, template: &str) {
        let at = *self.index.entry(variable.clone()).or_insert_with(|| {
            self.order.push((variable, 0, Vec::new()));
            self.order.len() - 1
        });
        let (_, count, paths) = &mut self.order[at];
        *count += 1;
        let path = format!("{template}.html");
        if !paths.contains(&path) {
            paths.push(path);
        }
    }

    /// Returns the JSON for the bundle.
    pub(super) fn into_json(self) -> Value {
        let entries = self
            .order
            .into_iter()
            .map(|(name, count, paths)| (name, json!({"count": count, "paths": paths})));
        Value::Object(entries.collect::<Map<_, _>>())
    }
}
