//! The map of all pages, and for each page what shoppers see and why.

use super::super::overview::{Overview, PageDecision};
use super::super::words::{gets, link_counts, look, meaning, short};
use super::around::sentence;
use super::files;
use crate::text::{Code, Finding};
use serde::Serialize;
use std::collections::BTreeMap;

/// Pages that stand in one folder.
#[derive(Serialize)]
pub(super) struct Folder {
    title: String,
    cells: Vec<Cell>,
}

#[derive(Serialize)]
struct Cell {
    id: String,
    folder: String,
    name: String,
    key: &'static str,
    label: &'static str,
}

/// One page.
pub(super) struct Page {
    id: String,
    name: String,
    path: String,
    files: Vec<Place>,
    story: Story,
}

/// What there is to say about a page, and perhaps about others as well.
#[derive(PartialEq, Serialize)]
struct Story {
    key: &'static str,
    label: &'static str,
    meaning: String,
    why: &'static str,
    visits: Vec<Visit>,
    links: String,
    problems: Vec<String>,
    /// The changed files that it prints, if others print them, too.
    #[serde(skip)]
    files: Vec<Place>,
}

#[derive(PartialEq, Serialize)]
struct Visit {
    who: String,
    gets: String,
}

/// A file with the place where its changes are shown.
#[derive(Clone, PartialEq, Serialize)]
struct Place {
    id: String,
    path: String,
}

/// A story with the page that it is about, or with all of them.
#[derive(Serialize)]
pub(super) struct Told {
    #[serde(flatten)]
    story: Story,
    name: String,
    id: Option<String>,
    path: Option<String>,
    files: Vec<Place>,
    together: Vec<Member>,
}

/// A page among others of which the same is told.
#[derive(Serialize)]
struct Member {
    id: String,
    path: String,
    /// The place where its own changes are shown.
    changes: Option<String>,
}

/// Of more pages than that, those that fare alike are told together, so that the page stays small.
const MOST_ALONE: usize = 200;

pub(super) fn pages(overview: &Overview) -> Vec<Page> {
    let decisions = &overview.decisions;
    let files = decisions.files.iter().enumerate();
    let ids: BTreeMap<&str, usize> =
        files.map(|(number, file)| (file.change.path.as_str(), number)).collect();
    let mut printed: BTreeMap<&str, usize> = BTreeMap::new();
    for path in decisions.pages.iter().flat_map(|page| &page.files) {
        *printed.entry(path).or_default() += 1;
    }
    let page = |(number, page): (usize, &PageDecision)| {
        let place = |path: &String| {
            let number = ids.get(path.as_str())?;
            Some(Place { id: files::id(*number), path: path.clone() })
        };
        let files: Vec<Place> = page.files.iter().filter_map(place).collect();
        let is_shared = |place: &&Place| printed.get(place.path.as_str()).is_some_and(|n| *n > 1);
        Page {
            id: format!("page-{number}"),
            name: short(&page.name).to_owned(),
            path: path(page),
            story: story(overview, page, files.iter().filter(is_shared).cloned().collect()),
            files,
        }
    };
    decisions.pages.iter().enumerate().map(page).collect()
}

fn path(page: &PageDecision) -> String {
    format!("templates/{}.html", page.name)
}

fn story(overview: &Overview, page: &PageDecision, files: Vec<Place>) -> Story {
    let decisions = &overview.decisions;
    let look = look(page.standing());
    let visits = page.visits.iter();
    let visits = visits.map(|visit| Visit { who: visit.who.clone(), gets: gets(visit) });
    Story {
        key: look.key,
        label: look.label,
        meaning: meaning(page.standing(), decisions),
        why: page.why,
        visits: visits.collect(),
        links: link_counts(decisions.links.iter().filter(|link| link.pages.contains(&page.name))),
        problems: problems(&overview.report.findings, &path(page)),
        files,
    }
}

/// What there is to say, page by page or, of very many, once for all that fare alike.
pub(super) fn told(pages: Vec<Page>) -> Vec<Told> {
    let is_alone = pages.len() <= MOST_ALONE;
    let mut told: Vec<Vec<Page>> = Vec::new();
    for page in pages {
        let same = told.iter_mut().find(|pages| !is_alone && pages[0].story == page.story);
        match same {
            Some(pages) => pages.push(page),
            None => told.push(vec![page]),
        }
    }
    told.into_iter().filter_map(tell).collect()
}

fn tell(mut pages: Vec<Page>) -> Option<Told> {
    let number = pages.len();
    if number > 1 {
        let members = pages.iter().map(member).collect();
        let mut first = pages.swap_remove(0);
        return Some(Told {
            name: format!("{} and {} more", first.name, number - 1),
            id: None,
            path: None,
            files: std::mem::take(&mut first.story.files),
            story: first.story,
            together: members,
        });
    }
    let page = pages.pop()?;
    Some(Told {
        story: page.story,
        name: page.name,
        id: Some(page.id),
        path: Some(page.path),
        files: page.files,
        together: Vec::new(),
    })
}

fn member(page: &Page) -> Member {
    let own = page.files.iter().find(|place| place.path == page.path);
    Member {
        id: page.id.clone(),
        path: page.path.clone(),
        changes: own.map(|place| place.id.clone()),
    }
}

/// What is wrong with the page in this file.
fn problems(findings: &[Finding], path: &str) -> Vec<String> {
    const ABOUT_PAGES: &[Code] =
        &[Code::OpenPage, Code::PageLost, Code::CannotTell, Code::TemplateRejected];
    let here = |finding: &&Finding| {
        let is_here = finding.primary.as_ref().is_some_and(|place| place.path == path);
        is_here && ABOUT_PAGES.contains(&finding.code)
    };
    findings.iter().filter(here).map(|finding| sentence(&finding.message)).collect()
}

/// The pages by the folder that they stand in, those without one first.
pub(super) fn folders(pages: &[Page]) -> Vec<Folder> {
    let mut folders: BTreeMap<&str, Vec<Cell>> = BTreeMap::new();
    for page in pages {
        let (folder, name) = page.name.rsplit_once('/').unwrap_or(("", &page.name));
        folders.entry(folder).or_default().push(Cell {
            id: page.id.clone(),
            folder: folder.to_owned(),
            name: name.to_owned(),
            key: page.story.key,
            label: page.story.label,
        });
    }
    let title = |folder: &str| if folder.is_empty() { "Main pages" } else { folder }.to_owned();
    folders.into_iter().map(|(folder, cells)| Folder { title: title(folder), cells }).collect()
}
