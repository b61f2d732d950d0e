//! Nothing that a theme holds reaches a terminal as a command: not its names, not its texts.

use crate::driver::{Playground, STOREFRONT};

/// What terminals take for commands, and what reorders what people read.
const COMMANDS: &[&str] = &[
    "\u{1b}[31m",
    "\u{1b}]0;title\u{7}",
    "\u{1b}[2K\r",
    "\u{8}\u{8}",
    "\u{7f}",
    "\u{85}",
    "\u{9b}8m",
    "\u{202e}",
    "\u{2066}",
    "\u{200f}",
    "\u{61c}",
];

fn is_clean(text: &str) -> bool {
    let is_mark = |c: char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !text.contains(|c: char| is_mark(c) || c.is_control() && !matches!(c, '\n' | '\t'))
}

#[test]
fn control_characters_in_texts_and_settings_are_not_printed() {
    for command in COMMANDS {
        let page = format!(
            "{{{{#if}}}}<a href=\"/x{command}\">x</a>{{{{> a{command}}}}}<p>{command}</p>{{{{> layout/base}}}}"
        );
        let kept = format!(
            "<a href=\"/x{command}/\">{command}</a>{{{{> gone{command}}}}}{{{{> layout/base}}}}"
        );
        let escaped: String = command.chars().map(|c| format!("\\u{:04x}", c as u32)).collect();
        let config = crate::driver::small_theme()[0].1.replace("Small", &format!("Small{escaped}"));
        let playground = Playground::new();
        playground.theme(&[
            ("config.json", &config),
            ("templates/pages/checkout.html", &kept),
            ("templates/pages/blog.html", &page),
            ("lang/en.json", &format!("{{\"a{escaped}\": \"<a href='/x{escaped}'>x</a>\"}}")),
        ]);
        let place = "theme/templates/pages/checkout.html";
        for arguments in [
            &["build", "theme", "--dry-run"][..],
            &["build", "theme", "--dry-run", "--strict"],
            &["check", "theme"],
            &["explain", place],
            &["bundle", "theme", "--bundle", "out.zip"],
        ] {
            let more =
                if arguments[0] == "bundle" { &[][..] } else { &["--storefront", STOREFRONT][..] };
            // Colours are ours alone, and stay where somebody wants them.
            let run = playground.run(&[arguments, more].concat());
            assert!(run.messages.len() + run.results.len() > 100, "{run:?}");
            assert!(
                is_clean(&run.results) && is_clean(&run.messages),
                "{command:?} {arguments:?}: {run:?}"
            );
        }
    }
}

#[cfg(unix)]
#[test]
fn file_names_print_on_one_line_without_control_characters() {
    let names = ["a\u{1b}[31m", "a\nerror: b", "a\r", "a\u{9b}8m", "\u{7f}", "\u{202e}b", "Icon\r"];
    for name in names {
        let playground = Playground::new();
        playground.theme(&[
            (&format!("templates/pages/{name}.html"), "<p>{{#if}}"),
            (&format!("templates/pages/own{name}.html"), "<p>x</p>"),
            (&format!("assets/{name}.exe"), "x"),
            (&format!("assets/{name}.pem"), "x"),
            ("templates/pages/Icon\r", ""),
        ]);
        let keep = format!("own{name}");
        for arguments in [
            &["build", "theme", "--dry-run"][..],
            &["build", "theme", "--dry-run", "--keep", &keep],
            &["build", "theme", "--dry-run", "--keep", name],
            &["check", "theme"],
        ] {
            let run = playground.run(&[arguments, &["--storefront", STOREFRONT]].concat());
            assert!(is_clean(&run.results) && is_clean(&run.messages), "{arguments:?} {run:?}");
            let forges = |text: &str| text.lines().any(|line| line.starts_with("error: b"));
            assert!(!forges(&run.results) && !forges(&run.messages), "{arguments:?} {run:?}");
        }
    }
}
