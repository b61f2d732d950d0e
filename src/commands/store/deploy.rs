//! `stencil-guard deploy`: guards the theme of a channel and shows it there again, as one plan that the user
//! confirms before anything changes.

use super::confirm::{confirm, reservations};
use super::download::{self, ChannelTheme, Set};
use super::live::{LiveCheck, Pages};
use super::package::{self, Package};
use super::places::{self, Place};
use super::shipping::Shipping;
use super::{Error, Notes, StoreRequest, hidden, push, report};
use crate::commands::build::{self, BuildRequest};
use crate::commands::{load, theme_title};
use crate::config::Settings;
use crate::guard::theme_settings::Chosen;
use crate::pipeline::progress::{Progress, Stage};
use crate::pipeline::{self, BuildOptions, Guarded, PageOutcome};
use crate::report::store::{Answer, Changes, ChannelChange, LiveReport, SentTheme, StoreReport};
use crate::store::sites::Site;
use crate::store::{Client, StoreEnvironment};
use crate::text::counted;
use crate::theme::Theme;
use std::path::{Path, PathBuf};
use std::time::Duration;
use url::Url;

/// The arguments of `stencil-guard deploy`.
#[derive(Clone, Debug)]
pub struct DeployRequest {
    /// The store.
    pub store: StoreRequest,
    /// The channel; if missing, the one that the environment names.
    pub channel: Option<u64>,
    /// A theme to guard instead of the one that the channel shows.
    pub theme: Option<PathBuf>,
    /// The options of the guarded build; its theme is ignored.
    pub build: BuildRequest,
    /// Whether to leave out the settings of the theme editor.
    pub no_settings: bool,
    /// Whether to skip the confirmation.
    pub yes: bool,
    /// Whether the oldest theme that stencil-guard uploaded may be deleted if the store is full.
    pub replace_oldest: bool,
    /// The record of what to go back to; if missing, the default file.
    pub record: Option<PathBuf>,
    /// Whether to skip the check of the live store at the end.
    pub no_live_check: bool,
}

/// How long the platform may keep showing the old theme.
const PATIENCE: Duration = Duration::from_secs(120);

/// Stands for the path of a theme that comes from the store; its settings file is looked for in the current
/// folder.
const NO_THEME: &str = "downloaded.zip";

/// The line of the plan about the theme editor.
const SWITCH: &str = "give the theme editor a switch for the guard and a field for the storefront, with what was set there before";

/// Runs the command.
pub fn run(
    request: &DeployRequest,
    environment: &StoreEnvironment,
    progress: &dyn Progress,
) -> StoreReport {
    let build = BuildRequest { theme: path(request), ..request.build.clone() };
    report("deploy", |notes| {
        let given = KnownInputs { settings: build::settings(&build)?, theme: None };
        deploy(request, given, environment, progress, notes)
    })
}

/// What the caller has already read.
pub(in crate::commands) struct KnownInputs {
    /// All settings.
    pub(in crate::commands) settings: Settings,
    /// The theme that the request names.
    pub(in crate::commands) theme: Option<Theme>,
}

/// Runs the command with the given settings, without reading settings files or the environment for them.
pub(in crate::commands) fn run_given(
    request: &DeployRequest,
    given: KnownInputs,
    environment: &StoreEnvironment,
    progress: &dyn Progress,
) -> StoreReport {
    report("deploy", |notes| deploy(request, given, environment, progress, notes))
}

fn path(request: &DeployRequest) -> PathBuf {
    request.theme.clone().unwrap_or_else(|| NO_THEME.into())
}

fn deploy(
    request: &DeployRequest,
    given: KnownInputs,
    environment: &StoreEnvironment,
    progress: &dyn Progress,
    notes: &mut Notes,
) -> Result<Answer, Error> {
    let KnownInputs { settings, theme } = given;
    let mut options = build::options(&settings)?;
    let channel = places::one(request.channel, environment)?;
    let client = request.store.open(request.theme.as_deref(), environment, notes)?;
    let (mut places, others) = places::find(&client, &[channel])?;
    let mut record = places::record(request.record.as_deref(), &client)?;
    let source = source(request, theme, &client, &places[0], progress, notes)?;
    options.chosen = source.chosen;
    progress.begin(Stage::Guarding);
    let mut guarded = pipeline::guard(&source.theme, &options).map_err(build::Error::from)?;
    let package = package::pack(&mut guarded, &settings, &path(request), progress, notes)?;
    let look = push::look(None, &places[0], &package)?;
    places::tell_shared(&client, &places, &others, notes)?;
    hidden::look(&client, channel, &options.links.hidden, notes)?;
    let place = places.remove(0);
    let is_unchanged = request.theme.is_none() && source.settings.is_empty() && is_same(&guarded);
    let sent = record.record.upload(&package.digest()).and_then(|upload| upload.theme.as_deref());
    let site = client.site(channel)?;
    let live = (!request.no_live_check).then(|| live_look(site.as_ref(), &options));
    if is_unchanged || (sent.is_some() && sent == place.theme()) {
        let live = live.and_then(|look| look_at(&look, environment, notes));
        return Ok(Answer::Changes(Changes { live, ..unchanged(&place, record.path()) }));
    }
    let mut plan = plan(&place, site.as_ref(), &source.settings, &guarded, &package, &look);
    plan.extend(hidden::line(&options.links.hidden));
    plan.extend(options.theme_settings.then(|| SWITCH.to_owned()));
    plan.extend(live.as_ref().map(|look| match look.hosts.as_slice() {
        [] => "look at the live store: nothing to look at, since its site has no address but the storefront's".to_owned(),
        hosts => {
            let hosts: Vec<&str> = hosts.iter().map(Url::as_str).collect();
            format!("look at the live store as a guest: {}", hosts.join(", "))
        }
    }));
    plan.extend(reservations(notes));
    plan.push(format!("to go back: stencil-guard rollback --channel {channel}"));
    confirm(&plan, request.yes, environment)?;
    let replace_oldest = request.replace_oldest;
    let mut shipping = Shipping { client: &client, record: &mut record, replace_oldest };
    let (theme, channels) = shipping.ship(&package, &[(place, look)], notes)?;
    let record = Some(record.path().to_owned());
    let live = live.and_then(|look| look_at(&look, environment, notes));
    Ok(Answer::Changes(Changes { plan, theme: Some(theme), channels, record, live }))
}

