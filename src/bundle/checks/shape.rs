//! Describes in tables what a JSON document must look like, and finds what violates them.
//!
//! This module knows no files of a theme; `tables` describes them.

use crate::text::{Span, nearest};
use crate::theme::json::{member, members, property_name};
use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;
use std::collections::BTreeSet;

/// The requirements for a value.
#[derive(Debug)]
pub(super) enum Shape {
    Text,
    FilledText,
    Boolean,
    Integer,
    /// An integer that is not negative.
    Natural,
    TextOrBoolean,
    FilledTextOrNumber,
    OneOf(&'static [&'static str]),
    List(List),
    Object(Object),
}

#[derive(Debug)]
pub(super) struct List {
    pub items: Option<&'static Shape>,
    pub least: usize,
    pub most: usize,
    /// Whether the list may not contain the same text twice.
    pub unique: bool,
}

/// A list without requirements.
pub(super) const LIST: List = List { items: None, least: 0, most: usize::MAX, unique: false };

#[derive(Debug)]
pub(super) struct Object {
    pub required: &'static [&'static str],
    pub members: &'static [(&'static str, &'static Shape)],
    pub others: Others,
    /// For each value of the member `type`: the members that are also required.
    pub by_type: &'static [(&'static str, &'static [&'static str])],
}

/// An object without requirements.
pub(super) const OBJECT: Object =
    Object { required: &[], members: &[], others: Others::Free, by_type: &[] };

/// The members that an object may have besides those in the table.
#[derive(Debug)]
pub(super) enum Others {
    /// Any member, of any shape.
    Free,
    /// Any member; those whose name passes must have this shape.
    Some(fn(&str) -> bool, &'static Shape),
    /// Only members whose name passes, of this shape.
    Only(fn(&str) -> bool, &'static Shape),
    None,
}

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    Missing,
    /// Missing, although this `type` requires it.
    MissingFor(String),
    /// Of the wrong type; it must be this.
    WrongType(&'static str),
    Empty,
    Negative,
    /// This text, which is not one of the known values.
    Unknown(String, &'static [&'static str]),
    TooFew(usize),
    TooMany(usize),
    Repeated,
    NotAllowed,
}

/// A value that violates its shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Violation {
    pub path: String,
    pub span: Span,
    pub problem: Problem,
}

/// Returns everything in `value` that violates `shape`, in the order of the text.
pub(super) fn violations(value: &Value<'_>, shape: &Shape) -> Vec<Violation> {
    let mut judge = Judge { path: String::new(), found: Vec::new() };
    judge.value(value, shape);
    judge.found
}

/// Returns the bytes to point at: a whole text or number, but only the opening bracket of an object or list.
pub(super) fn caret(value: &Value<'_>) -> Span {
    match value {
        Value::Object(_) | Value::Array(_) => Span::new(value.start(), value.start() + 1),
        _ => Span::new(value.start(), value.end()),
    }
}

/// Returns the path of a member of the value at `path`.
pub(super) fn below(path: &str, name: &str) -> String {
    let is_plain = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    match (is_plain(name), path) {
        (true, "") => name.to_owned(),
        (true, _) => format!("{path}.{name}"),
        (false, _) => format!("{path}['{name}']"),
    }
}

struct Judge {
    path: String,
    found: Vec<Violation>,
}

impl Judge {
    fn add(&mut self, span: Span, problem: Problem) {
        self.found.push(Violation { path: self.path.clone(), span, problem });
    }

