//! Finds out how to reach a store: from the command line, then the environment, then the files that a theme
//! developer already has. It never writes any of them.

use super::connection::{self, Connection};
use super::{ApiHost, HostError, StoreEnvironment, Token};
use serde_json::Value;
use std::path::{Path, PathBuf};
use url::Url;

/// The options of the command line.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The store's hash.
    pub store_hash: Option<String>,
    /// A file that contains only the token.
    pub token_file: Option<PathBuf>,
    /// The API's address.
    pub api_host: Option<String>,
    /// Folders to search for the official tool's files; the first that has them wins.
    pub folders: Vec<PathBuf>,
}

/// Everything needed to use a store's API.
#[derive(Clone, Debug)]
pub struct Access {
    /// The store's hash.
    pub store_hash: String,
    /// The token.
    pub token: Token,
    /// The API.
    pub api: ApiHost,
    /// The file that the token came from.
    pub token_file: Option<PathBuf>,
}

/// Why the tool has no access to a store.
#[derive(Debug, thiserror::Error)]
pub enum CredentialsError {
    /// No source has a token.
    #[error("no access token is given")]
    NoToken,
    /// No source names the store.
    #[error("no store is named")]
    NoStore,
    /// A text that cannot be a store hash.
    #[error("`{0}` is not a store hash, which has letters and digits only")]
    BadHash(String),
    /// A file cannot be used.
    #[error("cannot use {}: {reason}", path.display())]
    File {
        /// The path of the file.
        path: PathBuf,
        /// The reason.
        reason: String,
    },
    /// The store does not return its hash.
    #[error("{address} does not say which store it is: {reason}")]
    NoHash {
        /// The address that was asked.
        address: String,
        /// What the store returned instead.
        reason: String,
    },
    /// The API's address is invalid.
    #[error(transparent)]
    Host(#[from] HostError),
    /// A file names an API host, but the token comes from elsewhere.
    #[error("{} names the API {host}, and the token comes from elsewhere, so stencil-guard does not send it there", folder.display())]
    ForeignHost {
        /// The folder of the file.
        folder: PathBuf,
        /// The API's host.
        host: String,
    },
}

impl CredentialsError {
    /// Returns what to do about the error.
    pub fn help(&self) -> &'static str {
        match self {
            Self::NoToken => {
                "put it into the environment variable BIGCOMMERCE_ACCESS_TOKEN, or into a file for --token-file"
            }
            Self::NoStore | Self::BadHash(_) | Self::NoHash { .. } => {
                "give --store-hash: it is part of the API path of the API account, after /stores/"
            }
            Self::File { .. } => "correct the file, or leave it out",
            Self::ForeignHost { .. } => {
                "give --api-host if that is the right address, else correct `apiHost` in the files there"
            }
            Self::Host(_) => "leave --api-host out, unless you were told another address",
        }
    }
}

/// What the files contain.
#[derive(Debug, Default)]
struct Found {
    /// The token, its file, and the folder that was searched for the file.
    token: Option<(Token, PathBuf, PathBuf)>,
    store_hash: Option<String>,
    /// The API's address, and the folder of its file.
    api_host: Option<(String, PathBuf)>,
    store_url: Option<String>,
}

/// Finds a store and the credentials for it.
///
/// # Errors
/// When something is missing, or a file cannot be used.
pub fn find(asked: &Asked, environment: &StoreEnvironment) -> Result<Access, CredentialsError> {
    let mut found = Found::default();
    for folder in &asked.folders {
        read_official(folder, &mut found)?;
    }
    for folder in &asked.folders {
        read_project(folder, &mut found)?;
    }
    let (token, token_place) = token(asked, environment, &mut found)?;
    let (token_file, token_folder) = token_place.unzip();
    let api = api(asked, &found, token_folder.flatten().as_deref())?;
    let variable = |names: [&str; 2]| names.iter().find_map(|name| environment.variable(name));
    let hash = asked.store_hash.clone();
    let hash = hash.or_else(|| variable(["BIGCOMMERCE_STORE_HASH", "CATALYST_STORE_HASH"]));
    let hash = match hash.or(found.store_hash) {
        Some(hash) => hash.trim().to_owned(),
        None => ask_hash(&found.store_url.ok_or(CredentialsError::NoStore)?, &api)?,
    };
    if hash.is_empty() || !hash.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(CredentialsError::BadHash(hash));
    }
    Ok(Access { store_hash: hash, token, api, token_file })
}

