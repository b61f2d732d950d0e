//! The findings about links.

use super::decide::{Link, Outcome};
use crate::guard::paths::{Address, hosted_address};
use crate::guard::plan::{Mechanism, Policy};
use crate::text::{Code, Finding, Location, Severity};
use crate::theme::pages::Templates;
use crate::theme::template_path;
use std::collections::{BTreeMap, BTreeSet};

/// Returns one finding per link, a note or a warning where the user should review the decision, and one for
/// all other hosts.
pub(super) fn findings(links: &[Link]) -> Vec<Finding> {
    let finding = |link: &Link| about_link(link).at(template_path(&link.template), link.span());
    links.iter().map(finding).chain(other_hosts(links)).collect()
}

/// Reports guarded pages that a kept page's own actions lead to: a note where somebody sees them or a path
/// rule says where they lead, and one warning about all others.
pub(super) fn next_pages(templates: &Templates, policy: &Policy, links: &[Link]) -> Vec<Finding> {
    let is_seen = match &policy.mechanism {
        Mechanism::None => return Vec::new(),
        Mechanism::Dispatch(groups) => !groups.is_empty(),
        Mechanism::Redirect => false,
    };
    let mut by_page: BTreeMap<&str, Vec<&Link>> = BTreeMap::new();
    let stays = |link: &&Link| link.outcome == Outcome::Keep && link.reason.is_built_in;
    for link in links.iter().filter(stays) {
        for page in link.next.iter().filter(|page| templates.get(page).is_some()) {
            by_page.entry(page).or_default().push(link);
        }
    }
    let (fine, doubtful): (Vec<_>, Vec<_>) =
        by_page.into_iter().partition(|(page, _)| is_seen || has_rule(page, policy));
    let notes = fine.into_iter().filter_map(|(page, links)| {
        let note = next_page(&[page], &links)?;
        Some(Finding { severity: Severity::Note, ..note })
    });
    let (pages, links): (Vec<&str>, Vec<Vec<&Link>>) = doubtful.into_iter().unzip();
    notes.chain(next_page(&pages, &links.concat())).collect()
}

/// Reports whether a path rule says where the page leads.
fn has_rule(page: &str, Policy { paths, storefront, .. }: &Policy) -> bool {
    hosted_address(page).is_some_and(|address| {
        let address = Address { page: page.to_owned(), ..Address::parse(&address) };
        paths.lead(&address, storefront).rule.is_some()
    })
}

fn next_page(pages: &[&str], links: &[&Link]) -> Option<Finding> {
    let first = links.first()?;
    let names: Vec<&str> =
        pages.iter().map(|page| page.strip_prefix("pages/").unwrap_or(page)).collect();
    let written = &first.written;
    let (message, help) = match names.as_slice() {
        [page] => (
            format!(
                "`{written}` stays, because its page is there for it, but it leads on to {page}, which is guarded"
            ),
            format!("keep that page, too (--keep {page}), or see that your storefront serves it"),
        ),
        pages => (
            format!(
                "`{written}` and others stay, because their pages are there for them, but they lead on to {}, which are guarded",
                pages.join(" and ")
            ),
            format!(
                "keep those pages, too (--keep {}), or see that your storefront serves them",
                pages.join(",")
            ),
        ),
    };
    let place =
        |link: &&Link| Location { path: template_path(&link.template), span: Some(link.span()) };
    let finding = Finding::new(Code::AnswerGuarded, message).help(help);
    Some(finding.at_all(links.iter().map(place), "and this"))
}

fn other_hosts(links: &[Link]) -> Option<Finding> {
    let hosts: BTreeSet<&str> =
        links.iter().flat_map(|link| &link.hosts).map(String::as_str).collect();
    let hosts: Vec<&str> = hosts.into_iter().collect();
    let (others, help) = match hosts.as_slice() {
        [] => return None,
        [host] => ("another host", format!("if it is the store's own, name it: --own-host {host}")),
        _ => {
            let help = "if one of them is the store's own, name it: --own-host HOST";
            ("other hosts", help.to_owned())
        }
    };
    let message = format!("links on kept pages lead to {others}: {}", hosts.join(", "));
    Some(Finding::new(Code::OtherHosts, message).help(help))
}

/// Returns the finding about what happens to a link, without its place.
pub(super) fn about_link(link: &Link) -> Finding {
    let (code, becomes) = match &link.outcome {
        Outcome::Keep => (Code::LinkKept, "it stays".to_owned()),
        Outcome::Strip => (Code::LinkRenamed, "it leads nowhere now".to_owned()),
        Outcome::Retarget(arrival) => (Code::LinkRetargeted, format!("it leads to {arrival} now")),
    };
    let message = format!("{}: {becomes}", leads_to(link));
    let finding = match &link.doubt {
        Some(doubt) => Finding::new(Code::LinkDoubtful, format!("{message}, but {doubt}")),
        None => Finding::new(code, message),
    };
    let rule = format!("rule `{}` of {}: {}", link.reason.rule, link.reason.file, link.reason.why);
    finding.help(rule)
}

/// Returns the finding about a link that stays because other pages print its text too, without its place.
pub(super) fn staying(link: &Link) -> Finding {
    let message =
        format!("{}, and stays, because other pages print this text, too", leads_to(link));
    let help = "give the kept pages a text of their own, or lead this one to the storefront";
    Finding::new(Code::LinkDoubtful, message).help(help)
}

fn leads_to(link: &Link) -> String {
    let places: Vec<&str> = link.leads_to.iter().map(|kind| kind.phrase()).collect();
    format!("`{}` leads to {}", link.written, places.join(" or "))
}
