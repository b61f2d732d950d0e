//! Finds the switches among the theme's settings that the conditions of a page read.

use super::condition::switch_name;
use crate::syntax::ast::{Call, ExpressionKind, Statement};
use crate::theme::pages::Templates;
use std::collections::BTreeSet;

/// Returns the settings in the conditions of `page` and of everything that it includes.
pub fn switches(templates: &Templates, page: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let files = templates.closure(page).into_iter().filter_map(|name| templates.get(name));
    for file in files {
        in_statements(file.syntax.statements().unwrap_or_default(), &mut found);
    }
    found
}

fn in_statements(statements: &[Statement], found: &mut BTreeSet<String>) {
    for statement in statements {
        if let Statement::Block(block) = statement {
            in_call(&block.call, found);
            in_statements(&block.body, found);
            in_statements(block.inverse.as_deref().unwrap_or_default(), found);
        }
    }
}

fn in_call(call: &Call, found: &mut BTreeSet<String>) {
    for param in &call.params {
        found.extend(switch_name(param));
        if let ExpressionKind::SubExpression(inner) = &param.kind {
            in_call(inner, found);
        }
    }
}
