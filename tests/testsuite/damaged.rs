//! The shop, guarded in every mode and then damaged in the ways of `damage`: for `mutations`, and for
//! the oracles, which render the same themes.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use crate::damage::{
    Act, CONDITIONS, DISPATCHES, Damage, GROUPS, GUARDS, HEAD, INCLUDES, PAGE, PAGES,
};
use std::path::Path;
use std::process::Command;
use stencil_guard::guard::group::Group;
use stencil_guard::theme::Theme;

use Act::{Helper, Move, Prepend, Replace, Restore, Script, Set};

fn path(name: &str) -> String {
    format!("templates/{name}.html")
}

impl Damage {
    /// The damaged theme; what stands in the redirect page is sought in `guard`.
    fn done(&self, theme: &Theme, original: &Theme, guard: &str) -> Theme {
        let own = |name: &'static str| if name == PAGE { guard } else { name };
        let text = |name: &str| String::from_utf8(theme.template(name).unwrap().to_vec()).unwrap();
        let (name, after) = match &self.act {
            Replace(name, from, to) => {
                let before = text(own(name));
                assert!(before.contains(from), "{}: no `{from}` in\n{before}", self.what);
                (own(name), Some(before.replace(from, to)))
            }
            Move(name, moved, to) => {
                let before = text(name);
                let without = before.replacen(moved, "", 1);
                assert!(without.contains(to) && without != before, "{}", self.what);
                (*name, Some(without.replacen(to, &format!("{moved}{to}"), 1)))
            }
            Helper(name, helper) => {
                let text = text(name).replace("{{#or ", &format!("{{{{#{helper} "));
                (*name, Some(text.replace("{{/or}}", &format!("{{{{/{helper}}}}}"))))
            }
            // Of the redirect page as a whole, there is none in redirect mode.
            Set(name, after) => (*name, after.map(str::to_owned)),
            Prepend(name, before) => {
                let text = text(name);
                let at = if text.starts_with("---") { text.rfind("---\n").unwrap() + 4 } else { 0 };
                (*name, Some(format!("{}{before}{}", &text[..at], &text[at..])))
            }
            Restore(name) => (*name, original.template(name).map(lossy)),
            Script(name, around) => {
                let before = text(own(name));
                let (start, rest) = before.split_once("<script nonce=\"{{nonce}}\"").unwrap();
                let (_, rest) = rest.split_once('>').unwrap();
                let (script, end) = rest.split_once("</script>").unwrap();
                let script = around.replace('@', script);
                (own(name), Some(format!("{start}<script>{script}</script>{end}")))
            }
        };
        let mut changes = vec![(path(name), after.map(String::into_bytes))];
        if self.what == "a new page with a new layout" {
            changes.push((path("layout/new"), Some(b"<html><head></head></html>".to_vec())));
        }
        theme.with(changes)
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The shop in one mode, and what became of it.
pub(crate) struct Case {
    /// Who may see its guarded pages.
    #[allow(dead_code)] // the oracles ask for verdicts, not for what is right
    pub(crate) groups: Vec<Group>,
    pub(crate) guarded: Theme,
    /// One for each way of damage.
    pub(crate) damaged: Vec<(&'static str, Theme)>,
}

/// The shop in every mode.
pub(crate) fn cases() -> Vec<Case> {
    let groups = ["7", "name:Staff"];
    vec![
        case("redirect", &[], HEAD, &[INCLUDES, CONDITIONS, GUARDS, PAGES]),
        case("conditional", &groups, PAGE, &[DISPATCHES, GROUPS, GUARDS, PAGES]),
        case("replace", &[], PAGE, &[DISPATCHES, GUARDS, PAGES]),
    ]
}

fn case(mode: &str, groups: &[&str], guard: &str, kinds: &[&[Damage]]) -> Case {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/themes/shop");
    let original = stencil_guard::theme::load(&shop).unwrap();
    let guarded = guarded(&shop, mode, groups);
    let damaged = kinds.iter().copied().flatten();
    let damaged =
        damaged.map(|damage| (damage.what, damage.done(&guarded, &original, guard))).collect();
    let groups = groups.iter().map(|group| Group::parse(group).unwrap()).collect();
    Case { groups, guarded, damaged }
}

fn guarded(theme: &Path, mode: &str, groups: &[&str]) -> Theme {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let output = Command::new(env!("CARGO_BIN_EXE_stencil-guard"))
        .arg("build")
        .arg(theme)
        .args(["--storefront", "https://shop.example.com", "--no-bundle", "--mode", mode])
        .args(groups.iter().flat_map(|group| ["--allow-group", group]))
        .arg("--out")
        .arg(&out)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    stencil_guard::theme::load(&out).unwrap()
}