/// Returns what to check once the theme is live.
fn live_look(site: Option<&Site>, options: &BuildOptions) -> LiveCheck {
    LiveCheck {
        hosts: site.map(|site| LiveCheck::hosts(site, &options.storefront)).unwrap_or_default(),
        storefront: options.storefront.clone(),
        paths: options.paths.clone(),
        pages: Pages::new(&options.keep, &options.no_keep, &options.allow_open),
        wait: PATIENCE,
    }
}

/// Checks what a guest gets from the store now; `None` if the store has no address to check.
fn look_at(
    look: &LiveCheck,
    environment: &StoreEnvironment,
    notes: &mut Notes,
) -> Option<LiveReport> {
    if look.hosts.is_empty() {
        return None;
    }
    let (live, findings) = look.run(environment);
    notes.findings.extend(findings);
    Some(live)
}

/// The theme to guard, with the settings of the theme editor.
struct Source {
    theme: Theme,
    settings: Vec<String>,
    /// The values of the guard's own settings in the theme editor, if the theme does not hold them.
    chosen: Chosen,
}

fn source(
    request: &DeployRequest,
    loaded: Option<Theme>,
    client: &Client<'_>,
    place: &Place,
    progress: &dyn Progress,
    notes: &mut Notes,
) -> Result<Source, Error> {
    let with_settings = !request.no_settings;
    let Some(path) = &request.theme else {
        let ChannelTheme { theme, settings, .. } =
            download::hand_out(client, place, with_settings, notes)?;
        return Ok(Source { theme, settings, chosen: Chosen::default() });
    };
    let theme = match loaded {
        Some(theme) => theme,
        None => load(path, request.build.run_build, progress)?,
    };
    let set = match (with_settings, &place.shown) {
        (true, Some(shown)) => download::editor_settings(client, shown, &theme, notes)?,
        _ => None,
    };
    let Some(Set { config, settings, chosen }) = set else {
        return Ok(Source { theme, settings: Vec::new(), chosen: Chosen::default() });
    };
    let config = config.map(|config| ("config.json".to_owned(), Some(config)));
    Ok(Source { theme: theme.with(config), settings, chosen })
}

fn is_same(guarded: &Guarded) -> bool {
    guarded.edited.is_empty() && guarded.added.is_empty() && guarded.removed.is_empty()
}

/// Reports that a channel already shows what it would get.
fn unchanged(place: &Place, record: &Path) -> Changes {
    let shown = place.shown.clone().unwrap_or_default();
    Changes {
        plan: Vec::new(),
        channels: vec![ChannelChange {
            id: place.id(),
            name: place.channel.name.clone(),
            before: Some(shown.theme_name.clone()),
            after: Some(shown.theme_name.clone()),
            variation: shown.variation_name,
            is_changed: false,
        }],
        theme: Some(SentTheme {
            uuid: shown.theme,
            name: shown.theme_name,
            is_new: false,
            replaced: None,
        }),
        record: Some(record.to_owned()),
        live: None,
    }
}

/// Returns the steps of the plan, one line each.
fn plan(
    place: &Place,
    site: Option<&Site>,
    settings: &[String],
    guarded: &Guarded,
    package: &Package,
    look: &str,
) -> Vec<String> {
    let count =
        |outcome: PageOutcome| guarded.pages.values().filter(|page| **page == outcome).count();
    let title = theme_title(&guarded.identity);
    let address = |kind: &str| site.and_then(|site| site.address(kind)).unwrap_or("none");
    let (site, checkout) = (address("primary"), address("checkout"));
    let mut plan = vec![
        format!(
            "channel {} ({}): site {site}, checkout {checkout}",
            place.id(),
            place.channel.name
        ),
        place.now(),
    ];
    if !settings.is_empty() {
        plan.push(format!(
            "write what was set in the theme editor into the theme: {}",
            settings.join(", ")
        ));
    }
    plan.push(format!(
        "guard {title}: {} kept, {} guarded",
        counted(count(PageOutcome::Kept), "page"),
        count(PageOutcome::Guarded)
    ));
    plan.push(format!("upload it as a new theme ({} bytes)", package.bytes.len()));
    plan.push(format!("show it on channel {} and no other, in the variation {look}", place.id()));
    plan
}
