//! What `inspect` finds, in words.

use crate::text::Code;
use crate::verify::{Customer, Doubt, Place, Scripts, Visitor};

/// A visitor, as one of many.
pub(super) fn who(visitor: &Visitor) -> String {
    if let Some((_, phrase)) = oddity(visitor) {
        return phrase.to_owned();
    }
    match &visitor.customer {
        Customer::Guest => "every shopper".to_owned(),
        Customer::Member { group_id: 0, group_name } if group_name.is_empty() => {
            "customers who are signed in".to_owned()
        }
        Customer::Member { group_id: u64::MAX, .. } => "customers of any group".to_owned(),
        Customer::Member { group_id: 0, group_name } => {
            format!("members of customer group \"{group_name}\"")
        }
        Customer::Member { group_id, .. } => format!("members of customer group {group_id}"),
    }
}

/// What is not usual about a visitor, as a name and in words.
fn oddity(visitor: &Visitor) -> Option<(&'static str, &'static str)> {
    match (visitor.scripts, visitor.place) {
        (Scripts::Off, _) => Some(("without-scripts", "visitors whose browser runs no scripts")),
        (Scripts::WithNonce, _) => {
            Some(("under-a-policy", "visitors of a store with a content security policy"))
        }
        (_, Place::Frame) => Some(("in-a-frame", "visitors who see it in a frame")),
        (_, Place::CheckoutPath) => {
            Some(("at-a-checkout-path", "visitors at an address of the checkout"))
        }
        _ if visitor.is_development => Some(("developer", "visitors of the development server")),
        _ => None,
    }
}

/// A visitor's name in reports for programs.
pub(super) fn name_of(visitor: &Visitor) -> String {
    if let Some((name, _)) = oddity(visitor) {
        return name.to_owned();
    }
    match &visitor.customer {
        Customer::Guest => "guest".to_owned(),
        Customer::Member { group_id: 0, group_name } if group_name.is_empty() => {
            "customer".to_owned()
        }
        Customer::Member { group_id: u64::MAX, .. } => "customer-of-another-group".to_owned(),
        Customer::Member { group_id: 0, group_name } => format!("group name:{group_name}"),
        Customer::Member { group_id, .. } => format!("group {group_id}"),
    }
}

/// Why a page is uncertain, in one clause.
pub(super) fn doubt(doubt: &Doubt) -> String {
    match doubt {
        Doubt::UnknownScript(address) => {
            format!("a script of unknown origin seems to lead to {address}")
        }
        Doubt::SeenFirst => "something may be seen before what leads away takes effect".to_owned(),
        Doubt::SomeWays => "what leads away is not there in all cases".to_owned(),
        Doubt::Restricted => "a policy in the page may keep scripts from running".to_owned(),
        Doubt::PageBehindRefresh => {
            "a meta refresh leads away, and the page is shown until then".to_owned()
        }
    }
}

/// What is wrong with a page, in one sentence.
pub(super) fn message(code: Code, reason: &str) -> String {
    match code {
        Code::CannotTell => format!("it cannot be told whether this page is shown: {reason}"),
        _ => format!("this page is {reason}"),
    }
}
