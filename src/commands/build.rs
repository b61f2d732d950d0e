//! `stencil-guard build`: reads a theme, guards it, checks the result and writes it.

use super::links::{self, LinksError};
use super::outputs::{Outputs, WriteError};
use super::path_rules::{self, PathsError};
use super::storefronts::{self, StorefrontsError};
use super::theme_build::ThemeBuildError;
use super::{AFFECTED, load, theme_title};
use crate::config::{ConfigError, Effective, FILE_NAME, Mode, Settings, Sources};
use crate::guard::group::{Group, GroupError};
use crate::guard::plan::Mechanism;
use crate::guard::storefront::{Storefront, StorefrontError};
use crate::guard::texts::Texts;
use crate::guard::theme_settings::{Chosen, LONGEST};
use crate::output::{self, OutputError};
use crate::pipeline::progress::{Progress, Stage};
use crate::pipeline::{self, BuildError, BuildOptions};
use crate::report::{Failure, FailureCode, Place, Report, Summary};
use crate::theme::LoadError;
use std::path::{Path, PathBuf};

/// The arguments of `stencil-guard build`, which commands that preview a build share.
#[derive(Clone, Debug)]
pub struct BuildRequest {
    /// A folder or a zip.
    pub theme: PathBuf,
    /// The sources of the settings.
    pub sources: Sources,
    /// Whether to write nothing.
    pub dry_run: bool,
    /// The time limit of the theme's own build in seconds; `None` to skip that build.
    pub run_build: Option<u32>,
}

