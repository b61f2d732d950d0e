//! Checks for files that the theme's own build generates and that templates refer to.

use super::json_file;
use crate::syntax::ast::{Call, Expression, ExpressionKind, Statement};
use crate::text::{Code, Finding, Location, Severity, Span};
use crate::theme::pages::Templates;
use crate::theme::{Theme, template_path};
use std::collections::BTreeMap;

const BUILT: &str = "assets/dist/";

/// A theme with a build has at least one of these files.
const SOURCES: &[&str] =
    &["stencil.conf.cjs", "stencil.conf.mjs", "stencil.conf.js", "package.json"];

/// Reports the built files that templates refer to but that do not exist: an error if the theme is not built
/// at all, a warning if it is.
pub(super) fn missing(theme: &Theme, templates: &Templates) -> Option<Finding> {
    let has_sources = SOURCES.iter().any(|name| theme.files.contains_key(*name));
    let is_built = theme.files.keys().any(|path| path.starts_with(BUILT));
    let mut lost: BTreeMap<String, Location> = BTreeMap::new();
    for (name, file) in templates.iter().filter(|_| has_sources) {
        let mut texts = Vec::new();
        walk(file.syntax.statements().unwrap_or_default(), &mut texts);
        let source = theme.template(name).unwrap_or_default();
        for (path, span) in texts.iter().flat_map(|span| paths(source, *span)) {
            if !theme.files.contains_key(&path) {
                lost.entry(path)
                    .or_insert_with(|| Location { path: template_path(name), span: Some(span) });
            }
        }
    }
    (!lost.is_empty()).then(|| finding(lost, is_built).help(help(theme)))
}

fn finding(lost: BTreeMap<String, Location>, is_built: bool) -> Finding {
    let mut places = lost.into_iter();
    let (first, primary) = places.next().unzip();
    let first = first.unwrap_or_default();
    let others = match places.len() {
        0 => String::new(),
        1 => " and one more".to_owned(),
        count => format!(" and {count} more"),
    };
    Finding {
        severity: if is_built { Severity::Warning } else { Severity::Error },
        primary,
        related: places.map(|(path, place)| (place, format!("`{path}` is missing, too"))).collect(),
        ..Finding::new(
            Code::MissingBuiltFile,
            format!(
                "the theme's build has not made files that templates refer to: `{first}`{others}"
            ),
        )
    }
}

/// Returns how to build the files: with a script of the package, or with the worker that the official tool
/// runs.
fn help(theme: &Theme) -> String {
    let package = json_file::read(theme, "package.json").ok().flatten().unwrap_or_default();
    let has_worker = SOURCES[..3].iter().any(|name| theme.files.contains_key(*name));
    let commands = match (package["scripts"]["build"].is_string(), has_worker) {
        (true, true) => "`npm ci`, then `npm run build` or a build with --run-build",
        (true, false) => "`npm ci`, then `npm run build`",
        (false, true) => "`npm ci`, then a build with --run-build",
        (false, false) => "`npm ci`, then what its documentation says",
    };
    format!("run the theme's build first ({commands}); a zip downloaded from the store needs none")
}

/// Returns the paths below the built folder in the bytes of `span`; folders do not count.
fn paths(source: &[u8], span: Span) -> Vec<(String, Span)> {
    let text = source.get(span.range()).unwrap_or_default();
    let is_path = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-/@~".contains(byte);
    memchr::memmem::find_iter(text, BUILT)
        .filter(|&at| at == 0 || !is_path(&text[at - 1]) || text[at - 1] == b'/')
        .filter_map(|at| {
            let length = text[at..].iter().take_while(|byte| is_path(byte)).count();
            let path = std::str::from_utf8(&text[at..at + length]).ok()?;
            let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
            let start = span.start + at;
            is_file.then(|| (path.to_owned(), Span::new(start, start + length)))
        })
        .collect()
}

/// Collects the spans of all text and of all quoted texts.
fn walk(statements: &[Statement], texts: &mut Vec<Span>) {
    for statement in statements {
        match statement {
            Statement::Content(span) => texts.push(*span),
            Statement::Comment(_) => {}
            Statement::Mustache(mustache) => call(&mustache.call, texts),
            Statement::Partial(partial) => call(&partial.call, texts),
            Statement::Block(block) => {
                call(&block.call, texts);
                walk(&block.body, texts);
                walk(block.inverse.as_deref().unwrap_or_default(), texts);
            }
        }
    }
}

fn call(call: &Call, texts: &mut Vec<Span>) {
    let values = call.hash.iter().map(|pair| &pair.value);
    call.params.iter().chain(values).for_each(|value| expression(value, texts));
}

fn expression(value: &Expression, texts: &mut Vec<Span>) {
    match &value.kind {
        ExpressionKind::String(_) => texts.push(value.span),
        ExpressionKind::SubExpression(inner) => call(inner, texts),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::tests::theme;

    fn found(files: &[(&str, &str)]) -> Option<Finding> {
        let theme = theme(files);
        missing(&theme, &Templates::new(&theme))
    }

    const TEMPLATE: (&str, &str) = (
        "templates/a.html",
        "{{!-- {{cdn 'assets/dist/no.js'}} --}}{{cdn 'assets/dist/'}}\
         <script src=\"{{#if x}}{{cdn (concat \"/assets/dist/a.js\" y) as='b'}}{{/if}}\">\
         <img src=/assets/dist/b.png?x>",
    );

    #[test]
    fn missing_files_of_an_unbuilt_theme_are_an_error() {
        let package = r#"{"scripts": {"build": "webpack"}}"#;
        let found = found(&[TEMPLATE, ("package.json", package)]).unwrap();
        assert_eq!(found.severity, Severity::Error);
        assert!(found.message.contains("`assets/dist/a.js` and one more"), "{}", found.message);
        assert_eq!(found.related.len(), 1);
        assert!(found.help.unwrap().contains("`npm run build`)"));
        let span = found.primary.unwrap().span.unwrap();
        assert_eq!(span.of(TEMPLATE.1.as_bytes()), b"assets/dist/a.js");
    }

    #[test]
    fn help_names_how_to_build_the_files() {
        let help = |files: &[_]| found(&[&[TEMPLATE], files].concat()).unwrap().help.unwrap();
        let script = ("package.json", r#"{"scripts": {"build": "webpack"}}"#);
        let worker = ("stencil.conf.mjs", "");
        assert!(help(&[script, worker]).contains("`npm run build` or a build with --run-build"));
        assert!(!help(&[("package.json", "{}"), worker]).contains("npm run build"));
        assert!(!help(&[script]).contains("--run-build"));
        assert!(help(&[("package.json", "{}")]).contains("its documentation"));
    }

    #[test]
    fn stale_reference_is_a_warning_if_the_theme_has_a_build() {
        let stale = [TEMPLATE, ("package.json", "{}"), ("assets/dist/a.js", "")];
        assert_eq!(found(&stale).unwrap().severity, Severity::Warning);
        assert_eq!(found(&[TEMPLATE]), None);
    }
}
