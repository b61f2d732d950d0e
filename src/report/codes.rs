//! The meanings of the codes of findings and failures.

use super::json::{self, Document};
use super::{FailureCode, Report};
use crate::text::{Code, Severity};
use schemars::JsonSchema;
use serde::Serialize;
use std::fmt::Write;

/// The meaning of one code.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Meaning {
    /// The code as it is printed.
    code: &'static str,
    /// The default severity of findings with this code.
    severity: Severity,
    /// The explanation, as sentences.
    meaning: &'static str,
}

impl Meaning {
    /// Returns the meanings of all codes.
    pub fn all() -> impl Iterator<Item = Self> {
        let findings = Code::ALL.iter().map(|code| Self {
            code: code.as_str(),
            severity: code.severity(),
            meaning: code.meaning(),
        });
        let failures = FailureCode::ALL.iter().map(|code| Self {
            code: code.as_str(),
            severity: Severity::Error,
            meaning: code.meaning(),
        });
        findings.chain(failures)
    }

    /// Returns the code as it is printed.
    pub fn code(&self) -> &'static str {
        self.code
    }
}

/// The rule that decides a link, or the meanings of codes.
#[derive(Serialize, JsonSchema)]
pub(super) struct Explanation<'a> {
    #[serde(flatten)]
    document: Document<'a>,
    /// The meanings of codes, if `explain` was asked for codes.
    #[serde(skip_serializing_if = "<[Meaning]>::is_empty")]
    codes: &'a [Meaning],
}

/// Returns the meanings of codes as one JSON document with a final newline.
///
/// # Errors
/// When it cannot be written, which no code is known to cause.
pub fn codes_json(codes: &[Meaning]) -> serde_json::Result<String> {
    let report = Report { command: "explain", ..Report::default() };
    let explanation = Explanation { document: json::document(&report), codes };
    Ok(serde_json::to_string_pretty(&explanation)? + "\n")
}

/// Formats a line or two about each code.
pub fn codes(codes: &[Meaning]) -> String {
    let mut text = String::new();
    for Meaning { code, severity, meaning } in codes {
        let severity = format!("{severity:?}").to_lowercase();
        let _ = writeln!(text, "{code} ({severity})\n  {meaning}");
    }
    text
}
