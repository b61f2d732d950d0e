//! Describes what becomes of pages and links in words that a merchant understands.

use super::overview::{Decisions, LinkDecision, PageState};
use crate::guard::group::Group;
use crate::guard::links::{Link, Outcome as LinkOutcome};
use crate::guard::plan::Mechanism;
use crate::pipeline::PageOutcome;
use crate::pipeline::visits::Visit;
use crate::verify::{Outcome, Place};

/// The appearance of an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Appearance {
    /// The name of its colour and icons in the page's template.
    pub(super) key: &'static str,
    /// The outcome in one or two words.
    pub(super) label: &'static str,
}

/// All states of a page, the good ones first.
pub(super) const PAGE_STATES: &[PageState] = &[
    PageState::As(PageOutcome::Kept),
    PageState::As(PageOutcome::Guarded),
    PageState::As(PageOutcome::Shown),
    PageState::As(PageOutcome::Refused),
    PageState::As(PageOutcome::Open),
    PageState::Lost,
    PageState::As(PageOutcome::Uncertain),
];

/// Returns the appearance of a page's state.
pub(super) fn look(state: PageState) -> Appearance {
    let (key, label) = match state {
        PageState::As(PageOutcome::Kept) => ("kept", "kept"),
        PageState::As(PageOutcome::Guarded) => ("guarded", "guarded"),
        PageState::As(PageOutcome::Shown) => ("shown", "shown"),
        PageState::As(PageOutcome::Refused) => ("broken", "broken"),
        PageState::As(PageOutcome::Open) => ("open", "open"),
        PageState::As(PageOutcome::Uncertain) => ("unclear", "cannot tell"),
        PageState::Lost => ("lost", "lost"),
    };
    Appearance { key, label }
}

/// Describes what shoppers see on a page in this state, in one sentence.
pub(super) fn meaning(state: PageState, decisions: &Decisions) -> String {
    let text = match state {
        PageState::As(PageOutcome::Guarded) => return guarded(decisions),
        PageState::As(PageOutcome::Kept) => {
            "Everybody sees the page; links into the old shop lead nowhere or to your storefront."
        }
        PageState::As(PageOutcome::Shown) => {
            "Everybody sees the page as before, because this mode guards no page."
        }
        PageState::As(PageOutcome::Refused) => {
            "The platform refuses the page's template, so that nobody sees it."
        }
        PageState::As(PageOutcome::Open) => "Somebody would still see the page who should not.",
        PageState::As(PageOutcome::Uncertain) => {
            "stencil-guard cannot tell whether shoppers see the page."
        }
        PageState::Lost => "Somebody would not see the page who should.",
    };
    text.to_owned()
}

fn guarded(decisions: &Decisions) -> String {
    match &decisions.mechanism {
        Mechanism::Dispatch(groups) if !groups.is_empty() => format!(
            "Shoppers get a small page that leads to your storefront; members of customer group {} see the page.",
            group_names(groups)
        ),
        Mechanism::Dispatch(_) => {
            "Shoppers get a small page that leads to your storefront, and nothing of the shop."
                .to_owned()
        }
        Mechanism::Redirect | Mechanism::None => {
            "Shoppers are sent to your storefront before they see anything.".to_owned()
        }
    }
}

/// Describes what shoppers see on guarded pages in each situation: what our script and the document around it
/// do (`snippets/`).
pub(super) fn meets(decisions: &Decisions) -> impl Iterator<Item = (&'static str, String)> {
    let storefront = &decisions.storefront;
    let is_led = decisions.addresses.iter().any(|address| address.leads_to.is_some());
    let (place, without_scripts) = match is_led {
        true => (
            "The place on your storefront that the lists above name",
            format!(
                "The same places, as far as the page alone decides; otherwise the home page of {storefront}."
            ),
        ),
        false => ("The same path on your storefront", format!("The home page of {storefront}.")),
    };
    let before = "before anything of the old shop is seen. The browser’s Back leads to where the shopper came from";
    let meets = [
        ("In most browsers", format!("{place}, {before}.")),
        ("Where scripts are blocked", without_scripts),
        ("In a frame of another page", format!("A plain page with a link to {storefront}.")),
        (
            "If the storefront sends shoppers back again and again",
            "A plain page with a link instead of an endless loop.".to_owned(),
        ),
    ];
    meets.into_iter().filter(|_| decisions.mechanism != Mechanism::None)
}

/// Formats groups as a list in words.
pub(super) fn group_names(groups: &[Group]) -> String {
    let names: Vec<String> = groups.iter().map(Group::to_string).collect();
    names.join(" or ")
}

