//! Gathers what a build would deliver and why, for the commands that show it.

use super::build::{self, BuildRequest, Error};
use super::{arrivals, paths, theme_title};
use crate::config::Settings;
use crate::guard::names;
use crate::guard::plan::Mechanism;
use crate::pipeline::page_names::is_named;
use crate::pipeline::visits::{self, Visit};
use crate::pipeline::ways_out::{self, Exit};
use crate::pipeline::{self, BuildOptions, Guarded, KEPT_BY_DEFAULT, PageOutcome};
use crate::report::Report;
use crate::report::diff::FileChange;
use crate::report::overview::{
    AddressDecision, ChangedFile, Decisions, LinkDecision, Overview, PageDecision,
};
use crate::text::Code;
use crate::theme::pages::Templates;
use crate::theme::{self, Cache, Theme, template_path};
use std::collections::{BTreeMap, BTreeSet};

/// Gathers what a build of the request would deliver; settings about outputs are ignored. A theme that is
/// already guarded is unguarded first.
pub(super) fn gather(command: &'static str, request: &BuildRequest) -> Result<Overview, Error> {
    let settings = build::settings(request)?;
    let read = theme::load(&request.theme)?;
    let original = pipeline::unguard(&read).map_or(read, |unguarded| unguarded.theme);
    of(command, original, &settings, &mut Cache::default())
}

/// Does the same for an unguarded theme in memory, and reuses what is in the cache.
pub(super) fn of(
    command: &'static str,
    original: Theme,
    settings: &Settings,
    cache: &mut Cache,
) -> Result<Overview, Error> {
    let options = build::options(settings)?;
    let guarded = guard(&original, &options, settings, cache)?;
    let decisions = decisions(&original, &guarded, &options, settings)?;
    Ok(Overview { report: report(command, original, guarded), decisions })
}

/// The part of an overview that is quick to compute.
pub(super) struct QuickOverview {
    pub(super) report: Report,
    /// The decisions about pages, without what each kind of visitor gets, which takes much longer to compute
    /// than everything else.
    pub(super) pages: Vec<PageDecision>,
    pub(super) addresses: Vec<AddressDecision>,
}

/// Gathers the quick part of an overview for an unguarded theme in memory.
pub(super) fn glance(
    command: &'static str,
    original: Theme,
    settings: &Settings,
    cache: &mut Cache,
) -> Result<QuickOverview, Error> {
    let options = build::options(settings)?;
    let guarded = guard(&original, &options, settings, cache)?;
    let pages = pages(&guarded, &options, BTreeMap::new());
    let addresses = arrivals::addresses(&guarded.templates, &options, settings)?;
    Ok(QuickOverview { report: report(command, original, guarded), pages, addresses })
}

fn guard(
    original: &Theme,
    options: &BuildOptions,
    settings: &Settings,
    cache: &mut Cache,
) -> Result<Guarded, Error> {
    let mut guarded = pipeline::guard_again(original, options, cache)?;
    settings.apply_severities(&mut guarded.findings);
    if settings.strict.unwrap_or_default() {
        guarded.refuse_warnings();
    }
    Ok(guarded)
}

fn report(command: &'static str, original: Theme, Guarded { findings, .. }: Guarded) -> Report {
    Report { command, findings, source: Some(original), failure: None, summary: None }
}

fn decisions(
    original: &Theme,
    guarded: &Guarded,
    options: &BuildOptions,
    settings: &Settings,
) -> Result<Decisions, Error> {
    let copies = Copies::new(original, &guarded.theme);
    Ok(Decisions {
        theme: theme_title(&guarded.identity),
        mechanism: options.mechanism.clone(),
        storefront: options.storefront.base().to_owned(),
        storefronts: paths::sites(&options.storefront),
        guard_development: options.guard_development,
        addresses: arrivals::addresses(&guarded.templates, options, settings)?,
        platform_links: arrivals::platform_links(options, settings),
        pages: pages(guarded, options, visits(guarded, options)),
        absent: absent(guarded, options),
        links: links(guarded, &copies),
        exits: exits(guarded),
        files: files(original, guarded, &copies),
    })
}

/// The original of each copied template, by name, for every kind of copy.
struct Copies {
    originals: BTreeMap<String, String>,
}

impl Copies {
    fn new(original: &Theme, guarded: &Theme) -> Self {
        let copies = [
            names::copies(original.template_names()),
            names::bare_copies(original.template_names()),
        ];
        let moved = [("layout/", names::LAYOUTS), ("pages/", names::PAGES)]
            .map(|(own, folder)| names::moved(guarded.template_names(), own, folder));
        let pairs = copies.into_iter().chain(moved).flatten().map(|(name, copy)| (copy, name));
        Self { originals: pairs.collect() }
    }

    /// Returns the original of a template, also through copies of copies; a template that is not a copy is
    /// its own original.
    fn original<'a>(&'a self, name: &'a str) -> &'a str {
        let step = |name: &'a str| self.originals.get(name).map_or(name, String::as_str);
        step(step(step(name)))
    }
}

