//! The head of the page: what a merchant has to know, in a few sentences.

use super::super::overview::{Decisions, Overview, PageState};
use super::super::words::{link_counts, meaning, meets, short};
use crate::guard::plan::Mechanism;
use crate::pipeline::PageOutcome;
use crate::text::{Code, Severity, counted};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct View {
    theme: String,
    headline: &'static str,
    is_fine: bool,
    verdict: String,
    sentences: Vec<String>,
    meets: Vec<ShopperView>,
}

/// What shoppers see in one situation.
#[derive(Serialize)]
struct ShopperView {
    place: &'static str,
    what: String,
}

pub(super) fn view(overview: &Overview) -> View {
    let decisions = &overview.decisions;
    let errors = severity(overview, Severity::Error);
    View {
        theme: decisions.theme.clone(),
        headline: headline(&decisions.mechanism),
        is_fine: errors == 0 && open(decisions) == 0,
        verdict: verdict(errors, decisions),
        sentences: sentences(overview),
        meets: meets(decisions).map(|(place, what)| ShopperView { place, what }).collect(),
    }
}

fn headline(mechanism: &Mechanism) -> &'static str {
    match mechanism {
        Mechanism::None => "What shoppers see once links into the old shop are taken away",
        _ => "What shoppers see once this theme is guarded",
    }
}

fn verdict(errors: usize, decisions: &Decisions) -> String {
    match (errors, &decisions.mechanism) {
        (0, Mechanism::None) => {
            "No page is guarded. Only links on kept pages change; shoppers who come to the old shop in another way stay there.".to_owned()
        }
        (0, _) if open(decisions) > 0 => format!(
            "{} open, because that was allowed by name (--allow-open). Every other page that is not kept leads shoppers to {}.",
            match open(decisions) {
                1 => "1 page stays".to_owned(),
                number => format!("{number} pages stay"),
            },
            decisions.storefront
        ),
        (0, _) => format!(
            "Shoppers see only the pages that are kept. Every other page leads them to {}.",
            decisions.storefront
        ),
        _ => format!(
            "Nothing is delivered: {} in the way. See “What needs a look”; all else here is what a build would do without them.",
            if errors == 1 { "one error stands".to_owned() } else { format!("{errors} errors stand") }
        ),
    }
}

/// Counts the pages that shoppers still see.
fn open(decisions: &Decisions) -> usize {
    in_state(decisions, PageState::As(PageOutcome::Open))
}

fn sentences(overview: &Overview) -> Vec<String> {
    let decisions = &overview.decisions;
    let mut sentences = vec![kept(decisions)];
    let guarded = in_state(decisions, GUARDED);
    if guarded > 0 {
        let meaning = meaning(GUARDED, decisions);
        sentences.push(format!("{} guarded. {meaning}", pages_are(guarded)));
    }
    sentences.extend(links(decisions));
    if overview.report.findings.iter().any(|finding| finding.code == Code::LinkHidden) {
        sentences.push(HIDDEN.to_owned());
    }
    sentences.push(format!(
        "{} of the theme change; every other byte stays as it is.",
        counted(decisions.files.len(), "file")
    ));
    sentences.push(
        "Every channel that uses this theme is affected, not only the headless one.".to_owned(),
    );
    sentences.push("This leads shoppers; it locks nothing. Pages stay in the theme, and the store’s interfaces for programs stay open.".to_owned());
    sentences
}

const HIDDEN: &str = "Links that the checkout itself shows are hidden, as named below: the payment page, or the page after an order, is not quite the platform’s own any more.";

fn kept(decisions: &Decisions) -> String {
    let kept = decisions.pages.iter().filter(|page| page.outcome == PageOutcome::Kept);
    let names: Vec<&str> = kept.map(|page| short(&page.name)).collect();
    match names.len() {
        0 => "No page of this theme is kept.".to_owned(),
        number => format!("{} kept for everybody: {}.", pages_are(number), names.join(", ")),
    }
}

fn pages_are(number: usize) -> String {
    let verb = if number == 1 { "is" } else { "are" };
    format!("{} {verb}", counted(number, "page"))
}

fn links(decisions: &Decisions) -> Option<String> {
    let counts = link_counts(&decisions.links);
    (!counts.is_empty()).then(|| format!("Links on kept pages: {counts}."))
}

const GUARDED: PageState = PageState::As(PageOutcome::Guarded);

fn in_state(decisions: &Decisions, state: PageState) -> usize {
    decisions.pages.iter().filter(|page| page.state() == state).count()
}

/// Counts the findings of a severity.
pub(super) fn severity(overview: &Overview, severity: Severity) -> usize {
    overview.report.findings.iter().filter(|finding| finding.severity == severity).count()
}
