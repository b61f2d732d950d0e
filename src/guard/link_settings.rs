//! The user's settings for links, shared by the modules that plan guards and links.

use super::hidden::Hidden;
use super::link_rules::Rules;

/// The user's settings for links.
#[derive(Clone, Debug)]
pub struct LinkSettings {
    /// Hosts that belong to the store besides its own.
    pub own_hosts: Vec<String>,
    /// The rules.
    pub rules: Rules,
    /// What kept pages show around their own content.
    pub kept_chrome: KeptChrome,
    /// What happens to links into guarded pages.
    pub back_links: BackLinks,
    /// Links of the hosted checkout to hide.
    pub hidden: Vec<Hidden>,
}

/// What happens to links on kept pages that lead into guarded ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BackLinks {
    /// They are disabled.
    #[default]
    Strip,
    /// They are retargeted to the storefront by the path rules, or disabled where a template does not say
    /// enough.
    Storefront,
}

/// What kept pages show around their own content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeptChrome {
    /// Header, navigation and footer, unchanged.
    #[default]
    Full,
    /// The logo only.
    Bare,
}
