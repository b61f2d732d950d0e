//! Finds errors in flags or the environment that no change to a file can fix. The watcher waits for errors to
//! go away that a settings file or another folder could fix.

use super::super::build::{self, BuildRequest, Error};
use super::super::links;
use crate::config::{BundleChoice, ConfigError, Settings};
use crate::guard::group::Group;
use crate::guard::storefront::Storefront;
use crate::output::{self, OutputError};

/// Fails if the flags and the environment are wrong on their own.
pub(super) fn check(request: &BuildRequest) -> Result<(), Error> {
    let BuildRequest { theme, sources, .. } = request;
    let environment = sources.environment.clone().map_err(ConfigError::from)?;
    let flags = &sources.flags.clone().over(environment);
    flags.storefront.as_deref().map(Storefront::parse).transpose()?;
    for group in flags.allow_group.iter().flatten() {
        Group::parse(&group.0)?;
    }
    if flags.mode.is_some() && flags.allow_group.is_some() {
        build::mechanism(flags)?;
    }
    links::settings(&Settings { own_host: flags.own_host.clone(), ..Settings::default() })?;
    if let Some(out) = &flags.out {
        output::check_apart(out, theme)?;
    }
    if let Some(BundleChoice::File(path)) = &flags.bundle {
        let is_final = |error: &OutputError| {
            matches!(error, OutputError::NotAZip(_) | OutputError::TouchesSource(_))
        };
        output::check_file(path, theme)
            .or_else(|error| if is_final(&error) { Err(error) } else { Ok(()) })?;
    }
    Ok(())
}
