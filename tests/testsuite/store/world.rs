//! Runs commands against a stand-in: in this process with a clock of its own, or as the program.

use super::stand_in::{Channel, HASH, StandIn, TOKEN};
use crate::driver::{Playground, Run, STOREFRONT, theme_zip};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::rc::Rc;
use std::time::{Duration, Instant};
use stencil_guard::commands::build::BuildRequest;
use stencil_guard::commands::store::StoreRequest;
use stencil_guard::commands::store::deploy::{self, DeployRequest};
use stencil_guard::commands::store::rollback::{self, RollbackRequest};
use stencil_guard::config::Settings;
use stencil_guard::pipeline::progress::NoProgress;
use stencil_guard::report::store::{self, StoreReport};
use stencil_guard::stamp::Clock;
use stencil_guard::store::Surroundings;

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
            .env("XDG_STATE_HOME", self.playground.path("state"));
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
        let report = deploy::run(request, &surroundings().0, &NoProgress);
        said(&report)
    }

    /// Goes back.
    pub(crate) fn roll_back(&self, channel: Option<u64>) -> (u8, Value) {
        let store = self.request();
        let record = Some(self.record());
        let request = RollbackRequest { store, channel, record, yes: true };
        said(&rollback::run(&request, &surroundings().0))
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

/// The exit status and the document of a report; the token is in neither.
pub(crate) fn said(report: &StoreReport) -> (u8, Value) {
    let text = store::json(report).unwrap();
    let (results, rest) = store::human(report);
    assert!(!format!("{text}{results}{rest}").contains(TOKEN), "the token was told");
    (report.report.status().exit_code(), serde_json::from_str(&text).unwrap())
}

pub(crate) fn finished(output: Output) -> Run {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let run = Run {
        status: output.status.code().expect("the program ended by itself"),
        results: text(output.stdout),
        messages: text(output.stderr),
    };
    assert!(!run.messages.contains("panicked"), "{}", run.messages);
    assert!(!run.messages.contains(TOKEN) && !run.results.contains(TOKEN), "the token was told");
    run
}

/// Surroundings in which waiting takes no time, and how long was waited.
pub(crate) fn surroundings() -> (Surroundings, Rc<RefCell<Vec<Duration>>>) {
    let waits = Rc::new(RefCell::new(Vec::new()));
    let slept = waits.clone();
    let start = Instant::now();
    let passed = std::sync::Arc::new(std::sync::Mutex::new(Duration::ZERO));
    let now = passed.clone();
    let variables =
        BTreeMap::from([("BIGCOMMERCE_ACCESS_TOKEN", TOKEN), ("BIGCOMMERCE_STORE_HASH", HASH)]);
    let surroundings = Surroundings {
        clock: Clock::new(move || start + *now.lock().unwrap()),
        sleep: Box::new(move |wait| {
            *passed.lock().unwrap() += wait;
            slept.borrow_mut().push(wait);
        }),
        chance: Box::new(|| 0.5),
        variable: Box::new(move |name| variables.get(name).map(|value| (*value).to_owned())),
        ..Surroundings::default()
    };
    (surroundings, waits)
}
