//! The codes of findings whose severity the user may change. Errors are not among them: an error means that a
//! page would be open or that something would not work.

use crate::text::{Code, Severity, nearest};
use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The code of a warning or a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct AdjustableCode(Code);

impl From<AdjustableCode> for Code {
    fn from(code: AdjustableCode) -> Self {
        code.0
    }
}

impl FromStr for AdjustableCode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match Code::ALL.iter().find(|code| code.as_str() == text) {
            Some(code) if code.severity() == Severity::Error => {
                Err(format!("`{text}` is an error, whose weight cannot be changed"))
            }
            Some(code) => Ok(Self(*code)),
            None => {
                let near = nearest(text, Code::ALL.iter().map(|code| code.as_str()));
                let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                Err(format!("no finding has the code `{text}`{near}"))
            }
        }
    }
}

impl<'de> Deserialize<'de> for AdjustableCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(CodeVisitor)
    }
}

struct CodeVisitor;

impl Visitor<'_> for CodeVisitor {
    type Value = AdjustableCode;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the code of a warning or a note, such as \"amp-validity\"")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<AdjustableCode, E> {
        text.parse().map_err(E::custom)
    }
}
