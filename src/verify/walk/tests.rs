//! Tests how many steps it takes to follow themes in which any template may include any other.

use super::limits::{MAX_DEPTH, MAX_STEPS, MAX_VISITS};
use super::*;
use crate::theme::Theme;
use crate::verify::{Customer, Visitor};

/// Returns how many steps a page takes (templates that are followed and names that are resolved), and its
/// verdict.
fn steps(files: &[(String, String)]) -> (usize, Verdict) {
    let files = files
        .iter()
        .map(|(name, text)| (format!("templates/{name}.html"), Some(text.clone().into_bytes())));
    let theme = Theme::default().with(files);
    let templates = Templates::new(&theme);
    let visitor = Visitor::new(Customer::Guest);
    let visitor = TrackedVisitor::new(&visitor);
    let readings = Readings::default();
    let reach = RefCell::default();
    let browser =
        Browser { visitor: &visitor, known: &|_| None, readings: &readings, reach: &reach };
    let mut walk = Walk::new(&templates, "pages/home", browser);
    walk.template("pages/home", Visibility::Page).unwrap();
    (walk.visits + walk.library.steps, walk.verdict())
}

/// Includes whose names are computed at run time.
const ANY: &[&str] = &[
    "{{> (concat 'components/x/' y)}}",
    "{{> (lookup . 'name')}}",
    "{{{dynamicComponent 'components/x'}}}",
    "{{#block y}}{{/block}}",
];

/// Further content of each template; `@` stands for its own number and `+` for that of another.
const MORE: &[&str] = &[
    "",
    "{{#if a@}}<b>{{else}}<i>{{/if}}",
    "{{#partial 'p@'}}<u>@</u>{{/partial}}{{#block 'p+'}}{{> components/x/c+}}{{/block}}",
    "{{#partial (concat q '@')}}{{> components/x/c+}}{{/partial}}",
    "{{#> components/x/c+}}{{> @partial-block}}x{{/components/x/c+}}",
    "{{#*inline 'i@'}}{{> i+}}@{{/inline}}{{> i@}}",
    "{{#if a@}}{{#partial 'p@'}}{{> p+}}{{/partial}}{{/if}}{{#partial (concat q '@')}}{{> p@}}{{/partial}}",
];

/// Returns a page that includes `size` templates, each of which may include all of them.
fn theme(size: usize, any: &str, more: &str) -> Vec<(String, String)> {
    let template = |number: usize| {
        let other = (number * 7 + 1) % size;
        let more = more.replace('@', &number.to_string()).replace('+', &other.to_string());
        (format!("components/x/c{number}"), format!("<p>{number}{more}{any}"))
    };
    // Only files that are mentioned are available.
    let mention = |number: usize| format!("{{{{> components/x/c{number}}}}}");
    let mentioned: String = (0..size).map(mention).collect();
    let page = format!("{{{{#partial 'page'}}}}{any}{{{{> components/x/c0}}}}{{{{/partial}}}}");
    let page = page + "{{> layout/base}}{{#if ''}}" + &mentioned + "{{/if}}";
    let layout = "<html><body>{{#block 'page'}}{{/block}}</body></html>";
    let others = [("pages/home", page.as_str()), ("layout/base", layout)];
    let others = others.map(|(name, text)| (name.to_owned(), text.to_owned()));
    (0..size).map(template).chain(others).collect()
}

#[test]
fn computed_includes_take_a_bounded_number_of_steps() {
    for (any, more) in ANY.iter().flat_map(|any| MORE.iter().map(move |more| (any, more))) {
        for size in [20, 40, 80] {
            let files = theme(size, any, more);
            let bytes: usize = files.iter().map(|(_, text)| text.len()).sum();
            let (steps, _) = steps(&files);
            // The last steps may join two paths that define everything, at any depth.
            let most = MAX_VISITS + MAX_STEPS + bytes + 2 * MAX_DEPTH * size;
            assert!(steps <= most, "{size}: {steps}, {any}{more}");
        }
    }
}

#[test]
fn steps_grow_linearly_with_named_includes() {
    let any = "{{#if x}}{{#partial 'p'}}x{{/partial}}{{/if}}";
    let of = |size: usize| {
        let mut files = theme(size, any, "");
        let include = |number: usize| format!("{{{{> components/x/c{number}}}}}");
        files.push(("layout/base".to_owned(), (0..size).map(include).collect()));
        steps(&files).0
    };
    assert!(of(800) <= 2 * of(400) + 10, "{} {}", of(400), of(800));
}
