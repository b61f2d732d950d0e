//! `watch` after any sequence of edits: either its outputs are those of a fresh build, or, where that
//! fails, those from before.

use crate::driver::{Playground, Run};
use crate::watch::{contents, step, watcher};
use proptest::prelude::*;
use std::collections::BTreeSet;
use stencil_guard::commands::watch::Event;
use stencil_guard::report::Status;
use stencil_guard::text::Code;

/// Files of a theme with what may stand in them; `None` is no file.
const FILES: &[(&str, &[Option<&str>])] = &[
    (
        "templates/pages/home.html",
        &[
            Some("{{> layout/base}}"),
            Some(
                "---\nhero: true\n---\n{{#partial \"page\"}}<p>a</p>{{/partial}}{{> layout/base}}",
            ),
            Some(
                "---\nhero: false\n---\n{{{dynamicComponent \"components/one\"}}}{{> layout/base}}",
            ),
            Some("{{#partial \"page\"}}{{> components/one/a}}{{/partial}}{{> layout/second}}"),
            Some("{{#if a}}{{> layout/base}}"),
        ],
    ),
    (
        "templates/pages/page.html",
        &[None, Some("{{> layout/second}}"), Some("---\nproducts: 3\n---\n{{> layout/base}}")],
    ),
    (
        "templates/pages/checkout.html",
        &[
            Some("{{{checkout.checkout_content}}}{{> layout/base}}"),
            Some("<a href=\"{{urls.home}}\">a</a>{{> components/one/a}}{{> layout/base}}"),
        ],
    ),
    (
        "templates/layout/base.html",
        &[
            Some("<html><head>{{{head.scripts}}}</head><body>{{{footer.scripts}}}</body></html>"),
            Some("<html><head>{{{head.scripts}}}</head>{{> components/one/a}}{{{footer.scripts}}}"),
            Some("<html>{{#if a}}<!-- {{/if}}<head>{{{head.scripts}}}</head>{{{footer.scripts}}}"),
        ],
    ),
    (
        "templates/layout/second.html",
        &[
            None,
            Some("<html><head lang=b>{{{head.scripts}}}</head>{{{footer.scripts}}}"),
            Some("{{> layout/base}}"),
        ],
    ),
    (
        "templates/components/one/a.html",
        &[
            Some("<a href=\"/\">a</a>"),
            Some("<a href=\"/x\">{{lang \"a\"}}</a>"),
            None,
            Some("{{> components/one/a}}"),
        ],
    ),
    (
        "templates/components/one/b.html",
        &[None, Some("b"), Some("<a href=\"/\">b</a>"), Some("{{#if a}}")],
    ),
    ("lang/en.json", &[Some("{}"), Some("{\"a\": \"b\"}"), Some("{\"a\": 1")]),
    ("lang/de.json", &[None, Some("{\"a\": \"c\"}")]),
    ("assets/a.txt", &[None, Some("a"), Some("b")]),
    ("schema.json", &[None, Some("[]")]),
    (
        "stencil-guard.toml",
        &[None, Some("keep = ['home']"), Some("mode = 'replace'"), Some("kep = []")],
    ),
];

/// Folders that are renamed, and back.
const FOLDERS: &[(&str, &str)] = &[
    ("templates/components/one", "templates/components/two"),
    ("lang", "language"),
    ("", "../elsewhere"),
];

#[derive(Clone, Debug)]
enum Edit {
    /// The file with this number gets the text with that number, of those there are.
    Save(usize, usize),
    Rename(usize),
    /// The version of the theme.
    Version(u8),
    /// A file of the output is written over.
    Tamper(usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        12 => (0..FILES.len(), 0..10_usize).prop_map(|(file, text)| Edit::Save(file, text)),
        1 => (0..FOLDERS.len()).prop_map(Edit::Rename),
        1 => (0..3_u8).prop_map(Edit::Version),
        1 => (0..FILES.len()).prop_map(Edit::Tamper),
    ]
}

