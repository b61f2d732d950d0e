//! Plans where links are renamed: in the kept pages' own files, and in copies of those that other pages use.

use super::copies::Copies;
use super::decide::{Link, Outcome};
use super::options::LinkOptions;
use super::{base, edits, findings, reach};
use crate::guard::names;
use crate::guard::plan::{Mechanism, Plan, Policy, record};
use crate::syntax::html::Markup;
use crate::text::{Code, EditSet, Finding, Overlap, Span, TextEdit};
use crate::theme::pages::{Include, Templates};
use crate::theme::scripts;
use crate::theme::{Theme, template_path};
use std::collections::{BTreeMap, BTreeSet};

/// The page that sends shoppers on to the checkout.
const CART: &str = "pages/cart";

/// Components that scripts of the cart fetch by name.
const CART_FRAGMENTS: &str = "components/cart/";

/// The plan for a theme's links.
#[derive(Debug, Default)]
pub struct LinkPlan {
    /// The edits and copies.
    pub plan: Plan,
    /// All links of the kept pages.
    pub links: Vec<Link>,
}

/// Plans what happens to the links of kept pages, in a theme that holds no guard.
pub fn plan(theme: &Theme, templates: &Templates, policy: &Policy) -> LinkPlan {
    let (LinkPlan { mut plan, links }, second_net) = rayon::join(
        || on_kept_pages(theme, templates, policy),
        || second_net(theme, templates, policy),
    );
    for (path, edits) in second_net {
        plan.edits.entry(path).or_insert(edits);
    }
    let is_changed = !plan.edits.is_empty();
    if is_changed && policy.mechanism == Mechanism::None {
        plan.new_files.insert(template_path(names::LINKS), RECORD.as_bytes().to_vec());
        let (name, text) = record::of(policy);
        plan.new_files.insert(template_path(name), text.into_bytes());
    }
    plan.findings.extend(findings::findings(&links));
    plan.findings.extend(findings::next_pages(templates, policy, &links));
    LinkPlan { plan, links }
}

fn on_kept_pages(theme: &Theme, templates: &Templates, policy: &Policy) -> LinkPlan {
    let kept = kept_roots(templates, policy);
    let mut planner = Planner::new(theme, templates, policy, &policy.kept, kept);
    planner.find_what_scripts_fetch();
    planner.decide();
    planner.refuse_what_cannot_be_copied();
    planner.look_at_unknown_includes();
    let pages = policy.kept.iter().map(String::as_str);
    planner.findings.extend(base::finding(theme, templates, pages, &planner.links));
    planner.findings.extend(reach::findings(theme, templates, planner.closure.keys().copied()));
    let links: Vec<Link> = planner.links.values().flatten().cloned().collect();
    let texts = planner.plan_texts();
    let mut plan = planner.write(&Copies::new(theme));
    plan.edits.extend(texts.edits);
    plan.findings.extend(texts.findings);
    plan.findings.extend(name_taken(theme));
    LinkPlan { plan, links }
}

/// Marks a theme whose links were renamed without a guard.
const RECORD: &str =
    "{{! Links into the shop were renamed to data-guard-*. stencil-guard: links }}";

/// Returns the templates that shoppers see: the kept pages, and what scripts of a kept cart fetch. In
/// dispatch modes, those fragments belong to visitors who see the whole shop.
fn kept_roots<'t>(templates: &'t Templates, policy: &Policy) -> Vec<&'t str> {
    let pages = templates.pages().filter(|page| policy.kept.contains(*page));
    let shows_cart = policy.kept.contains(CART);
    let has_fragments = shows_cart && !matches!(policy.mechanism, Mechanism::Dispatch(_));
    pages.chain(fragments(templates).into_iter().filter(|_| has_fragments)).collect()
}

/// Reports whether nobody sees pages that are not kept.
fn hides_all_others(mechanism: &Mechanism) -> bool {
    match mechanism {
        Mechanism::None => false,
        Mechanism::Redirect => true,
        Mechanism::Dispatch(groups) => groups.is_empty(),
    }
}

/// Returns the cart's components that no page includes.
fn fragments(templates: &Templates) -> Vec<&str> {
    let included = templates.closure_of(templates.pages());
    let names = templates.iter().map(|(name, _)| name);
    names.filter(|name| name.starts_with(CART_FRAGMENTS) && !included.contains(name)).collect()
}

