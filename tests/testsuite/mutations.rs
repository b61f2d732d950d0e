//! Guarded themes are damaged, one way at a time: `check` must notice each, and say nothing about
//! what is not damaged.

use crate::damage::LINK_RESTORED;
use crate::damaged::{Case, cases};
use crate::driver::STOREFRONT;
use crate::themes::folder;
use serde_json::Value;
use stencil_guard::bundle;
use stencil_guard::guard::group::Group;
use stencil_guard::guard::storefront::Storefront;
use stencil_guard::pipeline::inspect::{self, CheckOptions, Checked};
use stencil_guard::pipeline::parsed;
use stencil_guard::text::{Code, Finding, Severity};
use stencil_guard::theme::Theme;
use stencil_guard::theme::pages::Templates;

fn check(theme: &Theme, groups: Vec<Group>) -> Checked {
    let options = CheckOptions {
        storefront: Some(Storefront::parse(STOREFRONT).unwrap()),
        allowed: Some(groups),
        ..CheckOptions::default()
    };
    inspect::check(theme, &options).unwrap()
}

#[test]
fn every_damage_is_noticed_and_nothing_else() {
    for Case { groups, guarded, damaged } in cases() {
        assert_eq!(check(&guarded, groups.clone()).findings, []);
        assert!(damaged.len() >= 50, "only {}", damaged.len());
        let mut unnoticed = Vec::new();
        for (what, theme) in damaged {
            assert_ne!(theme.files, guarded.files, "{what} does nothing");
            // What the engine refuses altogether would be too easy.
            for (name, file) in Templates::new(&theme).iter() {
                assert!(file.syntax.statements().is_some(), "{what}: {name} is broken");
            }
            let findings = check(&theme, groups.clone()).findings;
            let is_noticed = |finding: &Finding| match what {
                LINK_RESTORED => finding.code == Code::BackLink,
                _ => finding.severity == Severity::Error,
            };
            if !findings.iter().any(is_noticed) {
                unnoticed.push(what);
            }
        }
        assert!(unnoticed.is_empty(), "not noticed: {unnoticed:#?}");
    }
}

#[test]
fn the_names_of_generated_files_do_not_matter() {
    for Case { groups, guarded, .. } in cases() {
        let mut renamed = Theme::default();
        for (path, file) in &guarded.files {
            let is_template = path.starts_with("templates/");
            let bytes = match is_template {
                true => lossy(&file.bytes).replace("stencil-guard/", "other/").into_bytes(),
                false => file.bytes.clone(),
            };
            renamed = renamed.with([(path.replace("stencil-guard/", "other/"), Some(bytes))]);
        }
        assert!(!renamed.files.keys().any(|path| path.contains("stencil-guard")));
        let (before, after) = (check(&guarded, groups.clone()), check(&renamed, groups));
        assert_eq!((after.pages, after.findings), (before.pages, before.findings));
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_stale_parsed_template_is_noticed() {
    let original = stencil_guard::theme::load(&folder().join("shop")).unwrap();
    let theme = cases().swap_remove(0).guarded;
    let parsed_of = |theme: &Theme| -> Vec<(String, Vec<u8>)> {
        let (entries, findings) = bundle::generated(theme, &Templates::new(theme));
        assert_eq!(findings, []);
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
