//! Checks where links lead, and that each row of the tables can be reached.

use super::*;

/// Where a value leads, in short form.
fn leads(value: &str) -> Vec<String> {
    let own = vec!["own.example".to_owned()];
    let around = LinkContext { own_hosts: &own, ..LinkContext::default() };
    targets(value.as_bytes(), around)
        .into_iter()
        .map(|target| match target.destination {
            Destination::Page(page) => page.trim_start_matches("pages/").to_owned(),
            Destination::Host(host) => host,
            Destination::PageAction(act) => format!("PageAction {:?}", act.of),
            other => format!("{other:?}"),
        })
        .collect()
}

/// Values of links, each with its destination.
const VALUES: &[(&str, &str)] = &[
    ("", "Itself"),
    ("  ", "Itself"),
    ("?sort={{x}}", "Itself"),
    ("#", "Fragment"),
    ("#{{id}}", "Fragment"),
    ("tel:+1", "Contact"),
    ("mailto:{{email}}", "Contact"),
    ("JavaScript:void(0)", "Script"),
    (" java\tscript:x", "Script"),
    ("https://social.example/x", "social.example"),
    ("//social.example", "social.example"),
    ("https://OWN.example/cart.php", "cart"),
    ("https://{{host}}/x", "Unknown"),
    ("https:\\\\social.example\\x", "social.example"),
    ("/", "home"),
    ("/?a=b", "home"),
    ("{{urls.home}}", "home"),
    ("{{../urls.home}}", "home"),
    ("{{@root.urls.home}}", "home"),
    ("{{{urls.cart}}}", "cart"),
    ("cart.php", "cart"),
    ("/cart.php?action=remove&item={{id}}", "CartAction"),
    ("{{urls.cart}}?action=add", "CartAction"),
    ("{{remove_url}}", "CartAction"),
    ("{{gift_wrapping.remove_url}}", "CartAction"),
    ("{{{switch_url}}}", "Switch"),
    ("{{urls.checkout.single_address}}", "Checkout"),
    ("/checkout", "Checkout"),
    ("/checkout/order-confirmation/12", "Checkout"),
    ("/checkouts", "Unknown"),
    ("/login.php", "auth/login"),
    ("/login.php?from=x&amp;action=create_account", "auth/create-account"),
    ("{{urls.auth.login}}?from=cart", "auth/login"),
    ("/account.php?action=view_order&order_id={{id}}", "account/orders/details"),
    ("/account.php??action=view_returns", "account/orders/all"),
    ("{{urls.account.unheard_of}}", "Unknown"),
    ("{{url}}", "Unknown"),
    ("{{this.url}}", "Unknown"),
    ("/about-us/", "Unknown"),
    ("about-us", "Unknown"),
    ("/{{slug}}/", "Unknown"),
    ("{{theme_settings.a_link}}", "Merchant"),
    ("{{settings.base_url}}", "home"),
    ("{{settings.secure_base_url}}/cart.php", "cart"),
    ("/viewfile.php?prodfield={{id}}", "File"),
    ("/content/terms.pdf", "File"),
    ("/a/manual.PDF?x", "File"),
    ("{{cdn 'assets/a.pdf'}}", "File"),
    ("{{getImage image 'zoom'}}", "File"),
    ("{{concat urls.home 'about'}}", "Unknown"),
    ("{{concat '/login' '.php'}}", "auth/login"),
    ("{{lang 'a.link'}}", "Unknown"),
    ("{{> components/link}}", "Unknown"),
    ("{{#each x}}{{url}}{{/each}}", "Unknown"),
    ("\"{{else}}\"", "Unknown"),
    ("{{settings.base_url}}#a", "home"),
    ("{{settings.base_url}}?a", "home"),
    ("{{settings.base_url}}{{urls.cart}}", "cart"),
    (" {{urls.checkout.single_address}}", "Checkout"),
    ("\n  {{remove_url}}\n", "CartAction"),
    ("https://m\u{fc}nchen.example/x", "xn--mnchen-3ya.example"),
    ("https://xn--mnchen-3ya.example/", "xn--mnchen-3ya.example"),
    ("&#109;ailto&colon;a@b.example", "Contact"),
    ("&#35;top", "Fragment"),
    ("&#x2F;login.php", "auth/login"),
    ("/checkout/&#46;&#46;/", "home"),
    ("{{theme_settings.my_checkout_url}}", "Merchant"),
];

#[test]
fn link_values_resolve_to_their_destinations() {
    for (value, expected) in VALUES {
        assert_eq!(leads(value), [*expected], "{value}");
    }
}

#[test]
fn names_are_resolved_in_the_enclosing_scope() {
    let around = LinkContext { scope: Some("urls"), ..LinkContext::default() };
    let lead = |value: &str| targets(value.as_bytes(), around)[0].destination.clone();
    assert_eq!(lead("{{cart}}"), Destination::Page("pages/cart"));
    assert_eq!(lead("{{checkout.single_address}}"), Destination::Checkout);
    assert_eq!(lead("{{other}}"), Destination::Unknown);
}

#[test]
fn every_branch_of_a_link_value_is_resolved() {
    assert_eq!(
        leads("{{#if a}}{{urls.cart}}{{else if b}}/{{else}}#{{/if}}"),
        ["cart", "home", "Fragment"]
    );
    assert_eq!(leads("{{#if a}}{{url}}{{/if}}"), ["Unknown", "Itself"]);
    assert_eq!(leads("/{{#if a}}cart.php{{else}}checkout{{/if}}"), ["cart", "Checkout"]);
    let many = "{{#if a}}x{{else}}y{{/if}}".repeat(6);
    assert_eq!(leads(&many), ["Unknown"]);
}

#[test]
fn every_expression_and_endpoint_is_reachable() {
    let target = |value: &str| targets(value.as_bytes(), LinkContext::default())[0].clone();
    for (expression, path) in EXPRESSIONS {
        let target = target(&format!("{{{{{expression}}}}}"));
        let path = if path.is_empty() { "/" } else { path };
        assert_eq!(target.path.as_deref(), Some(path), "{expression}");
        assert_ne!(target.destination, Destination::Unknown, "{expression}");
    }
    for row in ENDPOINTS {
        let actions = match row.action {
            Action::OneOf(names) => names.iter().map(|name| format!("?action={name}")).collect(),
            Action::None => vec![String::new()],
            Action::Any => vec!["?action=x".to_owned()],
        };
        for action in actions {
            let address = format!("{}{action}", row.path);
            assert_eq!(target(&address).destination, row.does.into(), "{address}");
        }
    }
}

#[test]
fn every_named_link_is_reachable() {
    for row in NAMED {
        for pattern in row.expressions {
            let value = format!("{{{{{}}}}}", pattern.replace('*', "x"));
            for page in row.on.iter().map(Some).chain(row.on.is_empty().then_some(None)) {
                let around = LinkContext { page: page.copied(), ..LinkContext::default() };
                let found = targets(value.as_bytes(), around)[0].destination.clone();
                assert_eq!(found, row.does.into(), "{value} on {page:?}");
            }
        }
    }
}

#[test]
fn star_matches_any_text() {
    assert!(fits("*", "") && fits("a*", "abc") && fits("*c", "abc") && fits("a*c*e", "abcde"));
    assert!(!fits("a*", "b") && !fits("a*c", "ab") && !fits("ab", "abc"));
}
