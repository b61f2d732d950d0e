//! What `inspect` finds, in words.

use crate::text::Code;
use crate::verify::{Customer, Doubt, Visitor};

/// A visitor, as one of many.
pub(super) fn who(visitor: &Visitor) -> String {
    match &visitor.customer {
        _ if !visitor.scripts => "visitors whose browser runs no scripts".to_owned(),
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
