//! One HTML page that shows merchants and developers what a build would deliver.
//!
//! The page loads nothing and contains no script, and every word from the theme is escaped. The same theme
//! and settings give the same bytes.

mod addresses;
mod around;
mod exits;
mod files;
mod pages;
mod sides;
mod steps;
mod summary;

use super::overview::Overview;
use crate::text::is_command;
use handlebars::{Handlebars, RenderError, RenderErrorReason, html_escape};
use serde::Serialize;
use serde_json::Value;

/// The beginning of every page of this kind, and of no other file.
pub const MARK: &str = "<!doctype html>\n<!-- stencil-guard report -->\n";

const PAGE: &str = include_str!("page.html.hbs");
const STYLE: &str = include_str!("style.css");

/// The data of the template.
#[derive(Serialize)]
struct View {
    summary: summary::View,
    steps: Vec<steps::Step>,
    addresses: addresses::View,
    pages: Vec<pages::PageGroup>,
    templates: Vec<around::Template>,
    exits: Vec<exits::Exits>,
    reach: Vec<around::Reach>,
    notices: Vec<around::Notice>,
    exempt: Vec<around::Exemption>,
    files: files::Files,
    checklist: steps::Checklist,
}

/// Returns the page as text.
///
/// # Errors
/// When the template cannot be rendered, which is a bug in this program.
pub fn page(overview: &Overview) -> Result<String, Box<RenderError>> {
    // Everything except code goes first; code gets the remaining room.
    let without_code = render(view(overview, 0))?;
    let room = MAX_CODE.min(LARGEST.saturating_sub(without_code.len()));
    render(view(overview, room))
}

/// The maximum size of a page in bytes, unless a theme has thousands of pages: browsers and mail programs
/// open it without delay.
const LARGEST: usize = 950_000;
/// The maximum size of code and its markup in bytes.
const MAX_CODE: usize = 450_000;

fn view(overview: &Overview, room: usize) -> View {
    View {
        summary: summary::view(overview),
        steps: steps::first(overview),
        addresses: addresses::view(&overview.decisions),
        pages: pages::told(pages::pages(overview)),
        templates: around::templates(&overview.decisions),
        exits: exits::exits(&overview.decisions.exits),
        reach: around::reach(overview),
        notices: around::notices(overview),
        exempt: around::exempt(&overview.decisions),
        files: files::files(&overview.decisions, room),
        checklist: steps::checklist(&overview.decisions),
    }
}

fn render(view: View) -> Result<String, Box<RenderError>> {
    let mut values = serde_json::to_value(view)
        .map_err(|error| RenderError::from(RenderErrorReason::SerdeError(error)))?;
    show_all_characters(&mut values);
    values["style"] = STYLE.into();
    let mut engine = Handlebars::new();
    engine.set_strict_mode(true);
    engine.register_escape_fn(html_escape);
    let text = engine.render_template(PAGE, &values).map_err(Box::new)?;
    Ok(format!("{MARK}{}", text.trim_start()))
}

/// Replaces characters that browsers refuse or that change the order of others, so that readers see what is
/// there.
fn show_all_characters(value: &mut Value) {
    match value {
        Value::String(text) => *text = text.chars().map(shown).collect(),
        Value::Array(items) => items.iter_mut().for_each(show_all_characters),
        Value::Object(members) => members.values_mut().for_each(show_all_characters),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn shown(character: char) -> char {
    match character {
        '\t' | '\n' => character,
        // Some themes end lines with carriage returns; a browser would take them for line ends, too.
        '\r' => '\u{240d}',
        '\u{200b}'..='\u{200d}' | '\u{feff}' => char::REPLACEMENT_CHARACTER,
        character if is_command(character) => char::REPLACEMENT_CHARACTER,
        character => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::plan::Mechanism;
    use crate::pipeline::PageOutcome;
    use crate::report::overview::{Decisions, PageDecision};
    use crate::report::{Failure, Report};

    #[test]
    fn report_loads_no_external_resources() {
        for text in [PAGE, STYLE] {
            for word in ["url(", "@import", "http://", "https://", "<script", "src="] {
                assert!(!text.contains(word), "{word}");
            }
        }
    }

    #[test]
    fn only_the_style_is_inserted_unescaped() {
        assert_eq!(PAGE.matches("{{{").count(), 1);
        assert!(PAGE.contains("<style>{{{style}}}</style>") && !STYLE.contains("</"));
    }

    #[test]
    fn invisible_characters_are_made_visible() {
        let mut value = serde_json::json!(["a\u{202e}b\0\tc\r\n"]);
        show_all_characters(&mut value);
        assert_eq!(value, serde_json::json!(["a\u{fffd}b\u{fffd}\tc\u{240d}\n"]));
    }

    #[test]
    fn allowed_open_page_is_shown_prominently() {
        let page = PageDecision {
            name: "pages/odd".to_owned(),
            outcome: PageOutcome::Open,
            is_lost: false,
            may_be_open: true,
            why: "It was named.",
            visits: Vec::new(),
        };
        let decisions = Decisions {
            theme: "Theme".to_owned(),
            mechanism: Mechanism::Redirect,
            storefront: "https://a.example".to_owned(),
            guard_development: true,
            storefronts: Vec::new(),
            addresses: Vec::new(),
            platform_links: Vec::new(),
            pages: vec![page],
            absent: Vec::new(),
            links: Vec::new(),
            exits: Vec::new(),
            files: Vec::new(),
        };
        let report = Report::failed("report", Failure::default());
        let page = super::page(&Overview { report, decisions }).unwrap();
        assert!(page.contains("<p class=\"verdict open\">"), "{page}");
        assert!(page.contains("1 page stays open, because that was allowed by name"));
        assert!(page.contains("<dt>Page odd</dt><dd>It was named.</dd>"));
        assert!(page.contains("<span class=\"label\">open</span>"));
    }
}
