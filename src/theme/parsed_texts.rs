//! The content of a file in a bundle's `parsed/`: texts by name. Its readers know what the texts are for.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;

/// Texts by name. Duplicate names are an error, because it is unknown which of them the platform takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParsedTexts(pub BTreeMap<String, String>);

impl<'de> Deserialize<'de> for ParsedTexts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Texts)
    }
}

struct Texts;

impl<'de> Visitor<'de> for Texts {
    type Value = ParsedTexts;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object of texts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ParsedTexts, A::Error> {
        let mut texts = BTreeMap::new();
        while let Some((name, text)) = map.next_entry::<String, String>()? {
            if texts.contains_key(&name) {
                return Err(A::Error::custom(format_args!("`{name}` stands there twice")));
            }
            texts.insert(name, text);
        }
        Ok(ParsedTexts(texts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duplicate_keys_and_wrong_types_are_refused() {
        let read = |text: &str| serde_json::from_str::<ParsedTexts>(text);
        assert_eq!(read("{\"a\": \"1\", \"b\": \"2\"}").unwrap().0.len(), 2);
        assert_eq!(read("{}").unwrap(), ParsedTexts::default());
        for text in [
            "{\"a\": \"1\", \"a\": \"2\"}",
            "{\"a\": \"1\", \"a\": \"1\"}",
            "{\"a\": \"1\", \"b\": \"\", \"\\u0061\": \"2\"}",
            "{\"a\\/b\": \"1\", \"a/b\": \"2\"}",
            "[]",
            "{\"a\": 1}",
            "{\"a\": \"1\"} {}",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
