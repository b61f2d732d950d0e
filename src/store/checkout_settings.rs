//! How the checkout of a channel is set, as far as its links depend on it. It is only read.

use super::{Client, StoreError};
use serde::Deserialize;

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
    /// Where the terms are, if they are a link.
    #[serde(rename = "order_terms_and_conditions_link")]
    pub terms_link: Option<String>,
    /// The script of a checkout of the merchant's own.
    #[serde(rename = "custom_checkout_script_url")]
    pub script: Option<String>,
    /// The same for the order confirmation.
    #[serde(rename = "custom_order_confirmation_script_url")]
    pub confirmation_script: Option<String>,
}

impl Client<'_> {
    /// How the checkout of a channel is set.
    ///
    /// # Errors
    /// When the store does not say.
    pub fn checkout_settings(&self, channel: u64) -> Result<CheckoutSettings, StoreError> {
        self.get(&format!("/checkouts/settings/channels/{channel}"))
    }
}

impl CheckoutSettings {
    /// The link to the terms that shoppers see.
    pub fn shown_terms(&self) -> Option<&str> {
        let is_link = self.terms_type.as_deref() == Some("link");
        let link = self.terms_link.as_deref().map(str::trim).filter(|link| !link.is_empty());
        link.filter(|_| is_link && self.has_terms == Some(true))
    }

    /// The first script of the merchant's own that draws the checkout or the confirmation.
    pub fn own_script(&self) -> Option<&str> {
        let scripts = [&self.script, &self.confirmation_script];
        scripts.into_iter().flatten().map(String::as_str).find(|script| !script.trim().is_empty())
    }
}
