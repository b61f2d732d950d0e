//! What `inspect` finds, in words.

use crate::text::Code;
use crate::verify::{Customer, Doubt, Place, Scripts, Visitor};

/// How a kind of visitor is called.
pub(super) struct Name {
    /// In reports for programs.
    pub(super) id: String,
    /// In sentences, as one of many.
    pub(super) phrase: String,
}

/// What visitors of a kind are called.
pub(super) fn name(visitor: &Visitor) -> Name {
    let (id, phrase) = match (visitor.scripts, visitor.place) {
        (Scripts::Off, _) => ("without-scripts", "visitors without scripts"),
        (Scripts::WithNonce, _) => {
            ("under-a-policy", "visitors of a store with a content security policy")
        }
        (_, Place::Frame) => ("in-a-frame", "visitors in a frame of another page"),
        (_, Place::CheckoutPath) => {
            ("at-a-checkout-path", "visitors at an address of the checkout")
        }
        _ if visitor.is_development => ("developer", "developers on their own computers"),
        _ => return customer(&visitor.customer),
    };
    Name { id: id.to_owned(), phrase: phrase.to_owned() }
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
        Customer::Member { group_id: 0, group_name } => {
            let phrase = format!("members of customer group \"{group_name}\"");
            return Name { id: format!("group name:{group_name}"), phrase };
        }
        Customer::Member { group_id, .. } => {
            let phrase = format!("members of customer group {group_id}");
            return Name { id: format!("group {group_id}"), phrase };
        }
    };
    Name { id: id.to_owned(), phrase: phrase.to_owned() }
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
