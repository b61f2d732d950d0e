//! The facts that the page for a browser and the files for a repository are made of: what a build would
//! deliver, and why.
//!
//! It only holds them; `commands` gathers them, `html` and `snapshot` put them into words.

use super::Report;
use super::diff::FileChange;
use super::paths::SiteLead;
use crate::guard::links::Link;
use crate::guard::plan::Mechanism;
use crate::pipeline::PageOutcome;
use crate::pipeline::platform_links::PlatformLink;
use crate::pipeline::visits::Visit;
use crate::pipeline::ways_out::Exit;

/// All there is to say about what a build would deliver.
#[derive(Debug)]
pub struct Overview {
    /// Findings, and the theme from before any guard, in which their places are.
    pub report: Report,
    /// What was decided.
    pub decisions: Decisions,
}

/// What was decided about a theme.
#[derive(Debug)]
pub struct Decisions {
    /// The theme's name and version.
    pub theme: String,
    /// What guarded pages do.
    pub mechanism: Mechanism,
    /// Address of the storefront without a final slash.
    pub storefront: String,
    /// Further storefronts, for some shoppers only.
    pub storefronts: Vec<SiteLead>,
    /// Whether the local development server is guarded, too.
    pub guard_development: bool,
    /// Where each hosted address leads, in order of their pages; none if no page is guarded.
    pub addresses: Vec<AddressDecision>,
    /// Links that the platform makes by itself.
    pub platform_links: Vec<PlatformLinkDecision>,
    /// All pages in order of their names.
    pub pages: Vec<PageDecision>,
    /// Pages that are kept by default and that the theme does not have.
    pub absent: Vec<String>,
    /// All links of kept pages in order of their templates.
    pub links: Vec<LinkDecision>,
    /// The ways that still lead off kept pages, as the finished theme has them, with their lines.
    pub exits: Vec<(Exit, usize)>,
    /// The files that a build changes in order of their paths.
    pub files: Vec<ChangedFile>,
}

/// Where one address of the hosted shop leads.
#[derive(Debug)]
pub struct AddressDecision {
    /// The page that stands there, such as `pages/cart`.
    pub page: String,
    /// The address; without it, the page stands where the merchant says.
    pub address: Option<String>,
    /// Where it leads: a whole address with values as `{name}`; without it, to the same path or nowhere.
    pub leads_to: Option<String>,
    /// What is known of the place.
    pub arrival: Arrival,
    /// Links from e-mails and the checkout that lead to the address.
    pub links: Vec<&'static str>,
    /// What the guard does not carry over to the storefront.
    pub loses: Option<&'static str>,
}

/// What is known of the place at which shoppers arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// The page is kept: they stay.
    Stays,
    /// A rule says that the storefront has the page.
    Known,
    /// The storefront's home page, because no page is known that fits better.
    Home,
    /// The same path: nobody said whether the storefront has it.
    Unknown,
}

/// Where a link of the platform's own leads.
#[derive(Debug)]
pub struct PlatformLinkDecision {
    /// The link, and what decides.
    pub link: &'static PlatformLink,
    /// Where it should lead, if the settings or the platform of the storefront say it.
    pub target: Option<String>,
}

/// What becomes of one page.
#[derive(Debug)]
pub struct PageDecision {
    /// Its name, such as `pages/cart`.
    pub name: String,
    /// What becomes of it.
    pub outcome: PageOutcome,
    /// Whether somebody would not see it who should.
    pub is_lost: bool,
    /// Whether the user said that it may stay open.
    pub may_be_open: bool,
    /// Why it is to be as it is, one sentence.
    pub why: &'static str,
    /// What visitors of each kind get.
    pub visits: Vec<Visit>,
}

/// What becomes of one link.
#[derive(Debug)]
pub struct LinkDecision {
    /// The link.
    pub link: Link,
    /// The kept pages that print it; none if scripts fetch its template.
    pub pages: Vec<String>,
}

/// One file that a build changes.
#[derive(Debug)]
pub struct ChangedFile {
    /// What it held and will hold. Of a copy, `before` is the file that it is a copy of.
    pub change: FileChange,
    /// The file that it is a copy of, by path.
    pub copy_of: Option<String>,
}

/// How a page stands, for those who read a map of all pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// As it should be or not, by its outcome.
    As(PageOutcome),
    /// Guarded, although somebody should see it.
    Lost,
}

impl PageDecision {
    /// How it stands.
    pub fn standing(&self) -> Standing {
        if self.is_lost { Standing::Lost } else { Standing::As(self.outcome) }
    }
}

impl ChangedFile {
    /// Whether the theme has no file at this path yet.
    pub fn is_added(&self) -> bool {
        self.copy_of.is_some() || self.change.before.is_none()
    }

    /// Whether it holds what another file held before, byte for byte.
    pub fn is_moved(&self) -> bool {
        self.copy_of.is_some() && self.change.before == self.change.after
    }
}
