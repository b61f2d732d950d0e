use super::*;
use crate::bundle::tests::theme;

struct Here;

impl StyleCompiler for Here {
    fn compile(&self, sheet: &StyleSheet) -> StyleOutcome {
        compile(sheet)
    }
}

const CONFIG: &str = r##"{
  "css_compiler": "scss",
  "settings": {"color": "#fff", "size": "16px", "font": "Google_Open+Sans_700", "image": "a/{:size}/b.png",
    "wide": "10x20", "flag": true, "number": 3, "deep": {"er": "#123456"}},
  "variations": [
    {"settings": {"first": "yes"}},
    {"name": "Other", "settings": {"second": "yes", "font": 5}}
  ]
}"##;
const TEMPLATE: &str = "{{{stylesheet '/assets/css/theme.css'}}}";

fn check_with(all: bool, sheet: &str, files: &[(&str, &str)]) -> Vec<Finding> {
    let own = [
        ("config.json", CONFIG),
        ("templates/a.html", TEMPLATE),
        ("assets/scss/theme.scss", sheet),
    ];
    check(&theme(&[&own, files].concat()), all, &Here)
}

fn messages(sheet: &str, files: &[(&str, &str)]) -> Vec<String> {
    check_with(false, sheet, files).into_iter().map(|finding| finding.message).collect()
}

#[test]
fn error_is_located_in_the_imported_sheet() {
    let part = "/* é */\n$a: 1;\nb { c: d;\n  é: $gone; }";
    let found = check_with(false, "@import 'part';", &[("assets/scss/_part.scss", part)]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].code, Code::StyleSheet);
    assert!(found[0].message.contains("grass") && found[0].message.contains("theme.scss"));
    let place = found[0].primary.clone().unwrap();
    assert_eq!(place.path, "assets/scss/_part.scss");
    assert_eq!(place.span.unwrap().of(part.as_bytes()), b"$gone");
}

#[test]
fn error_in_a_package_names_its_line() {
    use crate::theme::Packages;
    let files = [
        ("config.json", CONFIG),
        ("templates/a.html", TEMPLATE),
        ("assets/scss/theme.scss", "@import '../../node_modules/p/a';"),
    ];
    let package = [("node_modules/p/a.scss".to_owned(), b"\n\na { b: $gone }".to_vec())];
    let packages = Packages::Parsed(std::sync::Arc::new(package.into()));
    let found = check(&Theme { packages, ..theme(&files) }, false, &Here);
    assert!(found[0].message.ends_with("(line 3)"), "{}", found[0].message);
    assert_eq!(found[0].primary.as_ref().unwrap().path, "node_modules/p/a.scss");
}

#[test]
fn sheets_outside_the_theme_are_not_read() {
    let disk = tempfile::tempdir().unwrap();
    let secret = disk.path().join("secret.scss");
    std::fs::write(&secret, "a { b: c }").unwrap();
    let import = format!("@import '{}';", secret.display());
    assert_eq!(messages(&import, &[]).len(), 1);
    let above = "@import '../../../../../../../../../../etc/passwd';";
    assert_eq!(messages(above, &[]).len(), 1);
    assert_eq!(messages("@import 'a';", &[("assets/scss/a.scss", "")]), Vec::<String>::new());
}

#[test]
fn stencil_functions_return_the_settings() {
    let good = "@if stencilColor('color') != #ff0fff0f and stencilNumber('size') != 16px { @error 'no'; }
        @if stencilNumber('size', em) != 16em or stencilNumber('none') != 0px { @error 'numbers'; }
        @if stencilFontFamily('font') != 'Open Sans' or stencilFontWeight('font') != '700' { @error 'fonts'; }
        @if stencilImage('image', 'wide') != 'a/10x20/b.png' or stencilImage('image', 'size') != null { @error 'images'; }
        @if stencilString('first') != 'yes' or stencilString('second') != null { @error 'variations'; }
        @if stencilColor('deep.er') != #123456 or stencilColor('none') != null { @error 'colours'; }
        a { b: random() + random(3) }";
    assert_eq!(messages(good, &[]), Vec::<String>::new());
    for bad in
        ["stencilString('number')", "stencilFontFamily('none')", "stencilImage('none', 'wide')"]
    {
        let said = messages(&format!("a {{ b: {bad} }}"), &[]);
        assert!(said.len() == 1 && said[0].contains("missing in config.json"), "{said:?}");
    }
}

#[test]
fn strict_mode_checks_all_variations() {
    let sheet = "a { b: stencilFontFamily('font') }";
    assert_eq!(check_with(false, sheet, &[]).len(), 0);
    let of_second = check_with(true, sheet, &[]);
    assert_eq!(of_second.len(), 1);
    assert!(of_second[0].message.contains("with the settings of the variation `Other`: "));
    // An error that all variations share is reported once.
    let of_all = check_with(true, "a { b: $gone }", &[]);
    assert_eq!(of_all.len(), 1);
    assert!(!of_all[0].message.contains("variation"));
}

#[test]
fn sheets_the_official_compiler_accepts_are_not_errors() {
    for taken in
        ["a { b: red + 1 }", "a { b: calc(1px+2px) }", "a { b: calc(1px + $x) }", ".1a { b: c }"]
    {
        assert_eq!(messages(taken, &[]), Vec::<String>::new(), "{taken}");
    }
    for refused in ["a { b: null * 2 }", ".$a { b: c }", "a { b: calc(1px); c: $x }"] {
        assert_eq!(messages(refused, &[]).len(), 1, "{refused}");
    }
}

#[test]
fn other_compilers_and_unreferenced_sheets_are_not_checked() {
    let broken = ("assets/scss/theme.scss", "a {");
    let less = CONFIG.replace("\"scss\"", "\"less\"");
    let template = ("templates/a.html", TEMPLATE);
    assert!(check(&theme(&[("config.json", &less), template, broken]), true, &Here).is_empty());
    assert!(!check(&theme(&[("config.json", CONFIG), template, broken]), true, &Here).is_empty());
    assert!(check(&theme(&[("config.json", CONFIG), broken]), true, &Here).is_empty());
}
