//! Why the tool could not do its work, with a stable code for programs.

use super::Place;
use serde::Serialize;

/// Declares the codes of failures in one table: name, spelling, meaning.
macro_rules! failure_codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal;)+) => {
        /// Stable names of what keeps the tool from its work. A code is never reused for something else.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
        pub enum FailureCode {
            #[default]
            $($(#[doc = $doc])+ #[serde(rename = $text)] $name,)+
        }

        impl FailureCode {
            /// All codes, in the order of the table.
            pub const ALL: &'static [FailureCode] = &[$(FailureCode::$name),+];

            /// The code as it is printed.
            pub fn as_str(self) -> &'static str {
                match self { $(FailureCode::$name => $text),+ }
            }

            /// What it says, as a sentence.
            pub fn meaning(self) -> &'static str {
                match self { $(FailureCode::$name => concat!($($doc),+).trim_ascii()),+ }
            }
        }
    };
}

failure_codes! {
    /// The tool could not do its work, for a reason that has no code of its own.
    Failed = "failed";
    /// The command line is not understood.
    Usage = "usage";
    /// The theme cannot be read, or is none.
    UnreadableTheme = "unreadable-theme";
    /// The theme's own build failed.
    ThemeBuild = "theme-build";
    /// The settings file, its profile or a variable of the environment cannot be used.
    InvalidSettings = "invalid-settings";
    /// No storefront is given, or what is given is no address of one.
    InvalidStorefront = "invalid-storefront";
    /// Customer groups are given and not asked for, or the other way round, or one is none.
    InvalidGroup = "invalid-group";
    /// A host or a rule about links cannot be used.
    InvalidRules = "invalid-rules";
    /// A page is named that the theme does not have.
    UnknownPage = "unknown-page";
    /// The page on which shoppers pay would be guarded.
    StopsPayments = "stops-payments";
    /// What is to be explained is no place with a link on a kept page.
    NothingToExplain = "nothing-to-explain";
    /// The theme holds no guard that could be undone.
    NotGuarded = "not-guarded";
    /// An output is not named, stands where it must not, or cannot be written.
    Output = "output";
    /// The store cannot be reached, or does not know who asks.
    Store = "store";
}

/// Why the tool could not do its work.
#[derive(Debug, Default)]
pub struct Failure {
    /// What kind of thing keeps it from its work.
    pub code: FailureCode,
    /// What is wrong, one clause without a full stop.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// The place in a settings file.
    pub place: Option<Place>,
}
