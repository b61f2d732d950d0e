//! Small themes put together at random, whole and damaged, whose pages are guarded, shown, or lead away by
//! themselves: the verifier never says of a page that it leads away, or that it is shown, if for somebody it is not
//! so, and of nearly all that are whole it can tell. The same themes in every run.

use std::collections::BTreeMap;

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};
use stencil_guard::guard::script::{Redirect, leads_to, script};
use stencil_guard::guard::storefront::Storefront;
use stencil_guard::theme::Theme;
use stencil_guard::theme::pages::Templates;
use stencil_guard::verify::{Customer, Outcome, Visitor, judge};

use crate::composition_rules::{RULES, TOKENS};
use crate::engine::{self, ENGINES};
use crate::generator::Generator;
use crate::node;
use crate::rendered::{Case, all_leave};

pub(crate) fn trials() -> Vec<Trial> {
    vec![engine::trial("compositions::themes", node::missing(), themes)]
}

/// How many themes there are, and how many of them the engine is handed at once.
fn number_of_themes() -> usize {
    let more = std::env::var("STENCIL_GUARD_COMPOSITIONS").ok().and_then(|it| it.parse().ok());
    more.unwrap_or(2_000)
}

const AT_ONCE: usize = 200;

/// A script that leads away wherever it stands.
const AWAY: &str = "<script>window.location.href = 'https://shop.example.com/';</script>";

/// A theme of one page.
struct Composition {
    /// Texts by name, without `templates/` and `.html`.
    files: BTreeMap<String, String>,
    is_whole: bool,
}

fn compose(generator: &mut Generator, number: usize, guard: &str) -> Composition {
    let kind = generator.below(5);
    let is_guarded = kind.is_multiple_of(2);
    let layout = if is_guarded { "layout" } else { "open layout" };
    let mut texts = vec![
        ("pages/@", generator.text("page")),
        ("layout/@", generator.text(layout)),
        ("components/@/head", generator.text("head file")),
        ("components/@/around", "{{> @partial-block}}".to_owned()),
        ("components/@/guard", "GUARD".to_owned()),
        ("components/@/a", generator.text("a")),
        ("components/@/b", generator.text("b")),
        ("components/@/c", generator.text("c")),
    ];
    let is_whole = kind < 2;
    match kind {
        0 | 1 => {}
        2 => {
            let damaged = generator.text("damaged guard");
            replace(generator, &mut texts, damaged, &["GUARD"]);
        }
        3 => {
            let leaving = generator.text("leaving");
            let insert = format!("{leaving}<p>SHOP</p>");
            replace(generator, &mut texts, insert, &["<p>SHOP</p>", "{{word}}", "</body>"]);
        }
        _ => damage(generator, &mut texts),
    }
    if generator.below(4) == 0 {
        strip_blanks(generator, &mut texts);
    }
    let name = format!("/n{number}");
    let whole =
        |text: String| text.replace("/@", &name).replace("GUARD", guard).replace("AWAY", AWAY);
    let files = texts.into_iter().map(|(name, text)| (whole(name.to_owned()), whole(text)));
    let files = files.collect();
    Composition { files, is_whole }
}

