//! Evaluates conditions for a visitor, as far as the result is certain: knows the helpers and the variables.
//! `value` compares the values.

use super::tracked_visitor::TrackedVisitor;
use super::value::{Truth, Value, equal, number, ordered, page_type};
use super::{Customer, Setting};
use crate::syntax::ast::{Call, Expression, ExpressionKind, Path};
use crate::theme::pages::{KEEP_CONTEXT, literal_name};

/// Everything that a condition can depend on.
#[derive(Clone, Copy)]
pub(super) struct EvaluationContext<'a> {
    pub(super) page: &'a str,
    pub(super) visitor: &'a TrackedVisitor<'a>,
    pub(super) visibility: Visibility,
}

/// Which variables are visible at some point of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Visibility {
    /// The variables of the page.
    Page,
    /// The same, but not through `@root`.
    WithoutRoot,
    /// Unknown variables.
    Nothing,
}

impl Visibility {
    pub(super) fn without_root(self) -> Self {
        if self == Self::Page { Self::WithoutRoot } else { self }
    }

    /// Returns the name of the page variable that a path refers to.
    fn variable(self, path: &Path) -> Option<String> {
        let is_seen = match self {
            Self::Page => true,
            Self::WithoutRoot => !path.data,
            Self::Nothing => false,
        };
        is_seen.then(|| variable_name(path)).flatten()
    }
}

