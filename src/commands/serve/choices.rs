//! The user's choices on the page, also as a settings file and as a command line.
//!
//! The choices are safe to accept from a page: they cannot name a path on this computer.

use super::more;
use crate::config::{
    BackLinksSetting, CartParameter, ConfigError, FILE_NAME, FallbackPath, GroupSetting,
    KeptChromeSetting, Mode, SearchEnginesSetting, Settings,
};
use crate::guard::hidden::Hidden;
use crate::guard::paths::Platform;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The choices; defaults apply to everything that is not chosen.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct Choices {
    #[serde(skip_serializing_if = "String::is_empty")]
    storefront: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    mode: Option<Mode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paths: Option<Platform>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fallback: Option<FallbackPath>,
    #[serde(skip_serializing_if = "Option::is_none")]
    search_engines: Option<SearchEnginesSetting>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cart_param: Option<CartParameter>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    allow_group: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) keep: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) no_keep: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    own_host: Vec<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    theme_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    kept_chrome: Option<KeptChromeSetting>,
    #[serde(skip_serializing_if = "Option::is_none")]
    back_links: Option<BackLinksSetting>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hide: Vec<Hidden>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    guard_editor: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    theme_settings: bool,
    /// All other settings, as the text of a settings file.
    #[serde(skip_serializing)]
    pub(super) settings_file: String,
}

impl From<&Settings> for Choices {
    /// Takes over the settings that have a field.
    fn from(settings: &Settings) -> Self {
        let list = |names: &Option<Vec<String>>| names.clone().unwrap_or_default();
        let groups = settings.allow_group.iter().flatten();
        Self {
            storefront: settings.storefront.clone().unwrap_or_default(),
            mode: settings.mode,
            paths: settings.paths,
            fallback: settings.fallback.clone(),
            search_engines: settings.search_engines,
            cart_param: settings.cart_param.clone(),
            allow_group: groups.map(|group| group.0.clone()).collect(),
            keep: list(&settings.keep),
            no_keep: list(&settings.no_keep),
            own_host: list(&settings.own_host),
            theme_name: settings.theme_name.clone().unwrap_or_default(),
            kept_chrome: settings.kept_chrome,
            back_links: settings.back_links,
            hide: settings.hide.clone().unwrap_or_default(),
            guard_editor: settings.guard_editor.unwrap_or_default(),
            theme_settings: settings.theme_settings.unwrap_or_default(),
            settings_file: String::new(),
        }
    }
}

impl Choices {
    /// Returns the choices as settings, for the code that the command line also uses.
    ///
    /// # Errors
    /// When the text of the settings file cannot be used.
    pub(super) fn settings(&self) -> Result<Settings, ConfigError> {
        Ok(self.fields().over(more::read(&self.settings_file)?))
    }

    /// Returns the settings that the fields hold.
    fn fields(&self) -> Settings {
        let list = |names: &Vec<String>| (!names.is_empty()).then(|| names.clone());
        let text = |text: &String| (!text.is_empty()).then(|| text.clone());
        let groups = |names: Vec<String>| names.into_iter().map(GroupSetting::from).collect();
        Settings {
            storefront: text(&self.storefront),
            mode: self.mode,
            paths: self.paths,
            fallback: self.fallback.clone(),
            search_engines: self.search_engines,
            cart_param: self.cart_param.clone(),
            allow_group: list(&self.allow_group).map(groups),
            keep: list(&self.keep),
            no_keep: list(&self.no_keep),
            own_host: list(&self.own_host),
            theme_name: text(&self.theme_name),
            kept_chrome: self.kept_chrome,
            back_links: self.back_links,
            hide: (!self.hide.is_empty()).then(|| self.hide.clone()),
            guard_editor: self.guard_editor.then_some(true),
            theme_settings: self.theme_settings.then_some(true),
            ..Settings::default()
        }
    }

    /// Returns an equivalent settings file.
    pub(super) fn file(&self) -> Result<String, toml::ser::Error> {
        let (fields, rest) = (toml::to_string(self)?, self.settings_file.trim_end());
        Ok(if rest.is_empty() { fields } else { format!("{fields}\n{rest}\n") })
    }

