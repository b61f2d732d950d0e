//! The types of routes that the platform is known to have.

/// A type of route.
#[derive(Clone, Copy, Debug)]
pub struct RouteType {
    /// The type's name, as the API spells it.
    pub name: &'static str,
    /// Whether a site has only one page of this type, so that there is nothing to match.
    pub is_single: bool,
}

/// All types of the platform's reference, its guides and its own plugin for WordPress.
pub const TYPES: &[RouteType] = &[
    single("home"),
    single("cart"),
    single("checkout"),
    single("login"),
    single("logout"),
    single("create_account"),
    single("forgot_password"),
    single("account"),
    single("account_order_status"),
    single("account_new_return"),
    single("returns"),
    single("recover_abandoned_cart"),
    single("order_confirmation"),
    single("search"),
    single("blog"),
    many("product"),
    many("category"),
    many("brand"),
    many("page"),
    many("static"),
];

const fn single(name: &'static str) -> RouteType {
    RouteType { name, is_single: true }
}

const fn many(name: &'static str) -> RouteType {
    RouteType { name, is_single: false }
}

/// Whether the platform is known to have this type.
pub fn is_known(name: &str) -> bool {
    find(name).is_some()
}

/// Whether a site has only one page of this type.
pub(super) fn is_single(name: &str) -> bool {
    find(name).is_some_and(|kind| kind.is_single)
}

fn find(name: &str) -> Option<&'static RouteType> {
    TYPES.iter().find(|kind| kind.name == name)
}
