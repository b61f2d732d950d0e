//! Whether the verifier and the real engine agree: what a visitor gets from a page, by the templates
//! alone and by rendering them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};
use stencil_guard::guard::script::{Redirect, leads_to, script};
use stencil_guard::guard::storefront::Storefront;
use stencil_guard::theme::Theme;
use stencil_guard::theme::pages::Templates;
use stencil_guard::verify::{self, Customer, Outcome, Place, Scripts, Visitor};

use crate::damaged::cases;
use crate::engine::{self, ENGINES};
use crate::node;
use crate::rendered::{NONCE, leaves, sends_text};
use crate::styles::{self, STYLES};

const STOREFRONT: &str = "https://shop.example.com";

pub(crate) fn trials() -> Vec<Trial> {
    let missing = node::missing();
    let mut trials = vec![
        engine::trial("verdicts::conditions", missing, conditions),
        engine::trial("verdicts::by_hand", missing, by_hand),
        engine::trial("verdicts::damaged", missing, damaged),
    ];
    for theme in engine::themes() {
        let name = theme.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let test = move || of_theme(&theme);
        trials.push(engine::trial(&format!("verdicts::{name}"), missing, test));
    }
    trials
}

/// Kinds of visitor, each with what the platform may tell the templates about them.
fn visitors() -> Vec<(Visitor, Vec<Value>)> {
    let usual = customers().into_iter().map(|(customer, told)| (Visitor::new(customer), told));
    let guest = || Visitor::new(Customer::Guest);
    let odd = [
        Visitor { scripts: Scripts::Off, ..guest() },
        Visitor { scripts: Scripts::WithNonce, ..guest() },
        Visitor { place: Place::Frame, ..guest() },
        Visitor { place: Place::CheckoutPath, ..guest() },
        Visitor { is_development: true, ..guest() },
    ];
    usual.chain(odd.map(|visitor| (visitor, vec![Value::Null]))).collect()
}

/// Guests while all switches among the theme's settings that conditions read are on, and while they are off.
fn switched(templates: &Templates) -> [(Visitor, Vec<Value>); 2] {
    let switches = templates.pages().flat_map(|page| verify::switches(templates, page));
    // What is no plain name is a part of something else.
    let names: BTreeSet<String> = switches.filter(|name| !name.contains('.')).collect();
    [true, false].map(|is_on| {
        let switches = names.iter().map(|name| (name.clone(), is_on)).collect();
        (Visitor { switches, ..Visitor::new(Customer::Guest) }, vec![Value::Null])
    })
}

/// Kinds of customer, each with what the platform may tell the templates about them.
fn customers() -> Vec<(Customer, Vec<Value>)> {
    let member = |group_id: u64, name: &str| Customer::Member { group_id, group_name: name.into() };
    let told = |id: Value, name: &str| json!({"id": 1, "name": "Ada", "email": "a@b.example", "customer_group_id": id, "customer_group_name": name});
    vec![
        (Customer::Guest, vec![Value::Null, json!({}), json!(false), json!("")]),
        (member(0, ""), vec![told(json!(0), ""), told(Value::Null, "")]),
        (member(7, ""), vec![told(json!(7), "Trade"), told(json!("7"), "Trade")]),
        (member(0, "Staff"), vec![told(json!(3), "Staff"), told(json!("3"), "Staff")]),
        (member(u64::MAX, ""), vec![told(json!(98765), "Others"), told(json!("98765"), "x")]),
    ]
}

