//! The user's settings about links: hosts of the store, and files of rules.

use super::storefronts;
use crate::config::{BackLinksSetting, KeptChromeSetting, Settings};
use crate::guard::link_rules::{RuleError, Rules};
use crate::guard::link_settings::{BackLinks, KeptChrome, LinkSettings};
use crate::guard::links::{Link, Outcome};
use crate::report::{LinkCounts, Place};
use std::io;
use std::path::{Path, PathBuf};

/// Why the user's settings about links cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LinksError {
    #[error("the rules in {} cannot be read: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("there is no file of rules (*.toml) in {}", .0.display())]
    NoRules(PathBuf),
    #[error("`{0}` is not the name of a host")]
    NotAHost(String),
    #[error("{error}")]
    Rule { folder: PathBuf, error: Box<RuleError> },
}

impl LinksError {
    /// Returns what to do, and the place in the rule file.
    pub(super) fn explain(self) -> (Option<String>, Option<Place>) {
        match self {
            Self::NotAHost(_) => {
                (Some("write it without scheme and path: www.example.com".to_owned()), None)
            }
            Self::Rule { folder, error } => {
                let RuleError { file, text, span, .. } = *error;
                (None, Some(Place { path: folder.join(file), source: text, span }))
            }
            Self::Io { .. } | Self::NoRules(_) => {
                let help = "`patches` names a folder that holds rules of your own about links";
                (Some(help.to_owned()), None)
            }
        }
    }
}

/// Returns the link settings that result from all settings.
pub(super) fn settings(settings: &Settings) -> Result<LinkSettings, LinksError> {
    let own_hosts = storefronts::own_hosts(settings);
    if let Some(host) = own_hosts.iter().find(|host| !is_host(host)) {
        return Err(LinksError::NotAHost(host.clone()));
    }
    let folder = settings.patches.clone();
    let files = folder.as_deref().map(rule_files).transpose()?.unwrap_or_default();
    let rules = Rules::new(&files).map_err(|error| LinksError::Rule {
        folder: folder.unwrap_or_default(),
        error: Box::new(error),
    })?;
    let kept_chrome = match settings.kept_chrome.unwrap_or_default() {
        KeptChromeSetting::Full => KeptChrome::Full,
        KeptChromeSetting::Bare => KeptChrome::Bare,
    };
    let back_links = match settings.back_links.unwrap_or_default() {
        BackLinksSetting::Strip => BackLinks::Strip,
        BackLinksSetting::Storefront => BackLinks::Storefront,
    };
    let hidden = settings.hide.clone().unwrap_or_default();
    Ok(LinkSettings { own_hosts, rules, kept_chrome, back_links, hidden })
}

/// Counts the links by outcome.
pub(super) fn count<'l>(links: impl Iterator<Item = &'l Link> + Clone) -> LinkCounts {
    let count = |is: fn(&Outcome) -> bool| links.clone().filter(|link| is(&link.outcome)).count();
    LinkCounts {
        renamed: count(|outcome| *outcome == Outcome::Strip),
        retargeted: count(|outcome| matches!(outcome, Outcome::Retarget(_))),
        kept: count(|outcome| *outcome == Outcome::Keep),
    }
}

fn is_host(text: &str) -> bool {
    let is_alone = !text.contains(['/', ':', '@', '?', '#']);
    is_alone && url::Host::parse(text).is_ok()
}

/// Returns the name and text of each rule file, sorted by name.
pub(super) fn rule_files(folder: &Path) -> Result<Vec<(String, String)>, LinksError> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |source| LinksError::Io { path, source }
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable(folder))? {
        let path = entry.map_err(unreadable(folder))?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let text = std::fs::read_to_string(&path).map_err(unreadable(&path))?;
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.push((name, text));
        }
    }
    files.sort();
    match files.is_empty() {
        true => Err(LinksError::NoRules(folder.to_owned())),
        false => Ok(files),
    }
}
