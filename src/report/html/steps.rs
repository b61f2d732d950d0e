//! What the merchant has to do: before anything else, when the theme goes live, and to go back.

use super::super::overview::{Arrival, Decisions, Overview};
use super::summary::severity;
use crate::guard::plan::Mechanism;
use crate::text::{Severity, counted};
use serde::Serialize;

/// One thing to do.
#[derive(Serialize)]
pub(super) struct Step {
    what: String,
    /// A flag or a command that does it.
    command: Option<String>,
}

/// The steps at the end of the page.
#[derive(Serialize)]
pub(super) struct Checklist {
    live: Vec<Step>,
    back: Vec<Step>,
}

/// Returns what has to be done before the theme is used, the most urgent first.
pub(super) fn first(overview: &Overview) -> Vec<Step> {
    let decisions = &overview.decisions;
    let steps = [errors(overview), warnings(overview), unknown(decisions), linked(decisions)];
    steps.into_iter().flatten().chain([routes()]).collect()
}

fn step(what: impl Into<String>, command: &str) -> Step {
    let command = (!command.is_empty()).then(|| command.to_owned());
    Step { what: what.into(), command }
}

fn errors(overview: &Overview) -> Option<Step> {
    let number = severity(overview, Severity::Error);
    let what = format!(
        "Correct {} under “What needs a look”; until then a build writes nothing.",
        counted(number, "error")
    );
    (number > 0).then(|| step(what, ""))
}

fn warnings(overview: &Overview) -> Option<Step> {
    let number = severity(overview, Severity::Warning);
    let what = format!("Read {} under “What needs a look”.", counted(number, "warning"));
    (number > 0).then(|| step(what, ""))
}

fn unknown(decisions: &Decisions) -> Option<Step> {
    let addresses = decisions.addresses.iter();
    let is_unknown = |arrival| arrival == Arrival::Unknown;
    let number = addresses
        .filter(|address| address.address.is_some() && is_unknown(address.arrival))
        .count();
    let (arrive, them) = if number == 1 { ("arrives", "it") } else { ("arrive", "them") };
    let what = format!(
        "{} of the hosted shop {arrive} at your storefront unchanged, and it may not have {them}. Name the storefront’s platform, or say where {them} should lead.",
        match number {
            1 => "1 address".to_owned(),
            number => format!("{number} addresses"),
        }
    );
    (number > 0).then(|| step(what, "--paths PLATFORM"))
}

fn linked(decisions: &Decisions) -> Option<Step> {
    let addresses = decisions.addresses.iter();
    let number = addresses
        .filter(|address| !address.links.is_empty() && address.arrival != Arrival::Stays)
        .count();
    let what = "E-mails and the checkout link to pages that are guarded. The first list below says where each arrives; keep the pages that your storefront does not have.";
    (number > 0).then(|| step(what, "--keep essentials"))
}

fn routes() -> Step {
    let what = "Set the channel’s site address and its routes to your storefront: links of the checkout and of e-mails follow them, and no theme can change them.";
    step(what, "stencil-guard routes plan --channel NUMBER --paths PLATFORM")
}

/// Returns what to do when the theme goes live, and how to go back.
pub(super) fn checklist(decisions: &Decisions) -> Checklist {
    let storefront = &decisions.storefront;
    let scripts = "Look through Script Manager, the e-mail templates and Page Builder for links and scripts that lead to guarded pages: no theme holds them.";
    let check = format!("stencil-guard check https://CHECKOUT-HOST --storefront {storefront}");
    let order = "Order something, once as a guest and once signed in; then follow “Edit cart”, “Continue shopping” and a link of each e-mail.";
    let mut live = vec![
        step(scripts, ""),
        step(
            "Upload the bundle, and show the theme on the one channel that is to be guarded. Every channel that shows this theme is affected.",
            "stencil-guard push THEME.zip --channel NUMBER --activate",
        ),
    ];
    if decisions.mechanism != Mechanism::None {
        live.push(step("Look at the live shop from outside.", &check));
    }
    live.push(step(order, ""));
    let back = vec![
        step("Show the theme from before.", "stencil-guard rollback --channel NUMBER"),
        step(
            "Set the routes as they were; `routes apply` wrote the file.",
            "stencil-guard routes restore FILE",
        ),
    ];
    Checklist { live, back }
}
