//! Why a store did not do what it was asked to do, in words that say what to do about it.

use std::fmt;

/// An error between this program and a store.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The connection failed, so nothing was sent.
    #[error("cannot reach {host}: {reason}")]
    Unreachable {
        /// The host.
        host: String,
        /// The reason.
        reason: String,
    },
    /// The connection ended before the answer was complete, so the result of the request is unknown.
    #[error("the answer to `{request}` did not arrive whole: {reason}")]
    Broken {
        /// The request.
        request: String,
        /// The reason.
        reason: String,
    },
    /// The store refuses the request.
    #[error("the store refuses `{}`: {}", .0.request, .0)]
    Refused(Refusal),
    /// The store answers with a redirect to another address.
    #[error("the store answers `{request}` with a redirect to {host}")]
    Redirected {
        /// The request.
        request: String,
        /// The host that it redirects to.
        host: String,
    },
    /// The store is busy, or asks to wait longer than the limit.
    #[error("the store did not answer `{request}` within {seconds} seconds of waiting: {last}")]
    Busy {
        /// The request.
        request: String,
        /// The limit of the waiting time, in seconds.
        seconds: u64,
        /// The last answer.
        last: String,
    },
    /// The answer has an unknown form.
    #[error(
        "the store answers `{request}` in a way that stencil-guard does not understand: {reason}"
    )]
    Unexpected {
        /// The request.
        request: String,
        /// What is unexpected about the answer.
        reason: String,
    },
    /// The store does not have what was looked for.
    #[error("{0}")]
    Missing(String),
    /// A job of the store failed.
    #[error("the store could not {what}: {}", .reasons.join("; "))]
    JobFailed {
        /// The purpose of the job.
        what: &'static str,
        /// The store's reasons, with their meanings.
        reasons: Vec<String>,
        /// Whether the same request may succeed a little later.
        is_passing: bool,
    },
    /// A job of the store does not end.
    #[error("the store's job {id} to {what} has not ended after {seconds} seconds")]
    JobStalled {
        /// The purpose of the job.
        what: &'static str,
        /// The job's ID.
        id: String,
        /// How long the tool waited, in seconds.
        seconds: u64,
    },
}

/// A refusal in the store's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The request.
    pub request: String,
    /// The status of the answer.
    pub status: u16,
    /// The main message.
    pub title: String,
    /// Further messages.
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

/// The scopes that an API account needs for paths with these beginnings, as the control panel names them.
const SCOPES: &[(&str, &str)] = &[
    ("/themes", "Themes: modify"),
    ("/channels", "Channel Settings: read-only, and Sites & Routes: modify for sites"),
    ("/sites", "Sites & Routes: modify"),
    ("/checkouts", "Checkouts: read-only, and modify for --set"),
    ("/settings", "Information & Settings: read-only"),
];

impl StoreError {
    /// Whether the error is the store's decision, not a failure to reach it.
    pub fn is_answer(&self) -> bool {
        match self {
            Self::Refused(refusal) => refusal.status < 500,
            other => matches!(other, Self::JobFailed { .. } | Self::Missing(_)),
        }
    }

    /// Whether the store may have done what it was asked to do despite the error.
    pub fn is_uncertain(&self) -> bool {
        match self {
            Self::Broken { .. } | Self::Unexpected { .. } | Self::Busy { .. } => true,
            Self::Refused(refusal) => refusal.status >= 500,
            _ => false,
        }
    }

    /// Returns the HTTP status of a refusal.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused(refusal) => Some(refusal.status),
            _ => None,
        }
    }

    /// Returns what to do about the error.
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

    /// Whether the store has reached its limit of uploaded themes.
    pub fn is_upload_limit(&self) -> bool {
        self.status == 409 && self.title.to_ascii_lowercase().contains("upload limit")
    }
}
