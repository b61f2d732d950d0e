//! The map of all pages, and for each page what shoppers see and why.

use super::super::overview::{Overview, PageDecision};
use super::super::words::{gets, link_counts, look, meaning, short};
use super::around::sentence;
use super::files::File;
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
#[derive(Serialize)]
pub(super) struct Page {
    id: String,
    name: String,
    path: String,
    key: &'static str,
    label: &'static str,
    meaning: String,
    why: &'static str,
    visits: Vec<Visit>,
    links: String,
    problems: Vec<String>,
    files: Vec<Place>,
}

#[derive(Serialize)]
struct Visit {
    who: String,
    gets: String,
}

/// A file with the place where its changes are shown.
#[derive(Serialize)]
struct Place {
    id: String,
    path: String,
}

pub(super) fn pages(overview: &Overview, files: &[File]) -> Vec<Page> {
    let decisions = &overview.decisions;
    let page = |(number, page): (usize, &PageDecision)| {
        let look = look(page.standing());
        let path = format!("templates/{}.html", page.name);
        let visits = page.visits.iter();
        let visits = visits.map(|visit| Visit { who: visit.who.clone(), gets: gets(visit) });
        Page {
            id: format!("page-{number}"),
            name: short(&page.name).to_owned(),
            key: look.key,
            label: look.label,
            meaning: meaning(page.standing(), decisions),
            why: page.why,
            visits: visits.collect(),
            links: link_counts(
                decisions.links.iter().filter(|link| link.pages.contains(&page.name)),
            ),
            problems: problems(&overview.report.findings, &path),
            files: files.iter().filter_map(|file| place(file, page)).collect(),
            path,
        }
    };
    decisions.pages.iter().enumerate().map(page).collect()
}

fn place(file: &File, page: &PageDecision) -> Option<Place> {
    let path = page.files.iter().find(|path| **path == file.path)?;
    Some(Place { id: file.id.clone(), path: path.clone() })
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
            key: page.key,
            label: page.label,
        });
    }
    let title = |folder: &str| if folder.is_empty() { "Main pages" } else { folder }.to_owned();
    folders.into_iter().map(|(folder, cells)| Folder { title: title(folder), cells }).collect()
}
