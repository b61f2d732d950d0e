//! The arguments of `routes`.

use super::SettingsFileArguments;
use super::store::{StoreArguments, print, surroundings};
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
    /// Show what the routes of a channel's site are and should be, and which links that changes
    Plan(Box<PlanCommand>),
    /// Change the routes that are not as they should be, one by one
    Apply(Box<ApplyArguments>),
    /// Give back the routes from before the first change
    Restore(RestoreArguments),
}

#[derive(Args)]
struct PlanCommand {
    /// Show also what a list of 301 redirects would be; nobody has proved that one works, so none is ever applied
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
    /// You are told if the channel's site is elsewhere
    #[arg(long, value_name = "URL")]
    storefront: Option<String>,
    #[arg(long, value_name = "PLATFORM", hide_possible_values = true)]
    paths: Option<Platform>,
    /// A route that is to go: its type, or TYPE:MATCHING; no other is ever removed
    #[arg(long, value_name = "ROUTE")]
    prune: Vec<RouteKey>,
    /// Another address for the channel's site, where shoppers belong
    #[arg(long, value_name = "URL")]
    site_url: Option<String>,
    /// Another address for its checkout, on the same domain
    #[arg(long, value_name = "URL")]
    checkout_url: Option<String>,
    /// Another value for a setting of its checkout, such as should_redirect_to_storefront_for_auth=true
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<SettingChoice>,
    #[command(flatten)]
    file: SettingsFileArguments,
}

#[derive(Args)]
struct ApplyArguments {
    /// Where it is put down how the routes were [default: a file in the user's state folder]
    #[arg(long, value_name = "FILE")]
    restore_file: Option<PathBuf>,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// Change all routes with one call, whose effect on other routes the platform's documents do not agree about;
    /// every route is named in it, so that it should not matter
    #[arg(long)]
    bulk: bool,
    /// Look whether the address of the checkout is ready, again and again for so many seconds
    #[arg(long, value_name = "SECONDS")]
    wait: Option<u64>,
    #[command(flatten)]
    plan: PlanArguments,
}

#[derive(Args)]
struct RestoreArguments {
    /// The file in which `routes apply` put down how the routes were
    file: PathBuf,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

impl RoutesArguments {
    /// Runs `routes`; the result is the exit status.
    pub(super) fn run(self) -> u8 {
        let (store, format) = (self.store.request(), self.store.format());
        let surroundings = surroundings(format);
        let report = match self.command {
            RoutesCommand::Plan(command) => {
                let PlanCommand { redirects, plan } = *command;
                routes::run(&plan.request(store, Action::Plan { redirects }), &surroundings)
            }
            RoutesCommand::Apply(command) => {
                let ApplyArguments { plan, restore_file, yes, bulk, wait } = *command;
                let wait = wait.map(Duration::from_secs);
                let action = Action::Apply { restore_file, yes, at_once: bulk, wait };
                routes::run(&plan.request(store, action), &surroundings)
            }
            RoutesCommand::Restore(RestoreArguments { file, yes }) => {
                routes::restore(&RestoreRequest { store, file, yes }, &surroundings)
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
