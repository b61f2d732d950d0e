//! `stencil-guard init`: writes a settings file with comments that fit the theme.

use super::build::{self, Error};
use super::theme_title;
use crate::config::{ConfigError, EnvironmentError, Notes, Settings, template};
use crate::guard::links::Outcome;
use crate::guard::storefront::Storefront;
use crate::output;
use crate::pipeline::{self, Guarded, PageOutcome};
use crate::report::{Output, OutputKind, Report, Summary};
use crate::text::counted;
use crate::theme;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The arguments of `stencil-guard init`.
#[derive(Clone, Debug)]
pub struct InitRequest {
    /// A folder or a zip.
    pub theme: PathBuf,
    /// The settings file to write; if missing, the default one.
    pub file: Option<PathBuf>,
    /// The settings to write.
    pub settings: Settings,
}

/// Runs the command.
pub fn run(request: &InitRequest) -> Report {
    init(request).unwrap_or_else(|error| Report::failed("init", build::failure(error)))
}

/// Returns the report about an environment variable that cannot be parsed.
pub fn misread(error: EnvironmentError) -> Report {
    Report::failed("init", build::failure(ConfigError::from(error).into()))
}

/// Returns why a text is not the address of a storefront; `None` if it is one.
pub fn storefront_fault(text: &str) -> Option<String> {
    Storefront::parse(text).err().map(|error| error.to_string())
}

/// Returns the path of the settings file.
fn place(theme: &Path, file: Option<&Path>) -> PathBuf {
    file.map_or_else(|| build::settings_file(theme), Path::to_owned)
}

/// Whether the theme exists and its settings file does not.
pub fn is_ready(theme: &Path, file: Option<&Path>) -> bool {
    theme.exists() && is_free(theme, file)
}

fn is_free(theme: &Path, file: Option<&Path>) -> bool {
    place(theme, file).symlink_metadata().is_err()
}

fn init(request: &InitRequest) -> Result<Report, Error> {
    let path = place(&request.theme, request.file.as_deref());
    if !is_free(&request.theme, request.file.as_deref()) {
        return Err(output::OutputError::Exists(path).into());
    }
    let source = theme::load(&request.theme)?;
    let mut settings = request.settings.clone();
    let guarded = pipeline::guard(&source, &build::options(&settings)?)?;
    let essentials = essentials(&guarded);
    if settings.keep.is_none() && !essentials.is_empty() {
        settings.keep = Some(vec![ESSENTIALS.to_owned()]);
    }
    let title = theme_title(&guarded.identity);
    let text = template(&heading(&title, &guarded), &settings, &notes(&guarded, &essentials));
    output::create_file(&path, text.as_bytes())?;
    let storefront = settings.storefront.unwrap_or_default();
    let summary = Summary {
        headline: format!("{title}, to be guarded for {storefront}"),
        outputs: vec![Output { kind: OutputKind::Settings, path, bytes: text.len() as u64 }],
        ..Summary::default()
    };
    Ok(Report { command: "init", summary: Some(summary), ..Report::default() })
}

/// The group of pages that e-mails link to and storefronts rarely have, and that a closed store shows.
const ESSENTIALS: &str = "essentials";

/// Returns the pages of the group `ESSENTIALS` that the theme has.
fn essentials(guarded: &Guarded) -> Vec<String> {
    let pages = pipeline::page_names::in_group(ESSENTIALS, &guarded.templates);
    pages.iter().map(|page| page.trim_start_matches("pages/").to_owned()).collect()
}

fn heading(title: &str, guarded: &Guarded) -> Vec<String> {
    let names = guarded.source.template_names();
    let layouts = names.filter(|name| name.starts_with("layout/")).count();
    let (layouts, pages) = (counted(layouts, "layout"), counted(guarded.pages.len(), "page"));
    let amp = guarded.pages.keys().filter(|page| page.starts_with("pages/amp/")).count();
    let amp = if amp > 0 { format!(", {amp} of them for AMP") } else { String::new() };
    vec![
        format!(
            "Settings of stencil-guard for {title}. Flags and the environment win over this file."
        ),
        "A line that starts with # shows a default or an example; remove the # to change it."
            .to_owned(),
        format!("The theme has {pages}{amp}, and {layouts}."),
    ]
}

/// Returns notes on the settings, based on the theme.
fn notes(guarded: &Guarded, essentials: &[String]) -> Notes {
    let short = |name: &String| name.trim_start_matches("pages/").to_owned();
    let kept = guarded.pages.iter().filter(|(_, outcome)| **outcome == PageOutcome::Kept);
    let kept: Vec<String> = kept.map(|(name, _)| short(name)).collect();
    let hosts: BTreeSet<&str> =
        guarded.links.iter().flat_map(|link| &link.hosts).map(String::as_str).collect();
    let moved: BTreeSet<&str> = guarded
        .links
        .iter()
        .filter_map(|link| match &link.outcome {
            Outcome::Retarget(arrival) => Some(arrival.address.as_str()),
            Outcome::Keep | Outcome::Strip => None,
        })
        .collect();
    let list = |names: &BTreeSet<&str>| Vec::from_iter(names.iter().copied()).join(", ");
    let mut notes = Notes::new();
    let mut note = |key, is_wanted: bool, text: String| {
        if is_wanted {
            notes.entry(key).or_default().push(text);
        }
    };
    note("keep", !kept.is_empty(), format!("By default everybody sees {}.", kept.join(", ")));
    note(
        "keep",
        !essentials.is_empty(),
        format!(
            "`essentials` are what e-mails link to and a storefront rarely has, and what a closed store shows: {}.",
            essentials.join(", ")
        ),
    );
    let hosts_text =
        format!("Links on kept pages lead to {}. Name those that are the store's.", list(&hosts));
    note("own-host", !hosts.is_empty(), hosts_text);
    let moved_text =
        format!("Without such rules, legal links on kept pages lead to {}.", list(&moved));
    note("patches", !moved.is_empty(), moved_text);
    if let Some(layout) = shared_layout(guarded) {
        let text = format!(
            "The checkout uses the layout of the whole shop here ({layout}), with its header and footer."
        );
        note("kept-chrome", true, text);
    }
    notes
}

/// Returns the layout that the checkout shares with the home page, if there is one.
fn shared_layout(guarded: &Guarded) -> Option<String> {
    let templates = crate::theme::pages::Templates::new(&guarded.source);
    let layouts = |page: &str| -> BTreeSet<String> {
        let includes = templates.get(page).into_iter().flat_map(|page| &page.includes);
        includes
            .map(|include| include.name.clone())
            .filter(|name| name.starts_with("layout/"))
            .collect()
    };
    layouts("pages/checkout").intersection(&layouts("pages/home")).next().cloned()
}
