//! Promises that hold for any input, tried on generated themes and bytes.

use crate::driver::options;
use proptest::prelude::*;
use stencil_guard::guard::group::Group;
use stencil_guard::guard::hidden::Hidden;
use stencil_guard::guard::link_settings::{BackLinks, KeptChrome, LinkSettings};
use stencil_guard::guard::plan::{self, Mechanism, Plan};
use stencil_guard::guard::undo::undo;
use stencil_guard::pipeline::{self, BuildOptions};
use stencil_guard::syntax;
use stencil_guard::syntax::html::document_head;
use stencil_guard::theme::Theme;

fn redirect() -> BuildOptions {
    options(Mechanism::Redirect)
}

/// Pieces that templates are made of; together they are often broken.
const PIECES: &[&str] = &[
    "<!doctype html>",
    "<html>",
    "<head>",
    "<head lang=\"{{a}}\">",
    "</head>",
    "<body class='{{#if b}}c{{/if}}'>",
    "<p>",
    "<a href=\"{{urls.home}}\">",
    "<a {{> components/one}}>",
    "<header><nav>",
    "</nav></header>",
    "<A HREF='/terms' class=x>",
    "<form method=post action=\"{{urls.search}}\">",
    "<button formaction=/login.php",
    "{{#if u}}<a href=\"{{u}}\" {{#if v}}data-x=\"1\">{{/if}}{{/if}}",
    " href='{{#if a}}{{x}}{{/if}}'",
    "<!--",
    "-->",
    "text\r\n",
    "{{> layout/base}}",
    "{{> layout/other}}",
    "{{> components/one a=b}}",
    "{{#if x}}",
    "{{else}}",
    "{{/if}}",
    "{{#each y}}",
    "{{/each}}",
    "<!-- ",
    " -->",
    "<script>",
    "</script>",
    "{{! note }}",
    "{{!-- {{> x}} --}}",
    "\u{feff}",
    "\t",
    "\u{e9}",
    "---\n",
    "{{{z}}}",
    "{{",
    "{{#partial 'page'}}",
    "{{/partial}}",
    "{{#block 'page'}}{{/block}}",
    "<a href=\"/\">",
    "{{#> layout/base}}",
    "{{/layout/base}}",
    "{{> 'layout/other' x}}",
    "{{> [layout/base] x}}",
    "\\{{x}}",
];

fn text() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop::sample::select(PIECES), 0..12)
        .prop_map(|pieces| pieces.concat().into_bytes())
}

fn theme() -> impl Strategy<Value = Theme> {
    let names = [
        "layout/base",
        "layout/other",
        "components/one",
        "pages/home",
        "pages/checkout",
        "pages/cart",
        "pages/custom/A b",
    ];
    prop::collection::vec(text(), names.len()).prop_map(move |texts| {
        let files = names
            .iter()
            .zip(texts)
            .map(|(name, text)| (format!("templates/{name}.html"), Some(text)));
        let config = ("config.json".to_owned(), Some(b"{\"name\": \"x\"}".to_vec()));
        Theme::default().with(files.chain([config]))
    })
}

/// Settings that differ in all that a guard depends on.
fn settings() -> impl Strategy<Value = BuildOptions> {
    let mechanism = prop::sample::select(vec![
        Mechanism::Redirect,
        Mechanism::Dispatch(Vec::new()),
        Mechanism::Dispatch(vec![Group::Name("Staff \"a\" {{b}} ---".to_owned())]),
        Mechanism::None,
    ]);
    let pages =
        prop::collection::vec(prop::sample::select(vec!["cart", "home", "custom/A b"]), 0..3);
    let name = prop::option::of(prop::sample::select(vec!["Other", "x", "--- {{> y}}"]));
    let all: Vec<Hidden> = Hidden::all().collect();
    let hidden = prop::collection::vec(prop::sample::select(all), 0..3);
    (mechanism, pages, name, any::<bool>(), any::<bool>(), hidden).prop_map(
        |(mechanism, pages, name, guard_development, is_bare, hidden)| BuildOptions {
            links: LinkSettings {
                hidden,
                kept_chrome: if is_bare { KeptChrome::Bare } else { KeptChrome::Full },
                back_links: if is_bare { BackLinks::Strip } else { BackLinks::Storefront },
                ..options(mechanism.clone()).links
            },
            keep: pages.into_iter().map(str::to_owned).collect(),
            theme_name: name.map(str::to_owned),
            guard_development,
            guard_editor: guard_development,
            theme_settings: guard_development,
            ..options(mechanism)
        },
    )
}

