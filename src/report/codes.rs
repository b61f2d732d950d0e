//! What the codes of findings and failures mean.

use super::json::SCHEMA;
use super::{FailureCode, Status};
use crate::text::{Code, Severity};
use serde::Serialize;
use std::fmt::Write;

/// What one code means.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Meaning {
    code: &'static str,
    severity: Severity,
    meaning: &'static str,
}

impl Meaning {
    /// All codes that there are.
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

    /// The code as it is printed.
    pub fn code(&self) -> &'static str {
        self.code
    }
}

/// A line or two about each code, or one JSON document for a program.
pub fn codes(codes: &[Meaning], for_program: bool) -> String {
    if for_program {
        let document = serde_json::json!({
            "schema": SCHEMA,
            "command": "explain",
            "status": Status::Done,
            "findings": [],
            "codes": codes,
        });
        return format!("{document:#}\n");
    }
    let mut text = String::new();
    for Meaning { code, severity, meaning } in codes {
        let severity = format!("{severity:?}").to_lowercase();
        let _ = writeln!(text, "{code} ({severity})\n  {meaning}");
    }
    text
}
