//! Opens the store that the flags of a command name.

use super::{Error, Notes};
use crate::store::credentials::{self, Access, Asked};
use crate::store::{Client, StoreEnvironment};
use crate::text::{Code, Finding};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The flags that name a store and its credentials.
#[derive(Clone, Debug, Default)]
pub struct StoreRequest {
    /// The store's hash.
    pub store_hash: Option<String>,
    /// A file that holds nothing but the token.
    pub token_file: Option<PathBuf>,
    /// The API's address.
    pub api_host: Option<String>,
    /// A further theme beside which files of the official tool may be, besides the theme that a command works
    /// on.
    pub beside: Option<PathBuf>,
}

impl StoreRequest {
    /// Returns a client for the store. Looks for files of the official tool beside `theme`, beside the theme
    /// of this request, and in the current folder.
    pub(super) fn open<'s>(
        &self,
        theme: Option<&Path>,
        environment: &'s StoreEnvironment,
        notes: &mut Notes,
    ) -> Result<Client<'s>, Error> {
        let beside = [theme, self.beside.as_deref()].into_iter().flatten();
        let beside = beside.map(|theme| match theme.is_dir() {
            true => theme.to_owned(),
            false => theme.parent().unwrap_or(Path::new("")).to_owned(),
        });
        let asked = Asked {
            store_hash: self.store_hash.clone(),
            token_file: self.token_file.clone(),
            api_host: self.api_host.clone(),
            folders: beside.chain([PathBuf::new()]).collect(),
        };
        let Access { store_hash, token, api, token_file } = credentials::find(&asked, environment)?;
        notes.findings.extend(token_file.as_deref().and_then(tracked));
        Ok(Client::new(api, store_hash, token, environment))
    }
}

/// Warns if git tracks a file that holds a token.
fn tracked(path: &Path) -> Option<Finding> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let status = Command::new("git")
        .arg("-C")
        .arg(folder.unwrap_or(Path::new(".")))
        .args(["ls-files", "--error-unmatch", "--"])
        .arg(path.file_name()?)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    // Without git, nothing is tracked.
    status.ok().filter(std::process::ExitStatus::success)?;
    let message = format!("git tracks {}, which holds an access token", path.display());
    Some(Finding::new(Code::TokenInGit, message).help(
        "take it out of the repository (`git rm --cached`), ignore it, and make a new token: the old one stays in the history",
    ))
}
