//! The table of the platform's own addresses: what each one does, which pages it belongs to, and which page
//! the platform shows next.
//!
//! The table follows the platform's reference of theme objects, its list of hosted paths and its page types.
//! It is data and knows no templates; `destinations` looks addresses up in it.

use EndpointAction::{Acts, CartAction, Checkout, File, Shows, Switch, Unknown};

/// What the platform does at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndpointAction {
    /// Shows this page.
    Shows(&'static str),
    /// Does what some page is for.
    Acts(PageAction),
    /// Leads through the checkout, at whichever of its paths.
    Checkout,
    /// Changes the cart.
    CartAction,
    /// Changes the currency or the language.
    Switch,
    /// Returns a file or data, not a page.
    File,
    /// Any place in the store that this table does not list.
    Unknown,
}

/// An action of a form or link for which some page exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageAction {
    /// The pages that the action belongs to; if empty, whichever page the form or link is on.
    pub of: &'static [&'static str],
    /// The page that shoppers see next; `None` for the same page, a file or another site.
    pub answer: Option<&'static str>,
    /// The page that the same address shows when shoppers follow it as a link.
    pub shows: Option<&'static str>,
}

/// The value of the query parameter `action` that a row requires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Any value, or none.
    Any,
    /// No value.
    None,
    /// One of these values.
    OneOf(&'static [&'static str]),
}

/// What the platform does at a hosted path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The path; a path that ends in `/` also covers everything below it.
    pub path: &'static str,
    /// The `action` in the query.
    pub action: Action,
    /// What the platform does there.
    pub does: EndpointAction,
}

/// What an expression leads to whose path no reference documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// Patterns for its name; `*` matches anything.
    pub expressions: &'static [&'static str],
    /// The pages whose content gives it this meaning; if empty, every page.
    pub on: &'static [&'static str],
    /// What the platform does at the address that it prints.
    pub does: EndpointAction,
}

const LOGIN: &str = "pages/auth/login";
const CREATE_ACCOUNT: &str = "pages/auth/create-account";
const FORGOT_PASSWORD: &str = "pages/auth/forgot-password";
const NEW_PASSWORD: &str = "pages/auth/new-password";
const CART: &str = "pages/cart";
const ORDERS: &str = "pages/account/orders/all";
const COMPLETED: &str = "pages/account/orders/completed";
const ORDER: &str = "pages/account/orders/details";
const INVOICE: &str = "pages/account/orders/invoice";
const DOWNLOAD: &str = "pages/account/download-item";
const RETURNS: &str = "pages/account/returns";
const ADD_RETURN: &str = "pages/account/add-return";
const EDIT_ACCOUNT: &str = "pages/account/edit";
const ADDRESSES: &str = "pages/account/addresses";
const ADD_ADDRESS: &str = "pages/account/add-address";
const INBOX: &str = "pages/account/inbox";
const PAYMENT_METHODS: &str = "pages/account/payment-methods";
const ADD_PAYMENT_METHOD: &str = "pages/account/add-payment-method";
const EDIT_PAYMENT_METHOD: &str = "pages/account/edit-payment-method";
const WISHLISTS: &str = "pages/account/wishlists";
const WISHLIST: &str = "pages/account/wishlist-details";
const ADD_WISHLIST: &str = "pages/account/add-wishlist";
const PRODUCT: &str = "pages/product";
const CONTACT: &str = "pages/contact-us";
const PURCHASE_GIFT: &str = "pages/gift-certificate/purchase";

/// The purpose of the pages `of`, after which the platform shows the page `answer`.
const fn acts(of: &'static [&'static str], answer: &'static str) -> EndpointAction {
    Acts(PageAction { of, answer: Some(answer), shows: None })
}

/// The purpose of the pages `of`, after which the platform shows the same page, a file or another site.
const fn acts_in_place(of: &'static [&'static str]) -> EndpointAction {
    Acts(PageAction { of, answer: None, shows: None })
}

const fn row(path: &'static str, does: EndpointAction) -> Endpoint {
    Endpoint { path, action: Action::Any, does }
}

const fn plain(path: &'static str, does: EndpointAction) -> Endpoint {
    Endpoint { path, action: Action::None, does }
}

const fn with(
    path: &'static str,
    actions: &'static [&'static str],
    does: EndpointAction,
) -> Endpoint {
    Endpoint { path, action: Action::OneOf(actions), does }
}

