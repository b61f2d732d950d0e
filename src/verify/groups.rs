//! Finds the customer groups that the conditions of a theme ask for.

use super::Customer;
use super::condition::decoded;
use super::value::number_of;
use crate::syntax::ast::{Call, Expression, ExpressionKind};
use crate::syntax::calls::each_call;
use crate::theme::pages::{TemplateFile, Templates, prints_nothing};
use std::collections::BTreeSet;

/// Returns one customer of each group whose number or name appears next to the visitor's group in some call.
pub fn groups(templates: &Templates) -> BTreeSet<Customer> {
    let in_file = |file: &TemplateFile| {
        let mut found = BTreeSet::new();
        let statements = file.syntax.statements().unwrap_or_default();
        each_call(statements, &mut |call| in_call(call, &mut found));
        Groups(found)
    };
    let found = templates.iter().filter_map(|(name, _)| templates.derived(name, in_file));
    found.flat_map(|groups| groups.0.clone()).collect()
}

/// Customers of the groups that one template asks for.
struct Groups(BTreeSet<Customer>);

fn in_call(call: &Call, found: &mut BTreeSet<Customer>) {
    // Values that are passed to scripts are not conditions.
    if prints_nothing(call) {
        return;
    }
    let asks = |variable: &str| call.params.iter().any(|param| is_variable(param, variable));
    for param in &call.params {
        let Some(text) = literal(param) else { continue };
        // Reads numbers as JavaScript does; one that is not whole is not a group.
        let number = number_of(&text).unwrap_or_default();
        let group_id = number as u64;
        if asks("customer_group_id") && group_id > 0 && group_id as f64 == number {
            found.insert(Customer::Member { group_id, group_name: String::new() });
        }
        // An operator is not a name.
        if asks("customer_group_name") && text.chars().any(char::is_alphanumeric) {
            found.insert(Customer::Member { group_id: 0, group_name: text });
        }
    }
}

fn is_variable(expression: &Expression, name: &str) -> bool {
    let ExpressionKind::Path(path) = &expression.kind else { return false };
    path.parts.last().is_some_and(|last| last == name)
}

fn literal(expression: &Expression) -> Option<String> {
    match &expression.kind {
        ExpressionKind::String(text) | ExpressionKind::Number(text) => Some(text.clone()),
        ExpressionKind::SubExpression(call) => decoded(call),
        _ => None,
    }
}
