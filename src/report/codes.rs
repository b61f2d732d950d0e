//! What the codes of findings mean.

use super::Status;
use super::json::SCHEMA;
use crate::text::Code;
use std::fmt::Write;

/// A line or two about each code, or one JSON document for a program.
pub fn codes(codes: &[Code], for_program: bool) -> String {
    if for_program {
        let code = |code: &Code| {
            let (severity, meaning) = (code.severity(), code.meaning());
            serde_json::json!({ "code": code.as_str(), "severity": severity, "meaning": meaning })
        };
        let document = serde_json::json!({
            "schema": SCHEMA,
            "command": "explain",
            "status": Status::Done,
            "findings": [],
            "codes": codes.iter().map(code).collect::<Vec<_>>(),
        });
        return format!("{document:#}\n");
    }
    let mut text = String::new();
    for code in codes {
        let severity = format!("{:?}", code.severity()).to_lowercase();
        let _ = writeln!(text, "{} ({severity})\n  {}", code.as_str(), code.meaning());
    }
    text
}