/// In redirect mode, also disables the links of a guarded cart, in files that only the cart uses; but not
/// where merchants can switch the guard off and show the cart.
fn second_net(theme: &Theme, templates: &Templates, policy: &Policy) -> BTreeMap<String, EditSet> {
    let is_guarded = templates.get(CART).is_some() && !policy.kept.contains(CART);
    if policy.mechanism != Mechanism::Redirect || !is_guarded || policy.theme_settings {
        return BTreeMap::new();
    }
    let mut kept = policy.kept.clone();
    kept.insert(CART.to_owned());
    let roots = [CART].into_iter().chain(fragments(templates)).collect();
    let mut planner = Planner::new(theme, templates, policy, &kept, roots);
    planner.decide();
    let shared = std::mem::take(&mut planner.shared);
    planner.links.retain(|name, _| !shared.contains(name.as_str()));
    planner.write(&Copies::default()).edits
}

/// Returns what decisions about links depend on.
pub(super) fn options<'a>(policy: &'a Policy, kept: &'a BTreeSet<String>) -> LinkOptions<'a> {
    LinkOptions {
        rules: &policy.links.rules,
        kept,
        storefront: Some(&policy.storefront),
        paths: &policy.paths,
        back_links: policy.links.back_links,
        own_hosts: &policy.links.own_hosts,
    }
}

pub(super) struct Planner<'a> {
    pub(super) theme: &'a Theme,
    pub(super) templates: &'a Templates,
    pub(super) policy: &'a Policy,
    pub(super) kept: &'a BTreeSet<String>,
    /// The templates that may lose links, with the kept roots that print each.
    pub(super) closure: BTreeMap<&'a str, Vec<&'a str>>,
    /// Templates among them that something else uses, too.
    shared: BTreeSet<&'a str>,
    /// Templates that shoppers request directly, which therefore cannot be copied.
    pub(super) roots: BTreeSet<&'a str>,
    /// Templates that scripts of the kept pages fetch, each with the file of the script.
    fetched: BTreeMap<String, String>,
    pub(super) links: BTreeMap<String, Vec<Link>>,
    pub(super) markup: BTreeMap<String, Markup>,
    pub(super) findings: Vec<Finding>,
}

impl<'a> Planner<'a> {
    fn new(
        theme: &'a Theme,
        templates: &'a Templates,
        policy: &'a Policy,
        kept: &'a BTreeSet<String>,
        roots: Vec<&'a str>,
    ) -> Self {
        let mut closure: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for root in roots.iter().copied() {
            for name in templates.closure(root) {
                closure.entry(name).or_default().push(root);
            }
        }
        let others = templates.iter().map(|(name, _)| name).filter(|name| {
            let is_page = name.starts_with("pages/") && !roots.contains(name);
            is_page || !closure.contains_key(name)
        });
        let shared = templates.closure_of(others);
        Self {
            theme,
            templates,
            policy,
            kept,
            closure,
            shared,
            roots: roots.into_iter().collect(),
            fetched: BTreeMap::new(),
            links: BTreeMap::new(),
            markup: BTreeMap::new(),
            findings: Vec::new(),
        }
    }

    /// Finds the templates that scripts fetch, which are the same for all pages. They change in place if
    /// nobody sees the other pages, and otherwise stay as they are.
    fn find_what_scripts_fetch(&mut self) {
        let pages: Vec<&str> = self.kept.iter().map(String::as_str).collect();
        self.fetched = scripts::asked_for(self.theme, self.templates, &pages);
        if !hides_all_others(&self.policy.mechanism) {
            return;
        }
        let names = self.fetched.keys().map(|name| format!("{}{name}", reach::COMPONENTS));
        let printed = names.filter_map(|name| self.closure.get_key_value(name.as_str()));
        let printed: Vec<&str> = printed.map(|(name, _)| *name).collect();
        self.roots.extend(printed);
    }

    fn loses_links(&self, name: &str) -> bool {
        let links = self.links.get(name).map(Vec::as_slice).unwrap_or_default();
        links.iter().any(|link| link.outcome != Outcome::Keep)
    }

