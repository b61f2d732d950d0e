//! The values besides routes that links depend on: the addresses of a site and of its checkout, and checkout
//! settings.
//!
//! This module does not talk to the store: values in, changes out.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The name of the site's address.
pub const SITE_URL: &str = "site-url";
/// The name of the checkout's address, which is `null` if it has none of its own.
pub const CHECKOUT_URL: &str = "checkout-url";

/// Values by name: the two addresses, and settings as the API calls them.
pub type Values = BTreeMap<String, Value>;

/// One value to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueChange {
    /// The value's name.
    pub name: String,
    /// The value before the change.
    pub before: Value,
    /// The value after the change.
    pub after: Value,
}

impl ValueChange {
    /// Whether the value is a checkout setting, not an address.
    pub fn is_setting(&self) -> bool {
        is_setting(&self.name)
    }
}

fn is_setting(name: &str) -> bool {
    ![SITE_URL, CHECKOUT_URL].contains(&name)
}

impl ValueStep {
    pub(super) fn is_setting(&self) -> bool {
        is_setting(&self.name)
    }
}

/// Whether two values mean the same: a setting that was never set is off, and its text is empty.
pub fn is_same(one: &Value, other: &Value) -> bool {
    let is_empty = |value: &Value| match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        _ => false,
    };
    one == other || (is_empty(one) && is_empty(other))
}

/// The changes that were made, or were about to be, to one value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ValueStep {
    name: String,
    /// The value before our first change.
    before: Value,
    /// The values that we have written since.
    ours: Vec<Value>,
}

/// Plans the changes from the `current` values to those that are `wanted`: first the site, because the
/// checkout has to be on its domain, then the checkout, then settings.
pub fn value_changes(current: &Values, wanted: &Values) -> Vec<ValueChange> {
    let changes = wanted.iter().filter_map(|(name, after)| {
        let before = current.get(name).cloned().unwrap_or_default();
        let is_other = !is_same(&before, after);
        is_other.then(|| ValueChange { name: name.clone(), before, after: after.clone() })
    });
    sorted(changes.collect())
}

fn sorted(mut changes: Vec<ValueChange>) -> Vec<ValueChange> {
    let place = |change: &ValueChange| match change.name.as_str() {
        SITE_URL => 0,
        CHECKOUT_URL => 1,
        _ => 2,
    };
    changes.sort_by_key(place);
    changes
}

/// Records changes that are about to be made, as for routes: a value that somebody else has changed since our
/// last change goes back to theirs.
pub(super) fn begin(steps: &mut Vec<ValueStep>, changes: &[ValueChange]) {
    for ValueChange { name, before, after } in changes {
        match steps.iter_mut().find(|step| step.name == *name) {
            Some(step) if holds(&step.ours, before) => step.ours.push(after.clone()),
            Some(step) => {
                step.before = before.clone();
                step.ours = vec![after.clone()];
            }
            None => steps.push(ValueStep {
                name: name.clone(),
                before: before.clone(),
                ours: vec![after.clone()],
            }),
        }
    }
}

fn holds(values: &[Value], wanted: &Value) -> bool {
    values.iter().any(|value| is_same(value, wanted))
}

/// Returns the way back from the `current` values, and the names of those that somebody else has changed
/// since.
pub(super) fn back(steps: &[ValueStep], current: &Values) -> (Vec<ValueChange>, Vec<String>) {
    let (mut changes, mut others) = (Vec::new(), Vec::new());
    for ValueStep { name, before, ours } in steps {
        let now = current.get(name).cloned().unwrap_or_default();
        if is_same(&now, before) {
            continue;
        }
        match holds(ours, &now) {
            true => {
                changes.push(ValueChange { name: name.clone(), before: now, after: before.clone() })
            }
            false => others.push(name.clone()),
        }
    }
    (sorted(changes), others)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn values(rows: &[(&str, Value)]) -> Values {
        rows.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    }

    #[test]
    fn site_changes_before_checkout_and_settings_come_last() {
        let current = values(&[(SITE_URL, json!("https://a.example")), ("same", json!(true))]);
        let wanted = values(&[
            ("auth", json!(true)),
            (CHECKOUT_URL, json!("https://pay.b.example")),
            ("same", json!(true)),
            (SITE_URL, json!("https://b.example")),
        ]);
        let changes = value_changes(&current, &wanted);
        let names: Vec<&str> = changes.iter().map(|change| change.name.as_str()).collect();
        assert_eq!(names, [SITE_URL, CHECKOUT_URL, "auth"]);
        assert_eq!(changes[1].before, Value::Null);
    }

    #[test]
    fn restoring_undoes_our_values_and_keeps_those_of_others() {
        let of = |value: &str| values(&[(SITE_URL, json!(value))]);
        let mut steps = Vec::new();
        begin(&mut steps, &value_changes(&of("a"), &of("b")));
        begin(&mut steps, &value_changes(&of("b"), &of("c")));
        for now in ["b", "c"] {
            assert_eq!(back(&steps, &of(now)).0, value_changes(&of(now), &of("a")));
        }
        assert_eq!(back(&steps, &of("a")), (Vec::new(), Vec::new()));
        assert_eq!(back(&steps, &of("theirs")).1, [SITE_URL]);
        begin(&mut steps, &value_changes(&of("theirs"), &of("d")));
        assert_eq!(back(&steps, &of("d")).0, value_changes(&of("d"), &of("theirs")));
    }
}
