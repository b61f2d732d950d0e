//! Further storefronts in a settings file: one row for each host of the shop, or language, whose shoppers
//! belong to another storefront.

use crate::guard::paths::RuleOrigin;
use crate::guard::storefront::{Storefront, Visit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::{Position, Url};

/// A storefront for the shoppers of one host of the shop, of one language, or both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "FurtherStorefront")]
pub struct StorefrontRow {
    /// The host of the shop, such as `fr.store.example.com`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<ShopHost>,
    /// The language of the page, named like its file in `lang/`, such as `fr` or `pt-BR`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<Locale>,
    /// Where these shoppers belong, such as `https://www.example.fr`.
    pub url: StorefrontUrl,
    /// The place of the row in the settings file, for messages.
    #[serde(skip)]
    pub origin: RuleOrigin,
}

impl StorefrontRow {
    /// Returns the visits that the row is for.
    pub fn visit(&self) -> Visit {
        Visit {
            host: self.host.as_ref().map(|host| host.0.clone()),
            locale: self.locale.as_ref().map(|locale| locale.0.to_ascii_lowercase()),
        }
    }

    /// Creates the row of a storefront that was checked before; `None` if a value is not valid.
    pub fn new(visit: &Visit, url: &str) -> Option<Self> {
        Some(Self {
            host: visit.host.clone().map(ShopHost::try_from).transpose().ok()?,
            locale: visit.locale.clone().map(Locale::try_from).transpose().ok()?,
            url: StorefrontUrl::try_from(url.to_owned()).ok()?,
            origin: RuleOrigin::default(),
        })
    }
}

/// A host of the shop, as browsers write it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String", rename = "ShopHost")]
pub struct ShopHost(pub String);

impl TryFrom<String> for ShopHost {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let url = Url::parse(&format!("https://{text}")).ok();
        let url = url.filter(|url| url.path() == "/" && !text.contains(['/', '@', '?', '#']));
        match url {
            Some(url) => Ok(Self(url[Position::BeforeHost..Position::AfterPort].to_owned())),
            None => Err(format!("`{text}` is not a host, such as `fr.store.example.com`")),
        }
    }
}

/// The name of a language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String", rename = "Locale")]
pub struct Locale(pub String);

impl TryFrom<String> for Locale {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let is_part = |part: &str| {
            (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        };
        match text.split(['-', '_']).all(is_part) {
            true => Ok(Self(text)),
            false => Err(format!("`{text}` is not a language, such as `fr` or `pt-BR`")),
        }
    }
}

/// The address of a storefront.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String", rename = "StorefrontUrl")]
pub struct StorefrontUrl(pub String);

impl TryFrom<String> for StorefrontUrl {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let storefront = Storefront::parse(&text).map_err(|error| error.to_string())?;
        Ok(Self(storefront.base().to_owned()))
    }
}

/// The parameter that passes on the cart ID.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String", rename = "CartParameter")]
pub struct CartParameter(pub String);

/// Parameters that have another meaning, or that never leave the shop.
const TAKEN: &[&str] = &["action", "data", "orderToken", "token", "c", "t"];

impl TryFrom<String> for CartParameter {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"_.".contains(&byte);
        match !text.is_empty() && text.bytes().all(is_letter) && !TAKEN.contains(&text.as_str()) {
            true => Ok(Self(text)),
            false => Err(format!("`{text}` is not a parameter for a cart, such as `cartId`")),
        }
    }
}

impl std::str::FromStr for CartParameter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.to_owned().try_into()
    }
}
