//! `stencil-guard explain`: which rule decides a link, and why.

use super::build::{self, BuildRequest};
use crate::config::{Settings, Sources};
use crate::pipeline;
use crate::report::{Failure, Report};
use crate::text::Finding;
use crate::theme::{self, Theme};
use std::path::{Path, PathBuf};

/// What was asked for on the command line.
#[derive(Clone, Debug)]
pub struct ExplainRequest {
    /// Templates, each with or without `:LINE`.
    pub places: Vec<String>,
    /// Where settings come from; those about outputs do not count.
    pub sources: Sources,
}

/// Runs the command.
pub fn run(request: &ExplainRequest) -> Report {
    explain(request).unwrap_or_else(|error| {
        let help = error.help();
        let failure = match error {
            Error::Build(error) => build::failure(error),
            error => Failure { message: error.to_string(), help, place: None },
        };
        Report::failed("explain", failure)
    })
}

#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("{} is not a template of a theme", .0.display())]
    NotATemplate(PathBuf),
    #[error("{} belongs to another theme than {}", .0.display(), .1.display())]
    AnotherTheme(PathBuf, PathBuf),
    #[error("no kept page has a link there: {0}")]
    NoLink(String),
    #[error(transparent)]
    Build(#[from] build::Error),
}

impl Error {
    fn help(&self) -> Option<String> {
        let help = match self {
            Self::NotATemplate(_) => {
                "name a file below templates/, like my-theme/templates/pages/cart.html:12"
            }
            Self::NoLink(_) => {
                "name the kept pages with --keep, or leave the line away to see all links of the file"
            }
            Self::AnotherTheme(..) | Self::Build(_) => return None,
        };
        Some(help.to_owned())
    }
}

/// A place in a template.
struct Place {
    /// As given.
    text: String,
    /// The theme's folder.
    root: PathBuf,
    /// Below the theme's folder, with `/`.
    path: String,
    line: Option<usize>,
}

fn explain(request: &ExplainRequest) -> Result<Report, Error> {
    let places: Vec<Place> =
        request.places.iter().map(|text| place(text)).collect::<Result<_, _>>()?;
    let root = places.first().map(|place| place.root.clone()).unwrap_or_default();
    if let Some(other) = places.iter().find(|place| place.root != root) {
        return Err(Error::AnotherTheme(PathBuf::from(&other.text), root));
    }
    let settings = build::settings(&BuildRequest {
        theme: root.clone(),
        sources: request.sources.clone(),
        dry_run: true,
        run_build: None,
    })?;
    // Only links to the storefront would be decided in another way.
    let none =
        Settings { storefront: Some(build::NO_STOREFRONT.to_owned()), ..Settings::default() };
    let options = build::options(&settings.over(none))?;
    let theme = theme::load(&root).map_err(build::Error::from)?;
    let (theme, findings) = pipeline::links(&theme, &options).map_err(build::Error::from)?;
    let mut explained = Vec::new();
    for place in &places {
        let here = findings.iter().filter(|finding| stands_at(finding, place, &theme));
        let here: Vec<Finding> = here.cloned().collect();
        if here.is_empty() {
            return Err(Error::NoLink(place.text.clone()));
        }
        explained.extend(here);
    }
    Ok(Report {
        command: "explain",
        findings: explained,
        source: Some(theme),
        failure: None,
        summary: None,
    })
}

/// Reads `FILE` or `FILE:LINE`.
fn place(text: &str) -> Result<Place, Error> {
    let numbered = text.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse().ok()?)));
    let (file, line) = numbered.map_or((text, None), |(file, line)| (file, Some(line)));
    let file = Path::new(file);
    let not_a_template = || Error::NotATemplate(file.to_owned());
    let is_root = |folder: &&Path| folder.join("config.json").is_file();
    let full = std::path::absolute(file).map_err(|_| not_a_template())?;
    let root = full.ancestors().skip(1).find(is_root).ok_or_else(not_a_template)?;
    let below = full.strip_prefix(root).map_err(|_| not_a_template())?;
    let path = below.to_string_lossy().replace('\\', "/");
    match file.is_file() && path.starts_with("templates/") {
        true => Ok(Place { text: text.to_owned(), root: root.to_owned(), path, line }),
        false => Err(not_a_template()),
    }
}

/// Whether a finding is about a link on the line.
fn stands_at(finding: &Finding, place: &Place, theme: &Theme) -> bool {
    let Some(primary) = finding.primary.as_ref().filter(|primary| primary.path == place.path)
    else {
        return false;
    };
    let (Some(line), Some(span)) = (place.line, primary.span) else { return true };
    let line_at = |offset| theme.position(&place.path, offset).map(|position| position.line);
    let (first, last) = (line_at(span.start), line_at(span.end));
    first <= Some(line) && Some(line) <= last
}
