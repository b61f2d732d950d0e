//! Classifies where a link leads, as rules distinguish it, on the page that prints it.
//!
//! The same address may be an action that belongs to one page, and on another page a way into the shop.

use super::options::LinkOptions;
use crate::guard::link_rules::Kind;
use crate::syntax::html::StartTag;
use crate::theme::destinations::{Destination, Target};
use crate::theme::endpoints::{LEADS_ON, PageAction};
use std::collections::BTreeSet;

/// A link on one page.
pub(super) struct PageLink<'a> {
    pub(super) options: &'a LinkOptions<'a>,
    pub(super) source: &'a [u8],
    pub(super) tag: &'a StartTag,
    /// The attribute, in lower case.
    pub(super) attribute: &'a str,
    /// The kept page.
    pub(super) page: &'a str,
    /// Whether it is in the page's own content, not in the layout around it.
    pub(super) is_content: bool,
}

/// Where one variant of a link leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lead {
    pub(super) kind: Kind,
    /// The guarded page that shoppers see next, or would see.
    pub(super) next: Option<&'static str>,
}

impl From<Kind> for Lead {
    fn from(kind: Kind) -> Self {
        Self { kind, next: None }
    }
}

impl PageLink<'_> {
    /// Reports whether the attribute is the address that a form is sent to.
    pub(super) fn is_form(&self) -> bool {
        self.attribute == "action" || self.attribute == "formaction"
    }

    pub(super) fn lead(&self, target: &Target) -> Lead {
        match &target.destination {
            Destination::Itself => Kind::Itself.into(),
            Destination::Fragment => Kind::Fragment.into(),
            Destination::Contact => Kind::Contact.into(),
            Destination::Script => Kind::Script.into(),
            Destination::Host(host) => match self.is_storefront(host) {
                true => Kind::Storefront.into(),
                false => Kind::External.into(),
            },
            Destination::Page(page) => self.to_page(page),
            Destination::PageAction(act) => self.to_act(act),
            Destination::Checkout => Kind::Checkout.into(),
            Destination::CartAction => Kind::CartAction.into(),
            Destination::Switch => Kind::Switch.into(),
            Destination::File => Kind::File.into(),
            Destination::Merchant => self.to_unknown(Kind::Merchant).into(),
            Destination::Unknown => self.to_unknown(Kind::Unknown).into(),
        }
    }

    fn to_page(&self, page: &'static str) -> Lead {
        let leads_on =
            |(known, from): &(&str, &[&str])| *known == page && from.contains(&self.page);
        if self.options.kept.contains(page) {
            return Kind::Kept.into();
        }
        let is_own = self.is_content && LEADS_ON.iter().any(leads_on);
        Lead { kind: if is_own { Kind::OwnAction } else { Kind::Guarded }, next: Some(page) }
    }

    fn to_act(&self, act: &PageAction) -> Lead {
        let is_kept = |page: &&&str| self.options.kept.contains(**page);
        match act.shows {
            Some(page) if !self.is_form() => return self.to_page(page),
            _ => {}
        }
        let is_own = match act.of {
            [] if self.is_form() => true,
            [] => return self.to_unknown(Kind::Unknown).into(),
            pages => pages.contains(&self.page),
        };
        match (is_own, act.of.iter().find(is_kept)) {
            (true, _) => Lead {
                kind: Kind::OwnAction,
                next: act.answer.filter(|page| !self.options.kept.contains(*page)),
            },
            (false, Some(_)) => Kind::Kept.into(),
            (false, None) => Lead { kind: Kind::Guarded, next: act.of.first().copied() },
        }
    }

    /// Classifies a link to an unknown place: a form in the page's content that posts belongs to the page,
    /// wherever it goes.
    fn to_unknown(&self, kind: Kind) -> Kind {
        let mut methods = ["method", "formmethod"]
            .into_iter()
            .flat_map(|name| self.tag.named(self.source, name))
            .filter_map(|method| method.value);
        let posts = methods.any(|method| method.of(self.source).eq_ignore_ascii_case(b"post"));
        if self.is_content && self.is_form() && posts { Kind::OwnForm } else { kind }
    }

    fn is_storefront(&self, host: &str) -> bool {
        let mut all = self.options.storefront.into_iter().flat_map(|storefront| storefront.all());
        all.any(|storefront| {
            let address = url::Url::parse(storefront.base());
            address.is_ok_and(|address| address.host_str() == Some(host))
        })
    }
}

/// Returns the kinds and the next pages, each once.
pub(super) fn summed_up(leads: &[Lead]) -> (Vec<Kind>, BTreeSet<&'static str>) {
    let mut kinds: Vec<Kind> = Vec::new();
    for lead in leads {
        if !kinds.contains(&lead.kind) {
            kinds.push(lead.kind);
        }
    }
    (kinds, leads.iter().filter_map(|lead| lead.next).collect())
}
