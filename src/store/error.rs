//! Why a store did not do what it was asked for, in words that say what to do.

use std::fmt;

/// What went wrong between this program and a store.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// No connection, so nothing was sent.
    #[error("cannot reach {host}: {reason}")]
    Unreachable {
        /// Who was called.
        host: String,
        /// Why it failed.
        reason: String,
    },
    /// The connection ended before the answer was whole, so nobody knows what came of the request.
    #[error("the answer to `{request}` did not arrive whole: {reason}")]
    Broken {
        /// The request.
        request: String,
        /// What happened.
        reason: String,
    },
    /// The store says no.
    #[error("the store refuses `{}`: {}", .0.request, .0)]
    Refused(Refusal),
    /// An answer that leads to another address.
    #[error("the store answers `{request}` with a redirect to {host}")]
    Redirected {
        /// The request.
        request: String,
        /// Where it leads.
        host: String,
    },
    /// The store is busy, or asks to wait longer than anybody would.
    #[error("the store did not answer `{request}` within {seconds} seconds of waiting: {last}")]
    Busy {
        /// The request.
        request: String,
        /// How long the waits were.
        seconds: u64,
        /// The last answer.
        last: String,
    },
    /// An answer that nobody understands.
    #[error(
        "the store answers `{request}` in a way that stencil-guard does not understand: {reason}"
    )]
    Unexpected {
        /// The request.
        request: String,
        /// What is odd.
        reason: String,
    },
    /// Something that was looked for is not there.
    #[error("{0}")]
    Missing(String),
    /// A job of the store failed.
    #[error("the store could not {what}: {}", .reasons.join("; "))]
    JobFailed {
        /// What the job was for.
        what: &'static str,
        /// What the store says, with what it means.
        reasons: Vec<String>,
        /// Whether the same may work a little later.
        is_passing: bool,
    },
    /// A job does not end.
    #[error("the store's job {id} to {what} has not ended after {seconds} seconds")]
    JobStalled {
        /// What the job is for.
        what: &'static str,
        /// Its name.
        id: String,
        /// How long it was followed.
        seconds: u64,
    },
}

/// A no, as the store puts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The request.
    pub request: String,
    /// The status of the answer.
    pub status: u16,
    /// What it says.
    pub title: String,
    /// What else it says.
    pub details: Vec<String>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({})", self.title, self.status)?;
        for detail in &self.details {
            write!(formatter, "; {detail}")?;
        }
        Ok(())
    }
}

/// What an API account needs for the paths that begin so, as the control panel names it.
const SCOPES: &[(&str, &str)] = &[
    ("/themes", "Themes: modify"),
    ("/channels", "Channel Settings: read-only, and Sites & Routes: modify for sites"),
    ("/sites", "Sites & Routes: modify"),
    ("/checkouts", "Checkouts: read-only, and modify for --set"),
    ("/settings", "Information & Settings: read-only"),
];

impl StoreError {
    /// Whether it is the store's decision, not a failure on the way to it.
    pub fn is_answer(&self) -> bool {
        match self {
            Self::Refused(refusal) => refusal.status < 500,
            other => matches!(other, Self::JobFailed { .. } | Self::Missing(_)),
        }
    }

    /// Whether the store may have done what it was asked for all the same.
    pub fn is_uncertain(&self) -> bool {
        match self {
            Self::Broken { .. } | Self::Unexpected { .. } | Self::Busy { .. } => true,
            Self::Refused(refusal) => refusal.status >= 500,
            _ => false,
        }
    }

    /// The status of a no.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused(refusal) => Some(refusal.status),
            _ => None,
        }
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::Unreachable { .. } => "check the network, and --api-host if you gave it".to_owned(),
            Self::Broken { .. } => "run the same command again; it looks first what was done".to_owned(),
            Self::Redirected { .. } => {
                "stencil-guard follows no redirect of the API, because the token would go along; check --api-host".to_owned()
            }
            Self::Busy { .. } => "run the same command again later; other apps of the store share its limit".to_owned(),
            Self::Unexpected { .. } => {
                "check --api-host; if it is right, the store's API may be down: try again later".to_owned()
            }
            Self::Refused(refusal) => refusal.help(),
            Self::Missing(_) => "`stencil-guard channels` lists what the store has".to_owned(),
            Self::JobFailed { is_passing: true, .. } => "this passes by itself: run the same command again in a few minutes".to_owned(),
            Self::JobFailed { .. } => "correct the theme, and run the same command again".to_owned(),
            Self::JobStalled { .. } => {
                "run the same command again in a few minutes; it looks first whether the job has ended".to_owned()
            }
        }
    }
}

impl Refusal {
    fn help(&self) -> String {
        let path = self.request.split_once(' ').map_or("", |(_, path)| path);
        match self.status {
            401 => "the token is not one of this store: check the token and --store-hash".to_owned(),
            403 => match SCOPES.iter().find(|(start, _)| path.starts_with(start)) {
                Some((_, scope)) => format!("give the API account the scope \"{scope}\", or use another token"),
                None => "give the API account the scope for this, or use another token".to_owned(),
            },
            404 => "check the number of the channel and --store-hash".to_owned(),
            409 if self.is_upload_limit() => {
                "a store holds 20 uploaded themes: delete one in the control panel, or let stencil-guard remove its own oldest inactive one with --replace-oldest".to_owned()
            }
            409 => "another upload is in progress: wait until it has ended, and run the same command again".to_owned(),
            413 => "the store takes bundles of 50 MB at most: make the theme smaller".to_owned(),
            500.. => "the store has a problem of its own: run the same command again later".to_owned(),
            _ => "correct what the store names".to_owned(),
        }
    }

    /// Whether the store holds as many themes as it takes.
    pub fn is_upload_limit(&self) -> bool {
        self.status == 409 && self.title.to_ascii_lowercase().contains("upload limit")
    }
}
