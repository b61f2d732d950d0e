//! Tokens of HTML that are put together from pieces of a template.

use super::{assert_heads, checkout, guard, home, judged, layout};
use stencil_guard::pipeline::PageOutcome;

/// Statements that print nothing.
const SILENT: &[&str] = &[
    "{{!}}",
    "{{!-- x --}}",
    "{{inject 'a' 1}}",
    "{{assignVar 'a' 1}}",
    "{{#if false}}x{{/if}}",
    "{{#if true}}{{/if}}",
    "{{#if x}}{{/if}}",
    "{{#unless x}}{{else}}{{/unless}}",
    "{{#partial 'q'}}x{{/partial}}",
    "{{#block 'none'}}{{/block}}",
    "{{!}}{{!}}",
];

/// Statements of which nobody knows what they print.
const OPEN: &[&str] =
    &["{{x}}", "{{{x}}}", "{{#if x}}y{{/if}}", "{{#each x}}y{{/each}}", "{{> none}}"];

const POLICY: &str = "http-equiv=content-security-policy content=\"script-src 'none'\"";

/// Heads that are no guard once the bar is taken out.
const DAMAGED: &[&str] = &[
    "<|!-- > @ -->",
    "<!|-- > @ -->",
    "<!-|- > @ -->",
    "<!-- x -|-><noscript>@",
    "<!-- x --|><noscript>@",
    "<!-- x --|!><noscript>@",
    "<!-- x --!|><noscript>@",
    "<!--|><noscript>-->@",
    "<!--|-><noscript>-->@",
    "<!---|><noscript>-->@",
    "<title><|/title><noscript></title>@",
    "<title></|title><noscript></title>@",
    "<title></ti|tle><noscript></title>@",
    "<title></TITLE|><noscript></title>@",
    "<title></title|s>@",
    "<style></sty|le><noscript></style>@",
    "<style></style|x>@",
    "<script></scr|ipt><noscript></script>@",
    "<script></script|x>@",
    "<|meta POLICY>@",
    "<me|ta POLICY>@",
    "<meta| POLICY>@",
    "<no|script>@",
    "<noscript></nosc|ript><noscript>@",
    "<templ|ate>@</template>",
    "<template></temp|lates>@</template>",
    "<scr|ipt>x()</script>@",
    "<script|>x()</script>@",
    "<plain|text>@",
    "<di|v>@",
];

/// Heads that are one.
const SOUND: &[&str] = &[
    "<!-|- x -->@",
    "<!-- x -|->@",
    "<!-- x --|>@",
    "<!--|>@",
    "<ti|tle>x</title>@",
    "<title>x</ti|tle>@",
    "<title>x<|/title>@",
    "<me|ta charset=utf-8>@",
    "<style>a{}</st|yle>@",
    "<scr|ipt></script>@",
    "<script></scr|ipt>@",
    "<script></script|>@",
    "<temp|late></template>@",
    "<template></temp|late>@",
    "<meta name=x con|tent=y>@",
];

#[test]
fn a_token_is_one_however_many_pieces_it_is_in() {
    for between in SILENT {
        for head in DAMAGED {
            let head = head.replace('|', between).replace("POLICY", POLICY);
            assert_ne!(home(&head).0, PageOutcome::Guarded, "{head}");
        }
        for head in SOUND {
            let head = head.replace('|', between);
            let (outcome, reason) = home(&head);
            assert_eq!(outcome, PageOutcome::Guarded, "{head}: {reason:?}");
        }
    }
}

#[test]
fn nobody_knows_what_a_token_is_with_something_unknown_in_it() {
    let names = ["<ti|tle>x</title>@", "<scr|ipt></script>@", "<temp|late></template>@"];
    let ends =
        ["<title>x</ti|tle>@", "<script></scr|ipt>@", "<!-- x -|->@", "<style>a{}</st|yle>@"];
    for (head, is_guard) in [
        ("<!-- {{x}}> @ -->", false),
        ("<!-- {{x}}-> @ -->", false),
        ("<!-- {{x}}!> @ -->", false),
        ("<!-- {{x}}>--!>x@", false),
        ("<!-- {{#if a}}{{x}}{{/if}}> -->@", false),
        ("<!-- {{x}} -->@", true),
        ("<!-- {{x}}{{y}}-->@", true),
        ("<!-- {{#if a}}{{x}}{{/if}} -->@", true),
        ("<!-- {{x}} > -->@", true),
    ] {
        assert_eq!(home(head).0 == PageOutcome::Guarded, is_guard, "{head}");
    }
    for between in OPEN {
        for head in DAMAGED.iter().chain(&names).chain(&ends) {
            let head = head.replace('|', between).replace("POLICY", POLICY);
            assert_ne!(home(&head).0, PageOutcome::Guarded, "{head}");
        }
    }
}