/// Hosted paths; the first row that matches counts.
pub const ENDPOINTS: &[Endpoint] = &[
    row("/", Shows("pages/home")),
    row("/checkout/order-confirmation/", Checkout),
    row("/checkout/", Checkout),
    row("/checkout.php", Checkout),
    row("/embedded-checkout/", Checkout),
    row("/order-confirmation/", Checkout),
    row("/finishorder.php", Checkout),
    plain("/cart.php", Shows(CART)),
    row("/cart.php", CartAction),
    with("/login.php", &["check_login"], acts(&[LOGIN], ORDERS)),
    with("/login.php", &["create_account"], Shows(CREATE_ACCOUNT)),
    with(
        "/login.php",
        &["save_new_account"],
        acts(&[CREATE_ACCOUNT], "pages/auth/account-created"),
    ),
    with("/login.php", &["account_created"], Shows("pages/auth/account-created")),
    with("/login.php", &["reset_password"], Shows(FORGOT_PASSWORD)),
    with("/login.php", &["send_password_email"], acts(&[FORGOT_PASSWORD], LOGIN)),
    with("/login.php", &["change_password"], Shows(NEW_PASSWORD)),
    with("/login.php", &["save_new_password"], acts(&[NEW_PASSWORD], LOGIN)),
    row("/login.php", Shows(LOGIN)),
    with("/account.php", &["order_status"], Shows(ORDERS)),
    with("/account.php", &["view_orders"], Shows(COMPLETED)),
    with("/account.php", &["view_order"], Shows(ORDER)),
    with("/account.php", &["print_invoice"], Shows(INVOICE)),
    with("/account.php", &["reorder"], acts(&[ORDER, ORDERS, COMPLETED], CART)),
    with("/account.php", &["view_returns"], Shows(RETURNS)),
    with("/account.php", &["new_return"], Shows(ADD_RETURN)),
    with("/account.php", &["save_new_return"], acts(&[ADD_RETURN], "pages/account/return-saved")),
    with("/account.php", &["account_details"], Shows(EDIT_ACCOUNT)),
    with("/account.php", &["update_account"], acts_in_place(&[EDIT_ACCOUNT])),
    with("/account.php", &["address_book"], Shows(ADDRESSES)),
    with("/account.php", &["add_shipping_address", "edit_shipping_address"], Shows(ADD_ADDRESS)),
    with(
        "/account.php",
        &["save_new_shipping_address", "update_new_shipping_address"],
        acts(&[ADD_ADDRESS], ADDRESSES),
    ),
    with("/account.php", &["delete_shipping_address"], acts_in_place(&[ADDRESSES])),
    with("/account.php", &["inbox"], Shows(INBOX)),
    with("/account.php", &["send_message"], acts_in_place(&[INBOX])),
    with("/account.php", &["recent_items"], Shows("pages/account/recent-items")),
    with("/account.php", &["payment_methods"], Shows(PAYMENT_METHODS)),
    with("/account.php", &["add_payment_method"], Shows(ADD_PAYMENT_METHOD)),
    with("/account.php", &["edit_payment_method"], Shows(EDIT_PAYMENT_METHOD)),
    with("/account.php", &["delete_payment_method"], acts_in_place(&[PAYMENT_METHODS])),
    with("/account.php", &["download_item"], Shows(DOWNLOAD)),
    plain("/account.php", Shows(ORDERS)),
    plain("/wishlist.php", Shows(WISHLISTS)),
    with(
        "/wishlist.php",
        &["addwishlist", "editwishlist"],
        Acts(PageAction {
            of: &[ADD_WISHLIST, WISHLISTS, WISHLIST, PRODUCT],
            answer: Some(WISHLISTS),
            shows: Some(ADD_WISHLIST),
        }),
    ),
    with("/wishlist.php", &["deletewishlist"], acts(&[WISHLISTS, WISHLIST], WISHLISTS)),
    row("/wishlist.php", Shows(WISHLIST)),
    row("/search.php", Shows("pages/search")),
    row("/compare/", Shows("pages/compare")),
    row("/brands/", Shows("pages/brands")),
    row("/blog/", Shows("pages/blog")),
    row("/sitemap.php", Shows("pages/sitemap")),
    row("/subscribe.php", Shows("pages/subscribed")),
    row("/unsubscribe.php", Shows("pages/unsubscribe")),
    with("/pages.php", &["sendContactForm"], acts_in_place(&[CONTACT])),
    row("/postreview.php", acts_in_place(&[PRODUCT])),
    with("/giftcertificates.php", &["balance"], Shows("pages/gift-certificate/balance")),
    with("/giftcertificates.php", &["redeem"], Shows("pages/gift-certificate/redeem")),
    plain("/giftcertificates.php", Shows(PURCHASE_GIFT)),
    row("/viewfile.php", File),
    row("/productimage.php", File),
    row("/content/", File),
    row("/product_images/", File),
    row("/assets/", File),
    row("/stencil/", File),
    row("/remote.php", File),
    row("/remote/", File),
    row("/api/", File),
    row("/graphql", File),
    row("/rss.php", Unknown),
];

/// Expressions in templates and the hosted paths that they print.
pub const EXPRESSIONS: &[(&str, &str)] = &[
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
    ("urls.auth.save_new_password", "/login.php?action=save_new_password"),
    ("forms.new_password.submit_url", "/login.php?action=save_new_password"),
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
    ("forms.search.action", "/search.php"),
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

const fn named(expressions: &'static [&'static str], does: EndpointAction) -> Named {
    Named { expressions, on: &[], does }
}

