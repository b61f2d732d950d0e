//! Whether the redirect from the cart passes the cart ID on, where the settings ask for that.

use crate::guard::paths::{Address, hosted_address};
use crate::guard::plan::{Mechanism, Policy};
use crate::text::{Code, Finding};
use crate::theme::pages::Templates;

/// The page that shows the cart.
const CART: &str = "pages/cart";

/// Warns if the cart ID is to be passed on but never is.
pub(super) fn unused(policy: &Policy, templates: &Templates) -> Option<Finding> {
    policy.paths.cart_param()?;
    let (why, help) = if policy.mechanism == Mechanism::None {
        let why = "the mode `links` redirects nobody from the cart".to_owned();
        (why, "use another mode, or leave cart-param out")
    } else if templates.get(CART).is_none() {
        ("the theme has no page `cart`".to_owned(), "leave cart-param out")
    } else if policy.kept.contains(CART) {
        let why = "the page `cart` is kept, so that nobody is redirected from it".to_owned();
        (why, "guard the page (--no-keep cart), or leave cart-param out")
    } else {
        let address = elsewhere(policy)?;
        let why = format!("the cart leads to {address}, which is not on the storefront");
        (why, "lead it to a path of the storefront ([[path]]), or leave cart-param out")
    };
    let message = format!("no storefront receives the cart ID: {why}");
    Some(Finding::new(Code::UnusedCartParam, message).help(help))
}

/// Returns where the cart leads if that is on none of the storefronts.
fn elsewhere(policy: &Policy) -> Option<String> {
    let address = Address { page: CART.to_owned(), ..Address::parse(&hosted_address(CART)?) };
    let lead = policy.paths.lead(&address, &policy.storefront).address;
    (!policy.storefront.holds(&lead)).then_some(lead)
}
