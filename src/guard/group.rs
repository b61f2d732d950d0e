//! A customer group as the user names it.

use std::num::NonZeroU64;

/// A customer group whose members see the unguarded theme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Group {
    /// Named by its number.
    Id(NonZeroU64),
    /// Named by its exact name.
    Name(String),
}

/// Why a text does not name a group.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GroupError {
    /// Neither a number nor `name:…`.
    #[error("`{0}` names no customer group; write its number, or name:{0}")]
    Unknown(String),
    /// The group number 0, which shoppers without a group have.
    #[error("group 0 is what shoppers without a group have; name a real group")]
    Zero,
    /// A number above what JavaScript represents exactly.
    #[error("{0} is too large for the number of a customer group")]
    TooLarge(String),
    /// A name that reads as zero, and so could be mistaken for no group.
    #[error("a group called `{0}` looks like no group at all; name it by its number")]
    ZeroName(String),
    /// An empty name, or one with a control character.
    #[error("the name of a customer group is empty or holds a control character")]
    BadName,
}

/// JavaScript's `Number.MAX_SAFE_INTEGER`.
const LARGEST: u64 = (1 << 53) - 1;

impl Group {
    /// Parses `7` or `name:Staff`.
    ///
    /// # Errors
    /// When the text does not name a group, or names one that shoppers without a group could seem to be in.
    pub fn parse(text: &str) -> Result<Self, GroupError> {
        if let Some(name) = text.strip_prefix("name:") {
            let is_bad = name.is_empty() || name.chars().any(char::is_control);
            return match name.trim().parse() {
                _ if is_bad => Err(GroupError::BadName),
                Ok(0.0) => Err(GroupError::ZeroName(name.to_owned())),
                _ => Ok(Self::Name(name.to_owned())),
            };
        }
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(GroupError::Unknown(text.to_owned()));
        }
        let id = text.parse().ok().filter(|id| *id <= LARGEST);
        let id: u64 = id.ok_or_else(|| GroupError::TooLarge(text.to_owned()))?;
        NonZeroU64::new(id).map(Self::Id).ok_or(GroupError::Zero)
    }
}

impl std::fmt::Display for Group {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Id(id) => write!(formatter, "{id}"),
            Self::Name(name) => write!(formatter, "\"{name}\""),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_parse_as_an_id_and_names_need_a_prefix() {
        assert_eq!(Group::parse("7"), Ok(Group::Id(NonZeroU64::new(7).unwrap())));
        assert_eq!(Group::parse("name:7"), Ok(Group::Name("7".to_owned())));
        assert_eq!(Group::parse("name: \u{1f600} "), Ok(Group::Name(" \u{1f600} ".to_owned())));
    }

    #[test]
    fn zero_and_malformed_groups_are_refused() {
        assert_eq!(Group::parse("0"), Err(GroupError::Zero));
        assert_eq!(Group::parse("000"), Err(GroupError::Zero));
        assert_eq!(Group::parse("name:"), Err(GroupError::BadName));
        for name in ["0", "00", "0.0", "-0", " 0 ", "0e7"] {
            let zero = Err(GroupError::ZeroName(name.to_owned()));
            assert_eq!(Group::parse(&format!("name:{name}")), zero);
        }
        assert!(Group::parse("name:0x").is_ok() && Group::parse("name:10").is_ok());
        assert_eq!(Group::parse("name:a\nb"), Err(GroupError::BadName));
        assert!(matches!(Group::parse("Staff"), Err(GroupError::Unknown(_))));
        assert!(matches!(Group::parse("-1"), Err(GroupError::Unknown(_))));
        assert!(matches!(Group::parse("9007199254740992"), Err(GroupError::TooLarge(_))));
        assert!(matches!(Group::parse("99999999999999999999"), Err(GroupError::TooLarge(_))));
    }
}
