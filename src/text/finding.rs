//! What the tool has to say about a theme, as data; `report` turns it into words on a screen.

use super::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much a finding matters.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is written.
    Error,
    /// Worth a look; does not stop a build.
    Warning,
    /// For the record.
    Note,
}

/// Declares the stable codes in one table: name, spelling, severity.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal, $severity:ident;)+) => {
        /// Stable names of all findings. A code is never reused for something else.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub enum Code {
            $($(#[doc = $doc])+ #[serde(rename = $text)] $name,)+
        }

        impl Code {
            /// All codes, in the order of the table.
            pub const ALL: &'static [Code] = &[$(Code::$name),+];

            /// The code as it is printed.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text),+ }
            }

            /// What findings of this code say, as sentences.
            pub fn meaning(self) -> &'static str {
                match self { $(Code::$name => concat!($($doc),+).trim_ascii()),+ }
            }

            /// The severity that findings of this code have.
            pub fn severity(self) -> Severity {
                match self { $(Code::$name => Severity::$severity),+ }
            }
        }
    };
}

codes! {
    /// The folder or zip is no Stencil theme.
    NotATheme = "not-a-theme", Error;
    /// A JSON file of the theme cannot be read.
    InvalidJson = "invalid-json", Error;
    /// A template is not valid UTF-8; the platform replaces the bad bytes.
    InvalidUtf8 = "invalid-utf8", Warning;
    /// The platform's template engine refuses a template.
    TemplateRejected = "template-rejected", Warning;
    /// A template is nested too deeply to be followed.
    NestedTooDeeply = "nested-too-deeply", Error;
    /// A template includes a file that does not exist.
    MissingPartial = "missing-partial", Error;
    /// The place for the guard is ambiguous, so it is not placed.
    AmbiguousHtml = "ambiguous-html", Error;
    /// A page of the result is shown to a guest.
    OpenPage = "open-page", Error;
    /// A page of the result sends somebody away who should see it.
    PageLost = "page-lost", Error;
    /// The templates do not tell whether shoppers see a page.
    CannotTell = "cannot-tell", Error;
    /// A page is guarded only as long as the store has no content security policy.
    BlockedByPolicy = "blocked-by-policy", Warning;
    /// Shoppers are sent to a host that is not the storefront.
    OtherHost = "other-host", Error;
    /// Shoppers are sent to more than one host.
    SeveralHosts = "several-hosts", Warning;
    /// A bundle holds templates in another state than the theme's own.
    StaleBundle = "stale-bundle", Error;
    /// What a build would deliver is no longer what a snapshot holds.
    StaleSnapshot = "stale-snapshot", Error;
    /// Members of some customer groups see guarded pages.
    GroupsFound = "groups-found", Note;
    /// Members of the allowed groups have no way to sign in.
    NoSignIn = "no-sign-in", Warning;
    /// The theme was guarded before; it is built from what it was before that.
    GuardedBefore = "guarded-before", Note;
    /// A kept page does not exist in this theme.
    KeptPageMissing = "kept-page-missing", Note;
    /// Merchants can switch the guard off in the theme editor, and shoppers see all pages then.
    EditorSwitch = "editor-switch", Note;
    /// A guarded page tells search engines by itself which address it stands for.
    OwnCanonical = "own-canonical", Note;
    /// A guarded AMP page is no longer valid AMP.
    AmpValidity = "amp-validity", Note;
    /// A file is left out, because the platform refuses it or because it may hold secrets.
    FileLeftOut = "file-left-out", Warning;
    /// A file that may hold secrets is in the outputs, because the user said so.
    SecretIncluded = "secret-included", Warning;
    /// A style sheet imports a file that is not there.
    MissingStyleImport = "missing-style-import", Error;
    /// A style sheet does not compile, as far as a library of ours can say.
    StyleSheet = "style-sheet", Warning;
    /// Whether a style sheet compiles could not be found out.
    StyleUnchecked = "style-unchecked", Warning;
    /// Templates refer to a built file that is not there.
    MissingBuiltFile = "missing-built-file", Error;
    /// A part of the bundle is larger than the platform takes.
    TooLarge = "too-large", Error;
    /// A link of a kept page leads into the shop, and cannot be renamed.
    LinkStays = "link-stays", Error;
    /// What becomes of a link needs a look.
    LinkDoubtful = "link-doubtful", Warning;
    /// What a kept page is there for leads on to a guarded page.
    AnswerGuarded = "answer-guarded", Warning;
    /// A link of a kept page no longer leads into the shop.
    LinkRenamed = "link-renamed", Note;
    /// A link of a kept page leads to the storefront.
    LinkRetargeted = "link-retargeted", Note;
    /// A link of a kept page leads where it led.
    LinkKept = "link-kept", Note;
    /// A link that the checkout shows by itself is hidden, so that the page on which shoppers pay, or the one after
    /// it, is not quite the platform's own.
    LinkHidden = "link-hidden", Note;
    /// Whether a link of the checkout is hidden needs a look.
    HideDoubtful = "hide-doubtful", Warning;
    /// A link of a kept page leads into the shop, as the theme stands.
    BackLink = "back-link", Warning;
    /// A script of a kept page goes to another page.
    NavigatingScript = "navigating-script", Warning;
    /// Links of kept pages lead to other hosts, one of which may be the store's own.
    OtherHosts = "other-hosts", Note;
    /// A template is fetched by scripts with the links that a copy of it lost.
    FetchedFragment = "fetched-fragment", Warning;
    /// An e-mail, the checkout or the platform leads to a page that is guarded.
    LinkFromOutside = "link-from-outside", Note;
    /// The theme loads a portal or an app that runs on pages which are guarded.
    PortalCutOff = "portal-cut-off", Warning;
    /// Links that the platform makes by itself lead where something outside the theme says.
    PlatformLink = "platform-link", Note;
    /// Addresses that only the hosted shop has arrive at the storefront as they are.
    HostedAddresses = "hosted-addresses", Note;
    /// A path rule is for a page that is kept.
    PathOfKeptPage = "path-of-kept-page", Warning;
    /// The path rules are many, and every guarded page holds them.
    ManyPathRules = "many-path-rules", Warning;
    /// The rules about paths in a theme's guard are not those of the settings, or of the theme's own record.
    OtherPaths = "other-paths", Error;
    /// The guard of a theme does something else than the settings, or the theme's own record, ask for.
    OtherGuard = "other-guard", Error;
    /// A further storefront is for a language that the theme does not have.
    UnusedStorefront = "unused-storefront", Warning;
    /// The number of the cart is to be handed on, and nobody is led from the cart to a storefront.
    UnusedCartParam = "unused-cart-param", Warning;
    /// Links that templates do not hold.
    OutOfReach = "out-of-reach", Note;
    /// What the store adds to pages is not in the theme, and may hold links, too.
    NotInTheme = "not-in-theme", Note;
    /// `config.json` is JSON, but not what the platform wants to read there.
    InvalidConfig = "invalid-config", Error;
    /// `schema.json` is JSON, but not what the platform wants to read there.
    InvalidSchema = "invalid-schema", Error;
    /// `schemaTranslations.json` does not fit its own rules or `schema.json`.
    InvalidTranslations = "invalid-translations", Error;
    /// A theme has no variation, or two with the same id.
    Variations = "variations", Error;
    /// Two members of an object in a JSON file have the same name.
    DuplicateKey = "duplicate-key", Warning;
    /// Templates include one another by names in quotes.
    IncludeCycle = "include-cycle", Warning;
    /// Something that should say something is empty.
    EmptyValue = "empty-value", Warning;
    /// A theme for the marketplace has no `schema.json`.
    MissingSchema = "missing-schema", Warning;
    /// A setting that is typed into a text field is longer than the platform takes.
    LongValue = "long-value", Warning;
    /// The folder of language files is missing or holds what it must not.
    LanguageFolder = "language-folder", Error;
    /// A language file lacks texts that templates use.
    MissingTranslation = "missing-translation", Warning;
    /// No template prints something that every theme has to print.
    MissingPlaceholder = "missing-placeholder", Warning;
    /// The platform may refuse a file for its type or size.
    SuspectFile = "suspect-file", Warning;
    /// An earlier bundler left generated files in the theme; they are not used.
    StaleParts = "stale-parts", Note;
    /// The block before a page's text is not YAML as the platform's bundler reads it.
    FrontMatter = "front-matter", Warning;
    /// A picture that the marketplace demands is missing or wrong.
    Screenshot = "screenshot", Error;
    /// A text in the theme looks like an earlier guard's file.
    NameTaken = "name-taken", Error;
    /// A store says no.
    StoreRefused = "store-refused", Error;
    /// A store takes a theme, but has something to say about it.
    StoreWarning = "store-warning", Warning;
    /// A command that changes what channels show ended before it was done.
    StoreUnfinished = "store-unfinished", Warning;
    /// Another channel shows the same theme; it goes on doing so.
    SharedTheme = "shared-theme", Note;
    /// A channel shows another theme than stencil-guard knows of.
    ChannelChanged = "channel-changed", Error;
    /// The site of a channel is not where shoppers belong.
    SiteAddress = "site-address", Warning;
    /// The address of the checkout does not fit that of the site.
    CheckoutAddress = "checkout-address", Warning;
    /// A setting of the checkout makes its links lead where they should not, or by rules that nobody knows.
    CheckoutSettings = "checkout-settings", Warning;
    /// Shoppers sign in in the checkout itself.
    CheckoutSignIn = "checkout-sign-in", Note;
    /// How the checkout is set could not be found out.
    CheckoutUnread = "checkout-unread", Note;
    /// Nothing says where the routes of a site should lead.
    NoRoutes = "no-routes", Note;
    /// A route that is wanted is of a type that stencil-guard does not know.
    UnknownRoute = "unknown-route", Warning;
    /// A route is not as stencil-guard left it; somebody else changed it, so it stays.
    RouteChanged = "route-changed", Error;
    /// The store took changes of routes, but its routes are not what they should be.
    RoutesDiffer = "routes-differ", Error;
    /// A command that changes routes ended before all of them were changed and read back.
    RoutesUnfinished = "routes-unfinished", Warning;
    /// Settings of the theme editor that the theme does not have are left out.
    SettingLeftOut = "setting-left-out", Note;
    /// What a guest gets from a live page could not be found out.
    LiveUnknown = "live-unknown", Error;
    /// The storefront does not have pages that shoppers are led to.
    StorefrontMissing = "storefront-missing", Warning;
    /// The storefront leads shoppers back into the shop that they were led out of.
    StorefrontLeadsBack = "storefront-leads-back", Error;
    /// A page of the storefront leads to any site that its address names.
    StorefrontOpenRedirect = "storefront-open-redirect", Warning;
    /// The storefront has no page to sign in or out that brings shoppers back.
    StorefrontSignIn = "storefront-sign-in", Note;
    /// Git tracks a file that holds an access token.
    TokenInGit = "token-in-git", Warning;
}