/// Returns what each kind of visitor gets, by page.
fn visits(guarded: &Guarded, options: &BuildOptions) -> BTreeMap<String, Vec<Visit>> {
    let BuildOptions { mechanism, guard_development, theme_settings, .. } = options;
    visits::visits(guarded, mechanism, *guard_development, *theme_settings)
}

fn pages(
    guarded: &Guarded,
    options: &BuildOptions,
    mut visits: BTreeMap<String, Vec<Visit>>,
) -> Vec<PageDecision> {
    let decide = |(name, outcome): (&String, &PageOutcome)| PageDecision {
        name: name.clone(),
        outcome: *outcome,
        is_lost: is_lost(guarded, name),
        may_be_open: is_named(&guarded.templates, &options.allow_open, name),
        why: match outcome {
            PageOutcome::Refused => "Its template has a mistake; see below.",
            PageOutcome::Open if is_named(&guarded.templates, &options.allow_open, name) => {
                "It was named as a page that may stay open (--allow-open)."
            }
            _ => why(name, &guarded.templates, options),
        },
        visits: visits.remove(name).unwrap_or_default(),
    };
    guarded.pages.iter().map(decide).collect()
}

/// Whether the page would be hidden from visitors who should see it.
fn is_lost(guarded: &Guarded, page: &str) -> bool {
    let path = template_path(page);
    guarded.findings.iter().any(|finding| {
        let place = finding.primary.as_ref();
        finding.code == Code::PageLost && place.is_some_and(|place| place.path == path)
    })
}

/// Returns why this outcome is wanted for a page.
fn why(page: &str, templates: &Templates, options: &BuildOptions) -> &'static str {
    if is_named(templates, &options.no_keep, page) {
        return "It is kept by default, but was given up by name (--no-keep).";
    }
    match page {
        _ if is_named(templates, &options.keep, page) => "It was named as a page to keep (--keep).",
        _ if KEPT_BY_DEFAULT.contains(&page) => {
            "Shoppers need it to pay, so it is kept by default."
        }
        "pages/cart" if options.mechanism == Mechanism::None => {
            "Shoppers come to the checkout through it, as long as no page is guarded."
        }
        _ if options.mechanism == Mechanism::None => "This mode changes links and guards no page.",
        _ => "Every page that is not kept by name is guarded.",
    }
}

/// Returns the default kept pages that the theme does not have, except those that `--no-keep` gives up.
fn absent(guarded: &Guarded, options: &BuildOptions) -> Vec<String> {
    let is_given_up = |name: &&&str| why(name, &guarded.templates, options).contains("--no-keep");
    let absent = KEPT_BY_DEFAULT.iter().filter(|name| !guarded.pages.contains_key(**name));
    absent.filter(|name| !is_given_up(name)).map(ToString::to_string).collect()
}

fn links(guarded: &Guarded, copies: &Copies) -> Vec<LinkDecision> {
    let mut printed: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let kept = guarded.pages.iter().filter(|(_, outcome)| **outcome == PageOutcome::Kept);
    for (page, _) in kept {
        for name in guarded.templates.closure(page) {
            for template in [name, copies.original(name)] {
                printed.entry(template).or_default().insert(page);
            }
        }
    }
    let pages = |template: &str| {
        let pages = printed.get(template).into_iter().flatten();
        pages.map(ToString::to_string).collect()
    };
    let decide = |link: &crate::guard::links::Link| LinkDecision {
        link: link.clone(),
        pages: pages(&link.template),
    };
    guarded.links.iter().map(decide).collect()
}

fn exits(guarded: &Guarded) -> Vec<(Exit, usize)> {
    let line = |exit: &Exit| {
        let start = exit.place.span.map_or(0, |span| span.start);
        guarded.theme.position(&exit.place.path, start).map_or(1, |position| position.line)
    };
    let with_line = |exit: Exit| {
        let line = line(&exit);
        (exit, line)
    };
    ways_out::of_guarded(guarded).into_iter().map(with_line).collect()
}

fn files(original: &Theme, guarded: &Guarded, copies: &Copies) -> Vec<ChangedFile> {
    let mut paths: Vec<&String> = guarded.edited.iter().chain(&guarded.added).collect();
    paths.sort_unstable();
    let bytes = |theme: &Theme, path: &str| theme.bytes(path).map(<[u8]>::to_vec);
    let file = |path: &String| {
        let copy_of = copy_of(path, copies).filter(|_| original.bytes(path).is_none());
        ChangedFile {
            change: FileChange {
                path: path.clone(),
                before: bytes(original, copy_of.as_deref().unwrap_or(path)),
                after: bytes(&guarded.theme, path),
            },
            copy_of,
        }
    };
    paths.into_iter().map(file).collect()
}

/// Returns the path of the template that the one at `path` is a copy of.
fn copy_of(path: &str, copies: &Copies) -> Option<String> {
    let name = path.strip_prefix("templates/")?.strip_suffix(".html")?;
    let original = copies.original(name);
    (original != name).then(|| template_path(original))
}