/// Blocks whose body is the shop and whose `else` leads away: helper and arguments.
const CONDITIONS: &[(&str, &str)] = &[
    ("if", "template '===' 'pages/p0'"),
    ("if", "template '!==' 'pages/p0'"),
    ("if", "template 'pages/p2'"),
    ("if", "@root.template '==' 'pages/p3'"),
    ("if", "this.template '==' 'pages/p4'"),
    ("unless", "template"),
    ("unless", "template '==' 'pages/x'"),
    ("if", "page_type '===' 'checkout'"),
    ("if", "page_type '===' 'category'"),
    ("if", "in_development"),
    ("if", "in_development '===' true"),
    ("if", "in_development '==' false"),
    ("if", "customer"),
    ("unless", "customer"),
    ("if", "customer.email"),
    ("if", "customer.customer_group_id"),
    ("if", "customer.customer_group_name"),
    ("if", "customer.customer_group_id '==' 7"),
    ("if", "customer.customer_group_id '==' '7'"),
    ("if", "customer.customer_group_id '===' 7"),
    ("if", "customer.customer_group_id '===' '7'"),
    ("if", "customer.customer_group_id '!=' 7"),
    ("if", "customer.customer_group_id '!==' 7"),
    ("if", "customer.customer_group_id '>' 5"),
    ("if", "customer.customer_group_id '>=' 0"),
    ("if", "customer.customer_group_id '<' 9"),
    ("if", "customer.customer_group_id '==' 0"),
    ("if", "customer.customer_group_id '==' '0'"),
    ("if", "customer.customer_group_id '==' customer.nothing"),
    ("if", "customer.customer_group_name '===' 'Staff'"),
    ("if", "customer.customer_group_name '===' \"staff\""),
    ("if", "customer.customer_group_name '===' Staff"),
    ("if", "customer.customer_group_name '!==' 'Staff'"),
    ("if", "customer.customer_group_name '==' ''"),
    ("if", "customer.customer_group_name '===' (decodeURI 'St%61ff')"),
    ("if", "customer '==' true"),
    ("if", "customer '===' null"),
    ("or", "(if template '===' 'x') (unless template)"),
    ("or", "(if template '===' 'x') customer"),
    ("or", ""),
    ("any", "customer.customer_group_name in_development"),
    ("all", "template customer"),
    ("all", "true"),
    ("all", ""),
    ("and", "template customer in_development"),
    ("and", "template"),
    ("is", "customer.customer_group_name 'Staff'"),
    ("is", "customer.customer_group_id 7"),
    ("isnt", "customer.customer_group_name 'Staff'"),
    ("eq", "template 'pages/p49'"),
    ("contains", "template 'pages'"),
    ("contains", "'Staff|Admin' customer.customer_group_name"),
    ("contains", "customer.customer_group_name 'taf'"),
    ("compare", "template '==' 'x'"),
    ("customer", ""),
    ("theme_settings.none", ""),
    ("if", "theme_settings.quick"),
    ("unless", "theme_settings.quick"),
    ("or", "theme_settings.quick theme_settings.wide"),
    ("if", "''"),
    ("if", "0"),
    ("if", "'0'"),
    ("if", "'false'"),
    ("if", "false"),
    ("if", "1 '<' 2"),
    ("if", "'2' '>' 10"),
    ("if", "'7' '==' 7"),
    ("if", "'7' '===' 7"),
    ("if", "' 7 ' '==' 7"),
    ("if", "'' '==' 0"),
    ("if", "true '==' true"),
    ("if", "undefined '==' null"),
];

fn conditions() -> Result<(), Failed> {
    let guard =
        format!("<script>{}</script>", script(&Redirect::to(Storefront::parse(STOREFRONT)?)));
    let mut templates = BTreeMap::new();
    for (number, (helper, arguments)) in CONDITIONS.iter().enumerate() {
        for (sort, sigil) in [("p", '#'), ("i", '^')] {
            let block = format!(
                "{{{{{sigil}{helper} {arguments}}}}}<p>Shop</p>{{{{else}}}}{guard}{{{{/{helper}}}}}"
            );
            templates.insert(format!("pages/{sort}{number}"), block);
        }
    }
    let folder = tempfile::tempdir()?;
    engine::load("verdicts", &templates, folder.path())?;
    let files = templates
        .iter()
        .map(|(name, text)| (format!("templates/{name}.html"), Some(text.clone().into_bytes())));
    let theme = Theme::default().with(files);
    let uncertain = compare("verdicts", None, &theme, folder.path(), |_| true)?;
    let most = templates.len() / 2;
    if uncertain.len() > most { Err(format!("uncertain: {uncertain:?}").into()) } else { Ok(()) }
}

fn by_hand() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let styles = STYLES.iter().map(|style| (style.what, styles::theme(style)));
    all("by-hand", styles, folder.path(), |_| true)
}

fn damaged() -> Result<(), Failed> {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/themes/shop");
    // All others are like these.
    let pages = ["home", "cart", "checkout", "order-complete", "custom/new"];
    let is_wanted = |page: &str| pages.iter().any(|wanted| page == format!("pages/{wanted}"));
    for (number, case) in cases().into_iter().enumerate() {
        let themes = case.damaged.into_iter().chain([("undamaged", case.guarded)]);
        all(&format!("damaged-{number}"), themes, &shop, is_wanted)?;
    }
    Ok(())
}

