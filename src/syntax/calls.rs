//! Visits the calls of a template.

use super::ast::{Call, ExpressionKind, Statement};

/// Calls `visit` with each call in `statements`, including calls in arguments.
pub fn each_call(statements: &[Statement], visit: &mut dyn FnMut(&Call)) {
    for statement in statements {
        match statement {
            Statement::Mustache(mustache) => in_call(&mustache.call, visit),
            Statement::Partial(partial) => in_call(&partial.call, visit),
            Statement::Block(block) => {
                in_call(&block.call, visit);
                each_call(&block.body, visit);
                each_call(block.inverse.as_deref().unwrap_or_default(), visit);
            }
            Statement::Content(_) | Statement::Comment(_) => {}
        }
    }
}

fn in_call(call: &Call, visit: &mut dyn FnMut(&Call)) {
    visit(call);
    let given = call.params.iter().chain(call.hash.iter().map(|pair| &pair.value));
    for expression in [&call.callee].into_iter().chain(given) {
        if let ExpressionKind::SubExpression(call) = &expression.kind {
            in_call(call, visit);
        }
    }
}
