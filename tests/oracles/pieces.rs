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
use crate::rendered::leaves;

pub(crate) fn trials() -> Vec<Trial> {
    vec![engine::trial("pieces::heads", node::missing(), heads)]
}

const DOCUMENTS: usize = 1_500;

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

fn heads() -> Result<(), Failed> {
    let script = script(&Redirect::to(Storefront::parse("https://shop.example.com")?));
    let guard = format!("<script>{script}</script>");
    let mut generator = Generator::new(0x5eed_0019);
    let documents =
        (0..DOCUMENTS).map(|number| (format!("pages/p{number}"), document(&mut generator, &guard)));
    let templates: BTreeMap<String, String> = documents.collect();
    let folder = tempfile::tempdir()?;
    engine::load("pieces", &templates, folder.path())?;
    let files = templates
        .iter()
        .map(|(name, text)| (format!("templates/{name}.html"), Some(text.clone().into_bytes())));
    let theme = Theme::default().with(files);
    let guest = Visitor::new(Customer::Guest);
    let verdicts = judge(&Templates::new(&theme), std::slice::from_ref(&guest), &leads_to);
    let (mut away, mut wrong) = (0, Vec::new());
    for (page, verdict) in verdicts.into_iter().flatten() {
        let expected = match verdict.outcome {
            Outcome::Redirected | Outcome::Replaced => true,
            Outcome::Shown => false,
            Outcome::Uncertain | Outcome::Refused => continue,
        };
        away += usize::from(expected);
        for (engine, hostile) in
            ENGINES.into_iter().flat_map(|it| HOSTILE.iter().map(move |text| (it, *text)))
        {
            let context: Value = json!({
                "plain": "word", "hostile": hostile, "yes": true, "list": ["a", "b"],
            });
            // What the engine refuses leaves no page.
            let Ok(html) = engine::render("pieces", &page, engine, &context)? else { continue };
            if leaves(&html, &guest)? != expected {
                let text = templates[&page].replace(&script, "GUARD");
                wrong.push(format!("{:?} ({engine}, {hostile:?}): {text}", verdict.outcome));
                break;
            }
        }
    }
    match wrong.len() {
        0 if away > DOCUMENTS / 20 => Ok(()),
        0 => Err(format!("only {away} of {DOCUMENTS} documents are said to lead away").into()),
        _ => Err(wrong.join("\n").into()),
    }
}
