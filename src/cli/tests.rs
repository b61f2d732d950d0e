//! Tests that each flag of a command sets its setting.

use super::build::BuildArguments;
use super::inspect::CheckArguments;
use super::remake::{BundleArguments, UndoArguments};
use super::show::WhatArguments;
use super::watch::WatchArguments;
use super::*;

#[test]
fn usage_lists_every_command() {
    let commands = command();
    for command in commands.get_subcommands().filter(|command| !command.is_hide_set()) {
        assert!(usage::COMMANDS.contains(&command.get_name()), "{}", command.get_name());
    }
}

#[derive(Parser)]
struct Of<A: Args> {
    #[command(flatten)]
    arguments: A,
}

/// Returns a valid value for the flag of a setting.
fn value(key: &str) -> &'static str {
    match key {
        "storefront" => "https://a.example",
        "mode" => "replace",
        "paths" => "catalyst",
        "fallback" => "/a",
        "search-engines" => "noindex",
        "kept-chrome" => "bare",
        "back-links" => "storefront",
        "hide" => "edit-cart",
        "level" => "9",
        _ => "x",
    }
}

/// Asserts for each flag that is a setting that `settings` then holds this setting and no other.
fn each_flag_says_its_setting<A: Args>(settings: impl Fn(A) -> Settings) {
    let command = A::augment_args(clap::Command::new("x"));
    let mut count = 0;
    for argument in command.get_arguments() {
        let flag = argument.get_long().unwrap_or_default();
        let key = match flag {
            "no-bundle" => "bundle",
            "no-style-check" => "style-check",
            _ => match meanings::key_of(argument) {
                Some(key) => key.name,
                None => continue,
            },
        };
        let flag = format!("--{flag}");
        let words = ["x", "theme", &flag, value(key)];
        let words = &words[..if argument.get_action().takes_values() { 4 } else { 3 }];
        let arguments = Of::<A>::try_parse_from(words).unwrap().arguments;
        assert_eq!(settings(arguments).set_keys(), [key], "{flag}");
        count += 1;
    }
    assert!(count > 2, "{count}");
}

#[test]
fn each_setting_flag_sets_exactly_its_setting() {
    each_flag_says_its_setting(|it: BuildArguments| it.request().sources.flags);
    each_flag_says_its_setting(|it: WhatArguments| it.request().sources.flags);
    each_flag_says_its_setting(|it: WatchArguments| it.request().sources.flags);
    each_flag_says_its_setting(|it: CheckArguments| it.flags());
    each_flag_says_its_setting(|it: UndoArguments| it.request().flags);
    each_flag_says_its_setting(|it: BundleArguments| it.request().flags);
    #[cfg(feature = "store")]
    each_flag_says_its_setting(|it: store::DeployArguments| it.request().build.sources.flags);
}
