//! What is fuzzed: each target takes any bytes, and panics if the program breaks a promise about them.

use std::path::Path;
use stencil_guard::bundle;
use stencil_guard::config::SettingsFile;
use stencil_guard::guard::link_rules::Rules;
use stencil_guard::guard::undo::undo;
use stencil_guard::syntax::{self, html};
use stencil_guard::theme::pages::{Templates, text_starts};
use stencil_guard::theme::{self, Theme};
use stencil_guard::{Finding, Guard, Mode, Severity};

/// A target by the name of its corpus.
pub(crate) type Target = (&'static str, fn(&[u8]));

pub(crate) const TARGETS: &[Target] = &[
    ("scanner", scanner),
    ("archive", archive),
    ("settings", settings),
    ("rules", rules),
    ("front-matter", front_matter),
];

const CONFIG: &[u8] = br#"{"name": "x", "version": "1", "settings": {}, "variations": []}"#;

/// A theme with one page and its layout.
fn theme_of(page: &[u8], layout: &[u8]) -> Theme {
    let file = |name: &str, bytes: &[u8]| (name.to_owned(), Some(bytes.to_vec()));
    Theme::default().with([
        file("config.json", CONFIG),
        file("templates/layout/base.html", layout),
        file("templates/pages/blog.html", page),
        file("templates/pages/checkout.html", b"{{> layout/base}}"),
        file("templates/pages/home.html", b"{{> layout/base}}"),
    ])
}

/// Whatever is built is undone to the same bytes.
fn guards(theme: &Theme) {
    for mode in [Mode::Redirect, Mode::Replace] {
        let guard = Guard::new("https://shop.example.com").mode(mode);
        let Ok(guarded) = guard.build(theme) else { continue };
        let is_error = |finding: &Finding| finding.severity == Severity::Error;
        if guarded.findings().iter().any(is_error) {
            continue;
        }
        let undone = undo(guarded.theme()).unwrap_or_else(|| guarded.theme().clone());
        assert!(undone.files == theme.files, "undo gives back something else");
    }
}

fn scanner(bytes: &[u8]) {
    let template = syntax::parse(bytes);
    for statement in template.statements().unwrap_or_default() {
        let span = statement.span();
        assert!(span.start <= span.end && span.end <= bytes.len(), "{span:?} is outside");
    }
    html::document_head(bytes, &template);
    html::markup(bytes, &template);
    guards(&theme_of(b"{{> layout/base}}", bytes));
    guards(&theme_of(bytes, b"<html><head></head></html>"));
}

fn archive(bytes: &[u8]) {
    let Ok(theme) = theme::read_zip(Path::new("theme.zip"), bytes) else { return };
    for path in theme.files.keys() {
        let is_part = |part: &str| !["", ".", ".."].contains(&part);
        assert!(path.split('/').all(is_part), "{path:?} leaves the theme");
    }
    Templates::new(&theme);
}

fn settings(bytes: &[u8]) {
    let folder = tempfile::tempdir().expect("there is a folder for temporary files");
    let path = folder.path().join("stencil-guard.toml");
    std::fs::write(&path, bytes).expect("it can be written");
    if let Err(error) = SettingsFile::read(&path) {
        assert!(!error.to_string().is_empty(), "an error without words");
    }
}

fn rules(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    if let Err(error) = Rules::new(&[("own.toml".to_owned(), text)]) {
        assert!(!error.to_string().is_empty(), "an error without words");
    }
}

fn front_matter(bytes: &[u8]) {
    let starts = text_starts(bytes);
    let all = [starts.platform, starts.guard, starts.development.unwrap_or_default()];
    assert!(all.iter().all(|at| *at <= bytes.len()), "{starts:?} is outside");
    let theme = theme_of(bytes, b"<html><head></head></html>");
    bundle::check(&theme, true);
    guards(&theme);
}