proptest! {
    #[test]
    fn undo_gives_back_the_theme_from_before_the_guard(theme in theme(), settings in settings()) {
        let guarded = pipeline::guard(&theme, &settings).unwrap();
        prop_assume!(!guarded.has_errors());
        let undone = undo(&guarded.theme).unwrap_or(guarded.theme);
        prop_assert_eq!(undone.files, theme.files);
        prop_assert_eq!(undone.directories, theme.directories);
    }

    #[test]
    fn building_an_output_equals_building_the_original(theme in theme(), first in settings(), second in settings()) {
        let once = pipeline::guard(&theme, &first).unwrap();
        prop_assume!(!once.has_errors());
        let again = pipeline::guard(&once.theme, &second).unwrap();
        let direct = pipeline::guard(&theme, &second).unwrap();
        prop_assert_eq!(&again.theme.files, &direct.theme.files);
        prop_assert_eq!(again.theme.directories, direct.theme.directories);
        prop_assert_eq!(again.pages, direct.pages);
    }

    #[test]
    fn after_one_layout_was_restored_only_that_one_is_planned(
        theme in theme(),
        settings in settings().prop_filter("nothing to plan", |settings| settings.mechanism != Mechanism::None),
    ) {
        let layout = "templates/layout/base.html";
        let original = b"<html>\n<head></head>{{#block 'page'}}{{/block}}</html>".to_vec();
        let theme = theme.with([(layout.to_owned(), Some(original.clone()))]);
        let guarded = pipeline::guard(&theme, &settings).unwrap();
        let restored = guarded.theme.with([(layout.to_owned(), Some(original))]);
        let again = pipeline::guard(&restored, &settings).unwrap();
        prop_assert_eq!(again.edited, vec![layout.to_owned()]);
        prop_assert!(again.added.is_empty() && again.removed.is_empty());
        prop_assert_eq!(again.theme.files, guarded.theme.files);
    }

    #[test]
    fn an_empty_plan_gives_back_the_same_theme(theme in theme()) {
        let same = plan::apply(&theme, &Plan::default());
        prop_assert_eq!(same.files, theme.files);
    }

    #[test]
    fn outside_the_planned_edits_every_byte_stays(theme in theme()) {
        let guarded = pipeline::guard(&theme, &redirect()).unwrap();
        for (path, file) in &theme.files {
            let result = guarded.theme.bytes(path).unwrap();
            if guarded.edited.contains(path) {
                let text = std::str::from_utf8(result).unwrap();
                let guard = "{{> components/stencil-guard/head}}";
                let alone = [format!("{guard}\r\n"), format!("{guard}\n")];
                let without_guard = match path.starts_with("templates/pages/") {
                    // Behind the head of a page's own document, or else alone on its line.
                    true => {
                        let text = text.replace(&format!(">{guard}"), ">");
                        text.replace(&alone[0], "").replace(&alone[1], "")
                    }
                    false => text.replace(guard, ""),
                };
                let retargeted =
                    "data-guard-retargeted HREF=\"https://shop.example.com/terms\" data-guard-";
                let mut without_guard = without_guard.replace(retargeted, "");
                for (ours, theirs) in [
                    ("layout/stencil-guard/", "layout/"),
                    ("layout/stencil-guard/stencil-guard-kept/", "layout/"),
                    ("layout/stencil-guard-kept/", "layout/"),
                    ("components/stencil-guard-kept/", "components/"),
                    ("method=\"dialog\" data-guard-action", "action"),
                    ("formmethod=\"dialog\" data-guard-formaction", "formaction"),
                    ("data-guard-", ""),
                ] {
                    without_guard = without_guard.replace(ours, theirs);
                }
                prop_assert_eq!(without_guard.as_bytes(), &file.bytes[..]);
            } else {
                prop_assert_eq!(result, &file.bytes[..]);
            }
        }
        prop_assert_eq!(guarded.theme.files.len(), theme.files.len() + guarded.added.len());
    }

    #[test]
    fn what_the_engines_accepted_they_accept_after(theme in theme()) {
        let guarded = pipeline::guard(&theme, &redirect()).unwrap();
        for (path, file) in &theme.files {
            let (before, after) = (syntax::parse(&file.bytes), syntax::parse(guarded.theme.bytes(path).unwrap()));
            prop_assert_eq!(before.v3.is_ok(), after.v3.is_ok());
            prop_assert_eq!(before.v4.is_ok(), after.v4.is_ok());
        }
    }

    #[test]
    fn no_template_makes_the_reader_fail(bytes in prop::collection::vec(any::<u8>(), 0..200), pieces in text()) {
        for source in [bytes.clone(), [pieces.clone(), bytes.clone(), pieces].concat()] {
            let template = syntax::parse(&source);
            let _ = document_head(&source, &template);
            for rejection in [template.v3.err(), template.v4.err()].into_iter().flatten() {
                prop_assert!(rejection.offset <= source.len());
            }
        }
    }

    #[test]
    fn no_zip_makes_the_reader_fail(cut in 0usize..2000, flips in prop::collection::vec((0usize..2000, any::<u8>()), 0..8)) {
        let mut bytes = crate::driver::theme_zip(&[]);
        bytes.truncate(bytes.len().saturating_sub(cut).max(4));
        for (at, value) in flips {
            let at = at % bytes.len();
            bytes[at] = value;
        }
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let _ = stencil_guard::theme::load(file.path());
    }
}
