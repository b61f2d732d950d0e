//! The answers to the page: results of the commands' own code, for a theme in memory.

use super::choices::Choices;
use super::more::{self, ImportedSettings};
use super::themes::LoadedTheme;
use crate::commands::build::{self, Error};
use crate::commands::outputs::{Outputs, default_name};
use crate::commands::overview::{self, QuickOverview};
use crate::commands::theme_title;
use crate::guard::hidden::Hidden;
use crate::guard::paths::Platform;
use crate::pipeline::page_names::known_pages;
use crate::pipeline::progress::NoProgress;
use crate::pipeline::{self, Guarded, PAYMENT};
use crate::report::diff;
use crate::report::overview::{AddressDecision, Arrival};
use crate::report::{self, Failure, Place, Report, html};
use crate::text::LineIndex;
use crate::theme::pages::Templates;
use clap::ValueEnum;
use serde_json::{Value, json};

/// An answer to the page.
pub(super) enum Answer {
    /// Facts as JSON, and whether the request succeeded.
    Facts(Value, bool),
    /// A file to download: its name, its type and its bytes.
    File(String, &'static str, Vec<u8>),
}

/// Describes a theme before the user has chosen anything.
pub(super) fn introduce(number: u64, held: &LoadedTheme) -> Answer {
    let known = pipeline::unchanged(&held.theme);
    let pages: Vec<&str> = known.pages.keys().map(|page| short(page)).collect();
    let facts = json!({
        "theme": number,
        "file": held.name,
        "title": theme_title(&known.identity),
        "wasGuarded": held.was_guarded,
        "pages": pages,
        "keptByDefault": pipeline::KEPT_BY_DEFAULT.iter().map(|page| short(page)).collect::<Vec<_>>(),
        "mustStay": { short(PAYMENT): STAYS },
        "settings": held.origin.settings(),
        "platforms": platforms(),
        "hideable": Hidden::all().map(hideable).collect::<Vec<_>>(),
    });
    Answer::Facts(facts, true)
}

/// Why the page on which shoppers pay cannot be guarded by a click.
const STAYS: &str = "Shoppers pay on this page, so it stays. Only a settings file \
     that says both no-keep = [\"checkout\"] and stop-payments = true guards it.";

/// Lists the platforms with a known map, by the names that `--paths` takes.
fn platforms() -> Vec<Value> {
    let known = |platform: &Platform| Some((*platform, platform.map()?));
    let all = Platform::value_variants().iter().filter_map(known);
    all.map(|(platform, map)| json!({ "name": platform, "title": map.title })).collect()
}

/// Describes a checkout link that `--hide` takes.
fn hideable(hidden: Hidden) -> Value {
    json!({ "name": hidden.name(), "what": hidden.what(), "page": hidden.page(), "advice": hidden.advice() })
}

/// Answers why a request failed.
pub(super) fn refuse(message: String) -> Answer {
    refuse_for(Failure { message, ..Failure::default() })
}

/// Answers why a request failed, and what to do.
pub(super) fn refuse_for(failure: Failure) -> Answer {
    let place = failure.place.as_ref().map(place);
    let facts = json!({ "message": failure.message, "help": failure.help, "place": place });
    Answer::Facts(facts, false)
}

/// Describes a place in the settings file, with its line and carets below it.
fn place(Place { path, source, span }: &Place) -> Value {
    let at = LineIndex::new(source.as_bytes()).position(source.as_bytes(), span.start);
    let line = source.lines().nth(at.line - 1).unwrap_or_default();
    let before = line.chars().take(at.column - 1);
    let blank: String = before.map(|c| if c == '\t' { c } else { ' ' }).collect();
    let meant = source.get(span.clone()).and_then(|text| text.lines().next()).unwrap_or_default();
    let carets = "^".repeat(meant.chars().count().max(1));
    let (number, gutter) = (at.line, " ".repeat(at.line.to_string().len()));
    let frame = format!("{number} | {line}\n{gutter} | {blank}{carets}");
    json!({ "path": path, "line": at.line, "column": at.column, "frame": frame })
}

/// Answers that the theme must be dropped again.
pub(super) fn gone() -> Answer {
    refuse("The program does not have this theme any more. Drop it again.".to_owned())
}

/// Returns what is wrong with a request, without the position in a text that the user never sees.
pub(super) fn told(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or_default().to_owned()
}

/// Carries out a request of the page for a theme; `None` if there is no such request.
pub(super) fn answer(wanted: &str, held: &mut LoadedTheme, choices: &Choices) -> Option<Answer> {
    let outcome = match wanted {
        "try" => attempt(held, choices),
        "bundle" => bundle(held, choices),
        "report" => page(held, choices),
        "diff" => difference(held, choices),
        "settings" => settings(choices),
        "take" => take(held, choices),
        _ => return None,
    };
    Some(outcome.unwrap_or_else(|error| refuse_for(build::failure(error))))
}

/// Answers what a build would do, page by page, and with which command line.
fn attempt(held: &mut LoadedTheme, choices: &Choices) -> Result<Answer, Error> {
    let before = held.origin.command().map(|command| format!("{command}\n"));
    let command = before.unwrap_or_default()
        + &choices.command(&held.name, held.origin.settings().is_some()).unwrap_or_default();
    let settings = choices.settings()?;
    let QuickOverview { report, pages, addresses } =
        overview::glance("build", held.theme.clone(), &settings, &mut held.cache)?;
    let page = |page: &report::overview::PageDecision| json!({ "page": short(&page.name), "outcome": page.outcome, "lost": page.is_lost, "why": page.why });
    let pages: Vec<Value> = pages.iter().map(page).collect();
    let document: Value = document(&report);
    Ok(Answer::Facts(
        json!({
            "status": document["status"],
            "findings": document["findings"],
            "pages": pages,
            "leads": addresses.iter().map(lead).collect::<Vec<_>>(),
            "command": command,
        }),
        true,
    ))
}

/// Describes where an address of the hosted shop leads, and what is known about that place.
fn lead(address: &AddressDecision) -> Value {
    let known = match address.arrival {
        Arrival::Stays => "stays",
        Arrival::Known => "known",
        Arrival::Home => "home",
        Arrival::Unknown => "unknown",
    };
    json!({
        "page": short(&address.page), "address": address.address, "leadsTo": address.leads_to, "known": known,
        "loses": address.loses,
    })
}

fn document(report: &Report) -> Value {
    let text = report::json(report).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

fn guarded(held: &mut LoadedTheme, choices: &Choices) -> Result<Guarded, Error> {
    let options = build::options(&choices.settings()?)?;
    Ok(pipeline::guard_again(&held.theme, &options, &mut held.cache)?)
}

/// Answers with the same bytes as `build` writes.
fn bundle(held: &mut LoadedTheme, choices: &Choices) -> Result<Answer, Error> {
    let mut guarded = guarded(held, choices)?;
    let outputs = Outputs::new(&choices.settings()?, false);
    let bytes = outputs.bundle_bytes(&mut guarded, &NoProgress, &mut held.cache)?;
    outputs.apply_severities(&mut guarded);
    let bytes = bytes.filter(|_| !guarded.has_errors());
    let name = default_name(&guarded.identity, Some("guarded"));
    Ok(match bytes {
        Some(bytes) => Answer::File(name, "application/zip", bytes),
        None => refused(guarded),
    })
}

/// Answers with the findings that stop a build.
fn refused(guarded: Guarded) -> Answer {
    let report = Report {
        command: "build",
        findings: guarded.findings,
        source: Some(guarded.source),
        ..Report::default()
    };
    let facts = json!({
        "message": "Errors in the theme stop the build.",
        "findings": document(&report)["findings"],
    });
    Answer::Facts(facts, false)
}

fn page(held: &mut LoadedTheme, choices: &Choices) -> Result<Answer, Error> {
    let theme = held.theme.clone();
    let overview = overview::of("build", theme, &choices.settings()?, &mut held.cache)?;
    let page = html::page(&overview)?;
    Ok(Answer::File("report.html".to_owned(), "text/html; charset=utf-8", page.into_bytes()))
}

fn difference(held: &mut LoadedTheme, choices: &Choices) -> Result<Answer, Error> {
    let guarded = guarded(held, choices)?;
    let files = crate::commands::diff::changes(&held.theme, &guarded);
    let patch = diff::patch(&files);
    Ok(Answer::File("guard.patch".to_owned(), "text/plain; charset=utf-8", patch.into_bytes()))
}

/// Splits an imported settings file into the choices that have a field and the remaining text.
fn take(held: &LoadedTheme, choices: &Choices) -> Result<Answer, Error> {
    let ImportedSettings { settings, rest, fields, left_out } = more::take(&choices.settings_file)?;
    let mut choices = Choices::from(&settings);
    let templates = Templates::new(&held.theme);
    // The page map shows single pages, not patterns or groups.
    for names in [&mut choices.keep, &mut choices.no_keep] {
        let pages = known_pages(&templates, names)?;
        *names = pages.iter().map(|page| short(page).to_owned()).collect();
    }
    let facts = json!({ "choices": choices, "rest": rest, "fields": fields, "leftOut": left_out });
    Ok(Answer::Facts(facts, true))
}

fn settings(choices: &Choices) -> Result<Answer, Error> {
    choices.settings()?;
    let text = choices.file().unwrap_or_default();
    Ok(Answer::File(crate::config::FILE_NAME.to_owned(), "application/toml", text.into_bytes()))
}

/// Returns a page's name as `--keep` takes it.
fn short(page: &str) -> &str {
    page.strip_prefix("pages/").unwrap_or(page)
}