/// Compares some pages of many themes, some of which may leave every page uncertain.
fn all(
    set: &str,
    themes: impl Iterator<Item = (&'static str, Theme)>,
    root: &Path,
    is_wanted: impl Fn(&str) -> bool + Copy,
) -> Result<(), Failed> {
    let mut wrong = Vec::new();
    for (what, theme) in themes {
        let set = format!("{set}#{what}");
        let text = |name: &str| {
            String::from_utf8_lossy(theme.template(name).unwrap_or_default()).into_owned()
        };
        let templates = theme.template_names().map(|name| (name.to_owned(), text(name))).collect();
        engine::load(&set, &templates, root)?;
        if let Err(failed) = compare(&set, None, &theme, root, is_wanted) {
            wrong.push(format!("{what}: {}", failed.message().unwrap_or_default()));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// Compares all pages of a theme as it is and in all modes.
///
/// No verdict on a theme of our own may be uncertain; how many may be on others is for the test suite.
fn of_theme(theme: &Path) -> Result<(), Failed> {
    let mut wrong = Vec::new();
    let plain = stencil_guard::theme::load(theme)?;
    let is_own = theme.starts_with(env!("CARGO_MANIFEST_DIR"));
    let modes: [&[&str]; 3] = [
        &["--mode", "redirect"],
        &["--mode", "conditional", "--allow-group", "7", "--allow-group", "name:Staff"],
        &["--mode", "replace"],
    ];
    let name = |path: &Path| format!("{}#verdicts", path.display());
    let original = name(theme);
    let mut compare_at = |path: &Path, theme: &Theme| -> Result<(), Failed> {
        let set = name(path);
        engine::load(&set, &engine::templates(path)?, path)?;
        match compare(&set, Some(&original), theme, path, |_| true) {
            Ok(uncertain) if uncertain.is_empty() || !is_own => {}
            Ok(uncertain) => wrong.push(format!("{set}: cannot tell: {uncertain:?}")),
            Err(failed) => wrong.push(failed.message().unwrap_or_default().to_owned()),
        }
        Ok(())
    };
    compare_at(theme, &plain)?;
    for mode in modes {
        let folder = tempfile::tempdir()?;
        let out = folder.path().join("out");
        engine::build(theme, STOREFRONT, &out, mode)?;
        compare_at(&out, &stencil_guard::theme::load(&out)?)?;
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// Compares verdicts with what the engine renders; the pages of which the verdict is not certain. With
/// the theme from before the guard, it is also compared whether anything of that is sent.
fn compare(
    set: &str,
    original: Option<&str>,
    theme: &Theme,
    root: &Path,
    is_wanted: impl Fn(&str) -> bool,
) -> Result<BTreeSet<String>, Failed> {
    let templates = Templates::new(theme);
    let (mut wrong, mut uncertain) = (Vec::new(), BTreeSet::new());
    let visitors = visitors().into_iter().chain(switched(&templates));
    let (visitors, told): (Vec<Visitor>, Vec<Vec<Value>>) = visitors.unzip();
    let of_all = verify::judge(&templates, &visitors, &leads_to);
    for ((visitor, told), verdicts) in visitors.into_iter().zip(told).zip(of_all) {
        for (page, verdict) in verdicts.into_iter().filter(|(page, _)| is_wanted(page)) {
            let expected = match verdict.outcome {
                Outcome::Shown => Some(false),
                Outcome::Redirected | Outcome::Replaced => Some(true),
                Outcome::Refused => None,
                Outcome::Uncertain => {
                    uncertain.insert(page);
                    continue;
                }
            };
            for (customer, engine) in
                told.iter().flat_map(|customer| ENGINES.map(|engine| (customer, engine)))
            {
                let mut context = engine::context(root, &page, customer);
                context["in_development"] = visitor.is_development.into();
                for (name, is_on) in &visitor.switches {
                    context["theme_settings"][name] = (*is_on).into();
                }
                if visitor.scripts == Scripts::WithNonce {
                    context["nonce"] = NONCE.into();
                }
                // What the engine refuses leaves no page.
                let Ok(html) = engine::render(set, &page, engine, &context)? else { continue };
                let was_told =
                    wrong.iter().any(|told: &String| told.starts_with(&format!("{page} ")));
                let sends = match original {
                    Some(original) if expected == Some(true) => {
                        let before = engine::render(original, &page, engine, &context)?;
                        sends_text(&html, &before.unwrap_or_default())
                    }
                    _ => None,
                };
                let is_sent = sends.is_none_or(|it| it == (verdict.outcome == Outcome::Redirected));
                let is_right = Some(leaves(&html, &visitor)?) == expected && is_sent;
                if !is_right && !was_told {
                    let who = format!("{visitor:?} told as {customer}");
                    wrong.push(format!("{page} ({engine}, {who}): not {:?}", verdict.outcome));
                }
            }
        }
    }
    if wrong.is_empty() { Ok(uncertain) } else { Err(wrong.join("\n").into()) }
}
