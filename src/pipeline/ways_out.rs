//! Ways off the kept pages of a theme as it stands, and where each of them ends.
//!
//! Warnings follow the link rules alone; how the theme came to be as it is does not matter.

use super::audience;
use super::{Guarded, PageOutcome, theme_settings};
use crate::guard::link_rules::Rules;
use crate::guard::link_settings::{BackLinks, LinkSettings};
use crate::guard::links::content::content_of;
use crate::guard::links::decide::{self, Outcome};
use crate::guard::links::options::LinkOptions;
use crate::guard::paths::PathTable;
use crate::guard::script::leads_to;
use crate::guard::storefront::Storefront;
use crate::text::{Code, Finding, Location, Span};
use crate::theme::destinations::Destination;
use crate::theme::pages::Templates;
use crate::theme::{Theme, template_path};
use crate::verify::ways_out::{Kind, Language, WayOut, ways_out};
use crate::verify::{self, Visitor};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Where a way out ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum End {
    /// A page that everybody should see, or the checkout.
    Kept,
    /// Another host, a telephone number or an e-mail address.
    Outside,
    /// A page that sends shoppers to the storefront.
    Guarded,
    /// A page that shoppers see although they should not.
    Open,
    /// The tool cannot tell from the templates.
    Unknown,
}

/// One way off some kept pages.
#[derive(Clone, Debug, PartialEq)]
pub struct Exit {
    /// Where the way out stands.
    pub place: Location,
    /// The kind of way out.
    pub kind: Kind,
    /// The address as written, or what is printed.
    pub written: String,
    /// Where it ends; if there are several ends, the worst.
    pub end: End,
    /// The kept pages that print it.
    pub pages: Vec<String>,
}

/// Returns every way off the kept pages of a guarded theme.
pub fn of_guarded(guarded: &Guarded) -> Vec<Exit> {
    let visitors = audience::shoppers().map(Visitor::new);
    exits(&guarded.theme, &guarded.templates, &guarded.pages, &visitors.each_ref())
}

/// What pages print for at least one of the visitors. For example, a page may include the guard of other
/// pages without printing it.
pub(super) struct Printed<'t> {
    /// The pages that print a template, by its name.
    pages: BTreeMap<&'t str, Vec<&'t str>>,
    /// The parts of templates that a page includes but does not print.
    hidden: BTreeMap<&'t str, BTreeSet<(String, Span)>>,
}

impl<'t> Printed<'t> {
    pub(super) fn new(
        templates: &'t Templates,
        pages: impl Iterator<Item = &'t str>,
        visitors: &[&Visitor],
    ) -> Self {
        let mut printed = Self { pages: BTreeMap::new(), hidden: BTreeMap::new() };
        for page in pages {
            printed.hidden.insert(page, verify::unprinted(templates, page, visitors, &leads_to));
            let mut seen = BTreeSet::new();
            let mut next = vec![page];
            while let Some(name) = next.pop() {
                if seen.insert(name) && templates.get(name).is_some() {
                    printed.pages.entry(name).or_default().push(page);
                    next.extend(printed.included(templates, page, name));
                }
            }
        }
        printed
    }

    /// Returns the templates that a template includes where the page prints them.
    fn included(&self, templates: &'t Templates, page: &str, name: &str) -> Vec<&'t str> {
        let includes = templates.get(name).map(|file| file.includes.as_slice()).unwrap_or_default();
        let is_printed = |included: &&str| {
            let mut by_name =
                includes.iter().filter(|include| include.name == *included).peekable();
            // Other templates are looked up at run time and may be included anywhere.
            by_name.peek().is_none() || by_name.any(|include| self.shows(page, name, include.span))
        };
        templates.included_by(name).into_iter().filter(is_printed).collect()
    }

    /// Whether a page prints a given place of a template that it prints.
    fn shows(&self, page: &str, template: &str, place: Span) -> bool {
        let is_hidden = |(name, branch): &(String, Span)| {
            name == template && branch.start <= place.start && place.end <= branch.end
        };
        self.hidden.get(page).is_none_or(|hidden| !hidden.iter().any(is_hidden))
    }

    /// Returns the templates that pages print.
    pub(super) fn templates(&self) -> impl Iterator<Item = &'t str> {
        self.pages.keys().copied()
    }

    /// Returns the pages that print a given place.
    pub(super) fn on(&self, template: &str, place: Span) -> Vec<&'t str> {
        let pages = self.pages.get(template).into_iter().flatten().copied();
        pages.filter(|page| self.shows(page, template, place)).collect()
    }
}

