//! Runs commands against a stand-in: in this process with a clock of its own, or as the program.

use super::stand_in::{Channel, Fault, HASH, Misbehaviour, StandIn, TOKEN};
use crate::driver::{Playground, Run, STOREFRONT, theme_zip};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use stencil_guard::commands::build::BuildRequest;
use stencil_guard::commands::store::StoreRequest;
use stencil_guard::commands::store::deploy::{self, DeployRequest};
use stencil_guard::commands::store::push::{self, PushRequest};
use stencil_guard::commands::store::rollback::{self, RollbackRequest};
use stencil_guard::config::Settings;
use stencil_guard::pipeline::progress::NoProgress;
use stencil_guard::report::store::{self, StoreReport};
use stencil_guard::stamp::Clock;
use stencil_guard::store::StoreEnvironment;

/// A store, a place for files, and all that was said.
pub(crate) struct World {
    pub(crate) store: StandIn,
    pub(crate) playground: Playground,
}

impl World {
    /// A store with a hosted channel 1 and a headless channel 2, each with a theme of its own.
    pub(crate) fn new() -> Self {
        let store = StandIn::new();
        {
            let mut state = store.state();
            let hosted = Channel::new("Main", "bigcommerce", "https://main.example.com", None);
            let checkout = Some("https://checkout.example.com");
            let headless =
                Channel::new("Catalyst", "catalyst", "https://shop.example.com", checkout);
            state.channels = BTreeMap::from([(1, hosted), (2, headless)]);
            state.show(1, &theme_zip(&[]), 0);
            state.show(2, &theme_zip(&[]), 0);
        }
        Self { store, playground: Playground::new() }
    }

    /// The program, ready to be run here.
    pub(crate) fn program(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stencil-guard"));
        command
            .args(arguments)
            .args(["--api-host", &self.store.host()])
            .current_dir(self.playground.path(""))
            .env("NO_COLOR", "1")
            .env("BIGCOMMERCE_ACCESS_TOKEN", TOKEN)
            .env("BIGCOMMERCE_STORE_HASH", HASH)
            .env("XDG_STATE_HOME", self.playground.path("state"))
            // Temporary files are looked through, too, and libraries may say all that they can.
            .env("TMPDIR", self.playground.path(""))
            .env("RUST_LOG", "trace")
            .env("RUST_BACKTRACE", "full");
        command
    }

    /// Runs the program and looks whether it told the token.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        finished(self.program(arguments).output().unwrap())
    }

    /// A deployment to the headless channel, for nobody who could be asked.
    pub(crate) fn deployment(&self) -> DeployRequest {
        let flags = Settings { storefront: Some(STOREFRONT.to_owned()), ..Settings::default() };
        let theme = PathBuf::new();
        DeployRequest {
            store: self.request(),
            channel: Some(2),
            theme: None,
            build: BuildRequest { theme, sources: flags.into(), dry_run: true, run_build: None },
            no_settings: false,
            yes: true,
            replace_oldest: false,
            record: Some(self.record()),
            no_live_check: true,
        }
    }

    pub(crate) fn request(&self) -> StoreRequest {
        StoreRequest { api_host: Some(self.store.host()), ..StoreRequest::default() }
    }

    pub(crate) fn record(&self) -> PathBuf {
        self.playground.path("record.json")
    }

    /// Deploys in this process: the exit status, and the whole document.
    pub(crate) fn deploy(&self, request: &DeployRequest) -> (u8, Value) {
        let report = deploy::run(request, &environment().0, &NoProgress);
        said(&report)
    }

    /// Brings the theme in the folder `theme` into the store, and onto channels if any are named.
    pub(crate) fn push(&self, channels: &[u64], replace_oldest: bool) -> (u8, Value) {
        let request = PushRequest {
            store: self.request(),
            theme: self.playground.path("theme"),
            channels: channels.to_vec(),
            activate: (!channels.is_empty()).then_some(None),
            replace_oldest,
            record: Some(self.record()),
            yes: true,
        };
        said(&push::run(&request, &environment().0, &NoProgress))
    }

    /// Goes back.
    pub(crate) fn roll_back(&self, channel: Option<u64>) -> (u8, Value) {
        let store = self.request();
        let record = Some(self.record());
        let request = RollbackRequest { store, channel, record, yes: true };
        said(&rollback::run(&request, &environment().0))
    }

    /// Runs something that ends in a certain way at a request, counted from none; what it said, if it came so far.
    /// If it had changed the store before that, it says so.
    pub(crate) fn break_off(
        &self,
        request: usize,
        end: End,
        run: impl FnOnce(&World) -> (u8, Value),
    ) -> bool {
        let before = self.store.state().contents();
        let (folder, seen) = (self.playground.path(""), Arc::new(Mutex::new(None)));
        let (root, notes) = (folder.clone(), seen.clone());
        let call = move || *notes.lock().unwrap() = Some(documents(&root));
        let what = Misbehaviour::End { call: Arc::new(call), takes_effect: end.takes_effect };
        let fault = |after, times, what| Fault { request: String::new(), after, times, what };
        self.store.misbehave(fault(request, 1, what));
        let gone = Misbehaviour::Cut { takes_effect: false };
        self.store.misbehave(fault(request + 1, usize::MAX, gone));
        let (status, document) = run(self);
        self.store.state().behave();
        let Some(then) = seen.lock().unwrap().take() else { return false };
        assert_ne!(status, 0, "the store was gone: {document:#}");
        let is_known = !end.takes_effect && self.store.state().contents() != before;
        let is_told = document["findings"].to_string().contains("-unfinished\"");
        assert!(is_told || !is_known, "nobody says how far it came at {request}: {document:#}");
        if end.is_killed {
            // It did not come to what it did after that.
            documents(&folder).keys().for_each(|path| std::fs::remove_file(path).unwrap());
            then.iter().for_each(|(path, bytes)| std::fs::write(path, bytes).unwrap());
        }
        true
    }

    /// Whether the token is in any file here, or went to another host.
    pub(crate) fn assert_token_is_safe(&self) {
        for name in self.playground.files("") {
            let bytes = std::fs::read(self.playground.path(&name)).unwrap();
            let found = memchr::memmem::find(&bytes, TOKEN.as_bytes());
            assert!(found.is_none() || name.contains("token-of-mine"), "the token is in {name}");
        }
        for seen in self.store.state().log.iter().filter(|seen| !seen.to_api) {
            let head = format!("{:?} {:?}", seen.request.headers, seen.request.query);
            assert!(!head.contains(TOKEN), "the token was sent with {}", seen.line);
        }
    }
}

