//! What a kept page is there for stays: its own form, its main links. Where a guarded page comes next, that
//! is said with the flag that keeps it.

use crate::driver::{Playground, Run};

const LAYOUT: &str = "\n{{> layout/base}}";

/// A theme with a kept page that holds `body`, and the pages `others`; what was built, and the body after.
fn built(page: &str, body: &str, others: &[&str], more: &[&str]) -> (Run, String) {
    let playground = Playground::new();
    let path = |page: &str| format!("templates/pages/{page}.html");
    let text = format!("{{{{#partial \"page\"}}}}[[{body}]]{{{{/partial}}}}{LAYOUT}");
    let mut files = vec![(path(page), text)];
    files.extend(others.iter().map(|other| (path(other), LAYOUT.to_owned())));
    let files: Vec<(&str, &str)> =
        files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    playground.theme(&files);
    let arguments = [&["--keep", page, "--no-bundle", "--out", "out"], more].concat();
    let run = playground.build(&arguments);
    let body = match run.status {
        0 => {
            let text = playground.read(&format!("out/{}", path(page)));
            let (_, rest) = text.split_once("[[").unwrap();
            rest.split_once("]]").unwrap().0.to_owned()
        }
        _ => String::new(),
    };
    (run, body)
}

/// Pages, what they are there for, and the page that comes next, if there is another.
const OWN: &[(&str, &str, &str)] = &[
    (
        "auth/login",
        "<form action=\"{{urls.auth.check_login}}\" method=\"post\">",
        "account/orders/all",
    ),
    (
        "auth/login",
        "<form action='/login.php?action=check_login' method=post>",
        "account/orders/all",
    ),
    (
        "auth/create-account",
        "<form action=\"{{urls.auth.save_new_account}}\" method=\"post\">",
        "auth/account-created",
    ),
    (
        "auth/forgot-password",
        "<form action=\"{{urls.auth.send_password_email}}\" method=\"post\">",
        "auth/login",
    ),
    (
        "auth/new-password",
        "<form action=\"{{forms.new_password.submit_url}}\" method=\"post\">",
        "auth/login",
    ),
    (
        "auth/new-password",
        "<form action=\"{{urls.auth.save_new_password}}\" method=\"post\">",
        "auth/login",
    ),
    (
        "auth/new-password",
        "{{#with forms.new_password}}<form action=\"{{submit_url}}\" method=\"post\">{{/with}}",
        "auth/login",
    ),
    (
        "account/add-address",
        "<form action=\"{{forms.address.action}}\" method=\"post\">",
        "account/addresses",
    ),
    (
        "account/add-address",
        "<form action=\"/account.php?action=save_new_shipping_address\" method=\"post\">",
        "account/addresses",
    ),
    (
        "account/addresses",
        "{{#each customer.addresses}}<form action=\"{{delete_url}}\" method=\"post\">{{/each}}",
        "",
    ),
    (
        "account/addresses",
        "{{#each customer.addresses}}<a href=\"{{edit_url}}\">x</a>{{/each}}",
        "account/add-address",
    ),
    ("account/addresses", "<a href=\"{{urls.account.add_address}}\">x</a>", "account/add-address"),
    ("account/edit", "<form action=\"{{urls.account.update_action}}\" method=\"post\">", ""),
    ("account/inbox", "<form action=\"{{urls.account.send_message}}\" method=\"post\">", ""),
    (
        "account/add-return",
        "<form action=\"{{urls.account.orders.save_new_return}}\" method=\"post\">",
        "account/return-saved",
    ),
    ("account/orders/details", "<form action=\"{{order.reorder_url}}\" method=\"post\">", "cart"),
    ("account/orders/details", "<a href=\"{{order.return_url}}\">x</a>", "account/add-return"),
    (
        "account/orders/details",
        "{{#each shipments}}{{#if shipping_track.url}}<a href=\"{{shipping_track.url}}\">x</a>{{/if}}{{/each}}",
        "",
    ),
    (
        "account/orders/details",
        "{{#each order.items}}<a href=\"{{download_url}}\">x</a>{{/each}}",
        "account/download-item",
    ),
    (
        "account/orders/all",
        "{{#each orders}}<a href=\"{{this.details_url}}\">x</a>{{/each}}",
        "account/orders/details",
    ),
    (
        "account/orders/completed",
        "<a href=\"/account.php?action=view_order&order_id={{id}}\">x</a>",
        "account/orders/details",
    ),
    (
        "account/download-item",
        "{{#each downloads.items}}<a href=\"{{url}}\">{{name}}</a>{{/each}}",
        "",
    ),
    (
        "account/payment-methods",
        "{{#each customer.payment_methods}}<form action=\"{{delete_url}}\" method=\"post\">{{/each}}",
        "",
    ),
    ("account/payment-methods", "<a href=\"{{add_url}}\">x</a>", "account/add-payment-method"),
    (
        "account/edit-payment-method",
        "<form action=\"{{forms.action}}\" method=\"post\">",
        "account/payment-methods",
    ),
    (
        "account/wishlists",
        "{{#each customer.wishlists}}<form action=\"{{delete_url}}\" method=\"post\">{{/each}}",
        "",
    ),
    (
        "account/wishlists",
        "<form action=\"{{this.urls.account.wishlists.delete}}\" method=\"post\">",
        "",
    ),
    (
        "account/wishlists",
        "{{#each customer.wishlists}}<a href=\"{{view_url}}\">x</a>{{/each}}",
        "account/wishlist-details",
    ),
    (
        "account/add-wishlist",
        "<form action=\"{{#if forms.wishlist.id}}{{urls.account.wishlists.edit}}{{else}}{{urls.account.wishlists.add}}&product_id={{forms.wishlist.product_id}}{{/if}}\" method=\"post\">",
        "account/wishlists",
    ),
    (
        "gift-certificate/purchase",
        "<form action=\"{{forms.gift_certificate.action}}\" method=\"post\">",
        "cart",
    ),
    (
        "gift-certificate/balance",
        "<form action=\"{{urls.gift_certificate.balance}}\" method=\"get\">",
        "",
    ),
    ("contact-us", "<form action=\"{{urls.contact_us_submit}}\" method=\"post\">", ""),
    ("search", "<form action=\"{{forms.search.action}}\">", ""),
    (
        "search",
        "<form action=\"{{urls.search}}\"><button formaction=\"{{forms.search.action}}\">",
        "",
    ),
    ("product", "<form action=\"{{urls.product.post_review}}\" method=\"post\">", ""),
    ("custom/page/form", "<form action=\"{{forms.of_tomorrow.action}}\" method=\"post\">", ""),
];