impl std::fmt::Display for Code {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Code {
    /// Whether it says what becomes of one link.
    pub fn is_about_a_link(self) -> bool {
        use Code::{LinkDoubtful, LinkKept, LinkRenamed, LinkRetargeted};
        matches!(self, LinkDoubtful | LinkKept | LinkRenamed | LinkRetargeted)
    }
}

/// A place in a file of the theme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// Path inside the theme, with `/`.
    pub path: String,
    /// The bytes meant; `None` for the whole file.
    pub span: Option<Span>,
}

/// One thing to tell the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of thing.
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// Where.
    pub primary: Option<Location>,
    /// Other places that explain it, each with a label.
    pub related: Vec<(Location, String)>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Finding {
    /// A finding without a place.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            primary: None,
            related: Vec::new(),
            help: None,
        }
    }

    /// The finding at a whole file.
    #[must_use]
    pub fn in_file(mut self, path: impl Into<String>) -> Self {
        self.primary = Some(Location { path: path.into(), span: None });
        self
    }

    /// The finding at some bytes of a file.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>, span: Span) -> Self {
        self.primary = Some(Location { path: path.into(), span: Some(span) });
        self
    }

    /// The finding at the first of `places`, with the others beside it under a label.
    #[must_use]
    pub(crate) fn at_all(
        mut self,
        places: impl IntoIterator<Item = Location>,
        label: &str,
    ) -> Self {
        let mut places = places.into_iter();
        self.primary = places.next();
        self.related.extend(places.map(|place| (place, label.to_owned())));
        self
    }

    /// The finding with a hint.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