impl EvaluationContext<'_> {
    /// Returns whether a block prints its body; if not, it prints its `else` part.
    pub(super) fn block(&self, helper: &str, call: &Call) -> Truth {
        let params = call.params.as_slice();
        match helper {
            "partial" | "block" => Truth::Unsupported,
            "if" => self.test(call),
            "unless" => self.test(call).not(),
            "or" => self.any(params),
            "any" if call.hash.is_empty() => self.any(params),
            "all" => self.all(params),
            // The engine looks at only two arguments, however many there are. An empty object is true to it,
            // and `customer` may be one for a guest.
            "and" if params.len() >= 2 && !params.iter().any(is_object) => self.both(&params[..2]),
            "is" | "eq" => self.same(params),
            "isnt" => self.same(params).not(),
            "contains" => self.contains(params),
            helper if KEEP_CONTEXT.contains(&helper) => Truth::Unknown,
            _ => Truth::Unsupported,
        }
    }

    fn any(&self, params: &[Expression]) -> Truth {
        params.iter().map(|param| self.truth(param)).fold(Truth::No, |all, one| match (all, one) {
            (Truth::Yes, _) | (_, Truth::Yes) => Truth::Yes,
            (Truth::No, Truth::No) => Truth::No,
            _ => Truth::Unknown,
        })
    }

    fn all(&self, params: &[Expression]) -> Truth {
        params.iter().map(|param| self.truth(param)).fold(Truth::Yes, |all, one| match (all, one) {
            (Truth::No, _) | (_, Truth::No) => Truth::No,
            (Truth::Yes, Truth::Yes) => Truth::Yes,
            _ => Truth::Unknown,
        })
    }

    /// Does the same, but takes an empty list or object as true: a switch that is off may be one.
    fn both(&self, params: &[Expression]) -> Truth {
        let is_off = |param: &&Expression| self.switch(param) == Some(false);
        let others: Vec<Expression> = params.iter().filter(|it| !is_off(it)).cloned().collect();
        match self.all(&others) {
            Truth::Yes if others.len() < params.len() => Truth::Unknown,
            truth => truth,
        }
    }

    fn same(&self, params: &[Expression]) -> Truth {
        match params {
            [left, right] => self.compare(left, "===", right),
            _ => Truth::Unknown,
        }
    }

    fn contains(&self, params: &[Expression]) -> Truth {
        match params {
            [text, part] => match (self.value(text), self.value(part)) {
                (Some(Value::Text(text)), Some(Value::Text(part))) => {
                    Truth::of(text.contains(&part))
                }
                _ => Truth::Unknown,
            },
            _ => Truth::Unknown,
        }
    }

    fn truth(&self, expression: &Expression) -> Truth {
        if let ExpressionKind::SubExpression(call) = &expression.kind {
            match literal_name(&call.callee.kind).as_deref() {
                Some("if") => return self.test(call),
                Some("unless") => return self.test(call).not(),
                _ => {}
            }
        }
        if let Some(is_on) = self.switch(expression) {
            return Truth::of(is_on);
        }
        match self.value(expression) {
            Some(Value::Absent | Value::Missing) => Truth::No,
            Some(Value::Text(text)) => Truth::of(!text.is_empty()),
            Some(Value::Number(number)) => Truth::of(number != 0.0),
            Some(Value::Bool(value)) => Truth::of(value),
            Some(Value::Id(_) | Value::Other | Value::Object | Value::PageType(Some(_))) => {
                Truth::Yes
            }
            Some(Value::PageType(None)) | None => Truth::Unknown,
        }
    }

    /// Whether a switch among the theme's settings is on, if that is known.
    fn switch(&self, expression: &Expression) -> Option<bool> {
        let ExpressionKind::Path(path) = &expression.kind else { return None };
        self.visitor.switch(&setting(&self.visibility.variable(path)?)?)
    }

    /// Evaluates `if` with one argument, with left and right, or with left, operator and right.
    fn test(&self, call: &Call) -> Truth {
        match call.params.as_slice() {
            [only] => self.truth(only),
            [left, right] if call.hash.is_empty() => self.compare(left, "==", right),
            [left, operator, right] => match &operator.kind {
                ExpressionKind::String(operator) => self.compare(left, operator, right),
                _ => Truth::Unknown,
            },
            _ => Truth::Unknown,
        }
    }

    fn compare(&self, left: &Expression, operator: &str, right: &Expression) -> Truth {
        let (Some(left), Some(right)) = (self.value(left), self.value(right)) else {
            return Truth::Unknown;
        };
        match operator {
            "==" => equal(&left, &right, false),
            "===" => equal(&left, &right, true),
            "!=" => equal(&left, &right, false).not(),
            "!==" => equal(&left, &right, true).not(),
            _ => match (number(&left), number(&right)) {
                (Some(left), Some(right)) => ordered(left, operator, right),
                _ => Truth::Unknown,
            },
        }
    }

    /// Returns the value of an expression, if it is certain.
    fn value(&self, expression: &Expression) -> Option<Value> {
        match &expression.kind {
            ExpressionKind::String(text) => Some(Value::Text(text.clone())),
            ExpressionKind::Number(text) => text.parse().ok().map(Value::Number),
            ExpressionKind::Boolean(value) => Some(Value::Bool(*value)),
            ExpressionKind::Undefined | ExpressionKind::Null => Some(Value::Absent),
            // Variables other than the page's are unknown.
            ExpressionKind::Path(path) => self.variable(&self.visibility.variable(path)?),
            ExpressionKind::SubExpression(call) => decoded(call).map(Value::Text),
        }
    }

    fn variable(&self, name: &str) -> Option<Value> {
        match name {
            "template" => Some(Value::Text(self.page.to_owned())),
            "page_type" => Some(Value::PageType(page_type(self.page))),
            "in_development" if self.visitor.is_development() => Some(Value::Bool(true)),
            "in_development" => Some(Value::Absent),
            "customer" => self.customer(""),
            name if name.starts_with("theme_settings.") => self.setting(&setting(name)?),
            name => self.customer(name.strip_prefix("customer.")?),
        }
    }

    /// Returns the value of a theme setting, if it is known.
    fn setting(&self, name: &str) -> Option<Value> {
        Some(match self.visitor.setting(name)? {
            Setting::Missing => Value::Missing,
            Setting::Switch(is_on) => Value::Bool(*is_on),
            Setting::Text(text) => Value::Text(text.clone()),
        })
    }

    /// Returns the text that `{{x}}` prints, if it is known.
    pub(super) fn printed(&self, call: &Call) -> Option<&str> {
        let is_plain = call.params.is_empty() && call.hash.is_empty();
        let ExpressionKind::Path(path) = &call.callee.kind else { return None };
        let is_setting = is_plain && path.parts.iter().any(|part| part == "theme_settings");
        let name = is_setting.then(|| self.visibility.variable(path)).flatten()?;
        match self.visitor.setting(&setting(&name)?)? {
            Setting::Text(text) => Some(text),
            Setting::Missing => Some(""),
            Setting::Switch(_) => None,
        }
    }

    /// Returns a property of the customer, or the customer itself if `property` is empty.
    fn customer(&self, property: &str) -> Option<Value> {
        match (self.visitor.customer(), property) {
            (Customer::Guest, _) => Some(Value::Absent),
            (_, "") => Some(Value::Object),
            (customer, "customer_group_id") => Some(customer.id()),
            (customer, "customer_group_name") => Some(customer.name()),
            _ => None,
        }
    }
}