/// Returns every way off the kept pages that are shown, by template and place. Ways that none of `visitors`
/// is shown are left out, above all the guard for other pages.
pub(super) fn exits(
    theme: &Theme,
    templates: &Templates,
    pages: &BTreeMap<String, PageOutcome>,
    visitors: &[&Visitor],
) -> Vec<Exit> {
    let is_kept = |page: &&str| pages.get(*page) == Some(&PageOutcome::Kept);
    let printed = Printed::new(templates, templates.pages().filter(is_kept), visitors);
    let language = Language::read(theme);
    let of_template = |name: &str| {
        let ways = ways_out(theme, templates, &language, name).into_iter();
        let exits = ways.filter_map(|way| {
            let place = Location { path: template_path(name), span: Some(way.span) };
            let end = end(&way, pages)?;
            let on = printed.on(name, way.span);
            let WayOut { kind, written, .. } = way;
            let pages = on.into_iter().map(str::to_owned).collect::<Vec<_>>();
            (!pages.is_empty()).then_some(Exit { place, kind, written, end, pages })
        });
        exits.collect::<Vec<_>>()
    };
    printed.pages.keys().flat_map(|name| of_template(name)).collect()
}

/// Returns where a way ends; `None` if it stays on its page.
fn end(way: &WayOut, pages: &BTreeMap<String, PageOutcome>) -> Option<End> {
    let of_page = |page: &str| match pages.get(page) {
        Some(PageOutcome::Kept | PageOutcome::Shown) => End::Kept,
        Some(PageOutcome::Guarded) => End::Guarded,
        Some(PageOutcome::Open | PageOutcome::Uncertain) => End::Open,
        Some(PageOutcome::Refused) | None => End::Unknown,
    };
    if way.destinations.is_empty() {
        return Some(End::Unknown);
    }
    let ends = way.destinations.iter().filter_map(|destination| match destination {
        Destination::Itself
        | Destination::Fragment
        | Destination::Script
        | Destination::Switch
        | Destination::File => None,
        Destination::Contact | Destination::Host(_) => Some(End::Outside),
        Destination::Page(page) => Some(of_page(page)),
        Destination::PageAction(act) => act.answer.map(of_page),
        Destination::Checkout => Some(End::Kept),
        Destination::CartAction => Some(of_page("pages/cart")),
        Destination::Merchant | Destination::Unknown => Some(End::Unknown),
    });
    ends.max()
}

/// Warns about each link that leads into the shop.
pub(super) fn findings(
    theme: &Theme,
    templates: &Templates,
    kept: &BTreeSet<String>,
    storefront: Option<&Storefront>,
    links: Option<&LinkSettings>,
    has_settings: bool,
) -> Vec<Finding> {
    // A test checks that the built-in rules parse.
    let Ok(own_rules) = Rules::new(&[]) else { return Vec::new() };
    let rules = links.map_or(&own_rules, |links| &links.rules);
    let own_hosts = links.map_or(&[][..], |links| &links.own_hosts);
    let (paths, back_links) = (&PathTable::default(), BackLinks::Strip);
    let options = LinkOptions { rules, kept, storefront, paths, back_links, own_hosts };
    let mut printed: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for page in templates.pages().filter(|page| kept.contains(*page)) {
        for name in templates.closure(page) {
            printed.entry(name).or_default().push(page);
        }
    }
    let content =
        content_of(theme, templates, templates.pages().filter(|page| kept.contains(*page)));
    let none = BTreeSet::new();
    let of_template = |(name, pages): (&str, Vec<&str>)| {
        let printed = decide::Printed {
            template: name,
            source: theme.template(name).unwrap_or_default(),
            markup: &templates.markup(theme, name),
            pages: &pages,
            content_of: content.get(name).unwrap_or(&none),
            given: &none,
        };
        let links = decide::links(&options, printed);
        let source = theme.template(name).unwrap_or_default();
        // This link leads to the storefront that is set in the theme editor, and no kept page prints it.
        let is_set = |span: Span| has_settings && theme_settings::is_storefront(span.of(source));
        let ways_out = links.into_iter().filter(|link| link.outcome != Outcome::Keep);
        let ways_out = ways_out.filter(|link| !is_set(link.span()));
        let findings = ways_out.map(|link| {
            let places: Vec<&str> = link.leads_to.iter().map(|kind| kind.phrase()).collect();
            let message =
                format!("a link on {} leads to {}", pages.join(", "), places.join(" or "));
            Finding::new(Code::BackLink, message).at(template_path(name), link.span())
        });
        findings.collect::<Vec<_>>()
    };
    printed.into_iter().flat_map(of_template).collect()
}