    /// Returns the equivalent command line for the theme of this name. With `by_file`, it passes `--config`,
    /// because a settings file exists already and would apply otherwise.
    pub(super) fn command(&self, theme: &str, by_file: bool) -> Result<String, serde_json::Error> {
        let words = ["stencil-guard build".to_owned(), quoted(theme)];
        Ok(words.into_iter().chain(self.flags(by_file)?).collect::<Vec<_>>().join(" "))
    }

    /// Returns the equivalent flags, each with its value. Settings without a field have no flag; they need
    /// `--config`.
    pub(super) fn flags(&self, by_file: bool) -> Result<Vec<String>, serde_json::Error> {
        if by_file || !self.settings_file.trim().is_empty() {
            return Ok(vec![format!("--config {FILE_NAME}")]);
        }
        let Value::Object(choices) = serde_json::to_value(self)? else { return Ok(Vec::new()) };
        let flag = |(name, value): (String, Value)| match value {
            Value::Bool(_) => vec![format!("--{name}")],
            Value::Array(values) => values.iter().map(|value| with_value(&name, value)).collect(),
            value => vec![with_value(&name, &value)],
        };
        Ok(choices.into_iter().flat_map(flag).collect())
    }
}

fn with_value(name: &str, value: &Value) -> String {
    format!("--{name} {}", quoted(value.as_str().unwrap_or_default()))
}

/// Quotes a word for a shell.
pub(super) fn quoted(word: &str) -> String {
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
    fn file_and_command_express_all_choices() {
        let choices = r#"{"storefront": "https://a.example", "mode": "conditional", "allow-group": ["7", "name:It's us"],
            "keep": ["cart"], "theme-name": "Checkout only", "kept-chrome": "bare", "paths": "vue-storefront-2",
            "fallback": "/help", "search-engines": "canonical", "cart-param": "cartId", "back-links": "storefront",
            "hide": ["edit-cart", "sign-out"], "guard-editor": true, "no-keep": ["order-complete"], "own-host": ["a.example"],
            "theme-settings": true}"#;
        let mut choices: Choices = serde_json::from_str(choices).unwrap();
        let command = choices.command("My theme.zip", false).unwrap();
        assert_eq!(
            command,
            r"stencil-guard build 'My theme.zip' --storefront https://a.example --mode conditional --paths vue-storefront-2 --fallback /help --search-engines canonical --cart-param cartId --allow-group 7 --allow-group 'name:It'\''s us' --keep cart --no-keep order-complete --own-host a.example --theme-name 'Checkout only' --kept-chrome bare --back-links storefront --hide edit-cart --hide sign-out --guard-editor --theme-settings"
        );
        let read: Settings = toml::from_str(&choices.file().unwrap()).unwrap();
        assert_eq!(read, choices.settings().unwrap());
        // The choices above set every field and nothing else.
        assert_eq!(read.set_keys().len(), more::FIELDS.len());
        assert!(read.set_keys().iter().all(|key| more::FIELDS.contains(key)));
        assert_eq!(Choices::from(&read).settings().unwrap(), read);
        // Settings without a field appear only in the file.
        choices.settings_file = "[texts]\nde = \"Zum Shop\"\n".to_owned();
        let command = choices.command("a.zip", false).unwrap();
        assert_eq!(command, "stencil-guard build a.zip --config stencil-guard.toml");
        let read: Settings = toml::from_str(&choices.file().unwrap()).unwrap();
        assert_eq!(read, choices.settings().unwrap());
        assert!(read.texts.is_some());
    }

    #[test]
    fn choices_cannot_name_local_paths() {
        for key in ["out", "bundle", "patches", "config"] {
            assert!(serde_json::from_str::<Choices>(&format!("{{\"{key}\": \"x\"}}")).is_err());
            let settings_file = format!("{key} = \"x\"");
            assert!(Choices { settings_file, ..Choices::default() }.settings().is_err());
        }
    }
}
