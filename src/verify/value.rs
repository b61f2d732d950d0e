//! Values that are only partly known, compared as the engine does, by JavaScript's rules.

/// The result of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    Yes,
    No,
    Unknown,
    /// The body is printed somewhere else, or with other variables.
    Unsupported,
}

/// A value that is known well enough to be compared.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// Undefined, null, false, zero or an empty text.
    Absent,
    /// Undefined.
    Missing,
    Text(String),
    Number(f64),
    Bool(bool),
    /// The number of a group, which the platform gives as a number or as a text.
    Id(f64),
    /// The number or name of a group that no condition asks for.
    Other,
    /// The type of the page, if it is one of the two that are certain.
    PageType(Option<&'static str>),
    Object,
}

/// Returns `page_type` for the pages for which the platform documents it.
pub(super) fn page_type(page: &str) -> Option<&'static str> {
    match page {
        "pages/checkout" => Some("checkout"),
        "pages/order-confirmation" => Some("orderconfirmation"),
        _ => None,
    }
}

pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) | Value::Id(number) => Some(*number),
        Value::Text(text) => number_of(text),
        _ => None,
    }
}

/// Returns the number that JavaScript converts a text to; `None` if it is not a number.
pub(super) fn number_of(text: &str) -> Option<f64> {
    // To JavaScript, a byte order mark is white space, but a next-line character is not.
    let is_space = |c: char| c == '\u{feff}' || (c.is_whitespace() && c != '\u{85}');
    let text = text.trim_matches(is_space);
    if text.is_empty() {
        return Some(0.0);
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = text.to_ascii_lowercase().strip_prefix(prefix) {
            let values: Option<Vec<u32>> = digits.chars().map(|c| c.to_digit(radix)).collect();
            let add = |number: f64, value: u32| number * f64::from(radix) + f64::from(value);
            return values.filter(|it| !it.is_empty()).map(|it| it.into_iter().fold(0.0, add));
        }
    }
    match text.trim_start_matches(['+', '-']) {
        "Infinity" => text.parse().ok(),
        // Only Rust parses these as numbers.
        digits if digits.contains(|c: char| c.is_alphabetic() && !"eE".contains(c)) => None,
        _ => text.parse().ok(),
    }
}

pub(super) fn ordered(left: f64, operator: &str, right: f64) -> Truth {
    match operator {
        "<" => Truth::of(left < right),
        ">" => Truth::of(left > right),
        "<=" => Truth::of(left <= right),
        ">=" => Truth::of(left >= right),
        _ => Truth::Unknown,
    }
}

pub(super) fn equal(left: &Value, right: &Value, strictly: bool) -> Truth {
    let of_numbers = || match (number(left), number(right)) {
        (Some(left), Some(right)) => left == right,
        _ => false,
    };
    match (left, right) {
        (Value::Missing, other) | (other, Value::Missing) => match other {
            Value::Missing => Truth::Yes,
            Value::Absent | Value::PageType(_) => Truth::Unknown,
            _ => Truth::No,
        },
        (Value::Text(_), Value::Bool(_)) | (Value::Bool(_), Value::Text(_)) if strictly => {
            Truth::No
        }
        (Value::Absent, other) | (other, Value::Absent) => could_be_absent(other),
        (Value::Other, Value::Other) => Truth::Unknown,
        (Value::Other, _) | (_, Value::Other) => Truth::No,
        (Value::PageType(own), Value::Text(text)) | (Value::Text(text), Value::PageType(own)) => {
            same_page_type(*own, text)
        }
        (Value::Text(left), Value::Text(right)) => Truth::of(left == right),
        (Value::Number(left), Value::Number(right)) => Truth::of(left == right),
        (Value::Bool(left), Value::Bool(right)) => Truth::of(left == right),
        (Value::Id(_), Value::Text(_) | Value::Number(_))
        | (Value::Text(_) | Value::Number(_), Value::Id(_)) => match (of_numbers(), strictly) {
            (true, true) => Truth::Unknown,
            (same, _) => Truth::of(same),
        },
        (Value::Text(_), Value::Number(_)) | (Value::Number(_), Value::Text(_)) => {
            Truth::of(!strictly && of_numbers())
        }
        _ => Truth::Unknown,
    }
}

/// Whether an absent value of any kind could equal `value`.
fn could_be_absent(value: &Value) -> Truth {
    let never = match value {
        Value::Text(text) => !text.is_empty() && number_of(text) != Some(0.0),
        Value::Number(number) => *number != 0.0,
        Value::Bool(value) => *value,
        Value::Id(_) | Value::Other | Value::Object => true,
        Value::Absent | Value::Missing | Value::PageType(_) => false,
    };
    if never { Truth::No } else { Truth::Unknown }
}

fn same_page_type(own: Option<&'static str>, text: &str) -> Truth {
    let is_certain = ["checkout", "orderconfirmation"].contains(&text);
    match own {
        Some(own) => Truth::of(own == text),
        None if is_certain => Truth::No,
        None => Truth::Unknown,
    }
}

impl Truth {
    pub(super) fn of(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }

    pub(super) fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            other => other,
        }
    }
}