#[test]
fn an_included_file_may_hold_a_piece_of_a_token() {
    let head = |layout: &str, piece: &str| {
        let files = [("layout/base", layout), ("components/piece", piece)];
        judged("pages/home", &files).0
    };
    let with = |text: &str| layout(&text.replace('|', "{{> components/piece}}"));
    for (text, piece) in [
        ("<| > @ -->", "!--"),
        ("<title></|><noscript></title>@", "title"),
        ("<no|>@", "script"),
        ("<title></ti|tle><noscript></title>@", ""),
        ("<!-- -|<noscript>@", "->"),
    ] {
        assert_ne!(head(&with(text), piece), PageOutcome::Guarded, "{text}");
    }
    for (text, piece) in
        [("<ti|>x</title>@", "tle"), ("<title>x</ti|tle>@", ""), ("<!-- -|@", "->")]
    {
        assert_eq!(head(&with(text), piece), PageOutcome::Guarded, "{text}");
    }
}

#[test]
fn the_tags_of_the_guard_itself_may_be_in_pieces() {
    let outcome = |from: &str, to: &str| {
        let damaged = guard().replacen(from, to, 1);
        judged("pages/home", &[("components/stencil-guard/head", &damaged)]).0
    };
    for (from, to) in [
        ("</script>", "</script{{!}}x></script>"),
        ("</script>", "</scr{{!}}iptx></script>"),
        ("<script ", "<script{{!}}x "),
        ("<script ", "<scr{{!}}ip "),
        ("<script ", "<{{!}} script "),
        ("<script ", "<script{{x}} "),
        ("</script>", "</script{{x}}>"),
    ] {
        assert_ne!(outcome(from, to), PageOutcome::Guarded, "{to}");
    }
    for (from, to) in [
        ("</script>", "</scr{{!}}ipt>"),
        ("</script>", "<{{!}}/script{{!}}>"),
        ("<script ", "<scr{{!}}ipt{{!}} "),
        ("<script ", "{{!}}<{{#if false}}x{{/if}}script "),
    ] {
        assert_eq!(outcome(from, to), PageOutcome::Guarded, "{to}");
    }
}

#[test]
fn a_kept_page_may_lead_away_by_a_token_in_pieces() {
    let go = "location.replace('https://shop.example.com/x')";
    let script = format!("<script>{go}</script>");
    for text in [
        format!("<scr|ipt>{go}</script>"),
        format!("<|script>{go}</scr|ipt>"),
        format!("<script>{go}</script|>"),
        "<me|ta http-equiv=refresh content='0;url=https://shop.example.com'>".to_owned(),
        format!("<bo|dy onload=\"{go}\">"),
        format!("<!-- x --|>{script}"),
        format!("<!-- x -|->{script}"),
        format!("<title>x</ti|tle>{script}"),
        format!("<style>x</st|yle>{script}"),
        format!("<!--|>{script}-->"),
        format!("<textarea></text|area>{script}"),
    ] {
        for between in SILENT {
            let text = format!("{}<p>PAY</p>", text.replace('|', between));
            assert_ne!(checkout(&text).0, PageOutcome::Kept, "{text}");
        }
    }
    for text in [
        "<h{{level}}>PAY</h{{level}}>",
        "<{{#if x}}a{{else}}p{{/if}} class=x>PAY",
        "< {{x}} <{{x}}>PAY",
    ] {
        assert_eq!(checkout(text).0, PageOutcome::Kept, "{text}");
    }
}

#[test]
fn an_attribute_without_a_value_may_be_there_or_not() {
    assert_heads(
        &[
            "<meta {{#if a}}x{{/if}}=\">@\">",
            "<meta {{#if a}}x{{/if}} =\">@\">",
            "<meta{{#if a}} x{{/if}}='>@'>",
            "<script {{#if a}}async{{/if}} src=x></script>@",
            "<script {{#if a}}x{{/if}} type=text/plain>@</script>",
        ],
        &[
            "<link {{#if a}}hidden{{/if}}>@",
            "<html {{#if a}}x{{else}}y {{/if}}>@",
            "<html {{#if a}}x{{/if}} lang=en>@",
            "<link rel=\"icon\" {{#if a}}x{{/if}}/>@",
        ],
    );
}
