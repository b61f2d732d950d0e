//! Findings about a theme, as data; the module `report` prints them.

use super::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much a finding matters.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Prevents a build: nothing is written.
    Error,
    /// Needs a look, but does not prevent a build.
    Warning,
    /// For information.
    Note,
}

/// Declares the codes in one table, each with its meaning, spelling and severity.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal, $severity:ident;)+) => {
        /// The stable codes of all findings. A code is never reused for something else.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub enum Code {
            $($(#[doc = $doc])+ #[serde(rename = $text)] $name,)+
        }

        impl Code {
            /// All codes, in the order of the table.
            pub const ALL: &'static [Code] = &[$(Code::$name),+];

            /// Returns the code as it is printed.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text),+ }
            }

            /// Returns what findings with this code mean, in sentences.
            pub fn meaning(self) -> &'static str {
                match self { $(Code::$name => concat!($($doc),+).trim_ascii()),+ }
            }

            /// Returns the default severity of findings with this code.
            pub fn severity(self) -> Severity {
                match self { $(Code::$name => Severity::$severity),+ }
            }
        }
    };
}

codes! {
    /// The folder or zip is not a Stencil theme.
    NotATheme = "not-a-theme", Error;
    /// A JSON file of the theme cannot be read.
    InvalidJson = "invalid-json", Error;
    /// A template is not valid UTF-8; the platform replaces the bad bytes.
    InvalidUtf8 = "invalid-utf8", Warning;
    /// The platform's template engine refuses a template.
    TemplateRejected = "template-rejected", Warning;
    /// A template is nested too deeply for stencil-guard to follow.
    NestedTooDeeply = "nested-too-deeply", Error;
    /// A template includes a file that does not exist.
    MissingPartial = "missing-partial", Error;
    /// The place for the guard is ambiguous, so it is not placed.
    AmbiguousHtml = "ambiguous-html", Error;
    /// A page that should be guarded is shown to shoppers.
    OpenPage = "open-page", Error;
    /// A page sends away shoppers who should see it.
    PageLost = "page-lost", Error;
    /// stencil-guard cannot tell from the templates whether shoppers see a page.
    CannotTell = "cannot-tell", Error;
    /// A page is guarded only as long as the store has no content security policy.
    BlockedByPolicy = "blocked-by-policy", Warning;
    /// Shoppers are sent to a host that is not the storefront.
    OtherHost = "other-host", Error;
    /// Shoppers are sent to more than one host.
    SeveralHosts = "several-hosts", Warning;
    /// The templates in a bundle differ from the theme's own templates.
    StaleBundle = "stale-bundle", Error;
    /// A snapshot no longer matches what a build would deliver.
    StaleSnapshot = "stale-snapshot", Error;
    /// Members of some customer groups see guarded pages.
    GroupsFound = "groups-found", Note;
    /// Members of the allowed groups have no way to sign in.
    NoSignIn = "no-sign-in", Warning;
    /// The theme was guarded before; the build starts from the theme without that guard.
    GuardedBefore = "guarded-before", Note;
    /// A kept page does not exist in this theme.
    KeptPageMissing = "kept-page-missing", Note;
    /// Merchants can switch the guard off in the theme editor; shoppers then see all pages.
    EditorSwitch = "editor-switch", Note;
    /// A guarded page may print a canonical link of its own, so the guard adds none.
    OwnCanonical = "own-canonical", Note;
    /// A guarded AMP page is no longer valid AMP.
    AmpValidity = "amp-validity", Note;
    /// A file is left out, because the platform refuses it or because it may hold secrets.
    FileLeftOut = "file-left-out", Warning;
    /// A file that may hold secrets is in the outputs, because the setting `include` names it.
    SecretIncluded = "secret-included", Warning;
    /// A style sheet imports a file that does not exist.
    MissingStyleImport = "missing-style-import", Error;
    /// A style sheet does not compile with the Sass library that stencil-guard uses.
    StyleSheet = "style-sheet", Warning;
    /// stencil-guard could not find out whether a style sheet compiles.
    StyleUnchecked = "style-unchecked", Warning;
    /// Templates refer to a built file that does not exist.
    MissingBuiltFile = "missing-built-file", Error;
    /// A part of the bundle is larger than the platform accepts.
    TooLarge = "too-large", Error;
    /// A link on a kept page leads into the shop and cannot be disabled.
    LinkStays = "link-stays", Error;
    /// The decision about a link is uncertain and needs a look.
    LinkDoubtful = "link-doubtful", Warning;
    /// The links or forms that a kept page is kept for lead on to a guarded page.
    AnswerGuarded = "answer-guarded", Warning;
    /// A link on a kept page is disabled: it leads nowhere.
    LinkRenamed = "link-renamed", Note;
    /// A link on a kept page is retargeted: it leads to the storefront.
    LinkRetargeted = "link-retargeted", Note;
    /// A link on a kept page is left as it is.
    LinkKept = "link-kept", Note;
    /// A link that the checkout itself shows is hidden, so the page on which shoppers pay, or the one after
    /// it, differs from the platform's own.
    LinkHidden = "link-hidden", Note;
    /// Hiding a link of the checkout may not work.
    HideDoubtful = "hide-doubtful", Warning;
    /// In the theme as it is, a link on a kept page leads into the shop.
    BackLink = "back-link", Warning;
    /// A script on a kept page navigates to another page.
    NavigatingScript = "navigating-script", Warning;
    /// Links on kept pages lead to other hosts, and one of these may belong to the store.
    OtherHosts = "other-hosts", Note;
    /// Scripts fetch a template with its links, although kept pages have a copy of it without links.
    FetchedFragment = "fetched-fragment", Warning;
    /// An e-mail, the checkout or the platform links to a guarded page.
    LinkFromOutside = "link-from-outside", Note;
    /// The theme loads a portal or an app that runs on guarded pages.
    PortalCutOff = "portal-cut-off", Warning;
    /// Something outside the theme decides where the platform's own links lead.
    PlatformLink = "platform-link", Note;
    /// Addresses that only the hosted shop has arrive at the storefront unchanged.
    HostedAddresses = "hosted-addresses", Note;
    /// A path rule is for a kept page.
    PathOfKeptPage = "path-of-kept-page", Warning;
    /// There are many path rules, and every guarded page holds all of them.
    ManyPathRules = "many-path-rules", Warning;
    /// The path rules in a theme's guard differ from those of the settings, or of the theme's own record.
    OtherPaths = "other-paths", Error;
    /// The guard of a theme differs from what the settings, or the theme's own record, ask for.
    OtherGuard = "other-guard", Error;
    /// A further storefront is for a language that the theme does not have.
    UnusedStorefront = "unused-storefront", Warning;
    /// The cart ID should be passed on, but nobody is redirected from the cart to a storefront.
    UnusedCartParam = "unused-cart-param", Warning;
    /// Links are outside the templates, where stencil-guard does not change them.
    OutOfReach = "out-of-reach", Note;
    /// The store adds content to pages that is not in the theme and may hold links.
    NotInTheme = "not-in-theme", Note;
    /// `config.json` is valid JSON, but not what the platform expects.
    InvalidConfig = "invalid-config", Error;
    /// `schema.json` is valid JSON, but not what the platform expects.
    InvalidSchema = "invalid-schema", Error;
    /// `schemaTranslations.json` does not fit its own rules or `schema.json`.
    InvalidTranslations = "invalid-translations", Error;
    /// A theme has no variation, or two with the same id.
    Variations = "variations", Error;
    /// Two members of an object in a JSON file have the same name.
    DuplicateKey = "duplicate-key", Warning;
    /// Templates include one another endlessly.
    IncludeCycle = "include-cycle", Warning;
    /// A value is empty that should not be.
    EmptyValue = "empty-value", Warning;
    /// A theme for the marketplace has no `schema.json`.
    MissingSchema = "missing-schema", Warning;
    /// A setting for a text field is longer than the platform accepts.
    LongValue = "long-value", Warning;
    /// The folder of language files is missing or holds something that it must not.
    LanguageFolder = "language-folder", Error;
    /// A language file lacks texts that templates use.
    MissingTranslation = "missing-translation", Warning;
    /// No template prints something that every theme has to print.
    MissingPlaceholder = "missing-placeholder", Warning;
    /// The platform may refuse a file for its type or size.
    SuspectFile = "suspect-file", Warning;
    /// An earlier bundler left generated files in the theme; they are not used.
    StaleParts = "stale-parts", Note;
    /// The front matter of a page is not YAML as the platform's bundler reads it.
    FrontMatter = "front-matter", Warning;
    /// An image that the marketplace requires is missing or wrong.
    Screenshot = "screenshot", Error;
    /// Something in the theme has a name that the guard needs.
    NameTaken = "name-taken", Error;
    /// The store refused a request.
    StoreRefused = "store-refused", Error;
    /// The store accepted a theme, but with a warning.
    StoreWarning = "store-warning", Warning;
    /// A command that changes what channels show ended before it was done.
    StoreUnfinished = "store-unfinished", Warning;
    /// Another channel shows the same theme, and continues to show it.
    SharedTheme = "shared-theme", Note;
    /// A channel shows a theme other than the one that stencil-guard recorded.
    ChannelChanged = "channel-changed", Error;
    /// The address of a channel's site is not where shoppers belong.
    SiteAddress = "site-address", Warning;
    /// The address of the checkout does not fit that of the site.
    CheckoutAddress = "checkout-address", Warning;
    /// A checkout setting makes a link lead into the hosted shop, or runs a script whose links may differ.
    CheckoutSettings = "checkout-settings", Warning;
    /// Shoppers sign in in the checkout itself.
    CheckoutSignIn = "checkout-sign-in", Note;
    /// stencil-guard could not read the settings of the checkout.
    CheckoutUnread = "checkout-unread", Note;
    /// Nothing says where the routes of a site should lead.
    NoRoutes = "no-routes", Note;
    /// A wanted route has a type that stencil-guard does not know.
    UnknownRoute = "unknown-route", Warning;
    /// Somebody else changed a route after stencil-guard did, so it is left alone.
    RouteChanged = "route-changed", Error;
    /// The store accepted changes of routes, but its routes are not what they should be.
    RoutesDiffer = "routes-differ", Error;
    /// A command that changes routes ended before all of them were changed and read back.
    RoutesUnfinished = "routes-unfinished", Warning;
    /// Settings from the theme editor that the theme does not have are left out.
    SettingLeftOut = "setting-left-out", Note;
    /// stencil-guard could not find out what a guest gets from a live page.
    LiveUnknown = "live-unknown", Error;
    /// The storefront does not have pages to which shoppers are redirected.
    StorefrontMissing = "storefront-missing", Warning;
    /// The storefront sends shoppers back into the shop that redirected them.
    StorefrontLeadsBack = "storefront-leads-back", Error;
    /// A page of the storefront redirects to any site that its address names.
    StorefrontOpenRedirect = "storefront-open-redirect", Warning;
    /// The storefront has no sign-in or sign-out page that brings shoppers back.
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
    /// Reports whether findings with this code are about what becomes of one link.
    pub fn is_about_a_link(self) -> bool {
        use Code::{LinkDoubtful, LinkKept, LinkRenamed, LinkRetargeted};
        matches!(self, LinkDoubtful | LinkKept | LinkRenamed | LinkRetargeted)
    }
}

/// A place in a file of the theme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The path inside the theme, with `/` between its parts.
    pub path: String,
    /// The span in the file; `None` for the whole file.
    pub span: Option<Span>,
}

/// One problem or fact to report to the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The kind of finding.
    pub code: Code,
    /// How severe it is.
    pub severity: Severity,
    /// What was found: one sentence without a full stop.
    pub message: String,
    /// The main place.
    pub primary: Option<Location>,
    /// Other places that explain the finding, each with a label.
    pub related: Vec<(Location, String)>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Finding {
    /// Creates a finding without a place.
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

    /// Sets the place to a whole file.
    #[must_use]
    pub fn in_file(mut self, path: impl Into<String>) -> Self {
        self.primary = Some(Location { path: path.into(), span: None });
        self
    }

    /// Sets the place to a span of a file.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>, span: Span) -> Self {
        self.primary = Some(Location { path: path.into(), span: Some(span) });
        self
    }

    /// Sets the place to the first of `places`, and adds the others as related places with this label.
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

    /// Sets the help text.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