/// How a run ends in the middle.
#[derive(Clone, Copy, Debug)]
pub(crate) struct End {
    /// The request is done, though nobody hears of it.
    pub(crate) takes_effect: bool,
    /// The program is killed; else the store is gone, and the program can still do something about it.
    pub(crate) is_killed: bool,
}

/// All ways to end.
pub(crate) fn ends() -> impl Iterator<Item = End> {
    let ends = [(true, true), (true, false), (false, true), (false, false)];
    ends.into_iter().map(|(takes_effect, is_killed)| End { takes_effect, is_killed })
}

/// What a program puts down for the next run.
fn documents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let files =
        walkdir::WalkDir::new(folder).into_iter().flatten().map(walkdir::DirEntry::into_path);
    let files = files.filter(|path| path.extension().is_some_and(|end| end == "json"));
    let files = files.filter(|path| !path.starts_with(folder.join("theme")));
    files.map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}

/// The exit status and the document of a report; the token is in neither.
pub(crate) fn said(report: &StoreReport) -> (u8, Value) {
    let text = store::json(report).unwrap();
    let (results, rest) = store::human(report);
    assert!(!format!("{text}{results}{rest}").contains(TOKEN), "the token was told");
    (report.report.status().exit_code(), serde_json::from_str(&text).unwrap())
}

pub(crate) fn finished(output: Output) -> Run {
    let run = Run::of(output);
    assert!(!run.messages.contains(TOKEN) && !run.results.contains(TOKEN), "the token was told");
    run
}

/// Surroundings in which waiting takes no time, and how long was waited.
pub(crate) fn environment() -> (StoreEnvironment, Rc<RefCell<Vec<Duration>>>) {
    let waits = Rc::new(RefCell::new(Vec::new()));
    let slept = waits.clone();
    let start = Instant::now();
    let passed = Arc::new(Mutex::new(Duration::ZERO));
    let now = passed.clone();
    let variables =
        BTreeMap::from([("BIGCOMMERCE_ACCESS_TOKEN", TOKEN), ("BIGCOMMERCE_STORE_HASH", HASH)]);
    let environment = StoreEnvironment {
        clock: Clock::new(move || start + *now.lock().unwrap()),
        sleep: Box::new(move |wait| {
            *passed.lock().unwrap() += wait;
            slept.borrow_mut().push(wait);
        }),
        chance: Box::new(|| 0.5),
        variable: Box::new(move |name| variables.get(name).map(|value| (*value).to_owned())),
        ..StoreEnvironment::default()
    };
    (environment, waits)
}

/// The same, with somebody who gives this answer, and what is shown to them.
pub(crate) fn answering(answer: Option<bool>) -> (StoreEnvironment, Rc<RefCell<String>>) {
    let shown = Rc::new(RefCell::new(String::new()));
    let screen = shown.clone();
    let environment = StoreEnvironment {
        show: Box::new(move |text| screen.borrow_mut().push_str(text)),
        ask: Box::new(move |_| answer),
        ..environment().0
    };
    (environment, shown)
}
