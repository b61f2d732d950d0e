//! Style sheets are compiled beside the zipping; what does not compile is told, and stops nothing.

use crate::driver::{Playground, Run};
use snapbox::{assert_data_eq, str};

const CONFIG: &str = r#"{
  "name": "Small", "version": "1.0", "css_compiler": "scss", "settings": {"color": "red"},
  "meta": {"author_name": "A", "author_email": "a", "author_support_url": "x"},
  "variations": [
    {"name": "L", "id": "light", "meta": {"description": "x"}, "settings": {"font": "Arial_400"}},
    {"name": "D", "id": "dark", "meta": {"description": "x"}}
  ]
}
"#;
const TEMPLATE: &str = "{{{stylesheet '/assets/css/theme.css'}}}";

fn bundle(sheet: &str, arguments: &[&str]) -> Run {
    let playground = Playground::new();
    playground.theme(&[
        ("config.json", CONFIG),
        ("templates/components/styles.html", TEMPLATE),
        ("assets/scss/theme.scss", sheet),
    ]);
    let run = playground.run(&[&["bundle", "theme"], arguments].concat());
    assert_eq!(run.status == 0, playground.path("Small-1.0.zip").exists(), "{run:?}");
    run
}

#[test]
fn style_sheet_that_does_not_compile_is_a_warning() {
    let sheet = "a {\n  color: darken(stencilColor('color'), 10%);\n  margin: $gone;\n}\n";
    let run = bundle(sheet, &[]);
    assert_eq!(run.status, 0);
    assert_data_eq!(
        run.messages,
        str![[r#"
warning[style-sheet]: the Sass library grass cannot compile `assets/scss/theme.scss`: Undefined variable
 --> assets/scss/theme.scss:3:11
  |
3 |   margin: $gone;
  |           ^^^^^
  |
  = help: only the official compiler can be sure: `stencil bundle` or `stencil start` will tell; --no-style-check leaves this check out


"#]]
    );
    assert_eq!(bundle(sheet, &["--no-style-check"]).messages, "");
    assert_eq!(bundle(sheet, &["--strict"]).status, 1);
}

#[test]
fn strict_compiles_for_every_variation() {
    let sheet = "a { font: stencilFontFamily('font') }";
    assert_eq!(bundle(sheet, &[]).messages, "");
    let run = bundle(sheet, &["--strict"]);
    assert_eq!(run.status, 1);
    assert!(run.messages.contains("missing in config.json"), "{}", run.messages);
}

#[test]
fn endless_recursion_is_a_warning() {
    let run = bundle("@function f() { @return f(); }\na { b: f() }\n", &[]);
    assert_eq!(run.status, 0);
    assert_data_eq!(
        run.messages,
        str![[r#"
warning[style-unchecked]: stencil-guard cannot tell whether this style sheet compiles: its compilation nests too deeply, as when a function calls itself without end
--> assets/scss/theme.scss
 = help: only the official compiler can be sure: `stencil bundle` or `stencil start` will tell; --no-style-check leaves this check out


"#]]
    );
}

#[test]
fn runaway_loop_is_cut_off() {
    let run = bundle("$a: 1 2 3; @while true { $a: join($a, $a) !global; }", &[]);
    assert_eq!(run.status, 0);
    assert!(run.messages.contains("takes too "), "{}", run.messages);
}

#[test]
fn endless_parentheses_are_a_warning() {
    let run = bundle(&format!("a {{ b: {}", "(".repeat(2_000_000)), &[]);
    assert_eq!(run.status, 0);
    assert!(run.messages.contains("warning[style-"), "{}", run.messages);
}

#[test]
fn settings_can_turn_the_check_off() {
    let playground = Playground::new();
    playground.theme(&[
        ("config.json", CONFIG),
        ("templates/components/styles.html", TEMPLATE),
        ("assets/scss/theme.scss", "a {"),
    ]);
    assert!(playground.build(&["--dry-run"]).messages.contains("style-sheet"));
    playground.write("theme/stencil-guard.toml", "style-check = false\n");
    assert!(!playground.build(&["--dry-run"]).messages.contains("style-sheet"));
}
