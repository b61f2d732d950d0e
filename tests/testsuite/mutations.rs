//! Guarded themes are damaged, one way at a time: `check` must notice each, and say nothing about
//! what is not damaged.

use crate::damage::LINK_RESTORED;
use crate::damaged::{Case, cases};
use crate::driver::STOREFRONT;
use crate::themes::folder;
use std::collections::BTreeMap;
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
        let mut findings = check(&guarded, groups.clone()).findings;
        // It was guarded without path rules.
        findings.retain(|finding| finding.code != Code::HostedAddresses);
        assert_eq!(findings, []);
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
    let parsed_of = |theme: &Theme| -> BTreeMap<String, Vec<u8>> {
        let (mut entries, findings) = bundle::generated(theme, &Templates::new(theme));
        assert_eq!(findings, []);
        entries.retain(|name, _| name.starts_with("parsed/templates/"));
        entries
    };
    let (old, new) = (parsed_of(&original), parsed_of(&theme));
    assert_eq!(parsed::stale(&theme, &new), []);
    assert_eq!(parsed::stale(&theme, &BTreeMap::new()), []);
    assert!(!parsed::stale(&theme, &old).is_empty());
    let home = bundle::parsed_path("pages/home");
    let with = |text: Option<Vec<u8>>| {
        let mut one = new.clone();
        one.remove(&home);
        one.extend(text.map(|text| (home.clone(), text)));
        one
    };
    assert!(!parsed::stale(&theme, &with(old.get(&home).cloned())).is_empty());
    assert_eq!(parsed::stale(&theme, &with(None)).len(), 1);
    assert_eq!(parsed::stale(&theme, &with(Some(b"{".to_vec()))).len(), 1);
    // The right texts under a name that nobody asks for, or without the guard, which is then missing.
    let mut renamed = with(None);
    renamed.insert("parsed/templates/home.json".to_owned(), new[&home].clone());
    assert_eq!(parsed::stale(&theme, &renamed).len(), 1);
    let mut texts: BTreeMap<String, String> = serde_json::from_slice(&new[&home]).unwrap();
    texts.remove("components/stencil-guard/head").unwrap();
    assert_eq!(parsed::stale(&theme, &with(Some(serde_json::to_vec(&texts).unwrap()))).len(), 1);
}

#[test]
fn a_page_that_only_a_bundle_has_is_noticed() {
    let theme = cases().swap_remove(0).guarded;
    let (mut parsed, _) = bundle::generated(&theme, &Templates::new(&theme));
    parsed.retain(|name, _| name.starts_with("parsed/templates/"));
    let text = br#"{"pages/custom/page/new": "SHOP"}"#.to_vec();
    parsed.insert(bundle::parsed_path("pages/custom/page/new"), text);
    let findings = parsed::stale(&theme, &parsed);
    assert_eq!(findings.len(), 1);
    assert!(findings[0].message.contains("`pages/custom/page/new`"), "{findings:?}");
}
