//! Markup that browsers read otherwise than it looks.

use super::{assert_heads, assert_pages, guard, judged};
use stencil_guard::pipeline::PageOutcome;

/// Policies that keep the guard's script from running, once their character references are read.
const POLICIES: &[&str] = &[
    "content&#45security-policy",
    "content&#45;security-policy",
    "content&#x2dsecurity-policy",
    "content&#X2D;security&#045policy",
    "&#67ontent-security-polic&#121",
    "Content-Security-Polic&#x79;",
    "content&#00045security-policy",
    "{{theme_settings.kind}}",
];

#[test]
fn a_policy_is_one_however_it_is_spelled() {
    for policy in POLICIES {
        for (open, close) in [("\"", "\""), ("'", "'"), ("", "")] {
            let meta =
                format!("<meta http-equiv={open}{policy}{close} content=\"script-src 'none'\">@");
            assert_heads(&[&meta], &[]);
        }
    }
    assert_heads(
        &[],
        &[
            "<meta http-equiv=\"content&hyphen;security-policy\" content=\"script-src 'none'\">@",
            "<meta http-equiv=\"content&amp;#45;security-policy\" content=\"script-src 'none'\">@",
            "<meta http-equiv=\"content-security-policy\u{a0}\" content=\"script-src 'none'\">@",
            "<meta name=\"{{x}}\" content=\"a&ampb=c&lt=d\">@",
            "<meta http-equiv=x-ua-compatible content=\"{{x}}\">@",
        ],
    );
}

/// What `check` says if the guard's script has this type.
fn of_type(kind: &str) -> PageOutcome {
    let guard = guard().replace("<script ", &format!("<script {kind} "));
    judged("pages/home", &[("components/stencil-guard/head", &guard)]).0
}

#[test]
fn a_script_runs_if_its_type_is_that_of_a_script_to_the_letter() {
    for kind in [
        "type=\"text/javascript\u{a0}\"",
        "type=\"\u{2003}text/javascript\"",
        "type=\"text/javascript&#160;\"",
        "type=\"text/javascript&nbsp;\"",
        "type=\"\u{b}text/javascript\"",
        "type=\u{a0}text/javascript",
        "type\u{a0}=text/javascript type=text/x",
        "type=\" \"",
        "type=\"text/javascript;\"",
        "type=\"text/javascript; charset=utf-8\"",
        "type=\"text/javascript1.6\"",
        "type=\"text/x{{!}}\"",
        "type=javascript",
        "type=\"&#x4dodule\"",
        "nomodule",
        "\u{a0}nomodule=x nomodule",
    ] {
        assert_ne!(of_type(kind), PageOutcome::Guarded, "{kind}");
    }
    for kind in [
        "type=\"text/javascript \"",
        "type=\"\ttext/javascript\n\"",
        "type=\"text/java&#115cript\"",
        "type=TEXT/JavaScript",
        "type=\"\"",
        "type",
        "type=text/jscript",
        "type=application/x-javascript",
        "type=text/javascript1.5",
        "type = 'text/javascript' type=text/x",
        "\u{a0}type=text/x",
    ] {
        assert_eq!(of_type(kind), PageOutcome::Guarded, "{kind}");
    }
}

#[test]
fn a_kept_page_runs_scripts_of_old_types_too() {
    let go = "location.href = 'https://shop.example.com/x'";
    for kind in ["text/jscript", "text/livescript", "text/x-javascript", "text/JavaScript1.2"] {
        let page = format!("<script type=\"{kind}\">{go}</script><p>PAY</p>");
        assert_pages(&[&page], &[]);
    }
    for page in [
        format!("<script type=module nomodule>{go}</script><p>PAY</p>"),
        format!("<a href=\"java\nscript:{go}\">PAY</a>"),
        format!("<a href=\"java&Tab;script&colon;{go}\">PAY</a>"),
        format!("<a href=\"&#1;javascript&#58{go}\">PAY</a>"),
    ] {
        assert_pages(&[&page], &[]);
    }
    let text = format!("<script type=\"text/javascript\u{a0}\">{go}</script><p>PAY</p>");
    assert_pages(&[], &[&text]);
}

#[test]
fn a_kept_page_is_not_kept_if_a_refresh_leads_away() {
    for content in [
        ".1;url=https://shop.example.com/x",
        "1;url=https://shop.example.com/x",
        "0.5; URL='https://shop.example.com/x'",
        "000;https://shop.example.com",
        "0 //shop.example.com",
        "0&#59url=https://shop.example.com",
        ".,url=https://shop.example.com",
        "0;&Tab;url&equals;https&colon;//shop.example.com",
        "30;url=https&colon;//shop.example.com",
        "0;url=/",
        "0;url=./cart.php",
        "1;url=?page=2",
        "0;url={{urls.home}}",
        "{{theme_settings.seconds}};url=/checkout",
        "0;url=\\\\shop.example.com",
        "0;url=https:\\/shop.example.com",
    ] {
        let page = format!("<meta http-equiv=\"refresh\" content=\"{content}\"><p>PAY</p>");
        assert_pages(&[&page], &[]);
    }
    for content in [
        "30",
        "{{!}}5",
        "0;url=",
        "0;url=#top",
        ";url=https://shop.example.com",
        "\u{a0}0;url=https://shop.example.com",
        "-1;url=https://shop.example.com",
        "0url=https://shop.example.com",
        "5;url=https://elsewhere.example/",
    ] {
        let page = format!("<meta http-equiv=\"refresh\" content=\"{content}\"><p>PAY</p>");
        assert_pages(&[], &[&page]);
    }
}

#[test]
fn a_meta_whose_kind_is_printed_may_be_a_refresh() {
    for kind in ["{{kind}}", "re{{kind}}", "{{#if x}}refresh{{else}}x-y{{/if}}", "{{lang 'x'}}"] {
        for content in ["0;url=https://shop.example.com/x", "0;url=/cart.php", "{{x}}"] {
            let page = format!("<meta http-equiv=\"{kind}\" content=\"{content}\"><p>PAY</p>");
            assert_pages(&[&page], &[]);
        }
    }
    assert_pages(
        &["<meta {{x}} content=\"0;url=https://shop.example.com/x\"><p>PAY</p>"],
        &[
            "<meta name=\"{{x}}\" content=\"{{y}}\"><p>PAY</p>",
            "<meta name={{x}} content=\"5 great offers\"><p>PAY</p>",
            "<meta http-equiv=\"{{x}}\" content=\"width=device-width\"><p>PAY</p>",
        ],
    );
}