    /// Runs `act` with `path` as the current path.
    fn at(&mut self, path: String, act: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.path, path);
        act(self);
        self.path = outer;
    }

    fn value(&mut self, value: &Value<'_>, shape: &Shape) {
        let problem = match (shape, value) {
            (Shape::List(list), Value::Array(_)) => return self.list(value, list),
            (Shape::Object(object), Value::Object(_)) => return self.object(value, object),
            (Shape::Text | Shape::TextOrBoolean, Value::StringLit(_)) => None,
            (Shape::Boolean | Shape::TextOrBoolean, Value::BooleanLit(_)) => None,
            (Shape::FilledText | Shape::FilledTextOrNumber, Value::StringLit(text)) => {
                text.value.is_empty().then_some(Problem::Empty)
            }
            (Shape::FilledTextOrNumber, Value::NumberLit(_)) => None,
            (Shape::OneOf(known), Value::StringLit(text)) => (!known.contains(&&*text.value))
                .then(|| Problem::Unknown(text.value.to_string(), known)),
            (Shape::Integer | Shape::Natural, Value::NumberLit(number)) => {
                integer_problem(number.value, matches!(shape, Shape::Natural))
            }
            _ => Some(Problem::WrongType(type_name(shape))),
        };
        if let Some(problem) = problem {
            self.add(caret(value), problem);
        }
    }

    fn list(&mut self, value: &Value<'_>, list: &List) {
        let items = value.as_array().map(|array| array.elements.as_slice()).unwrap_or_default();
        if items.len() < list.least {
            self.add(caret(value), Problem::TooFew(list.least));
        }
        if items.len() > list.most {
            self.add(caret(value), Problem::TooMany(list.most));
        }
        let mut seen = BTreeSet::new();
        for (at, item) in items.iter().enumerate() {
            let text = item.as_string_lit().map(|text| &*text.value);
            let is_new = text.is_none_or(|text| seen.insert(text));
            self.at(format!("{}[{at}]", self.path), |judge| {
                if list.unique && !is_new {
                    judge.add(caret(item), Problem::Repeated);
                }
                if let Some(shape) = list.items {
                    judge.value(item, shape);
                }
            });
        }
    }

    fn object(&mut self, value: &Value<'_>, object: &Object) {
        for name in object.required {
            self.demand(value, name, Problem::Missing);
        }
        if let Some(Value::StringLit(kind)) = member(value, "type") {
            let rules = object.by_type.iter().filter(|(name, _)| *name == kind.value);
            for name in rules.flat_map(|(_, required)| *required) {
                self.demand(value, name, Problem::MissingFor(kind.value.to_string()));
            }
        }
        for property in members(value) {
            let name = property_name(property);
            let listed = object.members.iter().find(|(member, _)| *member == name);
            let shape = match (&object.others, listed) {
                (_, Some((_, shape))) => Some(*shape),
                (Others::Some(passes, shape) | Others::Only(passes, shape), None)
                    if passes(name) =>
                {
                    Some(*shape)
                }
                (Others::Free | Others::Some(..), None) => None,
                (Others::Only(..) | Others::None, None) => {
                    let span = Span::new(property.name.start(), property.name.end());
                    self.at(below(&self.path, name), |judge| judge.add(span, Problem::NotAllowed));
                    None
                }
            };
            if let Some(shape) = shape {
                self.at(below(&self.path, name), |judge| judge.value(&property.value, shape));
            }
        }
    }

    fn demand(&mut self, object: &Value<'_>, name: &str, problem: Problem) {
        if member(object, name).is_none() {
            self.at(below(&self.path, name), |judge| judge.add(caret(object), problem));
        }
    }
}

/// Returns what JavaScript would find wrong with a number where an integer is required.
fn integer_problem(number: &str, is_natural: bool) -> Option<Problem> {
    let number: f64 = number.parse().ok()?;
    if number.is_finite() && number.fract() != 0.0 {
        return Some(Problem::WrongType("a whole number"));
    }
    (is_natural && number < 0.0).then_some(Problem::Negative)
}

fn type_name(shape: &Shape) -> &'static str {
    match shape {
        Shape::Text | Shape::FilledText | Shape::OneOf(_) => "a text",
        Shape::Boolean => "true or false",
        Shape::Integer | Shape::Natural => "a whole number",
        Shape::TextOrBoolean => "a text, true or false",
        Shape::FilledTextOrNumber => "a text or a number",
        Shape::List(_) => "a list",
        Shape::Object(_) => "an object",
    }
}

