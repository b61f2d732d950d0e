//! Tests how small pieces of markup are read.

use super::*;
use crate::verify::script::Readings;
use crate::verify::tracked_visitor::TrackedVisitor;
use crate::verify::{Customer, Scripts, Visitor};
use std::cell::RefCell;

const LEAVES: &str = "<script nonce=\"\">KNOWN</script>";

fn known(script: &str) -> Option<String> {
    (script == "KNOWN").then(|| "https://a.example".to_owned())
}

fn read(pieces: &[&str], scripts: Scripts) -> Output {
    let visitor = Visitor { scripts, ..Visitor::new(Customer::Guest) };
    let browser = Browser {
        visitor: &TrackedVisitor::new(&visitor),
        known: &known,
        readings: &Readings::default(),
        reach: &RefCell::default(),
    };
    let mut output = Output::new();
    for (number, piece) in pieces.iter().enumerate() {
        if number > 0 {
            output.read_unknown();
        }
        output.read(piece, browser);
    }
    output
}

/// Returns whether the browser has left, and whether something was seen.
fn output(pieces: &[&str]) -> (bool, bool) {
    let output = read(pieces, Scripts::Run);
    (output.left, output.seen)
}

#[test]
fn known_script_leaves_if_it_runs_before_visible_content() {
    let start = "\u{feff}<!doctype html>\n<html class=\"";
    assert_eq!(output(&[start, "\"><head>", LEAVES, "<body>shop"]), (false, true));
    assert_eq!(output(&[start, "\"><head><script nonce='", "'>KNOWN</script>"]), (true, false));
    for seen in ["<p>", "text", "<header>", "<script-x>", "<!-->text", "<?it's>text", "< 5"] {
        assert_eq!(output(&[&format!("{seen}{LEAVES}")]), (false, true), "{seen}");
    }
    for harmless in [
        "<!-- text <p> -->",
        "<style>p { x: y }</style>",
        "<title>t</title>",
        "<script>var dataLayer = []</script>",
        "<html data-it's='>'>",
        "<html a=b\"c>",
        "</p>",
    ] {
        assert_eq!(output(&[&format!("{harmless}{LEAVES}")]), (true, false), "{harmless}");
    }
    for hidden in [
        "<!-- ",
        "<noscript>",
        "<template>",
        "<template><template></template>",
        "<title>",
        "<html data-a='",
        "<html a==\"><!-- \">",
        "<script><!-- <script> </script>",
    ] {
        assert_eq!(output(&[&format!("{hidden}{LEAVES}")]), (false, false), "{hidden}");
    }
}

#[test]
fn a_script_that_does_not_run_does_not_leave() {
    for attributes in [
        "type=text/template",
        "type=module",
        "src=x.js",
        "nomodule",
        "language=vbscript",
        "for=window event=onunload",
    ] {
        let script = format!("<script {attributes}>KNOWN</script>");
        assert_eq!(output(&[&script]), (false, false), "{attributes}");
    }
    for attributes in ["type=\"text/javascript\"", "async", "nonce=x"] {
        let script = format!("<script {attributes}>KNOWN</script>");
        assert_eq!(output(&[&script]), (true, false), "{attributes}");
    }
    assert_eq!(output(&["<script ", ">KNOWN</script>"]), (false, false));
    assert_eq!(output(&["<script>KNOWN", "</script>"]), (false, false));
    assert_eq!(output(&["<script>KNOWN</scriptx></script>"]), (false, false));
    let policy = "<meta http-equiv=Content-Security-Policy content=\"script-src 'none'\">";
    assert_eq!(output(&[&format!("{policy}{LEAVES}")]), (false, false));
}

#[test]
fn noscript_refresh_leaves_when_scripts_are_off() {
    let meta = "<meta http-equiv=\"refresh\" content=\"0;url=https://b.example/\">";
    let guard = format!("{LEAVES}<noscript>{meta}<a href=https://c.example>x</a></noscript>");
    let without = read(&[&guard], Scripts::Off);
    assert!(without.left);
    assert_eq!(Vec::from_iter(without.leads_to), ["https://b.example/", "https://c.example/"]);
    let with = read(&[&guard], Scripts::Run);
    assert_eq!(Vec::from_iter(with.leads_to), ["https://a.example"]);
    assert!(!read(&["<p>", &guard], Scripts::Off).left);
    assert!(!read(&[&meta.replace("refresh", " refresh")], Scripts::Off).left);
    let bare = read(&[meta], Scripts::Run);
    assert!(bare.leaves_later && !bare.left);
}

#[test]
fn joined_paths_leave_only_if_both_leave() {
    let read = |text: &str| read(&[text], Scripts::Run);
    let join = |mut one: Output, other: Output| {
        one.join(&other);
        one
    };
    let joined = join(read(LEAVES), read("<head>"));
    assert!(!joined.left && !joined.seen && joined.doubts.contains(&Doubt::SomeWays));
    assert!(join(read(LEAVES), read(LEAVES)).left);
    assert!(join(read(LEAVES), read("<p>")).seen);
    let visitor = Visitor::new(Customer::Guest);
    let browser = Browser {
        visitor: &TrackedVisitor::new(&visitor),
        known: &known,
        readings: &Readings::default(),
        reach: &RefCell::default(),
    };
    let mut confused = join(read(""), read("<!--"));
    confused.read(LEAVES, browser);
    assert!(!confused.left);
    for (one, other, rest) in [
        ("<script>x()", "<script>", "KNOWN</script>"),
        ("<script type=x", "<script ", ">KNOWN</script>"),
        ("<style>", "<title>", "</style><script>KNOWN</script>"),
        ("<html a='", "<html ", "><script>KNOWN</script>"),
    ] {
        for (one, other) in [(one, other), (other, one)] {
            let mut joined = join(read(one), read(other));
            joined.read(rest, browser);
            assert!(!joined.left, "{one} or {other}");
        }
    }
}

#[test]
fn style_sheet_words_after_unclear_markup_are_not_code() {
    let doubts = |style: &str| {
        let mut output = Output::new();
        let browser = Visitor::new(Customer::Guest);
        let (tracked, readings) = (TrackedVisitor::new(&browser), Readings::default());
        let reach = RefCell::default();
        let browser =
            Browser { visitor: &tracked, known: &known, readings: &readings, reach: &reach };
        output.read("<title>", browser);
        // The output may end the title, and be anything.
        output.read_raw();
        output.read(&format!("</title><style>{style}</style><p>Shop</p>"), browser);
        output.finish();
        output.doubts.contains(&Doubt::Markup)
    };
    for style in [
        ".main-navigation { color: red }",
        ".store-location, .location-icon::before { top: 0 }",
        "@keyframes refresh { from { top: 0 } }",
        ".navigation.is-open > a { top: 0 }",
    ] {
        assert!(!doubts(style), "{style}");
    }
    for code in [
        "location = 'https://b.example'",
        "location.replace('https://b.example')",
        "top.location.href = x",
        "navigation.navigate('https://b.example')",
        "eval(x)",
        "<meta http-equiv=refresh content='0;url=https://b.example'>",
    ] {
        assert!(doubts(code), "{code}");
    }
}
