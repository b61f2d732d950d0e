//! The names of languages, as themes and settings write them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// The settings' name for all languages without a text of their own.
pub(super) const OTHERS: &str = "default";

/// A language, with or without a region, such as `de` or `pt-BR`; or `default` for all without a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Language(String);

impl TryFrom<String> for Language {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let mut parts = text.split('-');
        let is_letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
        let starts =
            parts.next().is_some_and(|part| matches!(part.len(), 2..=3) && is_letters(part));
        let is_part = |part: &str| {
            matches!(part.len(), 2..=8) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        match text == OTHERS || starts && parts.all(is_part) {
            true => Ok(Self(text)),
            false => Err(format!(
                "`{text}` is not a language, such as `de` or `pt-BR`, and not `default`"
            )),
        }
    }
}

impl From<Language> for String {
    fn from(language: Language) -> Self {
        language.0
    }
}

impl JsonSchema for Language {
    fn schema_name() -> Cow<'static, str> {
        "Language".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string" })
    }
}

impl Language {
    /// Returns the name as written.
    pub(super) fn name(&self) -> &str {
        &self.0
    }

    /// Reports whether `language`, in lower case, is this language, in any region.
    pub(super) fn stands_for(&self, language: &str) -> bool {
        let own = self.0.to_ascii_lowercase();
        language.strip_prefix(&own).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    }
}
