//! Why the tool could not do its work, with a stable code for programs.

use super::Place;
use serde::Serialize;

/// Declares the codes of failures in one table: name, spelling, meaning.
macro_rules! failure_codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal;)+) => {
        /// Stable names of the reasons why the tool could not do its work. A code is never reused for another
        /// reason.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
        pub enum FailureCode {
            #[default]
            $($(#[doc = $doc])+ #[serde(rename = $text)] $name,)+
        }

        impl FailureCode {
            /// All codes, in the order of the table.
            pub const ALL: &'static [FailureCode] = &[$(FailureCode::$name),+];

            /// Returns the code as it is printed.
            pub fn as_str(self) -> &'static str {
                match self { $(FailureCode::$name => $text),+ }
            }

            /// Returns the meaning of the code, as a sentence.
            pub fn meaning(self) -> &'static str {
                match self { $(FailureCode::$name => concat!($($doc),+).trim_ascii()),+ }
            }
        }
    };
}

failure_codes! {
    /// The tool could not do its work, for a reason that has no code of its own.
    Failed = "failed";
    /// The command line is invalid.
    Usage = "usage";
    /// The theme cannot be read, or is not a theme.
    UnreadableTheme = "unreadable-theme";
    /// The theme's own build failed.
    ThemeBuild = "theme-build";
    /// The settings file, its profile or an environment variable cannot be used.
    InvalidSettings = "invalid-settings";
    /// No storefront is given, or the given address cannot be one.
    InvalidStorefront = "invalid-storefront";
    /// Customer groups are invalid, missing for a mode that needs them, or given for one that does not.
    InvalidGroup = "invalid-group";
    /// A host or a link rule cannot be used.
    InvalidRules = "invalid-rules";
    /// A given page does not exist in the theme.
    UnknownPage = "unknown-page";
    /// The page on which shoppers pay would be guarded.
    StopsPayments = "stops-payments";
    /// The place to explain has no link on a kept page.
    NothingToExplain = "nothing-to-explain";
    /// The theme has no guard to remove.
    NotGuarded = "not-guarded";
    /// An output is not named, is in a place where it must not be, or cannot be written.
    Output = "output";
    /// The store cannot be reached, or the credentials are missing or refused.
    Store = "store";
}

/// Why the tool could not do its work.
#[derive(Debug, Default)]
pub struct Failure {
    /// The kind of the failure.
    pub code: FailureCode,
    /// What is wrong, as one clause without a full stop.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// The place in a settings file, if the failure has one.
    pub place: Option<Place>,
}
