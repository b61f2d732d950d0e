//! Judges a theme as it stands, whoever guarded it: what each page does for every kind of visitor,
//! against which pages are kept and who may see the others.
//!
//! It plans nothing and changes nothing; a guard that it cannot prove is reported as such.

use super::judge::{member, shoppers};
use super::ways_out;
use super::words::{doubt, message, who};
use super::{BuildError, KEPT_BY_DEFAULT, PageFate, known_page};
use crate::guard::group::Group;
use crate::guard::script::leads_to;
use crate::guard::storefront::Storefront;
use crate::text::{Code, Finding, Span};
use crate::theme::json::Identity;
use crate::theme::pages::Templates;
use crate::theme::{Theme, check as theme_check};
use crate::verify::{self, Customer, Doubt, Outcome, Verdict, Visitor};
use memchr::memmem;
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// What the user says about a theme that was guarded.
#[derive(Clone, Debug, Default)]
pub struct CheckOptions {
    /// Where shoppers belong; without it, where they are sent is only reported.
    pub storefront: Option<Storefront>,
    /// Pages to keep besides the default ones, with or without `pages/`.
    pub keep: Vec<String>,
    /// Pages to guard although they are kept by default.
    pub no_keep: Vec<String>,
    /// Groups that may see guarded pages; without it, those who do are only reported.
    pub allowed: Option<Vec<Group>>,
}

/// What one page does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedPage {
    /// What becomes of it.
    pub fate: PageFate,
    /// Why it is open, lost or uncertain, in one clause.
    pub reason: Option<String>,
    /// The addresses that shoppers are sent to, without a final slash.
    pub leads_to: BTreeSet<String>,
    /// Whether the text of the page is sent to shoppers along with what leads them away.
    pub sends_text: bool,
}

/// What a theme does.
#[derive(Debug)]
pub struct Checked {
    /// The theme's name and version.
    pub identity: Identity,
    /// Its pages by name.
    pub pages: BTreeMap<String, CheckedPage>,
    /// Where shoppers are sent, with the number of pages that do.
    pub destinations: BTreeMap<String, usize>,
    /// Groups whose members see pages that shoppers do not, as the conditions spell them.
    pub groups: Vec<String>,
    /// What the user should know.
    pub findings: Vec<Finding>,
}

/// Judges `theme` as it stands.
///
/// # Errors
/// When the options name a page that the theme does not have.
pub fn check(theme: &Theme, options: &CheckOptions) -> Result<Checked, BuildError> {
    let templates = Templates::new(theme);
    let mut findings = theme_check::check(theme, &templates);
    let identity = super::identity(theme, &mut findings);
    let checker = Checker {
        kept: kept_pages(&templates, options)?,
        audience: audience(theme, &templates, options),
        options,
    };
    let mut pages = BTreeMap::new();
    for name in templates.pages() {
        let (page, finding) = checker.page(name);
        findings.extend(finding);
        pages.insert(name.to_owned(), page);
    }
    let storefront = options.storefront.as_ref();
    findings.extend(ways_out::findings(theme, &templates, &checker.kept, storefront));
    let destinations = destinations(&pages);
    findings.extend(checker.foreign_hosts(theme, &destinations));
    let groups = checker.groups();
    findings.extend(groups_note(&groups));
    Ok(Checked { identity, pages, destinations, groups, findings })
}

/// The pages that everybody should see.
fn kept_pages(
    templates: &Templates,
    options: &CheckOptions,
) -> Result<BTreeSet<String>, BuildError> {
    let mut kept: BTreeSet<String> = KEPT_BY_DEFAULT.iter().map(ToString::to_string).collect();
    for name in &options.keep {
        kept.insert(known_page(templates, name)?);
    }
    for name in &options.no_keep {
        kept.remove(&known_page(templates, name)?);
    }
    Ok(kept)
}

/// What somebody should get from guarded pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Right {
    /// Never the page.
    Shopper,
    /// The page.
    Allowed,
    /// Nobody said.
    Unsaid,
}

/// Visitors of one kind, and what each page does for them.
struct Visitors {
    visitor: Visitor,
    right: Right,
    verdicts: BTreeMap<String, Verdict>,
}

