//! `stencil-guard routes`: manages where the links lead that the platform itself makes. It compares the
//! routes of a site with the wanted ones, changes them on request, and restores them.

mod addresses;
mod carry;
mod certificate;
mod checkout;
mod redirects;
mod survey;
mod values;
mod wanted;

use self::carry::Carrier;
use self::survey::Survey;
pub use self::values::ValueChoices;
use self::wanted::Wanted;
use super::confirm::confirm;
use super::{Error, Notes, StoreRequest, places, report};
use crate::config::Sources;
use crate::report::store::{Answer, RouteChange, RoutesReport, StoreReport, route_lines};
use crate::store::Client;
use crate::store::StoreEnvironment;
use crate::store::routes::{
    CHECKOUT_URL, Change, RestoreFile, RouteKey, Snapshot, ValueChange, plan, value_changes,
};
use crate::text::{Code, Finding};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The arguments of `stencil-guard routes plan` and `stencil-guard routes apply`.
#[derive(Clone, Debug)]
pub struct RoutesRequest {
    /// The store.
    pub store: StoreRequest,
    /// The channel; if missing, the one that the environment names.
    pub channel: Option<u64>,
    /// The sources of the settings, which name the platform and the user's own routes.
    pub sources: Sources,
    /// Routes to remove, each as a type or as `type:matching`.
    pub prune: Vec<RouteKey>,
    /// Addresses and settings to change.
    pub values: ValueChoices,
    /// Whether to show or to make the changes.
    pub action: Action,
}

/// What to do about the differences.
#[derive(Clone, Debug)]
pub enum Action {
    /// Show them.
    Plan {
        /// Whether to show the equivalent list of 301 redirects, too.
        redirects: bool,
    },
    /// Make the changes.
    Apply {
        /// The restore file; if missing, the default one.
        restore_file: Option<PathBuf>,
        /// Whether to skip the confirmation.
        yes: bool,
        /// Whether to change routes with one call.
        at_once: bool,
        /// How long to check whether the checkout's address is ready; `None` to skip the check.
        wait: Option<Duration>,
    },
}

/// The arguments of `stencil-guard routes restore`.
#[derive(Clone, Debug)]
pub struct RestoreRequest {
    /// The store.
    pub store: StoreRequest,
    /// The restore file.
    pub file: PathBuf,
    /// Whether to skip the confirmation.
    pub yes: bool,
}

/// Runs `routes plan` or `routes apply`.
pub fn run(request: &RoutesRequest, environment: &StoreEnvironment) -> StoreReport {
    report("routes", |notes| routes(request, environment, notes))
}

/// Runs `routes restore`.
pub fn restore(request: &RestoreRequest, environment: &StoreEnvironment) -> StoreReport {
    report("routes", |notes| go_back(request, environment, notes))
}

fn routes(
    request: &RoutesRequest,
    environment: &StoreEnvironment,
    notes: &mut Notes,
) -> Result<Answer, Error> {
    let wanted = read_wanted(request, notes)?;
    let wanted_values = request.values.wanted()?;
    let channel = places::one(request.channel, environment)?;
    let client = request.store.open(None, environment, notes)?;
    let survey = Survey::of(&client, channel)?;
    let now = values::current(&client, &survey.site, !request.values.settings.is_empty())?;
    let todo = PlannedChanges {
        routes: plan(&survey.routes, &wanted.routes, &wanted.gone),
        values: value_changes(&now, &wanted_values),
    };
    values::judge(&survey, &todo.values, notes)?;
    let planned = values::planned(&survey.site, &todo.values);
    notes.findings.extend(addresses::judge(&planned, wanted.storefront()));
    let mut report = RoutesReport {
        map: wanted.title.clone(),
        values: values::rows(&todo.values),
        ..survey.report(&todo.routes)
    };
    match &request.action {
        Action::Plan { redirects } => {
            let checkout = values::new_checkout(&todo.values);
            notes.findings.extend(checkout.map(certificate::ahead));
            report.checkout_settings = checkout::look(&client, &survey.site, notes)?;
            if *redirects {
                report.redirects = redirects::list(&wanted.settings, &report.site)?;
            }
            Ok(Answer::Routes(report))
        }
        Action::Apply { restore_file, yes, at_once, wait } => {
            let moved = values::new_checkout(&todo.values).is_some();
            let answer = if todo.is_empty() {
                Answer::Routes(report)
            } else {
                let file = open_file(restore_file.as_deref(), &client, &survey)?;
                todo.apply((&client, &survey), file, (*yes, *at_once), report, notes)?
            };
            // An address from an earlier run is also checked: it may be ready by now.
            let checkout = wanted_values.get(CHECKOUT_URL).and_then(Value::as_str);
            notes.findings.extend(checkout.and_then(|url| match wait {
                Some(wait) => Some(certificate::look(url, *wait, environment)),
                None => moved.then(|| certificate::ahead(url)),
            }));
            Ok(answer)
        }
    }
}

/// Reads where routes should lead, and reports if nothing says so.
fn read_wanted(request: &RoutesRequest, notes: &mut Notes) -> Result<Wanted, Error> {
    let wanted = Wanted::read(&request.sources, &request.prune, notes)?;
    if let Some(help) = wanted.missing().filter(|_| request.values.is_empty()) {
        nothing_wanted(&request.action, help, notes)?;
    }
    Ok(wanted)
}