#[test]
fn what_a_kept_page_is_there_for_stays() {
    for (page, body, next) in OWN {
        let others: Vec<&str> = [*next].into_iter().filter(|next| !next.is_empty()).collect();
        let (run, after) = built(page, body, &others, &[]);
        assert_eq!(run.status, 0, "{page}: {body}\n{}", run.messages);
        assert_eq!(after, *body, "{page}");
        let flag = format!("--keep {next})");
        let said = run.messages.contains("warning[answer-guarded]");
        assert_eq!(said, !next.is_empty(), "{page}: {body}\n{}", run.messages);
        assert!(next.is_empty() || run.messages.contains(&flag), "{page}: {}", run.messages);
        assert!(!run.messages.contains("warning[link-doubtful]"), "{page}: {}", run.messages);
    }
}

#[test]
fn nothing_is_said_of_a_next_page_that_somebody_sees() {
    let body = "<form action=\"{{urls.auth.check_login}}\" method=\"post\">";
    let orders = &["account/orders/all"];
    let (run, _) = built("auth/login", body, orders, &["--keep", "account/orders/all"]);
    assert!(!run.messages.contains("answer-guarded"), "{}", run.messages);
    let (run, _) = built("auth/login", body, orders, &["--mode", "links"]);
    assert!(!run.messages.contains("answer-guarded"), "{}", run.messages);
    let (run, _) =
        built("auth/login", body, orders, &["--mode", "conditional", "--allow-group", "7"]);
    assert!(run.messages.contains("note[answer-guarded]"), "{}", run.messages);
    // A path rule says where it leads.
    let (run, _) = built("auth/login", body, orders, &["--paths", "catalyst"]);
    assert!(run.messages.contains("note[answer-guarded]"), "{}", run.messages);
    // The theme has no such page, so the platform shows nothing of the theme's there.
    let (run, _) = built("auth/login", body, &[], &[]);
    assert!(!run.messages.contains("answer-guarded"), "{}", run.messages);
}

#[test]
fn all_next_pages_of_which_nobody_says_where_they_lead_are_told_at_once() {
    let body = "<form action=\"{{urls.auth.check_login}}\" method=\"post\">\n\
                <a href=\"{{order.reorder_url}}\">Order again</a>";
    let playground = Playground::new();
    playground.theme(&[
        ("templates/pages/auth/login.html", body),
        ("templates/pages/account/orders/details.html", body),
        ("templates/pages/account/orders/all.html", "ORDERS"),
        ("templates/pages/cart.html", "CART"),
    ]);
    let keep = ["--no-bundle", "--out", "out", "--keep", "auth/login,account/orders/details"];
    let run = playground.build(&keep);
    assert_eq!(run.messages.matches("warning[answer-guarded]").count(), 1, "{}", run.messages);
    assert!(
        run.messages.contains("lead on to account/orders/all and cart, which are guarded")
            && run.messages.contains("(--keep account/orders/all,cart)"),
        "{}",
        run.messages
    );
    let run = playground.build(&[&keep[..], &["--keep", "account/orders/all,cart"]].concat());
    assert!(!run.messages.contains("answer-guarded"), "{}", run.messages);
}

