//! The facts behind the HTML page and the snapshot files: what a build would deliver, and why.
//!
//! This module only holds the facts: `commands` gathers them, and `html` and `snapshot` put them into words.

use super::Report;
use super::diff::FileChange;
use super::paths::SiteLead;
use crate::guard::links::Link;
use crate::guard::plan::Mechanism;
use crate::pipeline::PageOutcome;
use crate::pipeline::platform_links::PlatformLink;
use crate::pipeline::visits::Visit;
use crate::pipeline::ways_out::Exit;

/// Everything about what a build would deliver.
#[derive(Debug)]
pub struct Overview {
    /// The findings, and the unguarded theme that their places are in.
    pub report: Report,
    /// The decisions.
    pub decisions: Decisions,
}

/// The decisions about a theme.
#[derive(Debug)]
pub struct Decisions {
    /// The theme's name and version.
    pub theme: String,
    /// What guarded pages do.
    pub mechanism: Mechanism,
    /// The address of the storefront, without a final slash.
    pub storefront: String,
    /// Further storefronts, for some shoppers only.
    pub storefronts: Vec<SiteLead>,
    /// Whether the local development server is guarded, too.
    pub guard_development: bool,
    /// Where each hosted address leads, ordered by page; empty if no page is guarded.
    pub addresses: Vec<AddressDecision>,
    /// Links that the platform itself makes.
    pub platform_links: Vec<PlatformLinkDecision>,
    /// All pages, ordered by name.
    pub pages: Vec<PageDecision>,
    /// Default kept pages that the theme does not have.
    pub absent: Vec<String>,
    /// All links of kept pages, ordered by template.
    pub links: Vec<LinkDecision>,
    /// The ways off the finished kept pages, with their lines.
    pub exits: Vec<(Exit, usize)>,
    /// The files that a build changes, ordered by path.
    pub files: Vec<ChangedFile>,
}

/// Where one address of the hosted shop leads.
#[derive(Debug)]
pub struct AddressDecision {
    /// The page at that address, such as `pages/cart`.
    pub page: String,
    /// The address; `None` if the merchant chooses where the page is.
    pub address: Option<String>,
    /// The full address that it leads to, with `{name}` for values; `None` for the same path or nowhere.
    pub leads_to: Option<String>,
    /// What is known about that place.
    pub arrival: Arrival,
    /// Links from e-mails and the checkout that lead to the address.
    pub links: Vec<&'static str>,
    /// What the redirect does not pass on to the storefront.
    pub loses: Option<&'static str>,
}

/// What is known about the place where shoppers arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// The page is kept: shoppers stay on it.
    Stays,
    /// A rule says that the storefront has the page.
    Known,
    /// Shoppers arrive at the storefront's home page, because no better page is known.
    Home,
    /// Shoppers arrive at the same path, which the storefront may not have.
    Unknown,
}

/// Where a link that the platform itself makes leads.
#[derive(Debug)]
pub struct PlatformLinkDecision {
    /// The link, and what decides where it leads.
    pub link: &'static PlatformLink,
    /// Where the link should lead, if the settings or the storefront's platform define it.
    pub target: Option<String>,
}

/// What becomes of one page.
#[derive(Debug)]
pub struct PageDecision {
    /// The page's name, such as `pages/cart`.
    pub name: String,
    /// What becomes of the page.
    pub outcome: PageOutcome,
    /// Whether the page is hidden from visitors who should see it.
    pub is_lost: bool,
    /// Whether the user allows the page to stay open.
    pub may_be_open: bool,
    /// Why this outcome is wanted, in one sentence.
    pub why: &'static str,
    /// What each kind of visitor gets.
    pub visits: Vec<Visit>,
}

/// What becomes of one link.
#[derive(Debug)]
pub struct LinkDecision {
    /// The link.
    pub link: Link,
    /// The kept pages that print the link; empty if scripts fetch its template.
    pub pages: Vec<String>,
}

/// One file that a build changes.
#[derive(Debug)]
pub struct ChangedFile {
    /// The contents before and after. For a copy, `before` is the content of the original.
    pub change: FileChange,
    /// The path of the original, if the file is a copy.
    pub copy_of: Option<String>,
}

/// The state of a page in lists of all pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageState {
    /// Described by the outcome alone.
    As(PageOutcome),
    /// Guarded, although some visitors should see it.
    Lost,
}

impl PageDecision {
    /// Returns the state of the page.
    pub fn state(&self) -> PageState {
        if self.is_lost { PageState::Lost } else { PageState::As(self.outcome) }
    }
}

impl ChangedFile {
    /// Whether the theme does not have a file at this path yet.
    pub fn is_added(&self) -> bool {
        self.copy_of.is_some() || self.change.before.is_none()
    }

    /// Whether the file has the same bytes as its original before the build.
    pub fn is_moved(&self) -> bool {
        self.copy_of.is_some() && self.change.before == self.change.after
    }
}
