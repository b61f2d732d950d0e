//! The arguments of `routes`.

use super::SettingsFileArguments;
use super::store::{StoreArguments, environment, print};
use crate::commands::store::routes::{self, Action, RestoreRequest, RoutesRequest, ValueChoices};
use crate::config::Settings;
use crate::guard::paths::Platform;
use crate::store::checkout_settings::SettingChoice;
use crate::store::routes::RouteKey;
use clap::{Args, Subcommand};
use std::path::PathBuf;
use std::time::Duration;

#[derive(Args)]
pub(super) struct RoutesArguments {
    #[command(subcommand)]
    command: RoutesCommand,
    #[command(flatten)]
    store: StoreArguments,
}

#[derive(Subcommand)]
enum RoutesCommand {
    /// Show the routes of a channel's site, what they should be, and which links that changes
    Plan(Box<PlanCommand>),
    /// Correct the routes that differ, one by one
    Apply(Box<ApplyArguments>),
    /// Restore the routes from before the first change
    Restore(RestoreArguments),
}

#[derive(Args)]
struct PlanCommand {
    /// Also show the matching 301 redirects; they are never applied, since nobody has proved that they work
    #[arg(long)]
    redirects: bool,
    #[command(flatten)]
    plan: PlanArguments,
}

#[derive(Args)]
struct PlanArguments {
    /// The channel
    #[arg(long, value_name = "NUMBER")]
    channel: Option<u64>,
    /// Warns if the channel's site has another address
    #[arg(long, value_name = "URL")]
    storefront: Option<String>,
    #[arg(long, value_name = "PLATFORM", hide_possible_values = true)]
    paths: Option<Platform>,
    /// A route to remove, by its type or as TYPE:MATCHING; no other route is ever removed
    #[arg(long, value_name = "ROUTE")]
    prune: Vec<RouteKey>,
    /// A new address for the channel's site, where shoppers belong
    #[arg(long, value_name = "URL")]
    site_url: Option<String>,
    /// A new address for its checkout, on the same domain
    #[arg(long, value_name = "URL")]
    checkout_url: Option<String>,
    /// A new value for a setting of its checkout, such as should_redirect_to_storefront_for_auth=true
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<SettingChoice>,
    #[command(flatten)]
    file: SettingsFileArguments,
}

#[derive(Args)]
struct ApplyArguments {
    /// The file that records the earlier routes [default: a file in the user's state folder]
    #[arg(long, value_name = "FILE")]
    restore_file: Option<PathBuf>,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// Change all routes with one call; the platform's documents contradict each other about its effect on
    /// other routes, so the call names every route
    #[arg(long)]
    bulk: bool,
    /// Check again and again, for so many seconds, whether the address of the checkout is ready
    #[arg(long, value_name = "SECONDS")]
    wait: Option<u64>,
    #[command(flatten)]
    plan: PlanArguments,
}

#[derive(Args)]
struct RestoreArguments {
    /// The file in which `routes apply` recorded the earlier routes
    file: PathBuf,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

impl RoutesArguments {
    /// Runs `routes` and returns the exit status.
    pub(super) fn run(self) -> u8 {
        let (store, format) = (self.store.request(), self.store.format());
        let environment = environment(format);
        let report = match self.command {
            RoutesCommand::Plan(command) => {
                let PlanCommand { redirects, plan } = *command;
                routes::run(&plan.request(store, Action::Plan { redirects }), &environment)
            }
            RoutesCommand::Apply(command) => {
                let ApplyArguments { plan, restore_file, yes, bulk, wait } = *command;
                let wait = wait.map(Duration::from_secs);
                let action = Action::Apply { restore_file, yes, at_once: bulk, wait };
                routes::run(&plan.request(store, action), &environment)
            }
            RoutesCommand::Restore(RestoreArguments { file, yes }) => {
                routes::restore(&RestoreRequest { store, file, yes }, &environment)
            }
        };
        print(&report, format)
    }
}

impl PlanArguments {
    fn request(self, store: crate::commands::store::StoreRequest, action: Action) -> RoutesRequest {
        let Self { channel, storefront, paths, prune, site_url, checkout_url, set, file } = self;
        let values = ValueChoices { site_url, checkout_url, settings: set };
        let sources = file.sources(Settings { storefront, paths, ..Settings::default() });
        RoutesRequest { store, channel, sources, prune, values, action }
    }
}
