//! Guarded themes are damaged, one way at a time: `check` must notice each, and say nothing about
//! what is not damaged.

use crate::damage::{
    Act, CONDITIONS, DISPATCHES, Damage, GROUPS, GUARDS, HEAD, INCLUDES, PAGE, PAGES,
};
use crate::driver::{STOREFRONT, options};
use crate::themes::folder;
use serde_json::Value;
use stencil_guard::bundle;
use stencil_guard::guard::group::Group;
use stencil_guard::guard::plan::Mechanism;
use stencil_guard::guard::storefront::Storefront;
use stencil_guard::pipeline::inspect::{self, CheckOptions, Checked};
use stencil_guard::pipeline::{self, parsed};
use stencil_guard::text::Severity;
use stencil_guard::theme::Theme;
use stencil_guard::theme::pages::Templates;

use Act::{Helper, Prepend, Replace, Restore, Script, Set};

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
                let (start, rest) = before.split_once("<script nonce=\"{{nonce}}\">").unwrap();
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

fn groups() -> Vec<Group> {
    vec![Group::parse("7").unwrap(), Group::parse("name:Staff").unwrap()]
}

fn shop() -> Theme {
    stencil_guard::theme::load(&folder().join("shop")).unwrap()
}

fn guarded(theme: &Theme, mechanism: Mechanism) -> Theme {
    let guarded = pipeline::guard(theme, &options(mechanism)).unwrap();
    assert!(!guarded.has_errors());
    guarded.theme
}

fn check(theme: &Theme, groups: Vec<Group>) -> Checked {
    let options = CheckOptions {
        storefront: Some(Storefront::parse(STOREFRONT).unwrap()),
        allowed: Some(groups),
        ..CheckOptions::default()
    };
    inspect::check(theme, &options).unwrap()
}

/// Tries all kinds of damage to the shop in one mode; the number of them.
fn try_all(mechanism: Mechanism, guard: &str, kinds: &[&[Damage]]) -> usize {
    let groups = match &mechanism {
        Mechanism::Dispatch(groups) => groups.clone(),
        _ => Vec::new(),
    };
    let original = shop();
    let theme = guarded(&original, mechanism);
    assert_eq!(check(&theme, groups.clone()).findings, []);
    let all: Vec<&Damage> = kinds.iter().copied().flatten().collect();
    let unnoticed = all.iter().filter(|damage| {
        let damaged = damage.done(&theme, &original, guard);
        assert_ne!(damaged.files, theme.files, "{} does nothing", damage.what);
        // What the engine refuses altogether would be too easy.
        for (name, file) in Templates::new(&damaged).iter() {
            assert!(file.syntax.statements().is_some(), "{}: {name} is broken", damage.what);
        }
        let findings = check(&damaged, groups.clone()).findings;
        !findings.iter().any(|finding| finding.severity == Severity::Error)
    });
    let unnoticed: Vec<&str> = unnoticed.map(|damage| damage.what).collect();
    assert!(unnoticed.is_empty(), "not noticed: {unnoticed:#?}");
    all.len()
}

#[test]
fn damage_to_a_redirect_is_noticed() {
    let count = try_all(Mechanism::Redirect, HEAD, &[INCLUDES, CONDITIONS, GUARDS, PAGES]);
    assert!(count >= 50, "only {count}");
}

#[test]
fn damage_to_a_conditional_theme_is_noticed() {
    let groups = Mechanism::Dispatch(groups());
    let count = try_all(groups, PAGE, &[DISPATCHES, GROUPS, GUARDS, PAGES]);
    assert!(count >= 50, "only {count}");
}

#[test]
fn damage_to_a_replaced_theme_is_noticed() {
    let count = try_all(Mechanism::Dispatch(Vec::new()), PAGE, &[DISPATCHES, GUARDS, PAGES]);
    assert!(count >= 50, "only {count}");
}

#[test]
fn the_names_of_generated_files_do_not_matter() {
    for mechanism in [Mechanism::Redirect, Mechanism::Dispatch(Vec::new())] {
        let theme = guarded(&shop(), mechanism);
        let mut renamed = Theme::default();
        for (path, file) in &theme.files {
            let is_template = path.starts_with("templates/");
            let bytes = match is_template {
                true => lossy(&file.bytes).replace("stencil-guard/", "other/").into_bytes(),
                false => file.bytes.clone(),
            };
            renamed = renamed.with([(path.replace("stencil-guard/", "other/"), Some(bytes))]);
        }
        assert!(!renamed.files.keys().any(|path| path.contains("stencil-guard")));
        // The script remembers arrivals under its own name; that is no include.
        let (before, after) = (check(&theme, Vec::new()), check(&renamed, Vec::new()));
        assert_eq!((after.pages, after.findings), (before.pages, before.findings));
    }
}

#[test]
fn a_stale_parsed_template_is_noticed() {
    let (original, theme) = (shop(), guarded(&shop(), Mechanism::Redirect));
    let parsed_of = |theme: &Theme| -> Vec<(String, Vec<u8>)> {
        let entries = bundle::generated(theme, &Templates::new(theme)).unwrap();
        entries.into_iter().filter(|(name, _)| name.starts_with("parsed/templates/")).collect()
    };
    let (old, new) = (parsed_of(&original), parsed_of(&theme));
    let bytes = |entries: &[(String, Vec<u8>)]| -> Vec<Vec<u8>> {
        entries.iter().map(|(_, bytes)| bytes.clone()).collect()
    };
    assert_eq!(parsed::stale(&theme, &bytes(&new)), []);
    assert_eq!(parsed::stale(&theme, &[]), []);
    assert!(!parsed::stale(&theme, &bytes(&old)).is_empty());
    let home = |entries: &[(String, Vec<u8>)]| {
        let is_home = |bytes: &[u8]| {
            let texts: Value = serde_json::from_slice(bytes).unwrap();
            texts.get("pages/home").is_some()
        };
        entries.iter().position(|(_, bytes)| is_home(bytes)).unwrap()
    };
    let mut one = new.clone();
    one[home(&new)].1.clone_from(&old[home(&old)].1);
    assert!(!parsed::stale(&theme, &bytes(&one)).is_empty());
    one.remove(home(&new));
    assert_eq!(parsed::stale(&theme, &bytes(&one)).len(), 1);
    one.push((String::new(), b"{".to_vec()));
    assert_eq!(parsed::stale(&theme, &bytes(&one)).len(), 1);
}