impl Edit {
    fn carry_out(&self, playground: &Playground) {
        let theme = |name: &str| format!("theme/{name}");
        match self {
            Self::Save(file, text) => {
                let (name, texts) = FILES[*file];
                match texts[text % texts.len()] {
                    Some(text) => playground.write(&theme(name), text),
                    None => drop(std::fs::remove_file(playground.path(&theme(name)))),
                }
            }
            Self::Rename(folder) => {
                let (one, other) = FOLDERS[*folder];
                let path = |name| playground.path(&theme(name));
                let (from, to) = match path(one).exists() {
                    true => (path(one), path(other)),
                    false => (path(other), path(one)),
                };
                // There may be neither, or both after a file was saved meanwhile.
                let _ = std::fs::rename(from, to);
            }
            Self::Version(version) => {
                if let Ok(config) = std::fs::read_to_string(playground.path("theme/config.json")) {
                    let (before, rest) = config.split_once("\"version\": \"").unwrap();
                    let (_, after) = rest.split_once('"').unwrap();
                    let config = format!("{before}\"version\": \"1.{version}\"{after}");
                    playground.write("theme/config.json", config);
                }
            }
            Self::Tamper(file) => {
                let name = format!("out/{}", FILES[*file].0);
                // What the theme does not have is the developer's.
                if playground.path(&name).exists() {
                    playground.write(&name, "open");
                }
            }
        }
    }
}

type Outputs = (Vec<(String, Vec<u8>)>, Vec<u8>);

fn outputs(playground: &Playground, folder: &str, zip: &str) -> Outputs {
    (contents(playground, folder), std::fs::read(playground.path(zip)).unwrap())
}

fn fresh(playground: &Playground) -> (Run, Option<Outputs>) {
    let _ = std::fs::remove_dir_all(playground.path("fresh"));
    let run = playground.build(&["--out", "fresh", "--bundle", "fresh.zip", "--no-style-check"]);
    let outputs = (run.status == 0).then(|| outputs(playground, "fresh", "fresh.zip"));
    (run, outputs)
}

/// Paths of the theme's files, without those that the engine refuses.
fn taken(playground: &Playground, event: &Event) -> BTreeSet<String> {
    let rejected =
        event.report.findings.iter().filter(|finding| finding.code == Code::TemplateRejected);
    let rejected: BTreeSet<&str> =
        rejected.filter_map(|finding| Some(finding.primary.as_ref()?.path.as_str())).collect();
    let files = playground.files("theme").into_iter();
    files.filter(|path| !rejected.contains(path.as_str())).collect()
}

fn follow(edits: &[Edit]) -> Result<(), TestCaseError> {
    let playground = Playground::new();
    playground.theme(&[]);
    for (name, texts) in FILES {
        if let Some(text) = texts[0] {
            playground.write(&format!("theme/{name}"), text);
        }
    }
    let mut watcher = watcher(&playground);
    let first = step(&mut watcher).unwrap();
    prop_assert_eq!(first.report.status(), Status::Done);
    let mut taken = taken(&playground, &first);
    let mut good = outputs(&playground, "out", "out.zip");
    let mut status = Status::Done;
    for edit in edits {
        edit.carry_out(&playground);
        let tampered = outputs(&playground, "out", "out.zip");
        let event = step(&mut watcher);
        status = event.as_ref().map_or(status, |event| event.report.status());
        let is = outputs(&playground, "out", "out.zip");
        let (run, fresh) = fresh(&playground);
        let messages = format!("{edit:?}\n{}\n{event:?}", run.messages);
        match fresh {
            Some(fresh) if status == Status::Done => {
                prop_assert!(is == fresh, "not as a fresh build: {messages}");
                good = is;
                if let Some(event) = &event {
                    taken = self::taken(&playground, event);
                }
            }
            // A template that broke in mid-edit; a build says so and goes on, a watcher waits.
            Some(_) => {
                let findings = run.messages.split("warning[");
                let rejected = findings.filter_map(|it| it.strip_prefix("template-rejected]"));
                // What is said of several templates is said once, with all their places.
                let places = rejected.flat_map(|finding| finding.lines()).filter_map(|line| {
                    let (_, place) = line.split_once("--> ").or(line.split_once("and this: "))?;
                    Some(place.split_once(':')?.0)
                });
                let was_taken = places.into_iter().any(|path| taken.contains(path));
                prop_assert!(was_taken, "waits for no template that it took: {messages}");
                prop_assert!(is == good || is == tampered, "moved: {messages}");
            }
            None => {
                prop_assert_ne!(status, Status::Done, "goes on: {}", messages);
                prop_assert!(is == good || is == tampered, "moved: {messages}");
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_edits_matches_a_fresh_build(edits in prop::collection::vec(edit(), 1..16)) {
        follow(&edits)?;
    }
}
