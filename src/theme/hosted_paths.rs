//! The one table from `urls.*`, hosted paths with their query actions, and endpoints of forms to the
//! pages that they lead to.
//!
//! From the platform's reference of theme objects, its list of hosted paths and its page types.

use super::destinations::Destination::{self, CartAction, Checkout, File, Page, Switch, Unknown};

/// Hosted paths that objects in templates stand for.
pub(super) const EXPRESSIONS: &[(&str, &str)] = &[
    ("urls.home", "/"),
    ("urls.cart", "/cart.php"),
    ("urls.checkout.single_address", "/checkout.php"),
    ("urls.checkout.multiple_address", "/checkout.php?action=multiple"),
    ("urls.auth.login", "/login.php"),
    ("urls.auth.check_login", "/login.php?action=check_login"),
    ("urls.auth.logout", "/login.php?action=logout"),
    ("urls.auth.create_account", "/login.php?action=create_account"),
    ("urls.auth.save_new_account", "/login.php?action=save_new_account"),
    ("urls.auth.forgot_password", "/login.php?action=reset_password"),
    ("urls.auth.send_password_email", "/login.php?action=send_password_email"),
    ("urls.account.index", "/account.php"),
    ("urls.account.orders.all", "/account.php?action=order_status"),
    ("urls.account.orders.completed", "/account.php?action=view_orders"),
    ("urls.account.orders.save_new_return", "/account.php?action=save_new_return"),
    ("urls.account.returns", "/account.php?action=view_returns"),
    ("urls.account.update_action", "/account.php?action=update_account"),
    ("urls.account.addresses", "/account.php?action=address_book"),
    ("urls.account.add_address", "/account.php?action=add_shipping_address"),
    ("urls.account.inbox", "/account.php?action=inbox"),
    ("urls.account.send_message", "/account.php?action=send_message"),
    ("urls.account.details", "/account.php?action=account_details"),
    ("urls.account.recent_items", "/account.php?action=recent_items"),
    ("urls.account.payment_methods.all", "/account.php?action=payment_methods"),
    ("urls.account.wishlists.all", "/wishlist.php"),
    ("urls.account.wishlists.add", "/wishlist.php?action=addwishlist"),
    ("urls.account.wishlists.edit", "/wishlist.php?action=editwishlist"),
    ("urls.account.wishlists.delete", "/wishlist.php?action=deletewishlist"),
    ("urls.search", "/search.php"),
    ("urls.compare", "/compare/"),
    ("urls.brands", "/brands/"),
    ("urls.sitemap", "/sitemap.php"),
    ("urls.subscribe.action", "/subscribe.php"),
    ("urls.contact_us_submit", "/pages.php?action=sendContactForm"),
    ("urls.gift_certificate.purchase", "/giftcertificates.php"),
    ("urls.gift_certificate.balance", "/giftcertificates.php?action=balance"),
    ("urls.gift_certificate.redeem", "/giftcertificates.php?action=redeem"),
    ("urls.product.post_review", "/postreview.php"),
    ("settings.base_url", ""),
    ("settings.secure_base_url", ""),
];

/// Other expressions whose last part says what they are for; `*` stands for anything.
pub(super) const ENDINGS: &[(&str, Destination)] = &[
    ("*remove_url", CartAction),
    ("*add_to_cart_url", CartAction),
    ("*.cart_url", CartAction),
    ("*switch_url", Switch),
    ("*checkout_url", Checkout),
];

/// Helpers that print the address of a file.
pub(super) const FILE_HELPERS: &[&str] = &[
    "cdn",
    "getImage",
    "getImageSrcset",
    "getContentImage",
    "getContentImageSrcset",
    "getImageManagerImage",
    "getImageManagerImageSrcset",
];

/// The value of a path's `action` that a row asks for.
pub(super) enum Action {
    /// Whatever it is, also none.
    Any,
    /// None is given.
    None,
    /// One of these.
    OneOf(&'static [&'static str]),
}