    /// Returns the templates that must change for the kept pages: those that lose links, and those that
    /// include a copy.
    pub(super) fn changed(&self) -> BTreeSet<&'a str> {
        let mut including: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for name in self.closure.keys() {
            for included in self.templates.included_by(name) {
                including.entry(included).or_default().push(name);
            }
        }
        let mut changed = BTreeSet::new();
        let mut next: Vec<&str> =
            self.closure.keys().copied().filter(|name| self.loses_links(name)).collect();
        while let Some(name) = next.pop() {
            if changed.insert(name) && self.is_copied(name) {
                next.extend(including.get(name).into_iter().flatten());
            }
        }
        changed
    }

    /// Reports whether something else uses a template, too.
    pub(super) fn is_shared(&self, name: &str) -> bool {
        self.shared.contains(name)
    }

    /// Returns the templates of pages if nobody sees any but the kept ones, else nothing. Templates that no
    /// page includes, such as e-mails, are not among them.
    pub(super) fn unseen(&self) -> BTreeSet<&'a str> {
        let is_hidden = hides_all_others(&self.policy.mechanism) && !self.policy.theme_settings;
        self.templates.closure_of(self.templates.pages().filter(|_| is_hidden))
    }

    /// Reports whether a template, if it changes, changes in a copy.
    pub(super) fn is_copied(&self, name: &str) -> bool {
        self.shared.contains(name) && !self.roots.contains(name)
    }

    /// Writes the plan for the decisions, with names for copies; without names, only the templates that lose
    /// links change.
    fn write(mut self, copies: &Copies) -> Plan {
        let changed = self.changed();
        let mut plan = Plan { findings: std::mem::take(&mut self.findings), ..Plan::default() };
        let named = self.named();
        for name in changed.iter().copied() {
            let edits = match self.template_edits(name, &changed, copies) {
                Ok(edits) => edits,
                Err(overlap) => {
                    plan.findings.push(Finding::new(Code::AmbiguousHtml, overlap.to_string()));
                    continue;
                }
            };
            let source = self.theme.template(name).unwrap_or_default();
            match copies.templates.get(name).filter(|_| self.is_copied(name)) {
                Some(copy) => {
                    if named.contains(name) {
                        plan.new_files.insert(template_path(copy), edits.apply(source));
                    }
                    plan.findings.extend(reach::fetched(&self.fetched, name));
                }
                None => {
                    plan.edits.insert(template_path(name), edits);
                }
            }
        }
        plan.new_files.extend(self.folder_copies(&changed, copies));
        plan
    }

    /// Returns the edits of a template for the kept pages.
    pub(super) fn template_edits(
        &self,
        name: &str,
        changed: &BTreeSet<&str>,
        copies: &Copies,
    ) -> Result<EditSet, Overlap> {
        let source = self.theme.template(name).unwrap_or_default();
        let mut edits = self.link_edits(name, source);
        edits.extend(self.include_edits(name, changed, &copies.templates));
        edits.extend(self.folder_edits(name, changed, &copies.folders));
        EditSet::new(edits)
    }

    fn link_edits(&self, name: &str, source: &[u8]) -> Vec<TextEdit> {
        match (self.markup.get(name), self.links.get(name)) {
            (Some(markup), Some(links)) => edits::edits(source, markup, links),
            _ => Vec::new(),
        }
    }

    /// Returns the includes of a template that lead to copies.
    pub(super) fn includes_of_copies(
        &self,
        name: &str,
        changed: &BTreeSet<&str>,
    ) -> impl Iterator<Item = &'a Include> {
        let file = self.templates.get(name);
        let includes = file.into_iter().flat_map(|file| &file.includes);
        includes.filter(|include| {
            changed.contains(include.name.as_str()) && self.is_copied(&include.name)
        })
    }

    /// Returns the edits that make a template include copies.
    fn include_edits(
        &self,
        name: &str,
        changed: &BTreeSet<&str>,
        copies: &BTreeMap<String, String>,
    ) -> Vec<TextEdit> {
        let copied = self.includes_of_copies(name, changed);
        let edits = copied.filter_map(|include| Some((include, copies.get(&include.name)?)));
        edits
            .flat_map(|(include, copy)| include.name_spans.iter().map(|span| renaming(*span, copy)))
            .collect()
    }
}

/// Returns the edit that makes a template print a copy.
pub(super) fn renaming(span: Span, copy: &str) -> TextEdit {
    TextEdit::new(span, copy, "copy without links")
}

/// Returns an error if a theme holds text that only renaming writes, because that could not be undone.
fn name_taken(theme: &Theme) -> Option<Finding> {
    let is_read = |path: &str| path.starts_with("templates/") || path.starts_with("lang/");
    let mut files = theme.files.iter().filter(|(path, _)| is_read(path));
    let (path, _) = files.find(|(_, file)| edits::is_renamed(&file.bytes))?;
    let message = "attributes that start with `data-guard-` are the guard's own";
    let finding = Finding::new(Code::NameTaken, message).in_file(path.clone());
    Some(finding.help("rename them; if an earlier guard left them, start from the original theme"))
}
