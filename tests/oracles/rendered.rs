//! What a visitor gets from a rendered page, by that page alone: no templates, no verifier.

use std::collections::BTreeSet;

use libtest_mimic::Failed;
use serde_json::{Value, json};
use stencil_guard::verify::{Place, Scripts, Visitor};

use crate::node;

/// The nonce of a store with a content security policy.
pub(crate) const NONCE: &str = "r4nd0m";

/// Whether a page as it was is in what is rendered now; nothing if it had too little text to tell.
pub(crate) fn sends_text(html: &str, before: &str) -> Option<bool> {
    let body = before.find("<body").map_or(before, |at| &before[at..]);
    let texts = body.split('<').filter_map(|part| part.split_once('>'));
    let texts = texts.filter(|(_, text)| text.trim().len() >= 3);
    let texts: BTreeSet<String> = texts.map(|(_, text)| format!(">{text}<")).collect();
    let sent = texts.iter().filter(|text| html.contains(text.as_str())).count();
    // Single words, such as the shop's name, may stand in any document.
    (!texts.is_empty()).then_some(2 * sent > texts.len())
}

/// A visitor as `outcome.js` knows them, who cares about what leads away after something was seen, or not.
fn told(visitor: &Visitor, anywhere: bool) -> Value {
    let scripts = match visitor.scripts {
        Scripts::Run => "run",
        Scripts::Off => "off",
        Scripts::WithNonce => "nonce",
    };
    json!({
        "scripts": scripts,
        "nonce": NONCE,
        "framed": visitor.place == Place::Frame,
        "checkout": visitor.place == Place::CheckoutPath,
        "anywhere": anywhere,
    })
}

/// Whether what was rendered leads away before anything is seen, as `outcome.js` says.
pub(crate) fn leaves(html: &str, visitor: &Visitor) -> Result<bool, Failed> {
    let visitor = told(visitor, false);
    let answer = node::ask(json!({ "op": "outcome", "html": html, "visitor": visitor }))?;
    answer["away"].as_bool().ok_or_else(|| format!("no outcome: {answer}").into())
}

/// What is to be rendered, and for whom.
pub(crate) struct Case {
    pub(crate) page: String,
    pub(crate) engine: &'static str,
    pub(crate) context: Value,
    pub(crate) visitor: Visitor,
    /// Whether what leads away after something was seen counts, too.
    pub(crate) anywhere: bool,
}

/// Whether each of these leads away; nothing for what the engine refuses.
pub(crate) fn all_leave(set: &str, cases: &[Case]) -> Result<Vec<Option<bool>>, Failed> {
    let cases: Vec<Value> = cases
        .iter()
        .map(|case| {
            let Case { page, engine, context, visitor, anywhere } = case;
            let visitor = told(visitor, *anywhere);
            json!({ "page": page, "engine": engine, "context": context, "visitor": visitor })
        })
        .collect();
    let answer = node::ask(json!({ "op": "leaves", "set": set, "cases": cases }))?;
    let away = answer["away"].as_array().ok_or_else(|| format!("no outcome: {answer}"))?;
    Ok(away.iter().map(Value::as_bool).collect())
}