/// Returns the API. If a theme's files name a host that is not the platform's, it may only receive a token
/// from the same folder.
fn api(
    asked: &Asked,
    found: &Found,
    token_folder: Option<&Path>,
) -> Result<ApiHost, CredentialsError> {
    if let Some(text) = &asked.api_host {
        return Ok(ApiHost::parse(text)?);
    }
    let Some((text, folder)) = &found.api_host else { return Ok(ApiHost::default()) };
    let api = ApiHost::parse(text)?;
    match api.is_expected() || token_folder == Some(folder) {
        true => Ok(api),
        false => {
            let (folder, host) = (folder.clone(), api.name().to_owned());
            Err(CredentialsError::ForeignHost { folder, host })
        }
    }
}

/// A token's file, and the folder that was searched for the file, if one was.
type TokenPlace = (PathBuf, Option<PathBuf>);

fn token(
    asked: &Asked,
    environment: &StoreEnvironment,
    found: &mut Found,
) -> Result<(Token, Option<TokenPlace>), CredentialsError> {
    if let Some(path) = &asked.token_file {
        let text = read(path)?.ok_or_else(|| unusable(path, "there is no such file"))?;
        let token = Token::new(&text).ok_or_else(|| unusable(path, "it holds no token"))?;
        return Ok((token, Some((path.clone(), None))));
    }
    for name in ["BIGCOMMERCE_ACCESS_TOKEN", "CATALYST_ACCESS_TOKEN"] {
        if let Some(token) = environment.variable(name).and_then(|text| Token::new(&text)) {
            return Ok((token, None));
        }
    }
    let (token, path, folder) = found.token.take().ok_or(CredentialsError::NoToken)?;
    Ok((token, Some((path, Some(folder)))))
}

/// Reads the official tool's files; its old single file takes precedence over the others.
fn read_official(folder: &Path, found: &mut Found) -> Result<(), CredentialsError> {
    let single = folder.join(".stencil");
    if let Some(all) = json(&single)? {
        take_general(&all, folder, found);
        take_token(&all, (&single, folder), found);
        return Ok(());
    }
    let path = folder.join("config.stencil.json");
    let general = json(&path)?.unwrap_or_default();
    take_general(&general, folder, found);
    let named = text(&general, "secretsFileName").map(|name| folder.join(name));
    let secrets = named.filter(|path| path.is_file());
    let secrets = secrets.unwrap_or_else(|| folder.join("secrets.stencil.json"));
    if let Some(value) = json(&secrets)? {
        take_token(&value, (&secrets, folder), found);
    }
    take_token(&general, (&path, folder), found);
    Ok(())
}

/// Reads the file of Catalyst's tool.
fn read_project(folder: &Path, found: &mut Found) -> Result<(), CredentialsError> {
    let path = folder.join(".bigcommerce/project.json");
    let Some(value) = json(&path)? else { return Ok(()) };
    take_token(&value, (&path, folder), found);
    found.store_hash = found.store_hash.take().or_else(|| text(&value, "storeHash"));
    take_general(&value, folder, found);
    Ok(())
}

fn take_general(value: &Value, folder: &Path, found: &mut Found) {
    let api_host = text(value, "apiHost").map(|host| (host, folder.to_owned()));
    found.api_host = found.api_host.take().or(api_host);
    found.store_url = found.store_url.take().or_else(|| text(value, "normalStoreUrl"));
}

fn take_token(value: &Value, (path, folder): (&Path, &Path), found: &mut Found) {
    let token = text(value, "accessToken").and_then(|text| Token::new(&text));
    let token = token.map(|token| (token, path.to_owned(), folder.to_owned()));
    found.token = found.token.take().or(token);
}

fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name)?.as_str().filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

