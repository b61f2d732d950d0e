//! Determines what mustaches print: nothing, a text in which the engine escapes the characters that mean
//! something to browsers, or anything at all.

use super::Walk;
use crate::syntax::ast::{Block, Call, Expression, ExpressionKind, Mustache};
use crate::theme::pages::{KEEP_CONTEXT, is_silent, literal_name};
use crate::verify::condition::{EvaluationContext, Visibility};

/// Names that, unescaped, print elements of the head, which show nothing. `head.scripts` is not among them:
/// the merchant's scripts may do anything.
const HEAD_ONLY: &[&str] = &["head.meta_tags", "head.rsslinks", "head.styles", "stylesheet"];

/// Helpers that print such elements, whether escaped or not.
const HEAD_HELPERS: &[&str] = &["getFontsCollection", "resourceHints"];

/// Helpers whose result the engine does not escape.
const UNESCAPED: &[&str] = &[
    "concat",
    "encodeHtmlEntities",
    "getFontLoaderConfig",
    "getFontsCollection",
    "getVar",
    "jsContext",
    "nl2br",
    "region",
    "resourceHints",
    "snippet",
];

/// Helpers whose result the engine escapes, whatever their arguments are.
const ESCAPED: &[&str] = &["JSONstringify", "cdn", "json", "lang", "money", "toLowerCase"];

/// Block helpers that print their body and nothing else.
const BODY_ONLY: &[&str] = &["each", "for", "with"];

/// Other helpers that are treated specially.
const KNOWN: &[&str] = &["concat", "decodeURI", "nonce", "stylesheet"];

/// Whether a block parameter, as in `{{#each list as |if|}}`, has the name of a known helper, so that the
/// body of the block cannot reach that helper.
pub(super) fn shadows_a_helper(block: &Block) -> bool {
    let known = [KEEP_CONTEXT, BODY_ONLY, ESCAPED, HEAD_HELPERS, KNOWN];
    let is_known = |name: &str| is_silent(name) || known.iter().any(|list| list.contains(&name));
    block.block_params.iter().any(|name| is_known(name))
}

impl<'a> Walk<'a> {
    /// Follows `{{x}}`.
    pub(super) fn mustache(
        &mut self,
        template: &'a str,
        mustache: &'a Mustache,
        visibility: Visibility,
    ) {
        let call = &mustache.call;
        let helper = literal_name(&call.callee.kind).unwrap_or_default();
        self.note_literals(call);
        match helper.as_str() {
            "dynamicComponent" => return self.print_dynamic(template, call, visibility),
            "nonce" => {
                self.prints(template);
                return self.output().read_nonce();
            }
            // This removes a partial, or the engine refuses the page.
            "partial" if !call.params.is_empty() => {
                self.prints(template);
                return self.output().read_anything();
            }
            helper if is_silent(helper) => return,
            _ => {}
        }
        if let Some(own) = own_address(call).filter(|_| self.state.output.is_in_base()) {
            return self.text(template, own.as_bytes());
        }
        if names_setting(call) {
            self.output().read_setting();
        }
        let context = EvaluationContext { visibility, ..self.context };
        if let Some(text) = context.printed(call).filter(|_| mustache.escaped) {
            return self.text(template, text.as_bytes());
        }
        let output = &self.state.output;
        let (is_in_text, is_gone) = (output.is_in_text(), output.left);
        self.prints(template);
        if is_in_text && visibility != Visibility::Nothing && prints_head_only(&helper, mustache) {
            self.prints_shop = true;
            return;
        }
        // A document that only redirects may print text of the shop, but no markup.
        self.prints_shop |= !mustache.escaped;
        match is_gone || self.stays_inside(&helper, mustache) {
            true => self.output().read_unknown(),
            false => self.output().read_raw(),
        }
    }

    /// Records the string literals in a call that may be part of an address.
    pub(super) fn note_literals(&mut self, call: &Call) {
        for given in call.params.iter().chain(call.hash.iter().map(|pair| &pair.value)) {
            match &given.kind {
                ExpressionKind::String(text) if text.contains('.') => {
                    self.literals.insert(text.clone());
                }
                ExpressionKind::SubExpression(call) => self.note_literals(call),
                _ => {}
            }
        }
    }

    /// Records that a block may print more than its bodies.
    pub(super) fn print_around(&mut self, template: &str, helper: &str, call: &Call) {
        self.prints(template);
        self.prints_shop = true;
        // Without arguments it may be a variable, which also prints only its body.
        let is_body_only = call.params.is_empty() || BODY_ONLY.contains(&helper);
        match is_body_only || self.state.output.left {
            true => self.output().read_unknown(),
            false => self.output().read_raw(),
        }
    }

    /// Whether the output cannot end the value, tag or script that it is printed into.
    fn stays_inside(&self, helper: &str, mustache: &Mustache) -> bool {
        let call = &mustache.call;
        let is_escaped =
            mustache.escaped && !self.state.scope.has_markup && is_escaped(helper, call);
        is_escaped || is_data(helper) && self.state.output.is_in_script()
    }
}

/// Returns a stand-in for one of the shop's own addresses, for use in a `base` element.
fn own_address(call: &Call) -> Option<&'static str> {
    let name = literal_name(&call.callee.kind).filter(|_| call.params.is_empty())?;
    match name.as_str() {
        "settings.base_url" | "settings.secure_base_url" => Some(""),
        name => name.starts_with("urls.").then_some("/"),
    }
}

/// Whether a call reads a theme setting, as its callee or as an argument.
fn names_setting(call: &Call) -> bool {
    let is_setting = |expression: &Expression| match &expression.kind {
        ExpressionKind::Path(path) => path.parts.first().is_some_and(|it| it == "theme_settings"),
        ExpressionKind::SubExpression(call) => names_setting(call),
        _ => false,
    };
    is_setting(&call.callee) || call.params.iter().any(is_setting)
}

/// Whether the engine escapes the result of a call.
fn is_escaped(helper: &str, call: &Call) -> bool {
    let is_plain = call.params.is_empty() && call.hash.is_empty();
    ESCAPED.contains(&helper) || is_plain && !UNESCAPED.contains(&helper)
}

/// Whether a helper prints data that cannot end a script element.
fn is_data(helper: &str) -> bool {
    matches!(helper, "json" | "JSONstringify")
}

/// Whether an argument of a call may be markup that the engine never escapes, wherever it is printed.
pub(super) fn passes_markup(call: &Call) -> bool {
    let values = call.params.iter().chain(call.hash.iter().map(|pair| &pair.value));
    values.into_iter().any(may_be_markup)
}

fn may_be_markup(value: &Expression) -> bool {
    let ExpressionKind::SubExpression(call) = &value.kind else { return false };
    let helper = literal_name(&call.callee.kind).unwrap_or_default();
    !ESCAPED.contains(&helper.as_str()) && !matches!(helper.as_str(), "if" | "unless")
}

fn prints_head_only(helper: &str, mustache: &Mustache) -> bool {
    let Mustache { call, escaped, .. } = mustache;
    let is_plain = |value: &Expression| match &value.kind {
        ExpressionKind::String(text) => !text.contains(['<', '>', '"', '\'']),
        ExpressionKind::Boolean(_) | ExpressionKind::Number(_) => true,
        _ => false,
    };
    let hash = call.hash.iter().map(|pair| &pair.value);
    let is_of_head = HEAD_HELPERS.contains(&helper) || !escaped && HEAD_ONLY.contains(&helper);
    is_of_head && call.params.iter().chain(hash).all(is_plain)
}
