//! What the user decided about links, for both who plan guards and who plan links.

use super::hidden::Hidden;
use super::link_rules::Rules;

/// What the user decided about links.
#[derive(Clone, Debug)]
pub struct LinkSettings {
    /// Hosts that belong to the store besides its own.
    pub own_hosts: Vec<String>,
    /// The rules.
    pub rules: Rules,
    /// What kept pages show around their own content.
    pub kept_chrome: KeptChrome,
    /// What becomes of links into guarded pages.
    pub back_links: BackLinks,
    /// Links of the hosted checkout that are hidden.
    pub hidden: Vec<Hidden>,
}

/// What becomes of links on kept pages that lead into guarded ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BackLinks {
    /// They lead nowhere.
    #[default]
    Strip,
    /// They lead to the storefront, by the path rules. Where a template does not say enough, they lead nowhere.
    Storefront,
}

/// What kept pages show around their own content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeptChrome {
    /// Header, navigation and footer, as ever.
    #[default]
    Full,
    /// The logo only.
    Bare,
}
