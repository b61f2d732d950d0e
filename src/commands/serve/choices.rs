//! What a merchant chooses on the page, and the same as a settings file and as a command line.
//!
//! Only what is safe to take from a page: no path on this computer can be named.

use crate::config::{GroupSetting, KeptChromeSetting, Mode, Settings};
use serde::{Deserialize, Serialize};

/// The choices; what is not chosen is as the program has it by default.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct Choices {
    #[serde(skip_serializing_if = "String::is_empty")]
    storefront: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    mode: Option<Mode>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    allow_group: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    keep: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    own_host: Vec<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    theme_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    kept_chrome: Option<KeptChromeSetting>,
}

impl Choices {
    /// For the same code as the command line's.
    pub(super) fn settings(&self) -> Settings {
        let list = |names: &Vec<String>| (!names.is_empty()).then(|| names.clone());
        let text = |text: &String| (!text.is_empty()).then(|| text.clone());
        let groups = |names: Vec<String>| names.into_iter().map(GroupSetting::from).collect();
        Settings {
            storefront: text(&self.storefront),
            mode: self.mode,
            allow_group: list(&self.allow_group).map(groups),
            keep: list(&self.keep),
            own_host: list(&self.own_host),
            theme_name: text(&self.theme_name),
            kept_chrome: self.kept_chrome,
            ..Settings::default()
        }
    }

    /// The settings file that says the same.
    pub(super) fn file(&self) -> Result<String, toml::ser::Error> {
        toml::to_string(self)
    }

    /// The command line that does the same to the theme of this name.
    pub(super) fn command(&self, theme: &str) -> Result<String, serde_json::Error> {
        let mut words = vec!["stencil-guard build".to_owned(), quoted(theme)];
        if let serde_json::Value::Object(choices) = serde_json::to_value(self)? {
            for (name, value) in choices {
                let values = match value {
                    serde_json::Value::Array(values) => values,
                    value => vec![value],
                };
                let word = |value: &serde_json::Value| quoted(value.as_str().unwrap_or_default());
                words.extend(values.iter().map(|value| format!("--{name} {}", word(value))));
            }
        }
        Ok(words.join(" "))
    }
}

/// A word as a shell reads it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/:._-+=@%".contains(c);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_and_command_say_what_was_chosen() {
        let choices = r#"{"storefront": "https://a.example", "mode": "conditional", "allow-group": ["7", "name:It's us"],
            "keep": ["cart"], "theme-name": "Checkout only", "kept-chrome": "bare"}"#;
        let choices: Choices = serde_json::from_str(choices).unwrap();
        let command = choices.command("My theme.zip").unwrap();
        assert_eq!(
            command,
            r"stencil-guard build 'My theme.zip' --storefront https://a.example --mode conditional --allow-group 7 --allow-group 'name:It'\''s us' --keep cart --theme-name 'Checkout only' --kept-chrome bare"
        );
        let read: Choices = toml::from_str(&choices.file().unwrap()).unwrap();
        assert_eq!(read.settings(), choices.settings());
    }

    #[test]
    fn no_path_of_this_computer_can_be_named() {
        for key in ["out", "bundle", "patches", "config"] {
            assert!(serde_json::from_str::<Choices>(&format!("{{\"{key}\": \"x\"}}")).is_err());
        }
    }
}
