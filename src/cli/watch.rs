//! The arguments of `watch`, and how its events are printed.

use super::bundling::BundlingArguments;
use super::formats::is_broken_pipe;
use super::status_line::StatusLine;
use super::{Format, PolicyArguments, fit};
use crate::commands::build::BuildRequest;
use crate::commands::watch::{Event, Wake, Watcher};
use crate::config::{BundleChoice, Settings};
use crate::output::Steps;
use crate::report::watch::ReportedFindings;
use crate::report::{self, Status};
use clap::Args;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

#[derive(Args)]
pub(super) struct WatchArguments {
    /// The theme: a folder or a .zip
    theme: PathBuf,
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// `watch` writes no bundle unless you name its file
    #[arg(long, value_name = "FILE.zip")]
    bundle: Option<PathBuf>,
    /// Look for changes once a second instead of waiting for events, for network and container file systems
    #[arg(long)]
    poll: bool,
    /// Run this command after each change to the copy
    #[arg(long, value_name = "COMMAND")]
    exec: Option<String>,
    #[arg(long, value_name = "NAME")]
    theme_name: Option<String>,
    #[arg(long)]
    guard_development: bool,
    /// How to report: JSON is one line per event
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    #[command(flatten)]
    policy: PolicyArguments,
    #[command(flatten)]
    bundling: BundlingArguments,
}

impl WatchArguments {
    /// Runs `watch` until it is ended from outside or its reader goes away, and returns the exit status.
    pub(super) fn run(self) -> u8 {
        let (format, exec, poll) = (self.format, self.exec.clone(), self.poll);
        let request = self.request();
        let mut watcher = Watcher::new(request);
        let mut wake = Wake::new(&watcher.places(), poll);
        let mut status_line = StatusLine::new(matches!(format, Format::Json));
        let mut told = ReportedFindings::default();
        let mut tell_all = |event: &Event| {
            status_line.clear()?;
            tell(event, format, &mut told)?;
            follow(event, exec.as_deref())?;
            status_line.show(state(event))
        };
        if let Some(event) = watcher.wrong_flags() {
            let _ = tell_all(&event);
            return 2;
        }
        loop {
            let event = watcher.step(&mut Steps::default());
            match event.map(|event| tell_all(&event)) {
                Some(Err(error)) if is_broken_pipe(&error) => return 0,
                Some(Err(_)) => return 2,
                Some(Ok(())) | None => {}
            }
            if watcher.is_locked_out() {
                return 2;
            }
            wake.wait(&watcher.places());
            if let Some(refusal) = wake.refusal() {
                // If standard error is closed, nobody misses the note.
                let _ = writeln!(anstream::stderr(), "note: {refusal}");
            }
        }
    }

    pub(super) fn request(self) -> BuildRequest {
        BuildRequest {
            theme: self.theme,
            dry_run: false,
            run_build: None,
            sources: self.policy.sources(Settings {
                out: self.out,
                bundle: self.bundle.map(BundleChoice::File),
                theme_name: self.theme_name,
                guard_development: self.guard_development.then_some(true),
                ..self.bundling.settings()
            }),
        }
    }
}

/// Returns the text of the status line until the next event.
fn state(event: &Event) -> &'static str {
    match event.report.status() {
        Status::Done => "up to date; watching (Ctrl-C ends)",
        Status::Findings | Status::Failed => "waiting until that is fixed (Ctrl-C ends)",
    }
}

fn tell(event: &Event, format: Format, told: &mut ReportedFindings) -> std::io::Result<()> {
    let Event { report, changes, bundle, has_good } = event;
    let text = match format {
        Format::Human => fit::results(&told.human(report, changes, bundle.as_deref(), *has_good)),
        Format::Json => report::watch::json(report, changes, bundle.as_deref())?,
    };
    let mut results = anstream::stdout();
    results.write_all(text.as_bytes())?;
    results.flush()
}

/// Runs the user's command if the copy or the bundle changed. Its output goes to standard error, so that it
/// does not mix with events.
fn follow(event: &Event, exec: Option<&str>) -> std::io::Result<()> {
    let is_changed = !event.changes.is_empty() || event.bundle.is_some();
    let Some(command) = exec.filter(|_| is_changed && event.report.status() == Status::Done) else {
        return Ok(());
    };
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let errors = Stdio::from(std::io::stderr());
    let status = Command::new(shell).args([flag, command]).stdout(errors).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => writeln!(anstream::stderr(), "`{command}` ended with {status}"),
        Err(error) => writeln!(anstream::stderr(), "`{command}` cannot be run: {error}"),
    }
}
