//! Documents put together at random from what browsers read otherwise than it looks, with a guard somewhere in
//! their heads and template statements anywhere: the verifier never says that one leads away which does not,
//! nor that one is shown which leads away. The same documents in every run.

use std::collections::BTreeMap;

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};
use stencil_guard::guard::script::{Redirect, leads_to, script};
use stencil_guard::guard::storefront::Storefront;
use stencil_guard::theme::Theme;
use stencil_guard::theme::pages::Templates;
use stencil_guard::verify::{Customer, Outcome, Visitor, judge};

use crate::engine::{self, ENGINES};
use crate::generator::Generator;
use crate::node;
use crate::rendered::{Case, all_leave};

pub(crate) fn trials() -> Vec<Trial> {
    vec![engine::trial("pieces::heads", node::missing(), heads)]
}

/// What heads are made of; `@` is the guard.
const PIECES: &[&str] = &[
    "@",
    "@",
    "@",
    "@",
    "<!--",
    "-->",
    "--!>",
    "<!-->",
    "<title>",
    "</title>",
    "<style>",
    "</style>",
    "<script>",
    "</script>",
    "<noscript>",
    "</noscript>",
    "<template>",
    "</template>",
    "<meta charset=utf-8>",
    "<svg>",
    "</svg>",
    "<math>",
    "</math>",
    "<textarea>",
    "</textarea>",
    "<html lang=\"",
    "\">",
    "'>",
    ">",
    "<select>",
    "</select>",
    "<![CDATA[",
    "]]>",
    "<xmp>",
    "</xmp>",
    "<?x>",
    "</ x>",
    "<title/>",
    "<style/>",
    "<!-- <script>",
    " ",
    "\n",
    "x",
    "<meta name='",
    "<p>",
    "<meta name=x content=",
    "<iframe>",
    "</iframe>",
    "<template/>",
    "&lt;",
    "</head>",
];

/// Template statements that may stand anywhere.
const STATEMENTS: &[&str] = &[
    "{{!}}",
    "{{!-- x --}}",
    "{{#if no}}x{{/if}}",
    "{{#if yes}}{{/if}}",
    "{{inject 'a' 1}}",
    "{{plain}}",
    "{{hostile}}",
    "{{{hostile}}}",
    "{{#if plain}}{{/if}}",
    "{{#each list}}{{this}}{{/each}}",
    "{{concat hostile plain}}",
    "{{#block 'none'}}{{/block}}",
    "{{#partial 'q'}}x{{/partial}}",
];

/// Values that end whatever they are printed into, unless they are escaped.
const HOSTILE: &[&str] =
    &["--></title></style></script></template>\"'><noscript>", "", "<!--", " type=x "];

/// A page of random pieces, and statements between some of their characters.
fn document(generator: &mut Generator, guard: &str) -> String {
    let mut text = String::from("<!doctype html><html><head>");
    for _ in 0..2 + generator.below(6) {
        let piece = generator.pick(PIECES);
        if piece == "@" && generator.below(3) > 0 {
            text.push_str(guard);
            continue;
        }
        for character in piece.replace('@', guard_start(guard)).chars() {
            if generator.below(9) == 0 {
                text.push_str(generator.pick(STATEMENTS));
            }
            text.push(character);
        }
        if piece == "@" {
            text.push_str(&guard[guard_start(guard).len()..]);
        }
    }
    text + "<title>t</title></head><body><p>SHOP</p></body></html>"
}

/// The start tag of the guard.
fn guard_start(guard: &str) -> &str {
    guard.split_inclusive('>').next().unwrap_or(guard)
}

/// How many documents there are, and how many of them the engine is handed at once.
fn documents() -> usize {
    let more = std::env::var("STENCIL_GUARD_DOCUMENTS").ok().and_then(|number| number.parse().ok());
    more.unwrap_or(6_000)
}

const AT_ONCE: usize = 500;

fn heads() -> Result<(), Failed> {
    let script = script(&Redirect::to(Storefront::parse("https://shop.example.com")?));
    let guard = format!("<script>{script}</script>");
    let mut generator = Generator::new(0x5eed_0019);
    let (mut away, mut wrong) = (0, Vec::new());
    for _ in 0..documents().div_ceil(AT_ONCE) {
        let documents = (0..AT_ONCE)
            .map(|number| (format!("pages/p{number}"), document(&mut generator, &guard)));
        let templates: BTreeMap<String, String> = documents.collect();
        away += compare(&templates, &mut wrong)?;
    }
    let wrong = wrong.iter().map(|wrong| wrong.replace(&script, "GUARD"));
    let wrong: Vec<String> = wrong.collect();
    match wrong.len() {
        0 if away > documents() / 20 => Ok(()),
        0 => Err(format!("only {away} documents are said to lead away").into()),
        number => Err(format!("{number} wrong:\n{}", wrong.join("\n")).into()),
    }
}

/// Compares verdicts on pages with what the engine and browsers make of them; how many are said to lead away.
fn compare(templates: &BTreeMap<String, String>, wrong: &mut Vec<String>) -> Result<usize, Failed> {
    let folder = tempfile::tempdir()?;
    engine::load("pieces", templates, folder.path())?;
    let files = templates
        .iter()
        .map(|(name, text)| (format!("templates/{name}.html"), Some(text.clone().into_bytes())));
    let theme = Theme::default().with(files);
    let guest = Visitor::new(Customer::Guest);
    let verdicts = judge(&Templates::new(&theme), std::slice::from_ref(&guest), &leads_to);
    let (mut cases, mut expected) = (Vec::new(), Vec::new());
    for (page, verdict) in verdicts.into_iter().flatten() {
        let is_away = match verdict.outcome {
            Outcome::Redirected | Outcome::Replaced => true,
            Outcome::Shown => false,
            Outcome::Uncertain | Outcome::Refused => continue,
        };
        expected.push(is_away);
        for (engine, hostile) in
            ENGINES.into_iter().flat_map(|it| HOSTILE.iter().map(move |text| (it, *text)))
        {
            let context: Value = json!({
                "plain": "word", "hostile": hostile, "yes": true, "list": ["a", "b"],
            });
            let (page, visitor) = (page.clone(), guest.clone());
            cases.push(Case { page, engine, context, visitor, anywhere: !is_away });
        }
    }
    let found = all_leave("pieces", &cases)?;
    let each = ENGINES.len() * HOSTILE.len();
    for ((cases, found), is_away) in cases.chunks(each).zip(found.chunks(each)).zip(&expected) {
        // What the engine refuses leaves no page.
        if let Some(at) = found.iter().position(|found| found.is_some_and(|it| it != *is_away)) {
            let (text, engine) = (&templates[&cases[at].page], cases[at].engine);
            wrong.push(format!("not away {is_away} ({engine}, {}): {text}", cases[at].context));
        }
    }
    Ok(expected.iter().filter(|is_away| **is_away).count())
}
