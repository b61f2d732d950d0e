//! Checks whether the style sheets that templates name compile, as far as a Rust library can tell.
//!
//! This is only a check: nothing uses its output, and the guard changes no style sheet. The platform compiles
//! with another library, so a failure here is only a warning.

mod compile;
mod files;
mod functions;

pub use compile::compile;

use super::json_file;
use super::style_files::StyleFiles;
use super::style_roots;
use super::styles::{self, Member};
use crate::text::{Code, Finding, Span};
use crate::theme::Theme;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

const BASE: &str = "assets/scss";
const SURE: &str = "only the official compiler can be sure: `stencil bundle` or `stencil start` will tell; --no-style-check leaves this check out";

/// A style sheet with everything that its compilation may need.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StyleSheet {
    /// Its name in `files`.
    pub root: String,
    /// All style sheets that the official compiler would get, by alias relative to `assets/scss`.
    pub files: BTreeMap<String, String>,
    /// The theme's settings in one of its variations.
    pub settings: Map<String, Value>,
}

/// The outcome of a compilation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StyleOutcome {
    /// The style sheet compiles.
    Compiled,
    /// The library rejects something that the official compiler is known to accept.
    Taken,
    /// The library rejects the style sheet.
    Refused {
        /// The library's error message.
        message: String,
        /// The place of the error, if the library reports one.
        place: Option<StylePlace>,
    },
    /// The compilation did not finish; the text is the reason, as a clause.
    Unfinished(String),
}

/// A place in one of the files of a style sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StylePlace {
    /// The file's name in `files`.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The offset of the first byte.
    pub start: usize,
    /// The offset after the last byte.
    pub end: usize,
}

/// A compiler for style sheets. The library may hang or crash on hostile ones, so a caller that must survive
/// runs it in another process.
pub trait StyleCompiler: Sync {
    /// Compiles one style sheet.
    fn compile(&self, sheet: &StyleSheet) -> StyleOutcome;
}

/// Reports whether `theme` has style sheets to compile.
pub fn has_sheets(theme: &Theme) -> bool {
    is_compiled(theme) && !style_roots::roots(theme).is_empty()
}

/// Returns a warning for each style sheet of `theme` that does not compile with the settings of the first
/// variation, or of any variation if `all` is set.
pub fn check(theme: &Theme, all: bool, compiler: &dyn StyleCompiler) -> Vec<Finding> {
    if !is_compiled(theme) {
        return Vec::new();
    }
    let files = StyleFiles::new(theme, BASE);
    let mut findings: Vec<Finding> = Vec::new();
    for root in style_roots::roots(theme).into_keys() {
        let members = styles::tree(&files, &root, "scss");
        let mut told: Vec<StyleOutcome> = Vec::new();
        for (number, Variation { name, settings }) in variations(theme, all).into_iter().enumerate()
        {
            let outcome = compiler.compile(&sheet(&root, &members, settings));
            // An error that several variations share is reported for the first one only.
            if !told.contains(&outcome) {
                let variation = Some(name).filter(|_| number > 0);
                findings.extend(finding(&root, variation, &members, &files, &outcome));
                told.push(outcome);
            }
        }
    }
    findings
}

/// Returns the style sheets of `theme` as the official compiler gets them, with the settings of the first
/// variation.
pub fn sheets(theme: &Theme) -> Vec<StyleSheet> {
    let files = StyleFiles::new(theme, BASE);
    let settings = variations(theme, false).into_iter().next().unwrap_or_default().settings;
    let roots = style_roots::roots(theme).into_keys();
    roots.map(|root| sheet(&root, &styles::tree(&files, &root, "scss"), settings.clone())).collect()
}

fn sheet(root: &str, members: &[Member], settings: Map<String, Value>) -> StyleSheet {
    let files = members.iter().map(|member| (member.key.clone(), member.text.to_string()));
    StyleSheet { root: root.to_owned(), files: files.collect(), settings }
}

/// Reports whether the theme uses the `scss` compiler. Themes with another compiler bring finished style
/// sheets, or sheets that no library here can read.
fn is_compiled(theme: &Theme) -> bool {
    config(theme).get("css_compiler").and_then(Value::as_str) == Some("scss")
}

/// Returns the content of `config.json`; another check reports why it cannot be read.
fn config(theme: &Theme) -> Value {
    json_file::read(theme, "config.json").ok().flatten().unwrap_or_default()
}

/// A theme's variation.
#[derive(Default)]
struct Variation {
    name: String,
    /// The theme's settings, overridden by the variation's own.
    settings: Map<String, Value>,
}

/// Returns the first variation, or all.
fn variations(theme: &Theme, all: bool) -> Vec<Variation> {
    let config = config(theme);
    let settings = |value: &Value| value["settings"].as_object().cloned().unwrap_or_default();
    let variations = config["variations"].as_array().map(Vec::as_slice).unwrap_or_default();
    let wanted = if all { variations.len() } else { 1 };
    let variation = |own: &Value| {
        let mut merged = settings(&config);
        merged.extend(settings(own));
        let name = own["name"].as_str().unwrap_or_default().to_owned();
        Variation { name, settings: merged }
    };
    variations.iter().take(wanted).map(variation).collect()
}

fn finding(
    root: &str,
    variation: Option<String>,
    members: &[Member],
    files: &StyleFiles<'_>,
    outcome: &StyleOutcome,
) -> Option<Finding> {
    let path = format!("{BASE}/{root}");
    let settings = variation.map(|name| format!(" with the settings of the variation `{name}`"));
    let settings = settings.unwrap_or_default();
    match outcome {
        StyleOutcome::Compiled | StyleOutcome::Taken => None,
        StyleOutcome::Unfinished(why) => {
            let message = format!(
                "stencil-guard cannot tell whether this style sheet compiles{settings}: {why}"
            );
            Some(Finding::new(Code::StyleUnchecked, message).in_file(path).help(SURE))
        }
        StyleOutcome::Refused { message, place } => {
            let message =
                format!("the Sass library grass cannot compile `{path}`{settings}: {message}");
            let finding = Finding::new(Code::StyleSheet, message).help(SURE);
            let at = place.as_ref().and_then(|place| {
                let member = members.iter().find(|member| member.key == place.file)?;
                Some((files.theme_path(&member.path)?, place))
            });
            Some(match at {
                Some((path, place)) => located(finding, path, place),
                None => finding.in_file(path),
            })
        }
    }
}

/// Puts the finding at a place; reports cannot show lines of a package, so there the message names the line.
fn located(mut finding: Finding, path: String, place: &StylePlace) -> Finding {
    if path.starts_with("node_modules/") {
        finding.message = format!("{} (line {})", finding.message, place.line);
        return finding.in_file(path);
    }
    finding.at(path, Span::new(place.start, place.end))
}

#[cfg(test)]
mod tests;