/// Reports that nothing is wanted: as a finding for a plan, as an error otherwise.
fn nothing_wanted(action: &Action, help: &str, notes: &mut Notes) -> Result<(), Error> {
    let message = "nothing says where routes should lead".to_owned();
    if let Action::Apply { .. } = action {
        return Err(Error::Wrong { message, help: help.to_owned() });
    }
    notes.findings.push(Finding::new(Code::NoRoutes, message).help(help));
    Ok(())
}

/// Opens the restore file: the named one, or else the default one in the state folder.
fn open_file(
    named: Option<&Path>,
    client: &Client<'_>,
    survey: &Survey,
) -> Result<RestoreFile, Error> {
    let path = match named {
        Some(path) => path.to_owned(),
        None => places::restore_file(client, survey.channel.id)?,
    };
    RestoreFile::open(path, survey.snapshot(client)).map_err(wrong_file)
}

/// All changes to make.
struct PlannedChanges {
    routes: Vec<Change>,
    values: Vec<ValueChange>,
}

impl PlannedChanges {
    fn is_empty(&self) -> bool {
        self.routes.is_empty() && self.values.is_empty()
    }

    /// Asks for confirmation, writes the restore file, and makes the changes.
    fn apply(
        &self,
        (client, survey): (&Client<'_>, &Survey),
        mut file: RestoreFile,
        (yes, at_once): (bool, bool),
        mut report: RoutesReport,
        notes: &mut Notes,
    ) -> Result<Answer, Error> {
        let is_address = |change: &ValueChange| !change.is_setting();
        if !self.routes.is_empty() || self.values.iter().any(is_address) {
            survey.refuse_own_writer()?;
        }
        let mut lines = route_lines(&report);
        lines.push(format!("to go back: stencil-guard routes restore {}", file.path().display()));
        confirm(&lines, yes, client.environment())?;
        file.snapshot.begin(&self.routes);
        file.snapshot.begin_values(&self.values);
        file.save().map_err(wrong_file)?;
        self.carry_out(client, survey, &file, at_once, notes)?;
        report.is_done = true;
        report.restore_file = Some(file.path().to_owned());
        Ok(Answer::Routes(report))
    }

    /// Changes addresses first, then the routes that are appended to them, then the settings that make links
    /// follow routes, and reads back the result.
    fn carry_out(
        &self,
        client: &Client<'_>,
        survey: &Survey,
        file: &RestoreFile,
        at_once: bool,
        notes: &mut Notes,
    ) -> Result<(), Error> {
        let carrier = Carrier { client, site: survey.site.id, way_back: file.path() };
        let (settings, addresses): (Vec<ValueChange>, Vec<ValueChange>) =
            self.values.iter().cloned().partition(ValueChange::is_setting);
        let unfinished = |error: Error, notes: &mut Notes| {
            notes.findings.push(carrier.stopped());
            error
        };
        values::carry_out(client, &survey.site, &addresses)
            .map_err(|error| unfinished(error, notes))?;
        match at_once {
            true => carrier.carry_out_at_once(&survey.routes, &self.routes, notes)?,
            false => carrier.carry_out(&self.routes, notes)?,
        }
        values::carry_out(client, &survey.site, &settings)
            .map_err(|error| unfinished(error, notes))?;
        if !self.routes.is_empty() {
            carrier.look_again(&survey.routes, &self.routes, notes)?;
        }
        values::look_again(client, &survey.site, &self.values, notes)
            .map_err(|error| unfinished(error, notes))
    }
}

fn go_back(
    request: &RestoreRequest,
    environment: &StoreEnvironment,
    notes: &mut Notes,
) -> Result<Answer, Error> {
    let file = RestoreFile::read(request.file.clone()).map_err(wrong_file)?;
    let client = request.store.open(None, environment, notes)?;
    let Snapshot { channel, site, store, .. } = &file.snapshot;
    let survey = Survey::of(&client, *channel)?;
    if store != client.hash() || *site != survey.site.id {
        return Err(Error::Wrong {
            message: format!(
                "{} is of channel {channel}, site {site} of the store {store}",
                file.path().display()
            ),
            help: "name the file of this store's channel, and check --store-hash".to_owned(),
        });
    }
    let now = values::current(&client, &survey.site, file.snapshot.has_settings())?;
    let back = file.snapshot.full_restore_plan(&survey.routes, &now);
    let routes = back.others.iter().map(|key| format!("route {key}"));
    notes.findings.extend(routes.chain(back.other_values.iter().cloned()).map(|name| {
        let message = format!(
            "the {name} is neither what it was before nor what stencil-guard wrote, so it stays"
        );
        let help = format!("look at it, or compare it with {}", file.path().display());
        Finding::new(Code::RouteChanged, message).help(help)
    }));
    let todo = PlannedChanges { routes: back.changes, values: back.values };
    let mut report = survey.report(&todo.routes);
    report.values = values::rows(&todo.values);
    if !todo.is_empty() {
        confirm(&route_lines(&report), request.yes, environment)?;
        todo.carry_out(&client, &survey, &file, false, notes)?;
    }
    // Routes that do not change are irrelevant to a restore.
    report.routes.retain(|row| row.change != RouteChange::None);
    report.is_done = true;
    Ok(Answer::Routes(report))
}

/// Returns the error for a restore file that cannot be used.
fn wrong_file(error: crate::store::record::RecordError) -> Error {
    Error::Wrong {
        message: error.to_string(),
        help: "name another file: --restore-file FILE, or for `routes restore` its argument"
            .to_owned(),
    }
}