/// Runs the command.
pub fn run(request: &BuildRequest, progress: &dyn Progress) -> Report {
    build(request, progress).unwrap_or_else(|error| Report::failed("build", failure(error)))
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    ThemeBuild(#[from] ThemeBuildError),
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("no folder is given for the guarded theme")]
    NoFolder,
    #[error("the theme holds no guard, so there is nothing to undo")]
    NotGuarded,
    #[error("no storefront is given")]
    NoStorefront,
    #[error("the new name of the theme is empty")]
    NoName,
    #[error(transparent)]
    Storefront(#[from] StorefrontError),
    #[error("the storefront is on {0}, which is the store itself")]
    StorefrontIsStore(String),
    #[error(transparent)]
    Group(#[from] GroupError),
    #[error("--allow-group names a customer group, but this mode guards pages for everybody")]
    GroupWithoutCondition,
    #[error("the mode is conditional, but --allow-group names no customer group")]
    ConditionWithoutGroup,
    #[error(
        "--theme-settings gives the theme editor a switch for the guard, but this mode guards no page"
    )]
    SettingsWithoutGuard,
    #[error(
        "the storefront's address has {0} characters, and the theme editor takes {LONGEST} (TR-4400), so --theme-settings cannot be used with it"
    )]
    LongStorefront(usize),
    #[error(transparent)]
    Storefronts(#[from] StorefrontsError),
    #[error(transparent)]
    Links(#[from] LinksError),
    #[error(transparent)]
    Paths(#[from] PathsError),
    #[error(transparent)]
    Build(#[from] BuildError),
    #[error(transparent)]
    Output(#[from] OutputError),
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error("the report cannot be written: {0}")]
    Page(#[from] Box<handlebars::RenderError>),
}

impl Error {
    /// Whether another run is using the same output.
    pub(super) fn is_in_use(&self) -> bool {
        match self {
            Self::Output(error) | Self::Write(WriteError::Output(error)) => error.is_in_use(),
            _ => false,
        }
    }
}

fn build(request: &BuildRequest, progress: &dyn Progress) -> Result<Report, Error> {
    let settings = settings(request)?;
    let options = options(&settings)?;
    let outputs = Outputs::new(&settings, request.dry_run);
    outputs.check_folder(&request.theme)?;
    let source = load(&request.theme, request.run_build, progress)?;
    progress.begin(Stage::Guarding);
    let mut guarded = pipeline::guard(&source, &options)?;
    let outputs = outputs.write(&mut guarded, &request.theme, Some("guarded"), progress)?;
    let title = theme_title(&guarded.identity);
    let summary = Summary {
        lead: AFFECTED,
        headline: match options.mechanism {
            Mechanism::None => format!("{title}, its kept pages without links into the shop"),
            _ => format!("{title}, guarded for {}", options.storefront.base()),
        },
        pages: guarded.pages,
        guarded: guarded_note(&options.mechanism),
        links: links::count(guarded.links.iter()),
        link_list: guarded.links,
        edited: guarded.edited,
        added: guarded.added,
        removed: guarded.removed,
        outputs,
        dry_run: request.dry_run,
    };
    Ok(Report {
        command: "build",
        findings: guarded.findings,
        source: Some(source),
        summary: Some(summary),
        ..Report::default()
    })
}

/// A placeholder for the storefront, if none is given and none is needed.
pub(super) const NO_STOREFRONT: &str = "https://storefront.invalid";

/// Returns all layers of settings, merged.
pub(super) fn settings(request: &BuildRequest) -> Result<Settings, Error> {
    Ok(effective(request)?.settings)
}

/// Returns all layers of settings, merged, and the source of each setting.
pub(super) fn effective(request: &BuildRequest) -> Result<Effective, ConfigError> {
    let usual = settings_file(&request.theme);
    request.sources.read(&usual, output::is_ours(&request.theme))
}

/// Returns the default path of a theme's settings file: in the theme's folder, or beside its zip.
pub(super) fn settings_file(theme: &Path) -> PathBuf {
    if theme.is_dir() { theme.join(FILE_NAME) } else { theme.with_file_name(FILE_NAME) }
}

pub(crate) fn options(settings: &Settings) -> Result<BuildOptions, Error> {
    let storefront = storefronts::all(settings)?.ok_or(Error::NoStorefront)?;
    refuse_store(&storefront, &storefronts::own_hosts(settings))?;
    Ok(BuildOptions {
        mechanism: mechanism(settings)?,
        storefront: storefront.clone(),
        keep: settings.keep.clone().unwrap_or_default(),
        no_keep: settings.no_keep.clone().unwrap_or_default(),
        stop_payments: settings.stop_payments.unwrap_or(false),
        allow_open: settings.allow_open.clone().unwrap_or_default(),
        paths: path_rules::table(settings, &storefront)?,
        texts: settings.texts.as_ref().map(Texts::with).unwrap_or_default(),
        search_engines: settings.search_engines.unwrap_or_default().into(),
        links: links::settings(settings)?,
        guard_development: settings.guard_development.unwrap_or(false),
        guard_editor: settings.guard_editor.unwrap_or(false),
        theme_settings: theme_settings(settings, &storefront)?,
        chosen: Chosen::default(),
        theme_name: theme_name(settings)?,
        include: settings.include.clone().unwrap_or_default(),
    })
}

/// Whether the theme editor gets settings for the guard; fails if the mode or the storefront rules that out.
fn theme_settings(settings: &Settings, storefront: &Storefront) -> Result<bool, Error> {
    let length = storefront.base().chars().count();
    match settings.theme_settings.unwrap_or(false) {
        true if mechanism(settings)? == Mechanism::None => Err(Error::SettingsWithoutGuard),
        true if length > LONGEST => Err(Error::LongStorefront(length)),
        is_wanted => Ok(is_wanted),
    }
}

/// Returns the theme's new name, if there is one; fails if it is blank.
fn theme_name(settings: &Settings) -> Result<Option<String>, Error> {
    match &settings.theme_name {
        Some(name) if name.trim().is_empty() => Err(Error::NoName),
        name => Ok(name.clone()),
    }
}

/// The domain of stores that have no domain of their own.
const STORES: &str = ".mybigcommerce.com";

/// Refuses a storefront that is the store itself, because shoppers would go in circles.
fn refuse_store(storefront: &Storefront, own_hosts: &[String]) -> Result<(), Error> {
    let is_store = |host: &&str| {
        host.ends_with(STORES) || own_hosts.iter().any(|own| own.eq_ignore_ascii_case(host))
    };
    match storefront.all().map(Storefront::host).find(is_store) {
        Some(host) => Err(Error::StorefrontIsStore(host.to_owned())),
        None => Ok(()),
    }
}

pub(super) fn mechanism(settings: &Settings) -> Result<Mechanism, Error> {
    let groups = settings.allow_group.as_deref().unwrap_or_default();
    let groups = groups.iter().map(|group| Group::parse(&group.0));
    let groups: Vec<Group> = groups.collect::<Result<_, _>>()?;
    let mode = settings.mode.unwrap_or_default();
    match mode {
        Mode::Conditional if groups.is_empty() => Err(Error::ConditionWithoutGroup),
        Mode::Conditional => Ok(Mechanism::Dispatch(groups)),
        _ if !groups.is_empty() => Err(Error::GroupWithoutCondition),
        Mode::Redirect => Ok(Mechanism::Redirect),
        Mode::Replace => Ok(Mechanism::Dispatch(groups)),
        Mode::Links => Ok(Mechanism::None),
    }
}

/// Describes in one clause what shoppers get on guarded pages.
pub(super) fn guarded_note(mechanism: &Mechanism) -> String {
    match mechanism {
        Mechanism::Redirect => "all others send shoppers to the storefront".to_owned(),
        Mechanism::Dispatch(groups) if groups.is_empty() => {
            "all others are replaced by a page that leads to the storefront".to_owned()
        }
        Mechanism::Dispatch(groups) => {
            let names: Vec<String> = groups.iter().map(Group::to_string).collect();
            format!("all others are shown to customer group {} only", names.join(" or "))
        }
        Mechanism::None => String::new(),
    }
}

/// Returns what to do about a settings error, and its place in the settings file.
fn explain_config(error: ConfigError) -> (Option<String>, Option<Place>) {
    match error {
        ConfigError::Invalid { path, text, span, help, .. } => {
            (help, Some(Place { path, source: text, span }))
        }
        ConfigError::NoProfile { name, others, .. } if others.is_empty() => {
            (Some(format!("add a table [profile.{name}] to the file")), None)
        }
        ConfigError::NoProfile { others, .. } => {
            (Some(format!("it has {}", others.join(", "))), None)
        }
        ConfigError::NoFile { .. } => {
            (Some("name the settings file: --config FILE".to_owned()), None)
        }
        ConfigError::Io { .. } => {
            (Some("name a settings file that can be read: --config FILE".to_owned()), None)
        }
        ConfigError::Environment(_) => (None, None),
    }
}

/// Returns the failure code of an error.
fn code(error: &Error) -> FailureCode {
    match error {
        Error::Load(_) => FailureCode::UnreadableTheme,
        Error::ThemeBuild(_) => FailureCode::ThemeBuild,
        Error::NotGuarded => FailureCode::NotGuarded,
        Error::NoStorefront
        | Error::Storefront(_)
        | Error::StorefrontIsStore(_)
        | Error::Storefronts(StorefrontsError::Address(_))
        | Error::LongStorefront(_) => FailureCode::InvalidStorefront,
        Error::Group(_) | Error::GroupWithoutCondition | Error::ConditionWithoutGroup => {
            FailureCode::InvalidGroup
        }
        Error::Config(_) | Error::SettingsWithoutGuard | Error::NoName => {
            FailureCode::InvalidSettings
        }
        Error::Links(_) | Error::Paths(_) | Error::Storefronts(_) => FailureCode::InvalidRules,
        Error::Build(BuildError::UnknownPage { .. }) => FailureCode::UnknownPage,
        Error::Build(BuildError::StopsPayments) => FailureCode::StopsPayments,
        Error::Build(_) => FailureCode::Failed,
        Error::NoFolder | Error::Output(_) | Error::Write(_) | Error::Page(_) => {
            FailureCode::Output
        }
    }
}

pub(super) fn failure(error: Error) -> Failure {
    let (code, message) = (code(&error), error.to_string());
    let (help, place) = help(error);
    Failure { code, message, help, place }
}

/// Returns what to do about an error, and its place.
fn help(error: Error) -> (Option<String>, Option<Place>) {
    let help = match error {
        Error::NoStorefront => "say where shoppers belong: --storefront https://www.example.com",
        Error::StorefrontIsStore(_) => {
            "name the address of your own storefront: --storefront https://www.example.com"
        }
        Error::NoName => "give one, or leave out --theme-name",
        Error::NoFolder => "say where it goes: --out DIR",
        Error::GroupWithoutCondition => "add --mode conditional, or leave out --allow-group",
        Error::SettingsWithoutGuard => "leave out --theme-settings, or choose another mode",
        Error::LongStorefront(_) => "leave out --theme-settings, or name a shorter address",
        Error::ConditionWithoutGroup => {
            "say who may see the theme: --allow-group 7 or --allow-group name:Staff"
        }
        Error::Output(OutputError::Exists(_)) => {
            "`stencil-guard config` prints what it says; --config FILE names another"
        }
        Error::ThemeBuild(error) => error.help(),
        Error::Build(error) => return (build_help(error), None),
        Error::Load(error) => return (error.help(), None),
        Error::Output(error) | Error::Write(WriteError::Output(error)) => {
            return (error.help(), None);
        }
        Error::Links(error) => return error.explain(),
        Error::Paths(error) => return error.explain(),
        Error::Storefronts(error) => return error.explain(),
        Error::Config(error) => return explain_config(error),
        Error::NotGuarded
        | Error::Storefront(_)
        | Error::Group(_)
        | Error::Write(_)
        | Error::Page(_) => return (None, None),
    };
    (Some(help.to_owned()), None)
}

/// Returns what to do about options that do not fit the theme.
fn build_help(error: BuildError) -> Option<String> {
    let (closest, otherwise) = match error {
        BuildError::StopsPayments => (
            None,
            "leave out `--no-keep checkout`; if nobody is to pay any more, add --stop-payments",
        ),
        BuildError::NotLeftOut { closest, .. } => {
            (closest, "name a file that the finding file-left-out names, by its path in the theme")
        }
        BuildError::UnknownPage { closest, .. } => (
            closest,
            "a page is named by its file below templates/pages, like `cart` or `auth/login`",
        ),
        BuildError::Plan(_) => return None,
    };
    let meant = closest.map(|closest| format!("did you mean `{closest}`?"));
    Some(meant.unwrap_or_else(|| otherwise.to_owned()))
}