/// Describes what visitors get, to follow their name.
pub(super) fn gets(visit: &Visit) -> String {
    let mut places: Vec<&str> =
        visit.leads_to.iter().map(|address| address.trim_end_matches('/')).collect();
    places.dedup();
    let places = places.join(" or ");
    match visit.outcome {
        Outcome::Redirected | Outcome::Replaced if visit.place == Place::Frame => {
            format!("see a plain page with a link to {places}")
        }
        Outcome::Shown if visit.place == Place::CheckoutPath => {
            "see the page, so that nobody is kept from paying".to_owned()
        }
        Outcome::Shown => "see the page".to_owned(),
        Outcome::Redirected => {
            format!("are sent to {places}; the page's text is sent along, but not seen")
        }
        Outcome::Replaced => format!("get nothing of the page and are led to {places}"),
        Outcome::Uncertain => format!("stencil-guard cannot tell: {}", visit.doubts.join("; ")),
        Outcome::Refused => "get an error of the platform".to_owned(),
    }
}

/// Returns the appearance of a link's outcome, and one sentence about it.
pub(super) fn link_words(link: &Link) -> (Appearance, String) {
    let places: Vec<&str> = link.leads_to.iter().map(|kind| kind.phrase()).collect();
    let places = places.join(" or ");
    let (key, label, becomes) = match &link.outcome {
        LinkOutcome::Keep => ("shown", "stays", format!("Leads to {places}, as before.")),
        LinkOutcome::Retarget(arrival) => {
            ("guarded", "retargeted", format!("Led to {places}; leads to {arrival} now."))
        }
        LinkOutcome::Strip => {
            ("broken", "disabled", format!("Led to {places}; leads nowhere now."))
        }
    };
    (Appearance { key, label }, becomes)
}

/// Formats how many links have each outcome; outcomes without links are left out.
pub(super) fn link_counts<'l>(links: impl IntoIterator<Item = &'l LinkDecision>) -> String {
    let phrases = ["disabled", "retargeted to the storefront", "left as they are"];
    let mut numbers = [0; 3];
    for decision in links {
        numbers[match decision.link.outcome {
            LinkOutcome::Strip => 0,
            LinkOutcome::Retarget(_) => 1,
            LinkOutcome::Keep => 2,
        }] += 1;
    }
    let counts = numbers.into_iter().zip(phrases).filter(|(number, _)| *number > 0);
    let counts: Vec<String> = counts.map(|(number, phrase)| format!("{number} {phrase}")).collect();
    counts.join(", ")
}

/// Returns the pages and visitors that the guard leaves out, and why: pairs of one clause and one sentence.
pub(super) fn exempt(decisions: &Decisions) -> Vec<(String, String)> {
    let kept = decisions.pages.iter().filter(|page| match page.outcome {
        PageOutcome::Open => page.may_be_open,
        outcome => outcome == PageOutcome::Kept,
    });
    let mut exempt: Vec<(String, String)> =
        kept.map(|page| (format!("Page {}", short(&page.name)), page.why.to_owned())).collect();
    for name in &decisions.absent {
        let why = "It would be kept, but this theme has no such page; the platform shows its own, if any.";
        exempt.push((format!("Page {}", short(name)), why.to_owned()));
    }
    if decisions.mechanism == Mechanism::None {
        let why = "This mode changes links and guards no page.";
        exempt.push(("Every other page".to_owned(), why.to_owned()));
        return exempt;
    }
    if let Mechanism::Dispatch(groups) = &decisions.mechanism {
        let why =
            "They were named as those who may see the old shop; they get every page unchanged.";
        exempt.extend(
            groups
                .iter()
                .map(|group| (format!("Members of customer group {group}"), why.to_owned())),
        );
    }
    let why = "Whatever the platform shows there, the script never interrupts a payment.";
    exempt.push((format!("Addresses of the checkout: {CHECKOUT}"), why.to_owned()));
    exempt.extend(development(decisions.guard_development));
    let why = "If the platform does not say which page it shows, it may be the checkout, and losing a sale is worse than showing a page.";
    exempt.push(("A page without a name".to_owned(), why.to_owned()));
    exempt
}

/// The addresses at which our script does nothing (`snippets/redirect.js`), without `.php`.
const CHECKOUT: &str = "/checkout, /embedded-checkout, /order-confirmation, /finishorder";

fn development(is_guarded: bool) -> Option<(String, String)> {
    let why = "Developers see the theme unchanged on their own computers; no shopper gets there.";
    let what = "The local development server (stencil start)";
    (!is_guarded).then(|| (what.to_owned(), why.to_owned()))
}

/// Returns a page's name without the folder that all pages are in.
pub(super) fn short(name: &str) -> &str {
    name.strip_prefix("pages/").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_state_has_its_own_appearance() {
        let mut keys: Vec<&str> = PAGE_STATES.iter().map(|state| look(*state).key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), PAGE_STATES.len());
    }
}
