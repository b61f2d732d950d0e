//! Runs the theme's own build, but only when the user asks for it on the command line, because it runs the
//! theme's code.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The script that starts the build and can end it. It runs no code of the theme, so nothing can keep it from
/// ending the build.
const GUARD: &str = include_str!("guard.cjs");
const RUN: &str = include_str!("run.cjs");

/// The exit statuses for a finished build, for a worker that ended early, and for a timeout.
const DONE: i32 = 80;
const ENDED_EARLY: i32 = 0;
const TOO_LONG: i32 = 82;

/// The configuration files that the official tool looks for, in its order.
const NAMES: [&str; 3] = ["stencil.conf.mjs", "stencil.conf.cjs", "stencil.conf.js"];

/// Why the theme's build did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum ThemeBuildError {
    /// The theme is not a folder.
    #[error("the theme's build cannot be run in {}, which is not a folder", .0.display())]
    NotAFolder(PathBuf),
    /// The theme has no build.
    #[error("the theme has no build: there is no {} in {}", NAMES[1], .0.display())]
    NoBuild(PathBuf),
    /// Node.js cannot be started.
    #[error("the theme's build needs Node.js, and `node` cannot be started: {0}")]
    NoNode(io::Error),
    /// The build exceeded its time limit.
    #[error("the theme's build was ended after {0} seconds")]
    TooLong(u32),
    /// The worker of the build ended early.
    #[error("the worker of the theme's build ended before it was done")]
    EndedEarly,
    /// The build failed.
    #[error("the theme's build failed")]
    Failed,
}

impl ThemeBuildError {
    /// Returns what to do.
    pub(super) fn help(&self) -> &'static str {
        match self {
            Self::NotAFolder(_) => {
                "leave out --run-build, or give the folder of the theme's sources"
            }
            Self::NoBuild(_) => "leave --run-build away",
            Self::NoNode(_) => "install Node.js, or leave out --run-build",
            Self::TooLong(_) => "give it more time with --build-timeout",
            Self::EndedEarly | Self::Failed => {
                "its output is above; `npm ci` in the theme's folder installs what it needs"
            }
        }
    }
}

/// Runs the build of the theme in the folder `theme` for at most `seconds`; its output goes to standard
/// error.
pub(super) fn run(theme: &Path, seconds: u32) -> Result<(), ThemeBuildError> {
    if !theme.is_dir() {
        return Err(ThemeBuildError::NotAFolder(theme.to_owned()));
    }
    let folder = theme.canonicalize().map_err(|_| ThemeBuildError::NotAFolder(theme.to_owned()))?;
    let is_there = |path: &PathBuf| path.is_file();
    let config = NAMES.iter().map(|name| folder.join(name)).find(is_there);
    let config = config.ok_or_else(|| ThemeBuildError::NoBuild(theme.to_owned()))?;
    let mut child = Command::new("node")
        .args(["-e", GUARD, "--", RUN])
        .arg(config)
        .args([seconds.to_string(), TOO_LONG.to_string()])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(io::stderr())
        .spawn()
        .map_err(ThemeBuildError::NoNode)?;
    // The system closes this pipe when this process ends, whatever ends it.
    let lifeline = child.stdin.take();
    let status = child.wait().map_err(ThemeBuildError::NoNode)?;
    drop(lifeline);
    match status.code() {
        Some(DONE) => Ok(()),
        Some(TOO_LONG) => Err(ThemeBuildError::TooLong(seconds)),
        Some(ENDED_EARLY) => Err(ThemeBuildError::EndedEarly),
        _ => Err(ThemeBuildError::Failed),
    }
}
