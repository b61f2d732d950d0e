//! The settings of a channel's checkout that its links depend on.

use super::{Client, Repeat, StoreError};
use crate::text::nearest;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::str::FromStr;
use ureq::http::Method;

/// The settings that may be changed, with the values that each takes.
const SETTABLE: &[(&str, ValueKind)] = &[
    ("should_redirect_to_storefront_for_auth", ValueKind::YesOrNo),
    ("is_order_terms_and_conditions_enabled", ValueKind::YesOrNo),
    ("order_terms_and_conditions_type", ValueKind::One(&["link", "textarea"])),
    ("order_terms_and_conditions_link", ValueKind::Address),
    ("order_terms_and_conditions_textarea", ValueKind::Text),
];

/// Fields that must be sent with the first change to a channel without settings, and must not be sent later:
/// they would then remove the merchant's own checkout.
const SCRIPTS: [&str; 3] = [
    "custom_checkout_script_url",
    "custom_order_confirmation_script_url",
    "order_confirmation_use_custom_checkout_script",
];

/// The values that a setting takes.
#[derive(Clone, Copy, Debug)]
enum ValueKind {
    YesOrNo,
    One(&'static [&'static str]),
    Address,
    Text,
}

/// A setting and the value that it should have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingChoice {
    /// The setting's name, as the API spells it.
    pub name: &'static str,
    /// The value.
    pub value: Value,
}

/// Why a text does not set a setting.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChoiceError {
    /// The text has no value.
    #[error("`{0}` gives no value; write NAME=VALUE")]
    NoValue(String),
    /// The tool does not change a setting of this name.
    #[error("`{name}` is not a setting of the checkout that stencil-guard changes; {hint}")]
    Unknown {
        /// The name as given.
        name: String,
        /// What the user may have meant.
        hint: String,
    },
    /// The setting does not take the value.
    #[error("{name} takes {takes}, not `{value}`")]
    Value {
        /// The setting's name.
        name: &'static str,
        /// The values that it takes.
        takes: String,
        /// The value as given.
        value: String,
    },
}

impl FromStr for SettingChoice {
    type Err = ChoiceError;

    fn from_str(text: &str) -> Result<Self, ChoiceError> {
        let (name, value) =
            text.split_once('=').ok_or_else(|| ChoiceError::NoValue(text.to_owned()))?;
        let names = || SETTABLE.iter().map(|(name, _)| *name);
        let found = SETTABLE.iter().find(|(known, _)| *known == name);
        let (name, takes) = found.ok_or_else(|| ChoiceError::Unknown {
            name: name.to_owned(),
            hint: nearest(name, names()).map_or_else(
                || format!("these are {}", names().collect::<Vec<_>>().join(", ")),
                |near| format!("did you mean `{near}`?"),
            ),
        })?;
        let is_address =
            |text: &str| url::Url::parse(text).is_ok_and(|url| url.scheme() == "https");
        let (takes, value_taken) = match (takes, value) {
            (ValueKind::YesOrNo, "true" | "false") => (String::new(), Some(json!(value == "true"))),
            (ValueKind::YesOrNo, _) => ("true or false".to_owned(), None),
            (ValueKind::One(all), _) => {
                (all.join(" or "), all.contains(&value).then(|| json!(value)))
            }
            (ValueKind::Address, _) => (
                "an address that begins with https://".to_owned(),
                is_address(value).then(|| json!(value)),
            ),
            (ValueKind::Text, _) => (String::new(), Some(json!(value))),
        };
        let value = value_taken.ok_or_else(|| ChoiceError::Value {
            name,
            takes,
            value: value.to_owned(),
        })?;
        Ok(Self { name, value })
    }
}