impl Customer {
    fn id(&self) -> Value {
        match self {
            Self::Guest => Value::Absent,
            Self::Member { group_id: 0, group_name } if group_name.is_empty() => Value::Absent,
            Self::Member { group_id: 0 | u64::MAX, .. } => Value::Other,
            Self::Member { group_id, .. } => Value::Id(*group_id as f64),
        }
    }

    fn name(&self) -> Value {
        match self {
            Self::Member { group_id: 0, group_name } if group_name.is_empty() => Value::Absent,
            Self::Member { group_name, .. } if group_name.is_empty() => Value::Other,
            Self::Member { group_name, .. } => Value::Text(group_name.clone()),
            Self::Guest => Value::Absent,
        }
    }
}

/// Whether an argument is the whole `customer` object.
fn is_object(expression: &Expression) -> bool {
    let ExpressionKind::Path(path) = &expression.kind else { return false };
    path.parts.last().is_some_and(|last| last == "customer")
}

/// Returns the name of the theme setting that an expression reads.
pub(super) fn switch_name(expression: &Expression) -> Option<String> {
    let ExpressionKind::Path(path) = &expression.kind else { return None };
    setting(&variable_name(path)?)
}

fn setting(variable: &str) -> Option<String> {
    variable.strip_prefix("theme_settings.").map(str::to_owned)
}

/// Returns the variable that a path names, from the page's own context.
fn variable_name(path: &Path) -> Option<String> {
    let parts = match path.parts.split_first() {
        Some((root, parts)) if path.data => (root == "root").then_some(parts)?,
        _ => path.parts.as_slice(),
    };
    // A dot inside the name of one variable does not separate two variables.
    let is_plain = !parts.is_empty() && !parts.iter().any(|part| part.contains('.'));
    (path.depth == 0 && is_plain).then(|| parts.join("."))
}

