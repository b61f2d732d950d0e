//! Turns the result of a command into text for people or one JSON document.
//!
//! It decides nothing: every word comes from the result that it is given.

mod alike;
pub mod batch;
pub mod check;
mod codes;
mod columns;
pub mod diff;
mod failure;
mod frames;
pub mod github;
pub mod html;
mod human;
mod json;
#[cfg(feature = "store")]
mod live;
pub mod overview;
pub mod paths;
#[cfg(feature = "store")]
mod routes;
pub mod sarif;
pub mod schemas;
pub mod settings;
pub mod snapshot;
#[cfg(feature = "store")]
pub mod store;
pub mod watch;
mod words;

use crate::guard::links::Link;
use crate::pipeline::PageOutcome;
use crate::text::{Finding, Severity};
use crate::theme::Theme;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;

pub use codes::{Meaning, codes, codes_json};
pub use failure::{Failure, FailureCode};
pub use human::{human_errors, human_explanation, human_findings, human_summary};
pub use json::json;

/// The report of one run.
#[derive(Debug, Default)]
pub struct Report {
    /// The name of the command.
    pub command: &'static str,
    /// The findings about the theme.
    pub findings: Vec<Finding>,
    /// The theme that the findings' places are in.
    pub source: Option<Theme>,
    /// Why the tool could not do its work.
    pub failure: Option<Failure>,
    /// The summary of what was done.
    pub summary: Option<Summary>,
}

/// A place in a text outside the theme.
#[derive(Debug)]
pub struct Place {
    /// The path of the file.
    pub path: PathBuf,
    /// The text of the file.
    pub source: String,
    /// The range of bytes.
    pub span: Range<usize>,
}

/// What a build did.
#[derive(Debug, Default)]
pub struct Summary {
    /// An introduction that comes first; may be empty.
    pub lead: &'static str,
    /// The theme, and what became of it.
    pub headline: String,
    /// What becomes of each page.
    pub pages: BTreeMap<String, PageOutcome>,
    /// What shoppers see on guarded pages, in one clause.
    pub guarded: String,
    /// What became of the links of kept pages.
    pub links: LinkCounts,
    /// The links of kept pages one by one, if known.
    pub link_list: Vec<Link>,
    /// Paths of the edited files.
    pub edited: Vec<String>,
    /// Paths of the added files.
    pub added: Vec<String>,
    /// Paths of the removed files.
    pub removed: Vec<String>,
    /// The outputs that were written, or would be.
    pub outputs: Vec<Output>,
    /// Whether the run was not supposed to write anything.
    pub dry_run: bool,
}

/// The numbers of links of kept pages by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LinkCounts {
    /// Disabled links, which lead nowhere now.
    pub renamed: usize,
    /// Links that lead to the storefront now.
    pub retargeted: usize,
    /// Links that lead where they did before.
    pub kept: usize,
}

/// The kind of an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OutputKind {
    /// The zip to upload.
    Bundle,
    /// The theme as a folder.
    Folder,
    /// The HTML page.
    Report,
    /// A settings file.
    Settings,
}

/// One output.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Output {
    /// The kind of output.
    pub kind: OutputKind,
    /// The path.
    pub path: PathBuf,
    /// The size in bytes, without the overhead of the file system.
    pub bytes: u64,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Everything was done.
    Done,
    /// There are findings of severity error; nothing was written, except a report that says so.
    Findings,
    /// The tool could not do its work.
    Failed,
}

impl Status {
    /// Returns the exit status of the process.
    pub fn exit_code(self) -> u8 {
        match self {
            Status::Done => 0,
            Status::Findings => 1,
            Status::Failed => 2,
        }
    }
}

impl Report {
    /// Returns a report that only says why the tool could not do its work.
    pub fn failed(command: &'static str, failure: Failure) -> Self {
        Self { command, findings: Vec::new(), source: None, failure: Some(failure), summary: None }
    }

    /// Returns how the run ended.
    pub fn status(&self) -> Status {
        if self.failure.is_some() {
            Status::Failed
        } else if self.findings.iter().any(|finding| finding.severity == Severity::Error) {
            Status::Findings
        } else {
            Status::Done
        }
    }
}