/// Every kind of visitor, in the order in which a page's shortcomings are told.
fn audience(theme: &Theme, templates: &Templates, options: &CheckOptions) -> Vec<Visitors> {
    let allowed: Option<Vec<Customer>> =
        options.allowed.as_ref().map(|groups| groups.iter().map(member).collect());
    let mut asked = verify::groups(templates);
    asked.extend(allowed.iter().flatten().cloned());
    let right = |customer: &Customer| match &allowed {
        Some(allowed) if allowed.contains(customer) => Right::Allowed,
        Some(_) => Right::Shopper,
        None => Right::Unsaid,
    };
    let shoppers = shoppers().map(|customer| (customer, Right::Shopper, true));
    let members = asked.into_iter().map(|customer| {
        let right = right(&customer);
        (customer, right, true)
    });
    let without_scripts = (Customer::Guest, Right::Shopper, false);
    let all = shoppers.into_iter().chain(members).chain([without_scripts]);
    all.map(|(customer, right, scripts)| {
        let visitor = Visitor { customer, scripts };
        let verdicts = verify::judge(theme, templates, &visitor, &leads_to);
        Visitors { visitor, right, verdicts }
    })
    .collect()
}

struct Checker<'a> {
    kept: BTreeSet<String>,
    audience: Vec<Visitors>,
    options: &'a CheckOptions,
}

impl Checker<'_> {
    /// What becomes of one page, and what is wrong with that.
    fn page(&self, name: &str) -> (CheckedPage, Option<Finding>) {
        let is_kept = self.kept.contains(name);
        let mut page = CheckedPage {
            fate: if is_kept { PageFate::Kept } else { PageFate::Guarded },
            reason: None,
            leads_to: BTreeSet::new(),
            sends_text: false,
        };
        let mut wrong = None;
        for visitors in &self.audience {
            let Some(verdict) = visitors.verdicts.get(name) else { continue };
            if verdict.outcome == Outcome::Refused {
                page.fate = PageFate::Refused;
                return (page, None);
            }
            if is_away(verdict) {
                page.leads_to.extend(verdict.leads_to.iter().map(|address| bare(address)));
                page.sends_text |= verdict.outcome == Outcome::Redirected;
            }
            let should_see = match visitors.right {
                _ if is_kept => true,
                Right::Allowed => true,
                Right::Shopper => false,
                Right::Unsaid if verdict.outcome == Outcome::Uncertain => false,
                Right::Unsaid => continue,
            };
            if wrong.is_none() {
                wrong = self.wrong(verdict, &visitors.visitor, should_see);
            }
        }
        let finding = wrong.map(|(fate, code, reason)| {
            page.fate = fate;
            page.reason = Some(reason.clone());
            let path = format!("templates/{name}.html");
            Finding::new(code, message(code, &reason)).in_file(path)
        });
        (page, finding)
    }

    /// What is wrong if a visitor who should see a page, or should not, gets this.
    fn wrong(
        &self,
        verdict: &Verdict,
        visitor: &Visitor,
        should_see: bool,
    ) -> Option<(PageFate, Code, String)> {
        let who = who(visitor);
        match (verdict.outcome, should_see) {
            (Outcome::Shown, false) => {
                Some((PageFate::Open, Code::OpenPage, format!("shown to {who}")))
            }
            (Outcome::Uncertain, _) if should_see && self.is_own_business(verdict) => None,
            (Outcome::Uncertain, _) => {
                let doubts: Vec<String> = verdict.doubts.iter().map(doubt).collect();
                Some((PageFate::Uncertain, Code::CannotTell, doubts.join("; ")))
            }
            (Outcome::Redirected | Outcome::Replaced, true) => {
                Some((PageFate::Guarded, Code::PageLost, format!("hidden from {who}")))
            }
            _ => None,
        }
    }

    /// Whether all doubt is about scripts that lead elsewhere than to the storefront.
    fn is_own_business(&self, verdict: &Verdict) -> bool {
        let Some(storefront) = &self.options.storefront else { return false };
        verdict.doubts.iter().all(|doubt| match doubt {
            Doubt::UnknownScript(address) => origin(address) != storefront.origin(),
            _ => false,
        })
    }

    /// Findings about addresses that are not the storefront's.
    fn foreign_hosts(&self, theme: &Theme, destinations: &BTreeMap<String, usize>) -> Vec<Finding> {
        let Some(storefront) = &self.options.storefront else {
            return several_hosts(destinations).into_iter().collect();
        };
        let base = storefront.base();
        let is_below = |address: &str| {
            address.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let foreign = destinations.iter().filter(|(address, _)| !is_below(address));
        let finding = |(address, count): (&String, &usize)| {
            let verb = if *count == 1 { "page leads" } else { "pages lead" };
            let message = format!("{count} {verb} to {address}, which is not the storefront");
            let finding = Finding::new(Code::OtherHost, message)
                .help(format!("the storefront is {base}; guard the theme again for it"));
            match place(theme, address) {
                Some((path, span)) => finding.at(path, span),
                None => finding,
            }
        };
        foreign.map(finding).collect()
    }

    /// Groups that nobody spoke of and whose members see pages that are not kept.
    fn groups(&self) -> Vec<String> {
        let sees = |visitors: &&Visitors| {
            let mut verdicts = visitors.verdicts.iter();
            let is_shown = |(page, verdict): (&String, &Verdict)| {
                !self.kept.contains(page)
                    && verdict.outcome == Outcome::Shown
                    && !self.is_open(page)
            };
            visitors.right == Right::Unsaid && verdicts.any(is_shown)
        };
        self.audience
            .iter()
            .filter(sees)
            .filter_map(|visitors| match &visitors.visitor.customer {
                Customer::Member { group_id: 0, group_name } => Some(format!("name:{group_name}")),
                Customer::Member { group_id, .. } => Some(group_id.to_string()),
                Customer::Guest => None,
            })
            .collect()
    }

    /// Whether guests see a page.
    fn is_open(&self, page: &str) -> bool {
        let guests = self.audience.first().and_then(|visitors| visitors.verdicts.get(page));
        guests.is_some_and(|verdict| verdict.outcome == Outcome::Shown)
    }
}