/// Returns the text that `(decodeURI "…")` returns.
pub(super) fn decoded(call: &Call) -> Option<String> {
    let is_call = literal_name(&call.callee.kind).as_deref() == Some("decodeURI");
    let [Expression { kind: ExpressionKind::String(text), .. }] = call.params.as_slice() else {
        return None;
    };
    let form = text.replace('+', "%2B");
    let mut decoded = url::form_urlencoded::parse(form.as_bytes());
    is_call.then(|| decoded.next().map(|(name, _)| name.into_owned())).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax;
    use crate::syntax::ast::Statement;
    use crate::verify::Visitor;

    /// Evaluates the block that `source` opens, on the home page.
    fn truth(source: &str, customer: &Customer) -> Truth {
        let helper = source.trim_start_matches(['{', '#']).split([' ', '}']).next().unwrap();
        let template = syntax::parse(format!("{source}{{{{/{helper}}}}}").as_bytes());
        let Statement::Block(block) = &template.statements().unwrap()[0] else {
            panic!("{source}")
        };
        let visitor = Visitor::new(customer.clone());
        let visitor = TrackedVisitor::new(&visitor);
        let context = EvaluationContext {
            page: "pages/home",
            visitor: &visitor,
            visibility: Visibility::Page,
        };
        context.block(helper, &block.call)
    }

    fn member(group_id: u64, group_name: &str) -> Customer {
        Customer::Member { group_id, group_name: group_name.to_owned() }
    }

    #[test]
    fn conditions_evaluate_like_in_the_engine() {
        use Truth::{No, Unknown, Yes};
        // For a guest, a customer without a group, and a member of group 7, Staff.
        for (source, expected) in [
            ("{{#if template '===' 'pages/home'}}", [Yes, Yes, Yes]),
            ("{{#if template 'pages/cart'}}", [No, No, No]),
            ("{{#unless template '==' \"pages/home\"}}", [No, No, No]),
            ("{{#if page_type '===' 'checkout'}}", [No, No, No]),
            ("{{#if page_type '===' 'category'}}", [Unknown, Unknown, Unknown]),
            ("{{#if in_development '===' true}}", [No, No, No]),
            ("{{#if in_production}}", [Unknown, Unknown, Unknown]),
            ("{{#if customer}}", [No, Yes, Yes]),
            ("{{#if customer.email}}", [No, Unknown, Unknown]),
            ("{{#if customer.customer_group_id}}", [No, No, Yes]),
            ("{{#if customer.customer_group_id '==' 7}}", [No, No, Yes]),
            ("{{#if customer.customer_group_id '===' 7}}", [No, No, Unknown]),
            ("{{#if customer.customer_group_id '!=' 7}}", [Yes, Yes, No]),
            ("{{#if customer.customer_group_id '!=' 8}}", [Yes, Yes, Yes]),
            ("{{#if customer.customer_group_id '>=' 0}}", [Unknown, Unknown, Yes]),
            ("{{#if customer.customer_group_name '===' 'Staff'}}", [No, No, Yes]),
            ("{{#if customer.customer_group_name '===' Staff}}", [Unknown, Unknown, Unknown]),
            ("{{#if customer.customer_group_name '==' ''}}", [Unknown, Unknown, No]),
            ("{{#or (if template '===' 'x') (unless template)}}", [No, No, No]),
            ("{{#or customer theme_settings.x}}", [Unknown, Yes, Yes]),
            ("{{#all true template}}", [Yes, Yes, Yes]),
            ("{{#and true false}}", [No, No, No]),
            ("{{#if customer.customer_group_id '==' '0x7'}}", [No, No, Yes]),
            ("{{#if customer.customer_group_id '==' '\u{feff} 7e0 '}}", [No, No, Yes]),
            ("{{#if customer.customer_group_id '==' '7n'}}", [No, No, No]),
            ("{{#if customer.customer_group_id '==' 'inf'}}", [No, No, No]),
            ("{{#if customer.[customer_group_id] '==' 7}}", [No, No, Yes]),
            ("{{#if [customer.email]}}", [Unknown, Unknown, Unknown]),
            ("{{#and true customer}}", [Unknown, Unknown, Unknown]),
            ("{{#is template 'pages/home'}}", [Yes, Yes, Yes]),
            ("{{#contains template 'home'}}", [Yes, Yes, Yes]),
            ("{{#customer}}", [Truth::Unsupported; 3]),
            ("{{#if true}}", [Yes, Yes, Yes]),
            ("{{#if false}}", [No, No, No]),
            ("{{#if @root.template '===' 'pages/home'}}", [Yes, Yes, Yes]),
        ] {
            let visitors = [Customer::Guest, member(0, ""), member(7, "Staff")];
            let truths = visitors.map(|customer| truth(source, &customer));
            assert_eq!(truths, expected, "{source}");
        }
    }
}
