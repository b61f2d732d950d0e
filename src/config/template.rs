//! Writes the text of an initial settings file: the settings that have values, and all others as comments.

use super::{KEYS, Settings};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The maximum length of a comment line, in characters.
const WIDTH: usize = 100;

/// Example values for keys that have no default.
const EXAMPLES: &[(&str, &str)] = &[
    ("storefront", "\"https://www.example.com\""),
    ("paths", "\"catalyst\""),
    ("fallback", "\"/help\""),
    ("cart-param", "\"cartId\""),
    ("out", "\"../guarded\""),
    ("theme-name", "\"Checkout only\""),
    ("patches", "\"rules\""),
];

/// Notes about individual keys, printed below their meaning.
pub type Notes = BTreeMap<&'static str, Vec<String>>;

/// Returns the text of a settings file with these `settings`. Each key follows its meaning and its notes; a
/// key without a value is a comment with its default or an example.
pub fn template(heading: &[String], settings: &Settings, notes: &Notes) -> String {
    let table = |settings: &Settings| toml::Table::try_from(settings).unwrap_or_default();
    let (set, defaults) = (table(settings), table(&Settings::defaults()));
    let mut text = String::new();
    heading.iter().for_each(|line| comment(&mut text, line));
    for key in KEYS {
        text.push('\n');
        comment(&mut text, key.meaning);
        notes.get(key.name).into_iter().flatten().for_each(|note| comment(&mut text, note));
        let example = EXAMPLES.iter().find(|(name, _)| *name == key.name);
        let _ = match (set.get(key.name), defaults.get(key.name), example) {
            (Some(value), ..) => writeln!(text, "{} = {value}", key.name),
            (None, Some(value), _) => writeln!(text, "# {} = {value}", key.name),
            (None, None, Some((_, value))) => writeln!(text, "# {} = {value}", key.name),
            (None, None, None) => Ok(()),
        };
    }
    text.push_str(PROFILE);
    text
}

const PROFILE: &str = "
# Settings for one occasion; these count with `--profile staging`.
# [profile.staging]
# storefront = \"https://staging.example.com\"
";

/// Appends a sentence as comment lines, wrapped to [`WIDTH`].
fn comment(text: &mut String, sentence: &str) {
    let mut line = "#".to_owned();
    for word in sentence.split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > WIDTH {
            let _ = writeln!(text, "{line}");
            "#".clone_into(&mut line);
        }
        let _ = write!(line, " {word}");
    }
    let _ = writeln!(text, "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the keys in a text, commented out or not.
    fn keys(text: &str) -> Vec<&str> {
        let lines = text.lines().map(|line| line.trim_start_matches("# "));
        lines.filter_map(|line| Some(line.split_once(" = ")?.0)).collect()
    }

    #[test]
    fn template_lists_all_keys_but_sets_only_given_ones() {
        let settings = Settings {
            storefront: Some("https://a.example".to_owned()),
            keep: Some(vec!["cart".to_owned()]),
            ..Settings::default()
        };
        let long = "word ".repeat(60);
        let notes = Notes::from([("keep", vec![long])]);
        let text = template(&["A heading\nof two lines".to_owned()], &settings, &notes);
        assert_eq!(toml::from_str::<Settings>(&text).unwrap(), settings);
        let mut names: Vec<&str> = KEYS.iter().map(|key| key.name).collect();
        // The `storefront` of the profile.
        names.push("storefront");
        assert_eq!(keys(&text), names);
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
    }

    #[test]
    fn commented_out_values_are_the_defaults() {
        let text = template(&[], &Settings::default(), &Notes::new());
        let end = text.find("# Settings for one occasion").unwrap();
        let is_value = |line: &&str| line.contains(" = ");
        let lines: Vec<&str> = text[..end]
            .lines()
            .filter(is_value)
            .map(|line| line.trim_start_matches("# "))
            .collect();
        let read: Settings = toml::from_str(&lines.join("\n")).unwrap();
        let examples = Settings {
            storefront: read.storefront.clone(),
            paths: read.paths,
            fallback: read.fallback.clone(),
            cart_param: read.cart_param.clone(),
            out: read.out.clone(),
            theme_name: read.theme_name.clone(),
            patches: read.patches.clone(),
            ..Settings::defaults()
        };
        assert_eq!(read, examples);
    }
}
