//! Explains to users what is wrong with the text of a settings file.

use super::KEYS;
use crate::text::nearest;

/// The key of the table of profiles, such as `[profile.staging]`.
pub(super) const PROFILE: &str = "profile";

/// The names of flags that are not settings.
const FLAGS_ONLY: &[&str] = &[
    "build-timeout",
    "check",
    "config",
    "dry-run",
    "format",
    "no-bundle",
    "no-style-check",
    "run-build",
];

/// Rewrites the parser's message about `part` of the text without programmers' terms, and returns it with a
/// help text.
pub(super) fn explain(message: &str, part: &str) -> (String, Option<String>) {
    match message.starts_with("unknown field") {
        true if message.contains("`from`") => {
            (format!("a path rule has no `{part}`"), Some(OF_A_RULE.to_owned()))
        }
        true if message.contains("`locale`") => {
            (format!("a further storefront has no `{part}`"), Some(OF_A_STOREFRONT.to_owned()))
        }
        true => (format!("there is no setting `{part}`"), Some(instead_of(part))),
        false => of_value(message, part),
    }
}

/// Returns where to give a setting or a flag that has no environment variable; `None` if there is none of
/// that name.
pub fn not_a_variable(name: &str) -> Option<String> {
    if KEYS.iter().any(|key| key.name == name) {
        return Some(format!("`{name}` is for a settings file only"));
    }
    let is_flag = name == PROFILE || FLAGS_ONLY.contains(&name);
    is_flag.then(|| format!("`--{name}` is for the command line only"))
}

const OF_A_RULE: &str = "it has `from`, `page`, `to`, `fallback` and `query`";

const OF_A_STOREFRONT: &str = "it has `host`, `locale` and `url`";

/// Returns what to write instead of an unknown key.
fn instead_of(key: &str) -> String {
    let names = || KEYS.iter().map(|key| key.name);
    let suggestion = match key {
        "no-bundle" => "write `bundle = false`",
        "no-style-check" => "write `style-check = false`",
        PROFILE => "a profile holds no other profile",
        _ if FLAGS_ONLY.contains(&key) => "this is for the command line only",
        _ => {
            let nearest = nearest(key, names().chain([PROFILE]));
            return nearest.map_or_else(
                || format!("the settings are {}", names().collect::<Vec<_>>().join(", ")),
                |nearest| format!("did you mean `{nearest}`?"),
            );
        }
    };
    suggestion.to_owned()
}

/// Does the same as [`explain`] for a message about a value.
fn of_value(message: &str, value: &str) -> (String, Option<String>) {
    let message = message.lines().next().unwrap_or_default();
    if let Some(names) = message.strip_prefix("unknown variant ") {
        // Each name is in backquotes.
        let mut names = names.split('`').skip(1).step_by(2);
        let given = names.next().unwrap_or_default();
        let all: Vec<&str> = names.collect();
        let help = match nearest(given, all.iter().copied()) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => format!("there are {}", all.join(", ")),
        };
        return (format!("`{given}` is not known here"), Some(help));
    }
    let Some((found, expected)) = split_type(message) else { return (message.to_owned(), None) };
    let is_text = value.starts_with(['"', '\'']);
    let help = (expected == LIST && is_text).then(|| format!("write it in brackets: [{value}]"));
    let found = found.map(|found| format!(", found {}", in_words(found))).unwrap_or_default();
    (format!("expected {expected}{found}"), help)
}

const LIST: &str = "a list";

/// Returns the type that was found, if the message names it, and the type that was expected.
fn split_type(message: &str) -> Option<(Option<&str>, &str)> {
    if message == "wanted string or table" {
        return Some((None, "a text in quotation marks"));
    }
    let (found, expected) = message.strip_prefix("invalid type: ")?.split_once(", expected ")?;
    Some((Some(found), in_words(expected)))
}

/// Returns the name of a type in terms of settings files.
fn in_words(kind: &str) -> &str {
    match kind {
        "a sequence" | "sequence" => LIST,
        "a map" | "map" => "a table",
        "a string" => "a text in quotation marks",
        "i64" => "a number",
        _ if kind.starts_with("struct ") => "a table",
        _ => kind,
    }
}