fn json(path: &Path) -> Result<Option<Value>, CredentialsError> {
    let Some(text) = read(path)? else { return Ok(None) };
    // Errors must not quote the file's content, which may be the token.
    let value = serde_json::from_str(text.trim_start_matches('\u{feff}'));
    value.map(Some).map_err(|error| {
        unusable(
            path,
            &format!("it is not JSON (line {}, column {})", error.line(), error.column()),
        )
    })
}

fn read(path: &Path) -> Result<Option<String>, CredentialsError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => Ok(None),
        Err(error) => Err(unusable(path, &error.to_string())),
    }
}

fn unusable(path: &Path, reason: &str) -> CredentialsError {
    CredentialsError::File { path: path.to_owned(), reason: reason.to_owned() }
}

/// Asks a store for its hash, without sending the token.
fn ask_hash(store_url: &str, api: &ApiHost) -> Result<String, CredentialsError> {
    const MOST: u64 = 64 * 1024;
    let fail = |address: &str, reason: String| CredentialsError::NoHash {
        address: address.to_owned(),
        reason,
    };
    let url = Url::parse(store_url).map_err(|error| fail(store_url, error.to_string()))?;
    if url.scheme() != "https" && !connection::is_loopback(&url) {
        return Err(fail(store_url, "it does not use https".to_owned()));
    }
    let address = format!("{}/admin/oauth/info", url.origin().ascii_serialization());
    let answer = Connection::new(api).get(&address, MOST);
    let answer = answer.map_err(|lost| fail(&address, lost.reason))?;
    let value: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let reason = format!("status {}, and no `store_hash`", answer.status);
    text(&value, "store_hash").ok_or_else(|| fail(&address, reason))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    struct World(tempfile::TempDir, BTreeMap<&'static str, &'static str>);

    impl World {
        fn new(files: &[(&str, &str)], variables: &[(&'static str, &'static str)]) -> Self {
            let folder = tempfile::tempdir().unwrap();
            for (name, text) in files {
                let path = folder.path().join(name);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, text).unwrap();
            }
            Self(folder, variables.iter().copied().collect())
        }

        fn find(&self, asked: &Asked) -> Result<Access, CredentialsError> {
            let variables = self.1.clone();
            let variable = move |name: &str| variables.get(name).map(|value| (*value).to_owned());
            let environment =
                StoreEnvironment { variable: Box::new(variable), ..StoreEnvironment::default() };
            let folders = vec![self.0.path().to_owned()];
            find(&Asked { folders, ..asked.clone() }, &environment)
        }

        /// Returns the hash, the token and the API.
        fn found(&self, asked: &Asked) -> (String, String, String) {
            let access = self.find(asked).unwrap();
            (access.store_hash, access.token.reveal().to_owned(), access.api.name().to_owned())
        }
    }

    const SECRETS: (&str, &str) = ("secrets.stencil.json", r#"{"accessToken": "official"}"#);
    const CONFIG: (&str, &str) =
        ("config.stencil.json", r#"{"apiHost": "https://api.example.com"}"#);
    const PROJECT: (&str, &str) = (
        ".bigcommerce/project.json",
        r#"{"storeHash": "projecthash", "accessToken": "project", "apiHost": "project.example.com"}"#,
    );

    #[test]
    fn flags_win_over_environment_over_files() {
        let triple = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
        let none = Asked::default();
        let default = "api.bigcommerce.com";
        let env = [("BIGCOMMERCE_ACCESS_TOKEN", "env"), ("BIGCOMMERCE_STORE_HASH", "envhash")];
        let catalyst = [("CATALYST_ACCESS_TOKEN", "cat"), ("CATALYST_STORE_HASH", "cathash")];
        let world = World::new(&[PROJECT], &[]);
        assert_eq!(world.found(&none), triple("projecthash", "project", "project.example.com"));
        let world = World::new(&[PROJECT, SECRETS, CONFIG], &[]);
        assert_eq!(world.found(&none), triple("projecthash", "official", "api.example.com"));
        let ours = ("config.stencil.json", r#"{"apiHost": "https://api.eu.bigcommerce.com"}"#);
        let world = World::new(&[PROJECT, SECRETS, ours], &env);
        assert_eq!(world.found(&none), triple("envhash", "env", "api.eu.bigcommerce.com"));
        let world = World::new(&[], &catalyst);
        assert_eq!(world.found(&none), triple("cathash", "cat", default));
        let both = [env, catalyst].concat();
        assert_eq!(World::new(&[], &both).found(&none), triple("envhash", "env", default));
        let world = World::new(&[("token", "file\n"), SECRETS], &env);
        let asked = Asked {
            store_hash: Some("flag".to_owned()),
            token_file: Some(world.0.path().join("token")),
            api_host: Some("http://127.0.0.1:9".to_owned()),
            folders: Vec::new(),
        };
        assert_eq!(world.found(&asked), triple("flag", "file", "127.0.0.1:9"));
    }

    #[test]
    fn file_sets_the_host_only_for_its_own_token() {
        let env = [("BIGCOMMERCE_ACCESS_TOKEN", "env"), ("BIGCOMMERCE_STORE_HASH", "envhash")];
        let local = ("config.stencil.json", r#"{"apiHost": "http://127.0.0.1:9"}"#);
        assert_eq!(World::new(&[local], &env).found(&Asked::default()).2, "127.0.0.1:9");
        let odd = ("config.stencil.json", r#"{"apiHost": "https://notbigcommerce.com"}"#);
        for files in [&[CONFIG][..], &[CONFIG, SECRETS], &[PROJECT], &[odd]] {
            let world = World::new(files, &env);
            let refused = world.find(&Asked::default());
            assert!(matches!(refused, Err(CredentialsError::ForeignHost { .. })), "{refused:?}");
            let api_host = Some("https://api.example.com".to_owned());
            let asked = Asked { api_host, ..Asked::default() };
            assert_eq!(world.found(&asked).2, "api.example.com");
        }
        // A token from another folder does not belong to the theme, either.
        let (theme, own) = (World::new(&[CONFIG], &[]), World::new(&[SECRETS], &[]));
        let folders = [&theme, &own].map(|world| world.0.path().to_owned()).to_vec();
        let asked = Asked { store_hash: Some("h".to_owned()), folders, ..Asked::default() };
        let refused = find(
            &asked,
            &StoreEnvironment { variable: Box::new(|_| None), ..StoreEnvironment::default() },
        );
        assert!(matches!(refused, Err(CredentialsError::ForeignHost { .. })), "{refused:?}");
    }

    #[test]
    fn files_of_the_official_tool_are_read_like_it_does() {
        let asked = Asked { store_hash: Some("h".to_owned()), ..Asked::default() };
        let single = (".stencil", r#"{"accessToken": "single"}"#);
        let token = |files: &[(&str, &str)]| World::new(files, &[]).found(&asked).1;
        assert_eq!(token(&[single, SECRETS]), "single");
        let named = ("config.stencil.json", r#"{"secretsFileName": "mine.json"}"#);
        assert_eq!(token(&[named, SECRETS, ("mine.json", r#"{"accessToken": "mine"}"#)]), "mine");
        assert_eq!(token(&[named, SECRETS]), "official");
        assert_eq!(token(&[("config.stencil.json", r#"{"accessToken": "general"}"#)]), "general");
    }

    #[test]
    fn errors_name_the_problem_without_quoting_secrets() {
        let hash = Asked { store_hash: Some("h".to_owned()), ..Asked::default() };
        let bad = Asked { store_hash: Some("../x".to_owned()), ..Asked::default() };
        let message = |files: &[(&str, &str)], asked: &Asked| {
            World::new(files, &[]).find(asked).unwrap_err().to_string()
        };
        assert!(message(&[], &hash).contains("no access token"));
        assert!(message(&[SECRETS], &Asked::default()).contains("no store is named"));
        assert!(message(&[SECRETS], &bad).contains("not a store hash"));
        let broken = message(&[("secrets.stencil.json", "{\"accessToken\": secret-9}")], &hash);
        assert!(
            broken.contains("secrets.stencil.json") && !broken.contains("secret-9"),
            "{broken}"
        );
        let host = Asked { api_host: Some("http://api.example.com".to_owned()), ..hash };
        assert!(message(&[SECRETS], &host).contains("https"));
    }
}
