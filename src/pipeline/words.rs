//! The findings of `inspect`, in words.

use super::theme_settings;
use crate::text::Code;
use crate::verify::{Customer, Doubt, Place, Scripts, Visitor};

/// The names of a kind of visitor.
pub(super) struct Name {
    /// The identifier in reports for programs.
    pub(super) id: String,
    /// The phrase for use within a sentence.
    pub(super) phrase: String,
}

/// Returns the names of a kind of visitor.
pub(super) fn name(visitor: &Visitor) -> Name {
    let customer = customer(&visitor.customer);
    let (id, phrase) = match (circumstances(visitor), &visitor.customer) {
        (None, _) => return customer,
        (Some((id, _, phrase)), Customer::Guest) => (id.to_owned(), phrase.to_owned()),
        (Some((id, suffix, _)), _) => {
            (format!("{} {id}", customer.id), format!("{} {suffix}", customer.phrase))
        }
    };
    Name { id, phrase }
}

/// Returns what is unusual about a visitor: the identifier in reports for programs, a suffix for customers,
/// and the phrase for guests.
fn circumstances(visitor: &Visitor) -> Option<(&'static str, &'static str, &'static str)> {
    if let Some(name) = theme_settings::name(visitor) {
        return Some(name);
    }
    match (visitor.scripts, visitor.place) {
        (Scripts::Off, _) => {
            Some(("without-scripts", "without scripts", "visitors without scripts"))
        }
        (Scripts::WithNonce, _) => Some((
            "under-a-policy",
            "on a store with a content security policy",
            "visitors of a store with a content security policy",
        )),
        (_, Place::Frame) => Some((
            "in-a-frame",
            "in a frame of another page",
            "visitors in a frame of another page",
        )),
        (_, Place::CheckoutPath) => Some((
            "at-a-checkout-path",
            "at an address of the checkout",
            "visitors at an address of the checkout",
        )),
        _ if visitor.is_development => {
            Some(("developer", "on their own computers", "developers on their own computers"))
        }
        _ => None,
    }
}

fn customer(customer: &Customer) -> Name {
    let (id, phrase) = match customer {
        Customer::Guest => ("guest", "guests"),
        Customer::Member { group_id: u64::MAX, .. } => {
            ("customer-of-another-group", "customers in any other group")
        }
        Customer::Member { group_id: 0, group_name } if group_name.is_empty() => {
            ("customer", "customers in no group")
        }
        Customer::Member { group_id, group_name } => {
            let number = (*group_id > 0).then(|| group_id.to_string());
            let name = (!group_name.is_empty()).then_some(group_name);
            let ids = number.clone().into_iter().chain(name.map(|name| format!("name:{name}")));
            let words = number.into_iter().chain(name.map(|name| format!("\"{name}\"")));
            return Name {
                id: format!("group {}", ids.collect::<Vec<_>>().join(" ")),
                phrase: format!(
                    "members of customer group {}",
                    words.collect::<Vec<_>>().join(" ")
                ),
            };
        }
    };
    Name { id: id.to_owned(), phrase: phrase.to_owned() }
}

/// Why a kept page is uncertain if one of its scripts may go to the storefront.
pub(super) const NAMES_STOREFRONT: &str =
    "a script of this page names the storefront and goes to another page";

/// Returns why a page is uncertain, in one clause.
pub(super) fn doubt(doubt: &Doubt) -> String {
    match doubt {
        Doubt::UnknownScript(Some(address)) => {
            format!("a script of unknown origin seems to lead to {address}")
        }
        Doubt::UnknownScript(None) => {
            "a script of unknown origin seems to lead to another page".to_owned()
        }
        Doubt::SeenFirst => {
            "shoppers may see something before the redirect takes effect".to_owned()
        }
        Doubt::SomeWays => "the page does not redirect in all cases".to_owned(),
        Doubt::ScriptBefore => {
            "a script that stencil-guard does not know runs before the redirect, and may prevent it"
                .to_owned()
        }
        Doubt::Restricted => "a policy in the page may keep scripts from running".to_owned(),
        Doubt::FrontMatter => {
            "the platform's tools differ about where its front matter ends, and not all of them see the redirect".to_owned()
        }
        Doubt::PageBehindRefresh => {
            "a meta refresh redirects, but shoppers see the page until then".to_owned()
        }
        Doubt::Refresh(Some(address)) => {
            format!("a meta refresh leads to {address} after some time")
        }
        Doubt::Refresh(None) => {
            "a meta refresh leads to an address that is known at run time only".to_owned()
        }
        Doubt::Markup => "its markup is too odd to say what browsers make of it".to_owned(),
        Doubt::RefreshInside => "a meta refresh leads to another page of the shop".to_owned(),
        Doubt::Base(Some(address)) => {
            format!("its base element makes every relative address one of {address}")
        }
        Doubt::Base(None) => {
            "its base element makes every relative address one that is known at run time only"
                .to_owned()
        }
        Doubt::SetAddress => {
            "a script leads to an address that the theme's settings hold".to_owned()
        }
    }
}

/// Returns what is wrong with a page, in one sentence.
pub(super) fn message(code: Code, reason: &str) -> String {
    match code {
        Code::CannotTell => {
            format!("stencil-guard cannot tell whether shoppers see this page: {reason}")
        }
        _ => format!("this page is {reason}"),
    }
}
