//! `stencil-guard check https://HOST`: checks what a guest gets from a live store, page by page, and what the
//! storefront does with shoppers who are sent there. It changes nothing, and does not sign in.

mod addresses;
mod findings;
mod hosts;
mod pages;
mod storefront;
mod visit;

pub(super) use self::pages::Pages;
use self::visit::Visits;
use super::{Error, Notes, StoreRequest, report};
use crate::commands::build::{self, BuildRequest};
use crate::commands::path_rules;
use crate::commands::storefronts;
use crate::config::Sources;
use crate::guard::paths::PathTable;
use crate::guard::storefront::Storefront;
use crate::pipeline::live::LiveOutcome;
use crate::report::store::{Answer, LiveHost, LivePage, LiveReport, StoreReport};
use crate::store::StoreEnvironment;
use crate::store::guest::{Guest, is_local};
use crate::text::Finding;
use std::time::Duration;
use url::Url;

/// The arguments of `stencil-guard check https://HOST`.
#[derive(Clone, Debug)]
pub struct LiveRequest {
    /// The address of the store.
    pub address: String,
    /// A channel whose other addresses are checked, too.
    pub channel: Option<u64>,
    /// The store that the channel belongs to.
    pub store: StoreRequest,
    /// The sources of the settings, which decide the pages that are kept.
    pub sources: Sources,
    /// How long to keep checking pages that are not as they should be.
    pub wait: Duration,
}

/// The pause between two checks.
const PAUSE: Duration = Duration::from_secs(15);
/// Stands for the path of the theme, which is not at hand; settings are looked for in the current folder.
const NO_THEME: &str = "live.zip";

/// Runs the command.
pub fn run(request: &LiveRequest, environment: &StoreEnvironment) -> StoreReport {
    report("check", |notes| check(request, environment, notes))
}

fn check(
    request: &LiveRequest,
    environment: &StoreEnvironment,
    notes: &mut Notes,
) -> Result<Answer, Error> {
    let theme = NO_THEME.into();
    let sources = request.sources.clone();
    let build = BuildRequest { theme, sources, dry_run: true, run_build: None };
    let settings = build::settings(&build)?;
    let storefront = storefronts::all(&settings).map_err(build::Error::from)?;
    let storefront = storefront.ok_or(build::Error::NoStorefront)?;
    let names = |names: &Option<Vec<String>>| names.clone().unwrap_or_default();
    let pages =
        Pages::new(&names(&settings.keep), &names(&settings.no_keep), &names(&settings.allow_open));
    let first = hosts::given(&request.address)?;
    let site = match request.channel {
        Some(channel) => {
            let client = request.store.open(None, environment, notes)?;
            client.site(channel)?
        }
        None => None,
    };
    let hosts = hosts::all(Some(first), site.as_ref(), &storefront);
    if hosts.is_empty() {
        return Err(Error::Wrong {
            message: format!("{} is the storefront itself", request.address),
            help:
                "give an address at which BigCommerce shows the theme, such as that of the checkout"
                    .to_owned(),
        });
    }
    let paths = path_rules::table(&settings, &storefront).map_err(build::Error::from)?;
    let look = LiveCheck { hosts, storefront, paths, pages, wait: request.wait };
    let (live, findings) = look.run(environment);
    notes.findings.extend(findings);
    Ok(Answer::Live(live))
}

/// The inputs of a check of a live store.
pub(super) struct LiveCheck {
    pub(super) hosts: Vec<Url>,
    pub(super) storefront: Storefront,
    pub(super) paths: PathTable,
    pub(super) pages: Pages,
    pub(super) wait: Duration,
}

impl LiveCheck {
    /// Returns the addresses of a site at which its theme is shown.
    pub(super) fn hosts(site: &crate::store::sites::Site, storefront: &Storefront) -> Vec<Url> {
        hosts::all(None, Some(site), storefront)
    }

    /// Checks everything, and returns the report and its findings.
    pub(super) fn run(&self, environment: &StoreEnvironment) -> (LiveReport, Vec<Finding>) {
        let guest = Guest::new(self.hosts.iter().all(is_local), environment);
        let own = self.hosts.iter().map(|host| host.origin().ascii_serialization()).collect();
        let visits = Visits::new(&guest, own, &self.storefront, &self.pages);
        let mut hosts = Vec::new();
        for (number, host) in self.hosts.iter().enumerate() {
            (environment.tell)(&format!("looking at {host}"));
            let found = addresses::of(&guest, host, number == 0);
            let is_twin = number > 0 && hosts::is_twin(host, &self.hosts[0]);
            let pages: Vec<LivePage> = found.iter().map(|found| visits.page(found)).collect();
            // A `www` host that was never set up does no harm.
            if !(is_twin && pages.iter().all(|page| page.is_absent)) {
                hosts.push((host, found, pages));
            }
        }
        self.look_again(&visits, &mut hosts, environment);
        let hosts: Vec<LiveHost> = hosts
            .into_iter()
            .map(|(host, _, pages)| LiveHost { address: host.to_string(), pages })
            .collect();
        let first = hosts.first().map(|host| host.pages.as_slice()).unwrap_or_default();
        let storefront = storefront::look(&guest, &visits, first, (&self.storefront, &self.paths));
        let live = LiveReport { hosts, storefront, requests: guest.requests() };
        let findings = findings::of(&live, &self.pages, &self.storefront);
        (live, findings)
    }

    /// Checks pages again that are not as they should be, because a cache may take its time.
    fn look_again(
        &self,
        visits: &Visits<'_>,
        hosts: &mut [(&Url, Vec<addresses::Found>, Vec<LivePage>)],
        environment: &StoreEnvironment,
    ) {
        let start = environment.clock.now();
        let is_right = |page: &LivePage| {
            matches!(page.outcome, LiveOutcome::Kept | LiveOutcome::Guarded | LiveOutcome::SentOn)
        };
        while hosts.iter().any(|(_, _, pages)| !pages.iter().all(is_right)) {
            if environment.clock.now().duration_since(start) + PAUSE > self.wait {
                return;
            }
            (environment.tell)("some pages are not as they should be; looking again in 15 s");
            (environment.sleep)(PAUSE);
            visits.forget();
            for (_, found, pages) in hosts.iter_mut() {
                let again = found.iter().zip(pages.iter_mut()).filter(|(_, page)| !is_right(page));
                again.for_each(|(found, page)| *page = visits.page(found));
            }
        }
    }
}
