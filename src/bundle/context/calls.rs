//! The order in which the official tool visits the arguments of calls; it decides what the tool records
//! first.

use crate::syntax::ast::{Call, Expression, ExpressionKind};

/// Returns the paths among the arguments of calls, in the order in which the official tool visits them: it
/// follows all calls concurrently, taking turns.
pub(super) fn calls_at_once<'e>(calls: impl Iterator<Item = &'e Call>) -> Vec<&'e Expression> {
    let mut found = Vec::new();
    for call in calls {
        follow(call, 0, &mut found);
    }
    found.sort_by_key(|(turn, _)| *turn);
    found.into_iter().map(|(_, path)| path).collect()
}

/// Reports whether a literal is falsy in JavaScript.
fn is_empty(literal: &ExpressionKind) -> bool {
    match literal {
        ExpressionKind::String(text) => text.is_empty(),
        ExpressionKind::Number(text) => text.parse() == Ok(0.0),
        ExpressionKind::Boolean(is_true) => !is_true,
        _ => true,
    }
}

/// Adds the paths among the arguments of a call that begins in `turn`, and returns the turn in which it ends.
fn follow<'e>(call: &'e Call, mut turn: usize, found: &mut Vec<(usize, &'e Expression)>) -> usize {
    // Turns for taking an argument, or finding that there are no more, and for returning from one.
    const NEXT: usize = 2;
    const BACK: usize = 1;
    let mut list = |mut turn: usize, expression: &'e Expression| {
        turn += NEXT;
        match &expression.kind {
            ExpressionKind::Path(_) => found.push((turn, expression)),
            ExpressionKind::SubExpression(call) => turn = follow(call, turn, found),
            // The tool visits each member of a literal, and descends into those that are not empty.
            literal => turn += if is_empty(literal) { 5 * NEXT } else { 5 * NEXT + 2 * BACK },
        }
        turn + BACK
    };
    for param in &call.params {
        turn = list(turn, param);
    }
    turn += NEXT;
    if call.hash.is_empty() {
        return turn;
    }
    for pair in &call.hash {
        turn = list(turn, &pair.value);
    }
    turn + NEXT
}
