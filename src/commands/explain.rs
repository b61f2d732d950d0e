//! `stencil-guard explain`: shows which rule decides a link, and why; or what the code of a finding means.

use super::build::{self, BuildRequest};
use crate::config::{Settings, Sources};
use crate::pipeline;
use crate::report::{Failure, FailureCode, Meaning, Report};
use crate::text::{Finding, nearest};
use crate::theme::{self, Theme};
use std::path::{Path, PathBuf};

/// The arguments of `stencil-guard explain`.
#[derive(Clone, Debug)]
pub struct ExplainRequest {
    /// Templates or language files, each optionally followed by `:LINE` or `:LINE:COLUMN`; or codes of
    /// findings.
    pub places: Vec<String>,
    /// The sources of the settings; those about outputs are ignored.
    pub sources: Sources,
}

/// Returns what the codes of findings mean; `None` unless every argument is such a code.
pub fn codes(request: &ExplainRequest) -> Option<Vec<Meaning>> {
    let code = |text: &String| Meaning::all().find(|meaning| meaning.code() == text);
    request.places.iter().map(code).collect()
}

/// Runs the command.
pub fn run(request: &ExplainRequest) -> Report {
    explain(request).unwrap_or_else(|error| {
        let help = error.help();
        let failure = match error {
            Error::Build(error) => build::failure(error),
            error => {
                let code = FailureCode::NothingToExplain;
                Failure { code, message: error.to_string(), help, place: None }
            }
        };
        Report::failed("explain", failure)
    })
}

#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("{} is neither a template nor a language file of a theme", .0.display())]
    NotATemplate(PathBuf),
    #[error("`{0}` is neither a template of a theme nor the code of a finding")]
    Unknown(String),
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
            Self::NotATemplate(path) => {
                if let Some(near) = theme::beside(path) {
                    return Some(near);
                }
                "name a file below templates/, like my-theme/templates/pages/cart.html:12"
            }
            Self::Unknown(text) => {
                let near = nearest(text, Meaning::all().map(|meaning| meaning.code()));
                return near.map(|near| format!("did you mean `{near}`?"));
            }
            Self::NoLink(_) => {
                "name the kept pages with --keep, or leave out the line to see all links of the file"
            }
            Self::AnotherTheme(..) | Self::Build(_) => return None,
        };
        Some(help.to_owned())
    }
}

/// A place in a template or a language file.
struct Place {
    /// The argument as given.
    text: String,
    /// The theme's folder.
    root: PathBuf,
    /// The path below the theme's folder, with `/` as separator.
    path: String,
    line: Option<usize>,
    /// The column in characters, as in printed reports.
    column: Option<usize>,
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
    // The placeholder only affects links to the storefront.
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
    Ok(Report { command: "explain", findings: explained, source: Some(theme), ..Report::default() })
}

/// Splits `TEXT:NUMBER` into the text and the number.
fn numbered(text: &str) -> Option<(&str, usize)> {
    let (text, number) = text.rsplit_once(':')?;
    Some((text, number.parse().ok()?))
}

/// Reads `FILE`, `FILE:LINE` or `FILE:LINE:COLUMN`.
fn place(text: &str) -> Result<Place, Error> {
    let (file, line, column) = match numbered(text) {
        None => (text, None, None),
        Some((rest, last)) => match numbered(rest) {
            None => (rest, Some(last), None),
            Some((file, line)) => (file, Some(line), Some(last)),
        },
    };
    let file = Path::new(file);
    if !file.exists() && !text.contains(['/', '\\', '.', ':']) {
        return Err(Error::Unknown(text.to_owned()));
    }
    let not_a_template = || Error::NotATemplate(file.to_owned());
    let is_root = |folder: &&Path| folder.join("config.json").is_file();
    let full = std::path::absolute(file).map_err(|_| not_a_template())?;
    let root = full.ancestors().skip(1).find(is_root).ok_or_else(not_a_template)?;
    let below = full.strip_prefix(root).map_err(|_| not_a_template())?;
    let path = below.to_string_lossy().replace('\\', "/");
    let holds_links = path.starts_with("templates/") || path.starts_with("lang/");
    match file.is_file() && holds_links {
        true => Ok(Place { text: text.to_owned(), root: root.to_owned(), path, line, column }),
        false => Err(not_a_template()),
    }
}

/// Whether a finding is about a link at `place`: on its line and column, as far as they are given.
fn stands_at(finding: &Finding, place: &Place, theme: &Theme) -> bool {
    let Some(primary) = finding.primary.as_ref().filter(|primary| primary.path == place.path)
    else {
        return false;
    };
    let (Some(line), Some(span)) = (place.line, primary.span) else { return true };
    let at = |offset| {
        let position = theme.position(&place.path, offset)?;
        // Without a column, the whole line matches.
        Some((position.line, place.column.map(|_| position.column)))
    };
    let wanted = Some((line, place.column));
    at(span.start) <= wanted && wanted <= at(span.end)
}
