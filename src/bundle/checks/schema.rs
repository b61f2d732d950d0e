//! Checks `schema.json`, which defines what the theme editor offers.

use super::shape::{Problem, Violation, violations};
use super::tables::SCHEMA;
use crate::text::{Code, Finding, Severity};
use crate::theme::Theme;
use jsonc_parser::ast::Value;

pub(super) const PATH: &str = "schema.json";

/// Returns everything that is wrong in `schema`.
pub(super) fn check(schema: &Value<'_>) -> Vec<Finding> {
    violations(schema, &SCHEMA).iter().map(finding).collect()
}

/// Reports that `schema.json` is missing; themes for the marketplace need it.
pub(super) fn missing(theme: &Theme) -> Option<Finding> {
    (!theme.files.contains_key(PATH)).then(|| {
        let message =
            "the theme has no `schema.json`, so the Theme Editor offers nothing (TR-1001)";
        Finding::new(Code::MissingSchema, message).help("add a `schema.json`")
    })
}

fn finding(violation: &Violation) -> Finding {
    let message = format!("{} ({})", violation.message(), code(&violation.path));
    let finding = Finding::new(Code::InvalidSchema, message).at(PATH, violation.span);
    let fix = violation.fix();
    if is_seen_in_stores(violation) {
        let help =
            format!("{fix}; the official bundler stops here, although stores run themes with this");
        return Finding { severity: Severity::Warning, ..finding.help(help) };
    }
    finding.help(format!("{fix}; the official bundler stops here"))
}

/// Reports whether themes downloaded from stores have this violation: the bundler has become stricter over
/// time, and a theme that a store runs must be guarded.
fn is_seen_in_stores(violation: &Violation) -> bool {
    match violation.problem {
        Problem::MissingFor(_) => true,
        Problem::Empty => violation.path.ends_with("].value"),
        _ => false,
    }
}

/// Returns the platform's error number for a member at this path; deeper members have higher numbers.
fn code(path: &str) -> &'static str {
    match path {
        "" => "TR-1002",
        _ if path.contains("].settings[") => "TR-1005",
        _ if path.ends_with("].settings") => "TR-1004",
        _ => "TR-1003",
    }
}
