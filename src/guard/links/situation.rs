//! What links are judged by, besides where they stand.

use super::rules::Rules;
use std::collections::BTreeSet;

/// What is known of the store and its pages.
pub struct Situation<'a> {
    /// The rules.
    pub rules: &'a Rules,
    /// Kept pages, such as `pages/checkout`.
    pub kept: &'a BTreeSet<String>,
    /// Address of the storefront without a final slash.
    pub storefront: &'a str,
    /// Hosts that belong to the store.
    pub own_hosts: &'a [String],
}
