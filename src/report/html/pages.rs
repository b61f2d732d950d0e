//! All pages, and for each what shoppers see and why; pages with the same outcome share one entry.

use super::super::overview::{Overview, PageDecision};
use super::super::words::{gets, look, meaning, short};
use super::around::sentence;
use super::files;
use crate::pipeline::visits;
use crate::text::{Code, Finding, counted};
use crate::theme::template_path;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// One page.
pub(super) struct Page {
    name: String,
    /// The anchor of the changes of the page's template.
    changes: Option<String>,
    story: PageDescription,
}

/// The text about a page, which other pages may share.
#[derive(PartialEq, Serialize)]
struct PageDescription {
    key: &'static str,
    label: &'static str,
    meaning: String,
    why: &'static str,
    visits: Vec<Visit>,
    problems: Vec<String>,
}

#[derive(PartialEq, Serialize)]
struct Visit {
    who: String,
    gets: String,
}

/// A story with all pages that share it.
#[derive(Serialize)]
pub(super) struct PageGroup {
    #[serde(flatten)]
    story: PageDescription,
    count: String,
    pages: Vec<Name>,
}

/// A page's name.
#[derive(Serialize)]
struct Name {
    name: String,
    changes: Option<String>,
}

pub(super) fn pages(overview: &Overview) -> Vec<Page> {
    let decisions = &overview.decisions;
    let files = decisions.files.iter().enumerate();
    let numbers: BTreeMap<&str, usize> =
        files.map(|(number, file)| (file.change.path.as_str(), number)).collect();
    let page = |page: &PageDecision| Page {
        name: short(&page.name).to_owned(),
        changes: numbers.get(template_path(&page.name).as_str()).map(|number| files::id(*number)),
        story: story(overview, page),
    };
    decisions.pages.iter().map(page).collect()
}

fn story(overview: &Overview, page: &PageDecision) -> PageDescription {
    let decisions = &overview.decisions;
    let look = look(page.state());
    // The list of addresses shows where each page leads.
    let storefront = BTreeSet::from([decisions.storefront.clone()]);
    let anywhere = |visit: &visits::Visit| match visit.leads_to.is_empty() {
        true => visit.clone(),
        false => visits::Visit { leads_to: storefront.clone(), ..visit.clone() },
    };
    let visits = page.visits.iter();
    let visits = visits.map(|visit| Visit { who: visit.who.clone(), gets: gets(&anywhere(visit)) });
    PageDescription {
        key: look.key,
        label: look.label,
        meaning: meaning(page.state(), decisions),
        why: page.why,
        visits: visits.collect(),
        problems: problems(&overview.report.findings, &template_path(&page.name)),
    }
}

/// Merges pages that share a story; stories with problems come first.
pub(super) fn told(pages: Vec<Page>) -> Vec<PageGroup> {
    let mut told: Vec<(PageDescription, Vec<Name>)> = Vec::new();
    for Page { name, changes, story } in pages {
        let name = Name { name, changes };
        match told.iter_mut().find(|(other, _)| *other == story) {
            Some((_, names)) => names.push(name),
            None => told.push((story, vec![name])),
        }
    }
    told.sort_by_key(|(story, _)| ORDER.iter().position(|key| *key == story.key));
    let tell = |(story, pages): (PageDescription, Vec<Name>)| PageGroup {
        story,
        count: counted(pages.len(), "page"),
        pages,
    };
    told.into_iter().map(tell).collect()
}

/// The order of the stories: those that need attention come first.
const ORDER: &[&str] = &["broken", "lost", "open", "unclear", "kept", "guarded", "shown"];

/// Returns the problems of the page in this file.
fn problems(findings: &[Finding], path: &str) -> Vec<String> {
    const ABOUT_PAGES: &[Code] =
        &[Code::OpenPage, Code::PageLost, Code::CannotTell, Code::TemplateRejected];
    let here = |finding: &&Finding| {
        let is_here = finding.primary.as_ref().is_some_and(|place| place.path == path);
        is_here && ABOUT_PAGES.contains(&finding.code)
    };
    findings.iter().filter(here).map(|finding| sentence(&finding.message)).collect()
}