fn is_away(verdict: &Verdict) -> bool {
    matches!(verdict.outcome, Outcome::Redirected | Outcome::Replaced)
}

/// An address without a final slash.
fn bare(address: &str) -> String {
    address.trim_end_matches('/').to_owned()
}

fn origin(address: &str) -> String {
    Url::parse(address).map(|url| url.origin().ascii_serialization()).unwrap_or_default()
}

/// Where shoppers are sent, with the number of pages that do.
fn destinations(pages: &BTreeMap<String, CheckedPage>) -> BTreeMap<String, usize> {
    let mut destinations = BTreeMap::new();
    for address in pages.values().flat_map(|page| &page.leads_to) {
        *destinations.entry(address.clone()).or_default() += 1;
    }
    destinations
}

fn several_hosts(destinations: &BTreeMap<String, usize>) -> Option<Finding> {
    let origins: BTreeSet<String> = destinations.keys().map(|address| origin(address)).collect();
    let list = Vec::from_iter(origins.iter().map(String::as_str)).join(", ");
    (origins.len() > 1).then(|| {
        Finding::new(Code::SeveralHosts, format!("shoppers are sent to several hosts: {list}"))
            .help("say which is right with --storefront")
    })
}

fn groups_note(groups: &[String]) -> Option<Finding> {
    (!groups.is_empty()).then(|| {
        let options: Vec<String> =
            groups.iter().map(|group| format!("--allow-group \"{group}\"")).collect();
        Finding::new(Code::GroupsFound, "members of some customer groups see guarded pages")
            .help(format!("say that they may: {}", options.join(" ")))
    })
}

/// Where the host of an address stands in the templates.
fn place(theme: &Theme, address: &str) -> Option<(String, Span)> {
    let url = Url::parse(address).ok()?;
    let host = url.host_str()?.as_bytes();
    theme.template_names().find_map(|name| {
        let at = memmem::find(theme.template(name)?, host)?;
        Some((format!("templates/{name}.html"), Span::new(at, at + host.len())))
    })
}
