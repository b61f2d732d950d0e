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
    {"settings": {"second": "yes", "font": 5}}
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
