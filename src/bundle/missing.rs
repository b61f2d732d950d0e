//! Finds references that lead nowhere for the official assembler.

use super::external;
use super::misread;
use super::sources::Sources;
use crate::text::{Code, Finding, Location, Severity};
use crate::theme::pages::Templates;
use crate::theme::references::Reference;
use std::collections::BTreeMap;

/// Returns one finding for each name that is referenced but does not exist: an error if the engine needs it,
/// a warning if only the official assembler does, as for a name in a comment. Also returns a warning for each
/// include that only the engine sees.
pub(super) fn check(sources: &Sources<'_>, templates: &Templates) -> Vec<Finding> {
    let mut places: BTreeMap<MissingReference<'_>, Vec<Location>> = BTreeMap::new();
    for (template, source) in sources.reached() {
        let at = |reference: &Reference| Location {
            path: sources.path(template),
            span: source.has_places().then_some(reference.span),
        };
        let file = templates.get(template).filter(|_| source.has_places());
        let partials = source.references.partials.iter().zip(&source.includes);
        for (reference, name) in partials.filter(|(_, name)| sources.get(name).is_none()) {
            let lost = match file.and_then(|file| misread::include(file, reference)) {
                Some(include) => MissingReference::Misread(&include.name, name),
                None => MissingReference::Template(name),
            };
            places.entry(lost).or_default().push(at(reference));
        }
        let folders = source.references.folders.iter();
        for reference in folders.filter(|folder| !sources.has_folder(&folder.name)) {
            places
                .entry(MissingReference::Folder(&reference.name))
                .or_default()
                .push(at(reference));
        }
    }
    let missing = places.into_iter().map(|(lost, places)| {
        let mut finding = finding(lost, places);
        if let MissingReference::Template(name) = lost
            && !external::is_external(name)
            && !templates.needs(name)
        {
            finding.severity = Severity::Warning;
            finding.help = Some(NOT_NEEDED.to_owned());
        }
        finding
    });
    missing.chain(misread::left_out(sources, templates)).collect()
}

/// The help text for a name that no page needs.
const NOT_NEEDED: &str =
    "no page needs it, but the official bundler would stop here; remove the mention if you use it";

/// A name that is referenced but does not exist.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum MissingReference<'a> {
    Template(&'a str),
    /// The name for the engine, and the name that the assembler reads.
    Misread(&'a str, &'a str),
    Folder(&'a str),
}

fn finding(lost: MissingReference<'_>, mut places: Vec<Location>) -> Finding {
    places.sort_by(|one, other| (&one.path, one.span).cmp(&(&other.path, other.span)));
    let finding = match lost {
        MissingReference::Misread(name, read) => misread::unreadable(name, read),
        MissingReference::Folder(name) => nowhere(
            format!("the folder `templates/{name}` of dynamic components does not exist"),
            OWN,
        ),
        MissingReference::Template(name)
            if name.contains(['"', '\'']) && external::is_external(name) =>
        {
            nowhere(format!("the official bundler cannot follow `{name}`"), QUOTED)
        }
        MissingReference::Template(name) if external::is_external(name) => {
            nowhere(format!("the package template `{name}` is not there"), PACKAGE)
        }
        MissingReference::Template(name) => {
            nowhere(format!("the template `{name}` does not exist"), OWN)
        }
    };
    finding.at_all(places, "also referred to here")
}

fn nowhere(what: String, help: &str) -> Finding {
    Finding::new(Code::MissingPartial, what).help(help)
}

const OWN: &str = "create the file or remove the reference; the platform's bundler counts references in comments, too";
const PACKAGE: &str = "run `npm ci` in the theme's folder first, or remove the reference; a zip downloaded from the store needs no packages";
const QUOTED: &str = "inside a package, includes must be written without quotes; ask its author, or do without the template";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::tests::theme;

    fn said(page: &str) -> Vec<(Severity, String)> {
        let theme = theme(&[
            ("templates/pages/p.html", page),
            ("templates/é.html", ""),
            ("templates/my comp/x.html", ""),
            ("templates/x.y.html", ""),
            ("templates/x.html", ""),
        ]);
        let findings = check(&Sources::new(&theme), &Templates::new(&theme));
        findings.into_iter().map(|finding| (finding.severity, finding.message)).collect()
    }

    #[test]
    fn names_truncated_by_the_assembler_are_errors() {
        for (page, name, read) in [
            ("{{> 'é'}}", "é", "'"),
            ("{{> \"my comp/x\"}}", "my comp/x", "\"my"),
            ("{{> 'x.y'}}", "x.y", "'x"),
            ("{{> 'x.html'}}", "x.html", "'x"),
            ("{{#> 'x.y'}}{{/'x.y'}}", "x.y", "'x"),
            ("{{> gone.x}}", "gone.x", "gone"),
        ] {
            let message = format!(
                "the official bundler reads the name `{name}` as `{read}`, and there is no such template"
            );
            assert_eq!(said(page), [(Severity::Error, message)], "{page}");
        }
    }

    #[test]
    fn templates_left_out_of_the_bundle_are_warnings() {
        for page in ["{{~> x}}", "{{> x a='{y}'}}", "{{> x.y}}", "{{> x.html}}"] {
            let said = said(page);
            assert_eq!(said.len(), 1, "{page}: {said:?}");
            assert_eq!(said[0].0, Severity::Warning, "{page}");
            assert!(said[0].1.contains("does not come with this template"), "{page}: {said:?}");
        }
        for page in ["{{> x}}{{~> x}}", "{{> 'x'}}", "{{> x a='y'}}", "{{!-- {{~> x}} --}}"] {
            assert_eq!(said(page), [], "{page}");
        }
    }
}