/// Hosted paths: the first row that fits says where they lead. A path that ends in `/` stands for all
/// below it, too.
pub(super) const PATHS: &[(&str, Action, Destination)] = &[
    ("/", Action::Any, Page("pages/home")),
    ("/checkout/order-confirmation/", Action::Any, Checkout),
    ("/checkout/", Action::Any, Checkout),
    ("/checkout.php", Action::Any, Checkout),
    ("/embedded-checkout/", Action::Any, Checkout),
    ("/order-confirmation/", Action::Any, Checkout),
    ("/finishorder.php", Action::Any, Checkout),
    ("/cart.php", Action::None, Page("pages/cart")),
    ("/cart.php", Action::Any, CartAction),
    (
        "/login.php",
        Action::OneOf(&["create_account", "save_new_account"]),
        Page("pages/auth/create-account"),
    ),
    ("/login.php", Action::OneOf(&["account_created"]), Page("pages/auth/account-created")),
    (
        "/login.php",
        Action::OneOf(&["reset_password", "send_password_email"]),
        Page("pages/auth/forgot-password"),
    ),
    (
        "/login.php",
        Action::OneOf(&["change_password", "save_new_password"]),
        Page("pages/auth/new-password"),
    ),
    ("/login.php", Action::Any, Page("pages/auth/login")),
    ("/account.php", Action::OneOf(&["order_status"]), Page("pages/account/orders/all")),
    ("/account.php", Action::OneOf(&["view_orders"]), Page("pages/account/orders/completed")),
    ("/account.php", Action::OneOf(&["view_order"]), Page("pages/account/orders/details")),
    ("/account.php", Action::OneOf(&["print_invoice"]), Page("pages/account/orders/invoice")),
    ("/account.php", Action::OneOf(&["view_returns"]), Page("pages/account/returns")),
    ("/account.php", Action::OneOf(&["new_return"]), Page("pages/account/add-return")),
    ("/account.php", Action::OneOf(&["save_new_return"]), Page("pages/account/return-saved")),
    (
        "/account.php",
        Action::OneOf(&["account_details", "update_account"]),
        Page("pages/account/edit"),
    ),
    ("/account.php", Action::OneOf(&["address_book"]), Page("pages/account/addresses")),
    ("/account.php", Action::OneOf(&["add_shipping_address"]), Page("pages/account/add-address")),
    ("/account.php", Action::OneOf(&["inbox", "send_message"]), Page("pages/account/inbox")),
    ("/account.php", Action::OneOf(&["recent_items"]), Page("pages/account/recent-items")),
    ("/account.php", Action::OneOf(&["payment_methods"]), Page("pages/account/payment-methods")),
    (
        "/account.php",
        Action::OneOf(&["add_payment_method"]),
        Page("pages/account/add-payment-method"),
    ),
    (
        "/account.php",
        Action::OneOf(&["edit_payment_method"]),
        Page("pages/account/edit-payment-method"),
    ),
    ("/account.php", Action::OneOf(&["download_item"]), Page("pages/account/download-item")),
    ("/account.php", Action::None, Page("pages/account/orders/all")),
    ("/wishlist.php", Action::None, Page("pages/account/wishlists")),
    ("/wishlist.php", Action::OneOf(&["addwishlist"]), Page("pages/account/add-wishlist")),
    ("/wishlist.php", Action::Any, Page("pages/account/wishlist-details")),
    ("/search.php", Action::Any, Page("pages/search")),
    ("/compare/", Action::Any, Page("pages/compare")),
    ("/brands/", Action::Any, Page("pages/brands")),
    ("/blog/", Action::Any, Page("pages/blog")),
    ("/sitemap.php", Action::Any, Page("pages/sitemap")),
    ("/subscribe.php", Action::Any, Page("pages/subscribed")),
    ("/unsubscribe.php", Action::Any, Page("pages/unsubscribe")),
    ("/pages.php", Action::OneOf(&["sendContactForm"]), Page("pages/contact-us")),
    ("/postreview.php", Action::Any, Page("pages/product")),
    ("/giftcertificates.php", Action::OneOf(&["balance"]), Page("pages/gift-certificate/balance")),
    ("/giftcertificates.php", Action::OneOf(&["redeem"]), Page("pages/gift-certificate/redeem")),
    ("/giftcertificates.php", Action::None, Page("pages/gift-certificate/purchase")),
    ("/viewfile.php", Action::Any, File),
    ("/productimage.php", Action::Any, File),
    ("/content/", Action::Any, File),
    ("/product_images/", Action::Any, File),
    ("/assets/", Action::Any, File),
    ("/stencil/", Action::Any, File),
    ("/remote.php", Action::Any, File),
    ("/remote/", Action::Any, File),
    ("/api/", Action::Any, File),
    ("/graphql", Action::Any, File),
    ("/rss.php", Action::Any, Unknown),
];

/// Endings of paths to files, not pages.
pub(super) const FILE_EXTENSIONS: &[&str] = &[
    "avif", "css", "csv", "doc", "docx", "gif", "ico", "jpeg", "jpg", "js", "json", "mp3", "mp4",
    "pdf", "png", "ppt", "pptx", "svg", "txt", "webm", "webp", "xls", "xlsx", "zip",
];