impl Violation {
    /// Returns what is wrong, as one sentence without a final period.
    pub fn message(&self) -> String {
        let what = if self.path.is_empty() { "this file" } else { &format!("`{}`", self.path) };
        match &self.problem {
            Problem::Missing => format!("{what} is missing"),
            Problem::MissingFor(kind) => {
                format!("{what} is missing; a setting of type `{kind}` needs it")
            }
            Problem::WrongType(name) => format!("{what} must be {name}"),
            Problem::Empty => format!("{what} is empty"),
            Problem::Negative => format!("{what} is negative"),
            Problem::Unknown(text, _) => format!("{what} is `{text}`, which is not a known value"),
            Problem::TooFew(least) => format!("{what} needs at least {least} item"),
            Problem::TooMany(most) => format!("{what} may have {most} items at most"),
            Problem::Repeated => format!("{what} appears twice in its list"),
            Problem::NotAllowed => format!("{what} is not allowed here"),
        }
    }

    /// Returns what to do about it, as one clause.
    pub fn fix(&self) -> String {
        match &self.problem {
            Problem::Missing | Problem::MissingFor(_) => "add it".to_owned(),
            Problem::WrongType(_) | Problem::Negative => "correct its value".to_owned(),
            Problem::Empty => "give it a text".to_owned(),
            Problem::Unknown(text, known) => nearest(text, known.iter().copied()).map_or_else(
                || format!("use one of: {}", known.join(", ")),
                |closest| format!("did you mean `{closest}`?"),
            ),
            Problem::TooFew(_) => "add what is missing".to_owned(),
            Problem::TooMany(_) | Problem::Repeated | Problem::NotAllowed => "remove it".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::json::parse;

    static ITEM: Shape = Shape::Object(Object {
        required: &["id"],
        members: &[("id", &Shape::FilledText), ("size", &Shape::Natural)],
        others: Others::Only(|name| name.starts_with("x-"), &Shape::Boolean),
        by_type: &[],
    });
    static ITEMS: Shape =
        Shape::List(List { items: Some(&ITEM), least: 1, most: 2, unique: false });

    fn found(text: &str, shape: &Shape) -> Vec<String> {
        let value = parse("x.json", text.as_bytes()).unwrap();
        violations(&value, shape).iter().map(Violation::message).collect()
    }

    #[test]
    fn all_violations_are_found_with_their_paths() {
        assert_eq!(found("[]", &ITEMS), ["this file needs at least 1 item"]);
        assert_eq!(found("{}", &ITEMS), ["this file must be a list"]);
        assert_eq!(
            found("[{\"size\":-1,\"y\":1,\"x-a\":0},{\"id\":\"\",\"size\":1.5},7]", &ITEMS),
            [
                "this file may have 2 items at most",
                "`[0].id` is missing",
                "`[0].size` is negative",
                "`[0].y` is not allowed here",
                "`[0]['x-a']` must be true or false",
                "`[1].id` is empty",
                "`[1].size` must be a whole number",
                "`[2]` must be an object",
            ]
        );
    }

    #[test]
    fn last_of_duplicate_keys_wins() {
        assert!(found("[{\"id\":1,\"id\":\"a\",\"size\":1.0}]", &ITEMS).is_empty());
        assert_eq!(found("[{\"id\":\"a\",\"id\":\"\"}]", &ITEMS), ["`[0].id` is empty"]);
    }

    #[test]
    fn duplicate_and_unknown_list_items_are_reported() {
        static LETTERS: Shape = Shape::OneOf(&["alpha", "beta"]);
        static WORDS: Shape =
            Shape::List(List { items: Some(&LETTERS), least: 0, most: 9, unique: true });
        let value = parse("x.json", b"[\"alpha\", \"alpha\", \"alpa\"]").unwrap();
        let found = violations(&value, &WORDS);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].message(), "`[1]` appears twice in its list");
        assert_eq!(found[0].span, Span::new(10, 17));
        assert_eq!(found[1].fix(), "did you mean `alpha`?");
    }
}