/// The settings of a channel's checkout.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct CheckoutSettings {
    /// Whether shoppers sign in and out on the storefront.
    #[serde(rename = "should_redirect_to_storefront_for_auth")]
    pub signs_in_on_storefront: Option<bool>,
    /// Whether shoppers must agree to terms.
    #[serde(rename = "is_order_terms_and_conditions_enabled")]
    pub has_terms: Option<bool>,
    /// `link` or `textarea`.
    #[serde(rename = "order_terms_and_conditions_type")]
    pub terms_type: Option<String>,
    /// The address of the terms, if they are a link.
    #[serde(rename = "order_terms_and_conditions_link")]
    pub terms_link: Option<String>,
    /// The script of the merchant's own checkout.
    #[serde(rename = "custom_checkout_script_url")]
    pub script: Option<String>,
    /// The script of the merchant's own order confirmation.
    #[serde(rename = "custom_order_confirmation_script_url")]
    pub confirmation_script: Option<String>,
}

impl Client<'_> {
    /// Returns the settings of a channel's checkout.
    ///
    /// # Errors
    /// When the store does not answer.
    pub fn checkout_settings(&self, channel: u64) -> Result<CheckoutSettings, StoreError> {
        self.get(&format!("/checkouts/settings/channels/{channel}"))
    }
}

impl Client<'_> {
    /// Returns all settings of a channel's checkout, as the API spells them; empty if there are none yet.
    ///
    /// # Errors
    /// When the store does not answer.
    pub fn all_checkout_settings(&self, channel: u64) -> Result<Map<String, Value>, StoreError> {
        match self.get(&format!("/checkouts/settings/channels/{channel}")) {
            Err(error) if error.status() == Some(404) => Ok(Map::new()),
            other => other,
        }
    }

    /// Changes some settings of a channel's checkout and leaves all others. `now` are its current settings.
    ///
    /// # Errors
    /// When the store does not make the change.
    pub fn change_checkout_settings(
        &self,
        channel: u64,
        now: &Map<String, Value>,
        changes: &Map<String, Value>,
    ) -> Result<(), StoreError> {
        let mut body = changes.clone();
        // `null` restores a setting that was never set.
        for (name, value) in body.iter_mut().filter(|(_, value)| value.is_null()) {
            let is_text = now.get(name).is_some_and(Value::is_string);
            *value = if is_text { json!("") } else { json!(false) };
        }
        if SCRIPTS.iter().all(|name| now.get(*name).is_none_or(Value::is_null)) {
            let empty = [json!(""), json!(""), json!(false)];
            body.extend(SCRIPTS.map(str::to_owned).into_iter().zip(empty));
        }
        let path = format!("/checkouts/settings/channels/{channel}");
        self.change(&Method::PUT, &path, &body, Repeat::Harmless).map(drop)
    }
}

impl CheckoutSettings {
    /// Returns the link to the terms that shoppers see.
    pub fn shown_terms(&self) -> Option<&str> {
        let is_link = self.terms_type.as_deref() == Some("link");
        let link = self.terms_link.as_deref().map(str::trim).filter(|link| !link.is_empty());
        link.filter(|_| is_link && self.has_terms == Some(true))
    }

    /// Returns the first script of the merchant's own checkout or order confirmation.
    pub fn own_script(&self) -> Option<&str> {
        let scripts = [&self.script, &self.confirmation_script];
        scripts.into_iter().flatten().map(String::as_str).find(|script| !script.trim().is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_settings_and_invalid_values_are_rejected() {
        let read = |text: &str| text.parse::<SettingChoice>();
        let auth = read("should_redirect_to_storefront_for_auth=true").unwrap();
        assert_eq!((auth.name, auth.value), (SETTABLE[0].0, json!(true)));
        let text = read("order_terms_and_conditions_textarea=a=b").unwrap();
        assert_eq!(text.value, json!("a=b"));
        for (text, words) in [
            ("x", "`x` gives no value"),
            ("order_terms_and_condition_link=x", "did you mean `order_terms_and_conditions_link`?"),
            (
                "custom_checkout_script_url=x",
                "is not a setting of the checkout that stencil-guard changes",
            ),
            ("should_redirect_to_storefront_for_auth=yes", "takes true or false, not `yes`"),
            ("order_terms_and_conditions_type=page", "takes link or textarea, not `page`"),
            (
                "order_terms_and_conditions_link=/terms",
                "takes an address that begins with https://",
            ),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }
}
