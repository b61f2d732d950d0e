//! Settings from environment variables, such as `STENCIL_GUARD_STOREFRONT`.

use crate::config::{
    self, AdjustableCode, BackLinksSetting, BundleChoice, CartParameter, EnvironmentError,
    FallbackPath, GroupSetting, KeptChromeSetting, Level, Mode, NamedOrigin, SearchEnginesSetting,
    Settings,
};
use crate::guard::hidden::Hidden;
use crate::guard::paths::Platform;
use crate::text::nearest;
use clap::builder::BoolishValueParser;
use clap::error::{ContextKind, ContextValue};
use clap::{Arg, CommandFactory, FromArgMatches, Parser};
use std::path::PathBuf;

/// The prefix of each variable, before the name of its setting.
const PREFIX: &str = "STENCIL_GUARD_";

/// The settings as arguments whose values come only from the environment. Lists are separated by commas.
#[derive(Parser)]
struct Environment {
    #[arg(long)]
    storefront: Option<String>,
    #[arg(long)]
    mode: Option<Mode>,
    #[arg(long)]
    paths: Option<Platform>,
    #[arg(long)]
    fallback: Option<FallbackPath>,
    #[arg(long, value_delimiter = ',')]
    origins: Option<Vec<NamedOrigin>>,
    #[arg(long)]
    search_engines: Option<SearchEnginesSetting>,
    #[arg(long)]
    cart_param: Option<CartParameter>,
    #[arg(long, value_delimiter = ',')]
    allow_group: Option<Vec<String>>,
    #[arg(long, value_delimiter = ',')]
    keep: Option<Vec<String>>,
    #[arg(long, value_delimiter = ',')]
    no_keep: Option<Vec<String>>,
    #[arg(long, value_parser = BoolishValueParser::new())]
    stop_payments: Option<bool>,
    #[arg(long, value_delimiter = ',')]
    allow_open: Option<Vec<String>>,
    #[arg(long)]
    out: Option<PathBuf>,
    #[arg(long)]
    bundle: Option<BundleChoice>,
    #[arg(long, value_delimiter = ',')]
    include: Option<Vec<String>>,
    #[arg(long)]
    theme_name: Option<String>,
    #[arg(long, value_parser = BoolishValueParser::new())]
    guard_development: Option<bool>,
    #[arg(long, value_parser = BoolishValueParser::new())]
    guard_editor: Option<bool>,
    #[arg(long, value_parser = BoolishValueParser::new())]
    theme_settings: Option<bool>,
    #[arg(long, value_delimiter = ',')]
    own_host: Option<Vec<String>>,
    #[arg(long)]
    patches: Option<PathBuf>,
    #[arg(long)]
    kept_chrome: Option<KeptChromeSetting>,
    #[arg(long)]
    back_links: Option<BackLinksSetting>,
    #[arg(long, value_delimiter = ',')]
    hide: Option<Vec<Hidden>>,
    #[arg(long, value_parser = BoolishValueParser::new())]
    strict: Option<bool>,
    #[arg(long, value_delimiter = ',')]
    ignore: Option<Vec<AdjustableCode>>,
    #[arg(long, value_parser = BoolishValueParser::new())]
    marketplace: Option<bool>,
    #[arg(long, value_parser = BoolishValueParser::new())]
    source_maps: Option<bool>,
    #[arg(long)]
    level: Option<Level>,
    #[arg(long, value_parser = BoolishValueParser::new())]
    style_check: Option<bool>,
}

impl From<Environment> for Settings {
    fn from(environment: Environment) -> Self {
        let groups = |names: Vec<String>| names.into_iter().map(GroupSetting::from).collect();
        // No `..Default::default()`, so that the compiler reports a new setting that is missing here.
        Settings {
            storefront: environment.storefront,
            mode: environment.mode,
            paths: environment.paths,
            fallback: environment.fallback,
            origins: environment.origins,
            search_engines: environment.search_engines,
            cart_param: environment.cart_param,
            allow_group: environment.allow_group.map(groups),
            keep: environment.keep,
            no_keep: environment.no_keep,
            stop_payments: environment.stop_payments,
            allow_open: environment.allow_open,
            out: environment.out,
            bundle: environment.bundle,
            include: environment.include,
            theme_name: environment.theme_name,
            guard_development: environment.guard_development,
            guard_editor: environment.guard_editor,
            theme_settings: environment.theme_settings,
            own_host: environment.own_host,
            patches: environment.patches,
            kept_chrome: environment.kept_chrome,
            back_links: environment.back_links,
            hide: environment.hide,
            strict: environment.strict,
            ignore: environment.ignore,
            // Only a file can hold tables.
            path: None,
            storefronts: None,
            routes: None,
            texts: None,
            severity: None,
            marketplace: environment.marketplace,
            source_maps: environment.source_maps,
            level: environment.level,
            style_check: environment.style_check,
        }
    }
}

/// Returns the settings that the environment gives.
///
/// # Errors
/// When the value of a variable is not valid for its setting.
pub(super) fn settings() -> Result<Settings, EnvironmentError> {
    let command = Environment::command().mut_args(from_variable);
    let program = [env!("CARGO_PKG_NAME")];
    let environment = command
        .try_get_matches_from(program)
        .and_then(|matches| Environment::from_arg_matches(&matches));
    environment.map(Settings::from).map_err(|error| invalid(&error))
}

/// Returns the argument so that it reads its variable. An empty variable is ignored, because CI services set
/// variables without a value to an empty text.
fn from_variable(argument: Arg) -> Arg {
    let name = variable(argument.get_id().as_str());
    match std::env::var_os(&name).is_some_and(|value| !value.is_empty()) {
        true => argument.env(name),
        false => argument,
    }
}

/// Returns the name of a setting's variable, from the setting's key or flag.
fn variable(name: &str) -> String {
    format!("{PREFIX}{}", name.trim_start_matches('-').replace('-', "_").to_ascii_uppercase())
}

/// Returns a line for each variable that resembles a setting but is none. Other variables with the prefix are
/// ignored: a script may have variables of its own.
pub(super) fn warnings() -> String {
    let variables = std::env::vars_os().filter(|(_, value)| !value.is_empty());
    let names = variables.filter_map(|(name, _)| name.into_string().ok());
    let warning = |name: String| {
        let instead = instead_of(&name)?;
        Some(format!("warning: the environment variable {name} is not a setting; {instead}\n"))
    };
    let mut warnings: Vec<String> = names.filter_map(warning).collect();
    warnings.sort_unstable();
    warnings.concat()
}

/// Returns what to do instead of setting this variable; `None` if it is a setting or does not resemble one.
fn instead_of(name: &str) -> Option<String> {
    let key = name.strip_prefix(PREFIX)?.to_ascii_lowercase();
    let environment = Environment::command();
    let settings = || environment.get_arguments().map(|argument| argument.get_id().as_str());
    if settings().any(|setting| setting == key) {
        return None;
    }
    match nearest(&key, settings()) {
        Some(setting) => Some(format!("did you mean {}?", variable(setting))),
        None => config::not_a_variable(&key.replace('_', "-")),
    }
}

fn invalid(error: &clap::Error) -> EnvironmentError {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        _ => String::new(),
    };
    let flag = text(ContextKind::InvalidArg);
    let why = match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(values)) if !values.is_empty() => {
            format!("; possible values: {}", values.join(", "))
        }
        _ => std::error::Error::source(error).map(|why| format!(": {why}")).unwrap_or_default(),
    };
    EnvironmentError {
        name: variable(flag.split(' ').next().unwrap_or_default()),
        value: text(ContextKind::InvalidValue),
        why,
    }
}
