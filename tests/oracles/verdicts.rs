//! Whether the verifier and the real engine agree: what a visitor gets from a page, by the templates
//! alone and by rendering them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};
use stencil_guard::guard::script::{leads_to, script};
use stencil_guard::guard::storefront::Storefront;
use stencil_guard::theme::Theme;
use stencil_guard::theme::pages::Templates;
use stencil_guard::verify::{self, Customer, Outcome, Visitor};

use crate::engine::{self, ENGINES};
use crate::node;

const STOREFRONT: &str = "https://shop.example.com";

pub(crate) fn trials() -> Vec<Trial> {
    let missing = node::missing();
    let mut trials = vec![engine::trial("verdicts::conditions", missing, conditions)];
    for theme in engine::themes() {
        let name = theme.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let test = move || of_theme(&theme);
        trials.push(engine::trial(&format!("verdicts::{name}"), missing, test));
    }
    trials
}

/// Kinds of visitor, each with what the platform may tell the templates about them.
fn visitors() -> Vec<(Customer, Vec<Value>)> {
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
    let guard = format!("<script>{}</script>", script(&Storefront::parse(STOREFRONT)?));
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
    let uncertain = compare("verdicts", &Theme::default().with(files), folder.path())?;
    let most = templates.len() / 2;
    if uncertain.len() > most { Err(format!("uncertain: {uncertain:?}").into()) } else { Ok(()) }
}

/// Compares all pages of a theme as it is and in all modes.
fn of_theme(theme: &Path) -> Result<(), Failed> {
    let mut wrong = Vec::new();
    let plain = stencil_guard::theme::load(theme)?;
    let modes: [&[&str]; 3] = [
        &["--mode", "redirect"],
        &["--mode", "conditional", "--allow-group", "7", "--allow-group", "name:Staff"],
        &["--mode", "replace"],
    ];
    let mut compare_at = |path: &Path, theme: &Theme| -> Result<(), Failed> {
        let set = format!("{}#verdicts", path.display());
        engine::load(&set, &engine::templates(path)?, path)?;
        match compare(&set, theme, path) {
            Ok(uncertain) if uncertain.is_empty() => {}
            Ok(uncertain) => wrong.push(format!("uncertain: {uncertain:?}")),
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

/// Compares verdicts with what the engine renders; the pages of which the verdict is not certain.
fn compare(set: &str, theme: &Theme, root: &Path) -> Result<BTreeSet<String>, Failed> {
    let templates = Templates::new(theme);
    let (mut wrong, mut certain, mut uncertain) = (Vec::new(), 0, BTreeSet::new());
    for (customer, told) in visitors() {
        let visitor = Visitor { customer, scripts: true };
        for (page, verdict) in verify::judge(theme, &templates, &visitor, &leads_to) {
            let expected = match verdict.outcome {
                Outcome::Shown => Some(false),
                Outcome::Redirected | Outcome::Replaced => Some(true),
                Outcome::Refused => None,
                Outcome::Uncertain => {
                    uncertain.insert(page);
                    continue;
                }
            };
            certain += 1;
            for (customer, engine) in
                told.iter().flat_map(|customer| ENGINES.map(|engine| (customer, engine)))
            {
                let context = engine::context(root, &page, customer);
                // What the engine refuses leaves no page.
                let Ok(html) = engine::render(set, &page, engine, &context)? else { continue };
                if Some(leaves(&html)) != expected {
                    let who = format!("{:?} told as {customer}", visitor.customer);
                    wrong.push(format!("{page} ({engine}, {who}): not {:?}", verdict.outcome));
                }
            }
        }
    }
    if certain == 0 {
        wrong.push("nothing was certain".to_owned());
    }
    if wrong.is_empty() { Ok(uncertain) } else { Err(wrong.join("\n").into()) }
}

/// Whether what was rendered has one of our scripts before anything else that counts.
fn leaves(html: &str) -> bool {
    let mut scripts = html.split("<script").skip(1);
    scripts.any(|script| {
        let text = script.split_once('>').and_then(|(_, rest)| rest.split_once("</script>"));
        text.is_some_and(|(text, _)| leads_to(text).as_deref() == Some(STOREFRONT))
    })
}