type Texts = [(&'static str, String)];

/// Puts a text in the place of the first of these that some file has.
fn replace(generator: &mut Generator, texts: &mut Texts, text: String, places: &[&str]) {
    let start = generator.below(2);
    let files = [start, 1 - start, 5, 6, 2];
    for place in places {
        let file = files.into_iter().find(|file| texts[*file].1.contains(place));
        if let Some(file) = file {
            texts[file].1 = texts[file].1.replacen(place, &text, 1);
            return;
        }
    }
}

/// Takes something out of a file, or puts something into it.
fn damage(generator: &mut Generator, texts: &mut Texts) {
    for _ in 0..=generator.below(2) {
        let file = generator.below(texts.len());
        let text = &mut texts[file].1;
        let place = |at: usize| text.ceil_char_boundary(at.min(text.len()));
        let start = place(generator.below(text.len() + 1));
        let end = place(start + generator.below(12));
        match generator.below(3) {
            0 => text.replace_range(start..end, ""),
            1 => text.insert_str(start, generator.pick(TOKENS)),
            _ => text.replace_range(start..end, generator.pick(TOKENS)),
        }
    }
}

/// Lets some statements take the white space around them away.
fn strip_blanks(generator: &mut Generator, texts: &mut Texts) {
    for (_, text) in texts {
        let mut pieces = text.split("{{");
        let mut stripped = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            // Not every tool of the platform finds the file of such a block.
            let is_include = piece.starts_with("#>");
            let is_plain = piece.starts_with(|c: char| "#/>!^".contains(c) || c.is_alphabetic());
            let is_stripping = is_plain && !is_include && generator.below(3) == 0;
            stripped.push_str(if is_stripping { "{{~" } else { "{{" });
            stripped.push_str(piece);
        }
        *text = stripped;
    }
}

fn themes() -> Result<(), Failed> {
    let script = script(&Redirect::to(Storefront::parse("https://shop.example.com")?));
    let guard = format!("<script>{script}</script>");
    let mut generator = Generator::with_rules(0x5eed_c0de, RULES);
    let mut tally = Tally::default();
    for _ in 0..number_of_themes().div_ceil(AT_ONCE) {
        let themes: Vec<Composition> =
            (0..AT_ONCE).map(|number| compose(&mut generator, number, &guard)).collect();
        compare(&themes, &mut tally)?;
    }
    let least = number_of_themes() / 10;
    let is_telling = tally.doubtful.len() * 1_000 <= tally.whole;
    let is_meaningful = tally.away >= least && tally.shown >= least;
    if tally.wrong.is_empty() && is_telling && is_meaningful {
        return Ok(());
    }
    let Tally { whole, away, shown, doubtful, wrong } = tally;
    let escaped = script.escape_debug().to_string();
    let first = |all: &[String]| all[..all.len().min(SHOWN)].join("\n").replace(&escaped, "GUARD");
    Err(format!(
        "{away} are said to lead away, {shown} to be shown; {} are wrong, and of {} of {whole} whole ones it cannot \
         tell:\n{}\n{}",
        wrong.len(),
        doubtful.len(),
        first(&wrong),
        first(&doubtful)
    )
    .into())
}

/// More of them would only hide the first.
const SHOWN: usize = 20;

#[derive(Default)]
struct Tally {
    /// Verdicts on whole themes, and how many lead away or are shown of all.
    whole: usize,
    away: usize,
    shown: usize,
    /// Whole themes of which the verifier cannot tell.
    doubtful: Vec<String>,
    wrong: Vec<String>,
}

/// What values there may be; the first of them for those who are let in, too.
fn contexts() -> [Value; 4] {
    [
        json!({"word": "word", "yes": true, "list": ["a", "b"]}),
        json!({"word": "", "list": []}),
        json!({"word": "--></title></style></script></template>\"'>", "yes": true, "list": [1]}),
        json!({"word": "<!--"}),
    ]
}

fn visitors() -> [(Visitor, Value); 2] {
    let member = Customer::Member { group_id: 7, group_name: String::new() };
    let told = json!({"id": 1, "name": "Ada", "customer_group_id": 7, "customer_group_name": "x"});
    [(Visitor::new(Customer::Guest), Value::Null), (Visitor::new(member), told)]
}

/// Compares verdicts on pages with what the engine and browsers make of them.
fn compare(themes: &[Composition], tally: &mut Tally) -> Result<(), Failed> {
    let files = themes.iter().flat_map(|theme| theme.files.clone());
    let templates: BTreeMap<String, String> = files.collect();
    let folder = tempfile::tempdir()?;
    engine::load("compositions", &templates, folder.path())?;
    let files = templates
        .iter()
        .map(|(name, text)| (format!("templates/{name}.html"), Some(text.clone().into_bytes())));
    let templates = Templates::new(&Theme::default().with(files));
    let (visitors, told): (Vec<Visitor>, Vec<Value>) = visitors().into_iter().unzip();
    let of_all = judge(&templates, &visitors, &leads_to);
    let (mut cases, mut expected) = (Vec::new(), Vec::new());
    for ((visitor, customer), verdicts) in visitors.iter().zip(told).zip(of_all) {
        for (number, theme) in themes.iter().enumerate() {
            let page = format!("pages/n{number}");
            let Some(verdict) = verdicts.get(&page) else { continue };
            tally.whole += usize::from(theme.is_whole);
            let is_away = match verdict.outcome {
                Outcome::Redirected | Outcome::Replaced => true,
                Outcome::Shown => false,
                Outcome::Uncertain | Outcome::Refused => {
                    if theme.is_whole {
                        tally.doubtful.push(format!("{verdict:?} {:#?}", theme.files));
                    }
                    continue;
                }
            };
            *(if is_away { &mut tally.away } else { &mut tally.shown }) += 1;
            expected.push((is_away, theme));
            for (engine, context) in
                ENGINES.into_iter().flat_map(|it| contexts().map(|context| (it, context)))
            {
                let mut context = context;
                context["customer"] = customer.clone();
                let (page, visitor) = (page.clone(), visitor.clone());
                cases.push(Case { page, engine, context, visitor, anywhere: !is_away });
            }
        }
    }
    let found = all_leave("compositions", &cases)?;
    let each = ENGINES.len() * contexts().len();
    for ((cases, found), (is_away, theme)) in
        cases.chunks(each).zip(found.chunks(each)).zip(&expected)
    {
        // What the engine refuses leaves no page.
        if let Some(at) = found.iter().position(|found| found.is_some_and(|it| it != *is_away)) {
            let Case { engine, context, .. } = &cases[at];
            let files = &theme.files;
            tally.wrong.push(format!("not away {is_away} ({engine}, {context}): {files:#?}"));
        }
    }
    Ok(())
}
