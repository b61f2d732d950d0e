//! The types of routes that the platform is known to have, and the links that each of them changes.

/// A type of route.
#[derive(Clone, Copy, Debug)]
pub struct RouteType {
    /// As the API spells it.
    pub name: &'static str,
    /// Whether a site has one page of this type, so that nothing is left to be matched.
    pub is_single: bool,
    /// The links that lead where it says, each as a shopper would name it; none if none is known.
    pub links: &'static [&'static str],
}

/// All types of the platform's reference, its guides and its own plugin for WordPress.
pub const TYPES: &[RouteType] = &[
    single("home", &[]),
    single(
        "cart",
        &[
            "\"Edit cart\" in the checkout",
            "what follows signing out in the checkout, where guests see no prices",
        ],
    ),
    single("checkout", &["the way back into the checkout after signing in or out"]),
    single(
        "login",
        &[
            "the link in the message that the cart is empty",
            "\"Sign in\" in the checkout, where shoppers sign in on the storefront",
        ],
    ),
    single("logout", &["\"Sign out\" in the checkout, where shoppers sign in on the storefront"]),
    single(
        "create_account",
        &[
            "\"Create an account\" in an embedded checkout",
            "\"create an account\" beside several shipping addresses",
        ],
    ),
    single(
        "forgot_password",
        &["\"Forgot password?\" in the checkout, unless shoppers sign in on the storefront"],
    ),
    single("account", &[]),
    single(
        "account_order_status",
        &["the order in e-mails about invoices and orders that are ready for pickup"],
    ),
    single("account_new_return", &[]),
    single("returns", &[]),
    single("recover_abandoned_cart", &["the cart in e-mails about abandoned carts"]),
    single("order_confirmation", &[]),
    single("search", &[]),
    single("blog", &[]),
    many("product"),
    many("category"),
    many("brand"),
    many("page"),
    many("static"),
];

const fn single(name: &'static str, links: &'static [&'static str]) -> RouteType {
    RouteType { name, is_single: true, links }
}

const fn many(name: &'static str) -> RouteType {
    RouteType { name, is_single: false, links: &[] }
}

/// Whether the platform is known to have this type.
pub fn is_known(name: &str) -> bool {
    find(name).is_some()
}

/// The links that routes of this type change, as far as that is known.
pub fn links(name: &str) -> &'static [&'static str] {
    find(name).map(|kind| kind.links).unwrap_or_default()
}

/// Whether a site has one page of this type.
pub(super) fn is_single(name: &str) -> bool {
    find(name).is_some_and(|kind| kind.is_single)
}

fn find(name: &str) -> Option<&'static RouteType> {
    TYPES.iter().find(|kind| kind.name == name)
}
