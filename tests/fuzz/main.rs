//! Feeds each fuzz target the files of its corpus, and mutations of them. The same numbers lead to the same
//! mutations, on a stable toolchain; how many there are says `STENCIL_GUARD_FUZZ_CASES`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a target fails by panicking

mod targets;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use std::panic::catch_unwind;
use std::path::Path;
use targets::TARGETS;

/// Cases of each target, if nobody wants more.
const CASES: u32 = 300;

/// What is put in somewhere: what parsers look for.
const TOKENS: &[&str] = &[
    "{{",
    "}}",
    "{{{",
    "}}}",
    "{{#if x}}",
    "{{/if}}",
    "{{else}}",
    "{{> layout/base}}",
    "{{!--",
    "--}}",
    "<!--",
    "-->",
    "<head>",
    "<script>",
    "</script>",
    "\"",
    "'",
    "=",
    "---\n",
    "...\n",
    "\u{feff}",
    "\r\n",
    "\0",
    "é",
    "\u{1f600}",
    "%",
    "&",
    "|",
    "[",
    "]",
    "[[rule]]\n",
    "../",
    "\\",
    "PK\u{1}\u{2}",
    "\n",
];

#[derive(Clone, Debug)]
enum Mutation {
    Byte(u8),
    Token(&'static str),
    Remove(usize),
    Repeat(usize),
    /// The rest of another file.
    Splice(prop::sample::Index, prop::sample::Index),
}

fn mutation() -> impl Strategy<Value = (prop::sample::Index, Mutation)> {
    let mutation = prop_oneof![
        any::<u8>().prop_map(Mutation::Byte),
        prop::sample::select(TOKENS).prop_map(Mutation::Token),
        (1_usize..40).prop_map(Mutation::Remove),
        (1_usize..40).prop_map(Mutation::Repeat),
        any::<(prop::sample::Index, prop::sample::Index)>()
            .prop_map(|(file, at)| Mutation::Splice(file, at)),
    ];
    (any::<prop::sample::Index>(), mutation)
}

fn apply(bytes: &mut Vec<u8>, at: usize, mutation: &Mutation, corpus: &[Vec<u8>]) {
    let end = |length: usize| (at + length).min(bytes.len());
    match mutation {
        Mutation::Byte(byte) => match bytes.get_mut(at) {
            Some(place) => *place = *byte,
            None => bytes.push(*byte),
        },
        Mutation::Token(token) => drop(bytes.splice(at..at, token.bytes())),
        Mutation::Remove(length) => drop(bytes.drain(at..end(*length))),
        Mutation::Repeat(length) => {
            let again = bytes[at..end(*length)].to_vec();
            bytes.splice(at..at, again);
        }
        Mutation::Splice(file, from) => {
            let other = file.get(corpus);
            bytes.truncate(at);
            bytes.extend_from_slice(&other[from.index(other.len() + 1)..]);
        }
    }
}

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(name);
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

fn run(name: &str) {
    let (_, target) = TARGETS.iter().find(|(known, _)| *known == name).unwrap();
    let corpus = corpus(name);
    assert!(!corpus.is_empty(), "{name} has no corpus");
    corpus.iter().for_each(|bytes| target(bytes));
    let cases = std::env::var("STENCIL_GUARD_FUZZ_CASES").ok();
    let cases = cases.map_or(CASES, |cases| cases.parse().expect("a number of cases"));
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let input = (any::<prop::sample::Index>(), vec(mutation(), 0..8));
    let result = TestRunner::new_with_rng(config, rng).run(&input, |(file, mutations)| {
        let mut bytes = file.get(&corpus).clone();
        for (at, mutation) in &mutations {
            let at = at.index(bytes.len() + 1);
            apply(&mut bytes, at, mutation, &corpus);
        }
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        catch_unwind(|| target(&bytes)).map_err(|_| TestCaseError::fail(format!("{shown:?}")))
    });
    if let Err(failure) = result {
        panic!("{name}: {failure}");
    }
}

#[test]
fn scanner() {
    run("scanner");
}

#[test]
fn archive() {
    run("archive");
}

#[test]
fn settings() {
    run("settings");
}

#[test]
fn rules() {
    run("rules");
}

#[test]
fn front_matter() {
    run("front-matter");
}

#[test]
fn each_corpus_has_a_target() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus");
    let folders = std::fs::read_dir(folder).unwrap();
    let names: Vec<_> = folders.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), TARGETS.len());
    assert!(TARGETS.iter().all(|(name, _)| names.iter().any(|known| known == name)));
}
