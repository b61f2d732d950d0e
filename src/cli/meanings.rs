//! The help of flags that are settings. It comes from the table of settings, so that no flag repeats it.

use crate::config::{KEYS, Key, Settings};
use clap::{Arg, ArgAction, Command};
use serde_json::Value;

/// Returns the command and its subcommands, with the help of each flag that is a setting.
pub(super) fn with_setting_help(command: Command) -> Command {
    let defaults = serde_json::to_value(Settings::defaults()).unwrap_or_default();
    below(command, &defaults)
}

fn below(command: Command, defaults: &Value) -> Command {
    let command = command.mut_args(|argument| match key_of(&argument) {
        Some(key) => {
            let help = help(key, &argument, defaults.get(key.name));
            argument.help(help)
        }
        None => argument,
    });
    command.mut_subcommands(|command| below(command, defaults))
}

/// Returns the setting whose name the argument's flag has.
pub(super) fn key_of(argument: &Arg) -> Option<&'static Key> {
    let flag = argument.get_long()?;
    KEYS.iter().find(|key| key.name == flag)
}

/// Returns the help: the meaning of the key, then the flag's own help for this command, then the default.
fn help(key: &Key, argument: &Arg, default: Option<&Value>) -> String {
    let mut help = key.meaning.trim_end_matches('.').to_owned();
    help += match (argument.get_action(), argument.get_value_delimiter()) {
        (ArgAction::Append, Some(_)) => " (repeatable, or with commas)",
        (ArgAction::Append, None) => " (repeatable)",
        _ => "",
    };
    if let Some(own) = argument.get_help() {
        let own = own.to_string();
        help += if own.starts_with('[') { " " } else { ". " };
        help += &own;
    }
    match default {
        Some(Value::String(default)) => help + &format!(" [default: {default}]"),
        Some(Value::Number(default)) => help + &format!(" [default: {default}]"),
        _ => help,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Returns all arguments of a command and its subcommands, each with the name of its command.
    fn arguments(command: &Command) -> Vec<(String, Arg)> {
        let own = command.get_arguments();
        let own = own.map(|argument| (command.get_name().to_owned(), argument.clone()));
        own.chain(command.get_subcommands().flat_map(arguments)).collect()
    }

    #[test]
    fn help_of_every_setting_flag_begins_with_its_meaning() {
        let mut keys = BTreeSet::new();
        for (command, argument) in arguments(&super::super::command()) {
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            assert!(!help.is_empty() || argument.is_hide_set(), "{command}: {argument}");
            if let Some(key) = key_of(&argument) {
                let meaning = key.meaning.trim_end_matches('.');
                assert!(help.starts_with(meaning), "{command} {argument}: {help}");
                keys.insert(key.name);
            }
        }
        // Tables and lists of codes have no flag, and `style-check` only has the flag `--no-style-check`.
        let without: Vec<&str> =
            KEYS.iter().map(|key| key.name).filter(|name| !keys.contains(name)).collect();
        let expected = [
            "storefronts",
            "origins",
            "path",
            "routes",
            "texts",
            "ignore",
            "severity",
            "style-check",
        ];
        assert_eq!(without, expected);
    }

    #[test]
    fn extra_help_and_default_follow_the_meaning() {
        let key = |name: &str| KEYS.iter().find(|key| key.name == name).unwrap();
        let level = Arg::new("level").long("level");
        let help = |argument: &Arg| help(key("level"), argument, Some(&Value::from(6)));
        let meaning = "How hard the bundle is compressed, from 0 to 9";
        assert_eq!(help(&level), format!("{meaning} [default: 6]"));
        let more = level.action(ArgAction::Append).help("More here");
        assert_eq!(help(&more), format!("{meaning} (repeatable). More here [default: 6]"));
    }
}
