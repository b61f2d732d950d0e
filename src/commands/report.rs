//! `stencil-guard report`: writes an HTML page that shows what a build would deliver.

use super::build::{self, BuildRequest, Error};
use super::{AFFECTED, links, overview};
use crate::output::{self, Steps};
use crate::report::overview::{Decisions, Overview};
use crate::report::{Output, OutputKind, Report, Summary, html};
use std::path::{Path, PathBuf};

/// The arguments of `stencil-guard report`.
#[derive(Clone, Debug)]
pub struct ReportRequest {
    /// What to build, and how; settings about outputs are ignored.
    pub build: BuildRequest,
    /// The file to write the page to.
    pub output: PathBuf,
}

/// Runs the command. Writes the page even if a build would be refused, because the page says why.
pub fn run(request: &ReportRequest) -> Report {
    report(request).unwrap_or_else(|error| Report::failed("report", build::failure(error)))
}

fn report(request: &ReportRequest) -> Result<Report, Error> {
    output::check_page(&request.output, &request.build.theme, html::MARK)?;
    let overview = overview::gather("report", &request.build)?;
    let page = html::page(&overview)?;
    output::update_file(&request.output, page.as_bytes(), &mut Steps::default())?;
    let Overview { mut report, decisions } = overview;
    report.summary = Some(summary(decisions, &request.output, page.len() as u64));
    Ok(report)
}

fn summary(decisions: Decisions, path: &Path, bytes: u64) -> Summary {
    let paths = |is_added: bool| {
        let files = decisions.files.iter().filter(|file| file.is_added() == is_added);
        files.map(|file| file.change.path.clone()).collect()
    };
    Summary {
        lead: AFFECTED,
        headline: format!("{}, as a build would guard it", decisions.theme),
        guarded: build::guarded_note(&decisions.mechanism),
        links: links::count(decisions.links.iter().map(|decision| &decision.link)),
        edited: paths(false),
        added: paths(true),
        pages: decisions.pages.into_iter().map(|page| (page.name, page.outcome)).collect(),
        outputs: vec![Output { kind: OutputKind::Report, path: path.to_owned(), bytes }],
        ..Summary::default()
    }
}