#[test]
fn a_form_that_is_disabled_is_a_warning() {
    for (page, body) in [
        ("order-confirmation", "<form action=\"{{urls.search}}\"><input name=\"q\"></form>"),
        (
            "order-confirmation",
            "<form action=\"{{urls.subscribe.action}}\" method=\"post\"></form>",
        ),
        ("order-confirmation", "<form><button formaction=\"/search.php\">x</button></form>"),
        ("order-confirmation", "<form action=\"{{some_url}}\" method=\"get\"></form>"),
        ("auth/login", "<form action=\"{{urls.auth.save_new_account}}\" method=\"post\"></form>"),
        ("auth/login", "<FORM ACTION=\"/about-us/\"></FORM>"),
    ] {
        let (run, after) = built(page, body, &[], &[]);
        assert_eq!(run.status, 0, "{body}: {}", run.messages);
        assert!(after.contains("data-guard-"), "{body}");
        assert!(
            run.messages.contains("it is a form in the content of"),
            "{body}: {}",
            run.messages
        );
        let (run, _) = built(page, body, &[], &["--strict"]);
        assert_eq!(run.status, 1, "{body}: {}", run.messages);
    }
    let (run, _) = built("auth/login", "<form action=\"{{urls.search}}\">", &["search"], &[]);
    assert!(run.messages.contains("--keep search"), "{}", run.messages);
}

#[test]
fn a_form_whose_address_only_the_store_knows_stays_and_needs_a_look() {
    for body in [
        "<form action=\"{{some_action}}\" method=\"post\"></form>",
        "<form action=\"{{theme_settings.form_url}}\" method='POST'></form>",
        "<form action=\"/custom.php\" method=post></form>",
        "<form method=\"post\"><button formaction=\"{{other_url}}\">x</button></form>",
    ] {
        let (run, after) = built("account/edit", body, &[], &[]);
        let is_kept = after == body;
        assert_eq!(is_kept, !body.contains("formaction"), "{body}: {after}");
        assert!(run.messages.contains("warning[link-doubtful]"), "{body}: {}", run.messages);
    }
}

#[test]
fn what_is_around_a_page_is_not_what_it_is_there_for() {
    let playground = Playground::new();
    let header = "<form action=\"{{urls.search}}\"></form>{{#each menu}}<a href=\"{{edit_url}}\">x</a><a href=\"{{details_url}}\">y</a>{{/each}}<form action=\"{{x}}\" method=\"post\"></form>";
    let layout =
        format!("<html><head></head><body>{{{{> components/header}}}}{header}</body></html>");
    playground.theme(&[
        ("templates/layout/base.html", &layout),
        ("templates/components/header.html", header),
        ("templates/pages/account/addresses.html", LAYOUT),
        ("templates/pages/account/orders/all.html", LAYOUT),
    ]);
    let keep = ["--keep", "account/addresses", "--keep", "account/orders/all"];
    let run = playground.build(&[&keep[..], &["--no-bundle", "--out", "out"]].concat());
    assert_eq!(run.status, 0, "{}", run.messages);
    assert!(!run.messages.contains("warning"), "{}", run.messages);
    let copies = playground.read("out/templates/components/stencil-guard-kept/header.html")
        + &playground.read("out/templates/layout/stencil-guard-kept/base.html");
    assert_eq!(copies.matches("data-guard-href").count(), 4, "{copies}");
    assert_eq!(copies.matches("data-guard-action").count(), 4, "{copies}");
}

#[test]
fn a_rule_of_the_users_own_says_all_there_is_to_say() {
    let playground = Playground::new();
    let form = "<form action=\"{{urls.auth.check_login}}\" method=\"post\"></form>";
    let page = format!("{form}<form action=\"{{{{urls.search}}}}\"></form>{LAYOUT}");
    playground.theme(&[
        ("templates/pages/auth/login.html", &page),
        ("templates/pages/account/orders/all.html", LAYOUT),
    ]);
    let rules = "[[rule]]\nname = 'a'\nelement = ['form']\nexpression = ['urls.auth.*']\ndo = 'keep'\nwhy = 'w'\n[[rule]]\nname = 'b'\nelement = ['form']\ndo = 'strip'\nwhy = 'w'\n";
    playground.write("rules/a.toml", rules);
    let run = playground.build(&[
        "--keep",
        "auth/login",
        "--patches",
        "rules",
        "--strict",
        "--no-bundle",
        "--out",
        "out",
    ]);
    assert_eq!(run.status, 0, "{}", run.messages);
    assert!(playground.read("out/templates/pages/auth/login.html").starts_with(form));
}
