//! Guarded themes that were damaged, and kept pages that lead away, in ways that show only to those who read
//! them as the engine and browsers do: `check` never says of one that it is guarded or kept.

mod attacks;
mod bodies;
mod elements;
mod html;
mod loose;
mod names;
mod raw;
mod settings;
mod split;
mod ways;

use crate::driver::{STOREFRONT, options};
use std::sync::LazyLock;
use stencil_guard::guard::plan::Mechanism;
use stencil_guard::guard::storefront::Storefront;
use stencil_guard::pipeline::inspect::{self, CheckOptions};
use stencil_guard::pipeline::{self, PageOutcome};
use stencil_guard::theme::Theme;

const LAYOUT: &str = "<!doctype html><html><head><title>t</title></head><body>SHOP</body></html>";

/// A small theme as `build` guards it.
static GUARDED: LazyLock<Theme> = LazyLock::new(|| {
    let files = [
        ("config.json", "{\"name\":\"Mini\",\"version\":\"1.0.0\",\"settings\":{}}"),
        ("templates/layout/base.html", LAYOUT),
        ("templates/pages/home.html", "{{> layout/base}}"),
        ("templates/pages/checkout.html", "<p>PAY</p>"),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), Some(text.as_bytes().to_vec())));
    let theme = Theme::default().with(files);
    pipeline::guard(&theme, &options(Mechanism::Redirect)).unwrap().theme
});

/// The guard itself.
fn guard() -> String {
    String::from_utf8_lossy(GUARDED.template("components/stencil-guard/head").unwrap()).into_owned()
}

/// What `check` says once these templates are changed.
fn checked(templates: &[(&str, &str)]) -> inspect::Checked {
    let files = templates
        .iter()
        .map(|(name, text)| (format!("templates/{name}.html"), Some(text.as_bytes().to_vec())));
    let storefront = Some(Storefront::parse(STOREFRONT).unwrap());
    let options = CheckOptions { storefront, ..CheckOptions::default() };
    inspect::check(&GUARDED.with(files), &options).unwrap()
}

/// What it says of a page, and why.
fn judged(page: &str, templates: &[(&str, &str)]) -> (PageOutcome, Option<String>) {
    let page = checked(templates).pages.remove(page).unwrap();
    (page.outcome, page.reason)
}

/// The customer groups that see what others do not.
fn groups(templates: &[(&str, &str)]) -> Vec<String> {
    checked(templates).groups
}

/// The layout with this in its head, where `@` is the guard's include.
fn layout(head: &str) -> String {
    let head = head.replace('@', "{{> components/stencil-guard/head}}");
    LAYOUT.replace("<head>", &format!("<head>{head}"))
}

/// A guarded page whose layout has this in its head.
fn home(head: &str) -> (PageOutcome, Option<String>) {
    judged("pages/home", &[("layout/base", &layout(head))])
}

/// A kept page with this text.
fn checkout(text: &str) -> (PageOutcome, Option<String>) {
    judged("pages/checkout", &[("pages/checkout", text)])
}

/// Asserts that none of the heads is said to guard its page, but each of the others is.
fn assert_heads(damaged: &[&str], sound: &[&str]) {
    for head in damaged {
        assert_ne!(home(head).0, PageOutcome::Guarded, "{head}");
    }
    for head in sound {
        let (outcome, reason) = home(head);
        assert_eq!(outcome, PageOutcome::Guarded, "{head}: {reason:?}");
    }
}

/// Asserts that none of the pages is said to be kept, but each of the others is.
fn assert_pages(leaving: &[&str], staying: &[&str]) {
    for text in leaving {
        assert_ne!(checkout(text).0, PageOutcome::Kept, "{text}");
    }
    for text in staying {
        let (outcome, reason) = checkout(text);
        assert_eq!(outcome, PageOutcome::Kept, "{text}: {reason:?}");
    }
}
