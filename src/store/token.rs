//! The access token of a store. It cannot be printed or written by accident.

use std::fmt;

/// An access token, which prints as three stars.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Returns a token without surrounding whitespace; `None` if it is empty or has characters that a header
    /// cannot contain.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let fits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| Self(text.to_owned()))
    }

    /// Returns the secret itself, for the one header that needs it.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("***")
    }
}

impl fmt::Display for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn token_prints_as_stars() {
        let token = Token::new("  secret-7\n").unwrap();
        assert_eq!(format!("{token} {token:?} {:?}", Some(&token)), "*** *** Some(***)");
        assert_eq!(token.reveal(), "secret-7");
        for unusable in ["", " \n", "two words", "line\nbreak", "caf\u{e9}"] {
            assert_eq!(Token::new(unusable), None, "{unusable:?}");
        }
    }
}
