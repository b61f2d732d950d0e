//! Where the scripts of kept pages lead. An address that leads into the shop is reported once, together with
//! the other addresses at the same place; addresses that the tool cannot read are reported once for the
//! theme.
//!
//! `build` and `check` share this judgement. No script is changed.

use super::ways_out::Printed;
use crate::text::{Code, Finding, Location};
use crate::theme::destinations::{Destination, LinkContext, targets};
use crate::theme::pages::Templates;
use crate::theme::scripts::{self, Lead};
use crate::theme::{Theme, template_path};
use crate::verify::Visitor;
use std::collections::{BTreeMap, BTreeSet};

/// What addresses in scripts are judged by.
pub(super) struct Shop<'a> {
    pub(super) theme: &'a Theme,
    pub(super) templates: &'a Templates,
    /// The pages that everybody sees.
    pub(super) kept: &'a BTreeSet<String>,
    /// Hosts that belong to the store besides its own.
    pub(super) own_hosts: &'a [String],
}

/// A destination that is reported.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    /// A guarded page.
    Page(&'static str),
    /// A guarded change of the cart.
    Cart,
    /// Some other place in the store.
    Shop,
    /// The tool cannot tell.
    Unknown,
}

/// An address and where it leads.
type Address = (End, String);
/// The places of each address.
type Places = BTreeMap<Address, Vec<Location>>;

/// Returns the findings about scripts that kept pages print for at least one of the visitors.
pub(super) fn findings(shop: &Shop<'_>, visitors: &[&Visitor]) -> Vec<Finding> {
    let kept = shop.templates.pages().filter(|page| shop.kept.contains(*page));
    let kept: Vec<&str> = kept.collect();
    let printed = Printed::new(shop.templates, kept.iter().copied(), visitors);
    let closure: BTreeSet<&str> =
        kept.iter().flat_map(|page| shop.templates.closure(page)).collect();
    let mut in_templates = Places::new();
    for name in closure {
        let path = template_path(name);
        for lead in scripts::of_template(shop.theme, shop.templates, name).iter() {
            if !printed.on(name, lead.span).is_empty() {
                shop.note(&mut in_templates, lead, &path);
            }
        }
    }
    let mut in_files = Places::new();
    for (path, leads) in scripts::loaded_by(shop.theme, shop.templates, &kept) {
        leads.iter().for_each(|lead| shop.note(&mut in_files, lead, &path));
    }
    let mut findings = of_templates(in_templates);
    findings.extend(of_files(in_files));
    findings
}

impl Shop<'_> {
    fn note(&self, places: &mut Places, lead: &Lead, path: &str) {
        let Some(end) = self.end(lead) else { return };
        // A link that is put together at run time is the script's own business.
        if lead.is_link && end == End::Unknown {
            return;
        }
        // The fragment does not make it another address.
        let written = lead.written.split('#').next().filter(|_| end != End::Unknown);
        let written = written.unwrap_or_default().to_owned();
        let place = Location { path: path.to_owned(), span: Some(lead.span) };
        let known = places.entry((end, written)).or_default();
        if !known.contains(&place) {
            known.push(place);
        }
    }

    /// Returns the worst destination of an address; `None` if it does not lead into the shop.
    fn end(&self, lead: &Lead) -> Option<End> {
        let around = LinkContext { own_hosts: self.own_hosts, ..LinkContext::default() };
        let targets = targets(lead.address.as_bytes(), around);
        targets.iter().filter_map(|target| self.end_of(&target.destination, lead)).max()
    }

    fn end_of(&self, destination: &Destination, lead: &Lead) -> Option<End> {
        let page = |page: &'static str| (!self.kept.contains(page)).then_some(End::Page(page));
        match destination {
            Destination::Page(name) => page(name),
            Destination::PageAction(act) => match act.of.iter().any(|of| self.kept.contains(*of)) {
                true => None,
                false => act.of.first().or(act.shows.as_ref()).and_then(|name| page(name)),
            },
            Destination::CartAction => page("pages/cart").map(|_| End::Cart),
            // These are the merchant's own pages; the theme editor goes there.
            Destination::Unknown if lead.written.starts_with("/manage/") => None,
            Destination::Unknown if lead.written.starts_with('/') => Some(End::Shop),
            Destination::Unknown | Destination::Merchant => Some(End::Unknown),
            Destination::Itself
            | Destination::Fragment
            | Destination::Contact
            | Destination::Script
            | Destination::Host(_)
            | Destination::Checkout
            | Destination::Switch
            | Destination::File => None,
        }
    }
}