const fn on(
    pages: &'static [&'static str],
    expressions: &'static [&'static str],
    does: EndpointAction,
) -> Named {
    Named { expressions, on: pages, does }
}

/// Expressions without a known path; the first row that matches counts.
pub const NAMED: &[Named] = &[
    named(&["forms.address.action"], acts(&[ADD_ADDRESS], ADDRESSES)),
    named(&["forms.gift_certificate.action"], acts(&[PURCHASE_GIFT], CART)),
    on(
        &[ADD_PAYMENT_METHOD, EDIT_PAYMENT_METHOD],
        &["forms.action", "*.forms.action"],
        acts(&[ADD_PAYMENT_METHOD, EDIT_PAYMENT_METHOD], PAYMENT_METHODS),
    ),
    named(&["forms.search.content_url", "forms.search.product_url"], Shows("pages/search")),
    named(&["forms.search.*"], Unknown),
    // Any other form object belongs to the form of the page itself.
    named(&["forms.action", "forms.*.action", "forms.*_url", "forms.*.url"], acts_in_place(&[])),
    on(&[ORDER, ORDERS, COMPLETED], &["*reorder_url"], acts(&[ORDER, ORDERS, COMPLETED], CART)),
    on(&[ORDER, ORDERS, COMPLETED, RETURNS], &["*return_url"], Shows(ADD_RETURN)),
    on(&[ORDERS, COMPLETED, INBOX, RETURNS], &["*details_url", "*order_url"], Shows(ORDER)),
    on(&[ORDER, ORDERS, COMPLETED], &["*invoice_url"], Shows(INVOICE)),
    on(&[ORDER, ORDERS, COMPLETED], &["*download_url", "*downloads_url"], Shows(DOWNLOAD)),
    on(
        &[ORDER, ORDERS, COMPLETED],
        &["*shipping_track.url", "*tracking_url", "*tracking_link"],
        acts_in_place(&[ORDER, ORDERS, COMPLETED]),
    ),
    on(&[DOWNLOAD], &["*downloads.*url", "*download*_url"], acts_in_place(&[DOWNLOAD])),
    on(&[ADDRESSES], &["*edit_url", "*add_url"], Shows(ADD_ADDRESS)),
    on(&[ADDRESSES], &["*delete_url"], acts_in_place(&[ADDRESSES])),
    on(&[PAYMENT_METHODS], &["*edit_url"], Shows(EDIT_PAYMENT_METHOD)),
    on(&[PAYMENT_METHODS], &["*add_url"], Shows(ADD_PAYMENT_METHOD)),
    on(&[PAYMENT_METHODS], &["*delete_url"], acts_in_place(&[PAYMENT_METHODS])),
    on(&[WISHLISTS], &["*view_url", "*share_url"], Shows(WISHLIST)),
    on(&[WISHLIST], &["*share_url"], Shows(WISHLIST)),
    on(&[WISHLISTS, WISHLIST], &["*edit_url"], Shows(ADD_WISHLIST)),
    on(&[WISHLISTS, WISHLIST], &["*delete_url"], acts(&[WISHLISTS, WISHLIST], WISHLISTS)),
    on(&[PRODUCT], &["*add_to_wishlist_url", "*wishlists.add_url"], acts(&[PRODUCT], WISHLIST)),
    named(&["*remove_url", "*add_to_cart_url", "*.cart_url"], CartAction),
    named(&["*switch_url"], Switch),
    // A file that the shopper attached to an item in the cart, and the list of compared products.
    named(&["file_url", "*.file_url"], File),
    named(&["compare_url", "*.compare_url"], Shows("pages/compare")),
    named(&["*checkout_url"], Checkout),
];

/// Pages, each with the pages whose purpose is to lead there.
pub const LEADS_ON: &[(&str, &[&str])] = &[
    (ORDER, &[ORDERS, COMPLETED]),
    (INVOICE, &[ORDER]),
    (DOWNLOAD, &[ORDER]),
    (ADD_RETURN, &[ORDER, ORDERS, COMPLETED]),
    (ADD_ADDRESS, &[ADDRESSES]),
    (ADD_PAYMENT_METHOD, &[PAYMENT_METHODS]),
    (EDIT_PAYMENT_METHOD, &[PAYMENT_METHODS]),
    (ADD_WISHLIST, &[WISHLISTS, WISHLIST]),
    (WISHLIST, &[WISHLISTS]),
];

/// Extensions of paths that lead to files, not pages.
pub(super) const FILE_EXTENSIONS: &[&str] = &[
    "avif", "css", "csv", "doc", "docx", "gif", "ico", "jpeg", "jpg", "js", "json", "mp3", "mp4",
    "pdf", "png", "ppt", "pptx", "svg", "txt", "webm", "webp", "xls", "xlsx", "zip",
];