/// The maximum number of addresses listed for one destination; the others are counted.
const MAX_ADDRESSES: usize = 3;

/// Describes where addresses lead.
fn phrases<'a>(leads: impl Iterator<Item = &'a Address>) -> String {
    let mut ends: BTreeMap<&End, Vec<&str>> = BTreeMap::new();
    leads.for_each(|(end, written)| ends.entry(end).or_default().push(written));
    let phrases = ends.into_iter().map(|(end, written)| phrase(end, &written));
    phrases.collect::<Vec<_>>().join("; ")
}

fn phrase(end: &End, written: &[&str]) -> String {
    let addresses = addresses(written);
    match end {
        End::Page(page) => {
            let page = page.strip_prefix("pages/").unwrap_or(page);
            format!("{addresses}, the guarded page `{page}`")
        }
        End::Cart => format!("{addresses}, the guarded page `cart`"),
        End::Shop if written.len() == 1 => format!("{addresses}, which is in the shop"),
        End::Shop => format!("{addresses}, which are in the shop"),
        End::Unknown => "an address that stencil-guard cannot read there".to_owned(),
    }
}

/// Lists the first addresses and counts the others.
fn addresses(written: &[&str]) -> String {
    let shown = match written.len() {
        all if all <= MAX_ADDRESSES + 1 => all,
        _ => MAX_ADDRESSES,
    };
    let mut parts: Vec<String> = written.iter().take(shown).map(|it| format!("`{it}`")).collect();
    let last = match written.len() - shown {
        0 => parts.pop().unwrap_or_default(),
        more => format!("{more} more"),
    };
    match parts.is_empty() {
        true => last,
        false => format!("{} and {last}", parts.join(", ")),
    }
}

/// Returns one finding for all addresses that stand at the same places.
fn of_templates(places: Places) -> Vec<Finding> {
    let mut groups: Vec<(Vec<Location>, Vec<Address>)> = Vec::new();
    for (lead, places) in places {
        match groups.iter_mut().find(|(known, _)| *known == places) {
            Some((_, leads)) => leads.push(lead),
            None => groups.push((places, vec![lead])),
        }
    }
    groups.into_iter().map(|(places, leads)| of_template(&leads, places)).collect()
}

fn of_template(leads: &[Address], places: Vec<Location>) -> Finding {
    let message = format!("a script of a kept page leads to {}", phrases(leads.iter()));
    let help = match leads.iter().map(|(end, _)| end).min() {
        Some(End::Page(_) | End::Cart) => {
            "lead it to the storefront, or keep that page with --keep; stencil-guard does not change scripts"
        }
        Some(End::Shop) => "lead it to the storefront; stencil-guard does not change scripts",
        Some(End::Unknown) | None => "see where it leads; stencil-guard does not change scripts",
    };
    Finding::new(Code::NavigatingScript, message).help(help).at_all(places, "here, too")
}

/// One note for all script files: what somebody typed into a search field or chose from a list is theirs.
fn of_files(places: Places) -> Option<Finding> {
    let mut known = places.keys().filter(|(end, _)| *end != End::Unknown).peekable();
    let list = match known.peek() {
        Some(_) => phrases(known),
        None => phrase(&End::Unknown, &[]),
    };
    let message = format!("script files that kept pages load lead to {list}");
    let finding = Finding::new(Code::OutOfReach, message)
        .help("see whether kept pages run these lines; stencil-guard does not change scripts");
    let all: Vec<Location> = places.into_values().flatten().collect();
    (!all.is_empty()).then(|| finding.at_all(all, "here, too"))
}
