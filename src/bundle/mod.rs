//! Builds the official bundle: the files that `stencil bundle` would make of a theme, so that the platform
//! accepts them.
//!
//! This module reads templates by text, as the official bundler does. What the engine makes of them does not
//! matter here, and neither does the guard.
//!
//! # How it differs from the official bundle
//!
//! All differences are intentional. In the zip:
//!
//! | here | why |
//! |---|---|
//! | entries are sorted and have one time | the same theme gives the same zip |
//! | compression differs, and files that are already compressed are not compressed again | smaller, and faster |
//! | permissions are 0644, or 0755 for executables | they would depend on the machine |
//! | links are stored as the files they point to, and the variables of linked templates count; a link out of the theme stops the bundle if its path can matter to the bundle | an uploaded link leads nowhere |
//! | a template nested more than 200 deep adds no variables to `parsed/stencilContext.json`, with a warning | it is not followed that far |
//! | files below `templates/` that are not `.html` are left out, with a warning | the platform refuses them (TR-601) |
//!
//! An error and no zip, where the official tool reports success without writing a bundle, or writes one that
//! the platform refuses:
//!
//! | theme | why |
//! |---|---|
//! | a template that comes to 1 MB with all it includes, or a bundle over 50 MB | the platform refuses it (TR-500) |
//! | a folder in `lang/`, a package that is not installed | the official tool writes no bundle |
//! | missing built files or style sheets | pages would lack their scripts, or style sheets would not compile |
//! | two variations with the same id | the platform refuses it (TR-902) |
//! | half a character (`\ud800` alone) in a JSON file that is not a language file | no string can hold it |
//! | no `templates/pages/home.html` | the platform refuses it (TR-600) |
//!
//! A bundle, where the official tool stops, crashes or never ends:
//!
//! | theme | report |
//! |---|---|
//! | templates that include one another by quoted names | a warning |
//! | a missing template that only a comment or unused text refers to | a warning |
//! | front matter that is not YAML, or no `settings` for it | a warning: two YAML parsers never agree on everything |
//! | a setting in `schema.json` without its label, an option without a value | a warning: stores run such themes |
//! | style sheets that import one another by names with `.scss` | a warning, from the style check |
//! | other files or folders next to the templates of a dynamic component | nothing: they are not included |
//! | dotfiles in `lang/` that are not JSON | nothing: they are left out |
//! | two slashes in the name of a partial, `.html` in the name of a page, no folder for `css_compiler` | nothing |

mod built_files;
mod checks;
mod closure;
mod context;
mod deflate;
mod event_loop;
mod external;
mod js_json;
mod json_file;
mod lang;
mod limits;
mod misread;
mod missing;
mod regions;
mod schema;
mod selection;
mod source;
mod sources;
pub mod style_check;
mod style_files;
mod style_imports;
mod style_roots;
mod styles;
mod templates;
mod zip;

pub use checks::check;
pub use closure::parsed_path;
pub use limits::limits;
pub use selection::is_copied;
pub use zip::{ZipOptions, write_zip};

use crate::text::{Finding, Severity};
use crate::theme::Theme;
use crate::theme::pages::Templates;
use rayon::prelude::*;
use serde_json::{Map, Value, json};
use sources::Sources;
use std::collections::{BTreeMap, BTreeSet};
use style_files::StyleFiles;

/// Generates all entries of the bundle of `theme` by name, as far as possible, and reports why it cannot
/// become a working bundle.
pub fn generated(
    theme: &Theme,
    templates: &Templates,
) -> (BTreeMap<String, Vec<u8>>, Vec<Finding>) {
    let sources = Sources::new(theme);
    let mut findings = missing::check(&sources, templates);
    let built = built_files::missing(theme, templates);
    findings.extend(built);
    findings.retain(|finding| finding.severity == Severity::Error);
    let config = value_or(theme, "config.json", json!({}), &mut findings);
    let compiler = config.get("css_compiler").and_then(Value::as_str).unwrap_or_default();
    let sheets = styles::files(theme, compiler);
    let ((mut entries, broken), lost) = rayon::join(
        || rewritten(theme, &sources),
        || match compiler {
            "scss" => style_imports::missing(theme, &sheets),
            _ => Vec::new(),
        },
    );
    findings.extend(lost.into_iter().chain(broken));
    let (context, assembled) = rayon::join(
        || context::stencil_context(theme, templates),
        || assembled(theme, &sources, &sheets, compiler),
    );
    entries.extend(assembled);
    entries.insert("parsed/stencilContext.json".to_owned(), context);
    (entries, findings)
}

/// Assembles the entries that are made from templates and style sheets.
fn assembled(
    theme: &Theme,
    sources: &Sources<'_>,
    sheets: &StyleFiles<'_>,
    compiler: &str,
) -> BTreeMap<String, Vec<u8>> {
    let (templates, (manifest, styles)) = rayon::join(
        || parsed_templates(sources),
        || {
            rayon::join(
                || manifest(theme, sources),
                || match compiler {
                    "" => Vec::new(),
                    compiler => styles::parsed(sheets, compiler),
                },
            )
        },
    );
    let manifest = ("manifest.json".to_owned(), manifest);
    templates.into_iter().chain(styles).chain([manifest]).collect()
}

/// Rewrites the theme's own JSON files, and reports what is wrong with them.
fn rewritten(theme: &Theme, sources: &Sources<'_>) -> (BTreeMap<String, Vec<u8>>, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut schema = value_or(theme, "schema.json", json!([]), &mut findings);
    schema::mark_reloads(&mut schema, sources);
    let translations = value_or(theme, "schemaTranslations.json", json!({}), &mut findings);
    let (lang, mut broken) = lang::parsed(theme);
    findings.append(&mut broken);
    let entries = BTreeMap::from([
        ("schema.json".to_owned(), js_json::write(&schema)),
        ("schemaTranslations.json".to_owned(), js_json::write(&translations)),
        ("parsed/lang.json".to_owned(), lang),
    ]);
    (entries, findings)
}

/// Returns which templates each parsed file of the bundle contains, by the path of the file.
pub fn parsed_names(theme: &Theme) -> BTreeMap<String, BTreeSet<String>> {
    let sources = Sources::new(theme);
    let names =
        |name| closure::closure(&sources, name).into_iter().map(|(name, _)| name.to_owned());
    sources.listed().map(|name| (parsed_path(name), names(name).collect())).collect()
}

/// Returns what users should know about a bundle that can be built: files left out of it, and references to
/// missing files that no page needs.
pub fn warnings(theme: &Theme, templates: &Templates) -> Vec<Finding> {
    let built = built_files::missing(theme, templates);
    let sources = Sources::new(theme);
    let warnings = missing::check(&sources, templates).into_iter().chain(built);
    let warnings = warnings.filter(|finding| finding.severity == Severity::Warning);
    let cycles = checks::cycles::check(&sources, templates);
    selection::left_out(theme).into_iter().chain(warnings).chain(cycles).collect()
}

/// Returns the JSON in `path`, or `default` if the file is missing or invalid; an invalid file adds a
/// finding.
fn value_or(theme: &Theme, path: &str, default: Value, findings: &mut Vec<Finding>) -> Value {
    match json_file::read(theme, path) {
        Ok(value) => value.unwrap_or(default),
        Err(finding) => {
            findings.push(finding);
            default
        }
    }
}

fn parsed_templates(sources: &Sources<'_>) -> Vec<(String, Vec<u8>)> {
    let names: Vec<&str> = sources.listed().chain(sources.listed_external()).collect();
    names
        .par_iter()
        .map(|name| (closure::parsed_path(name), closure::parsed(sources, name)))
        .collect()
}

fn manifest(theme: &Theme, sources: &Sources<'_>) -> Vec<u8> {
    let templates = templates::listed(theme);
    let pages: Vec<&str> =
        templates.iter().copied().filter(|name| name.starts_with("pages/")).collect();
    let regions: Vec<(String, Value)> = pages
        .par_iter()
        .map(|name| {
            let members = closure::closure(sources, name);
            (templates::manifest_name(name), regions::regions(&members))
        })
        .collect();
    let regions: Map<String, Value> = regions.into_iter().collect();
    let names: Vec<String> = templates.iter().map(|name| templates::manifest_name(name)).collect();
    js_json::write(&json!({"regions": regions, "templates": names}))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Code;

    /// A small theme in memory.
    pub(super) fn theme(files: &[(&str, &str)]) -> Theme {
        let files = files.iter();
        Theme::default().with(files.map(|(path, text)| ((*path).to_owned(), Some((*text).into()))))
    }

    fn generate(files: &[(&str, &str)]) -> Result<BTreeMap<String, String>, Vec<Finding>> {
        let theme = theme(files);
        let (entries, findings) = generated(&theme, &Templates::new(&theme));
        if !findings.is_empty() {
            return Err(findings);
        }
        let text = |(name, bytes)| (name, String::from_utf8(bytes).unwrap());
        Ok(entries.into_iter().map(text).collect())
    }

    #[test]
    fn minimal_theme_gets_all_generated_files() {
        let entries = generate(&[
            ("config.json", "{}"),
            ("templates/pages/home.html", "---\na: 1\n---\n{{> 404}}"),
            ("templates/404.html", "\u{feff}\0"),
        ])
        .unwrap();
        let names: Vec<&str> = entries.keys().map(String::as_str).collect();
        assert_eq!(names.len(), 7);
        assert_eq!(entries["schema.json"], "[]");
        assert_eq!(entries["schemaTranslations.json"], "{}");
        assert_eq!(entries["parsed/lang.json"], "{}");
        assert_eq!(
            entries["manifest.json"],
            "{\n  \"regions\": {\n    \"pages/home\": []\n  },\n  \"templates\": [\n    \"404\",\n    \"pages/home\"\n  ]\n}"
        );
        assert_eq!(
            entries["parsed/templates/ec0290bde4a1a1182b8449c119fc3041.json"],
            "{\n  \"404\": \"\u{feff}\\u0000\",\n  \"pages/home\": \"---\\na: 1\\n---\\n{{> 404}}\"\n}"
        );
    }

    #[test]
    fn missing_files_are_reported_once_with_all_places() {
        let findings = generate(&[
            ("config.json", "{}"),
            ("templates/a.html", "{{> gone}}{{> gone}}{{dynamicComponent 'no/folder'}}"),
            ("templates/unused.html", "<!-- {{> gone}} -->"),
            ("templates/.hidden.html", "{{> x}}"),
        ])
        .unwrap_err();
        assert_eq!(findings.len(), 2);
        assert!(findings.iter().all(|finding| finding.code == Code::MissingPartial));
        assert!(findings[0].message.contains("`gone`"));
        assert_eq!(findings[0].primary.as_ref().unwrap().path, "templates/a.html");
        assert_eq!(findings[0].related.len(), 2);
        assert_eq!(findings[0].related[1].0.path, "templates/unused.html");
        assert!(findings[1].message.contains("`templates/no/folder`"));
    }

    #[test]
    fn invalid_json_is_reported_for_all_files() {
        let findings = generate(&[
            ("config.json", "{"),
            ("schema.json", "[,]"),
            ("schemaTranslations.json", "x"),
            ("lang/en.json", "{'a'}"),
        ])
        .unwrap_err();
        assert_eq!(findings.len(), 4);
        assert!(findings.iter().all(|finding| finding.code == Code::InvalidJson));
    }

    #[test]
    fn quoted_package_templates_get_parsed_files() {
        use crate::theme::Packages;
        let files = [
            ("config.json", "{}"),
            ("templates/a.html", "{{> 'external/p/templates/x'}}"),
            ("templates/b.html", "{{> external/q/templates/x}}"),
        ];
        let outside = [
            ("node_modules/p/templates/x.html", "{{> y}}"),
            ("node_modules/p/templates/y.html", "y"),
            ("node_modules/p/templates/z.html", "z"),
            ("node_modules/q/templates/x.html", "q"),
        ];
        let outside = outside.map(|(path, text)| (path.to_owned(), text.into()));
        let theme = Theme {
            packages: Packages::Parsed(std::sync::Arc::new(outside.into())),
            ..theme(&files)
        };
        let (entries, _) = generated(&theme, &Templates::new(&theme));
        let parsed = |name: &str| entries.get(&closure::parsed_path(name));
        assert_eq!(
            String::from_utf8_lossy(parsed("a").unwrap()),
            "{\n  \"a\": \"{{> 'external/p/templates/x'}}\",\n  \"external/p/templates/x\": \"{{> 'external/p/templates/y' }}\",\n  \"external/p/templates/y\": \"y\"\n}"
        );
        assert!(parsed("external/p/templates/z").is_some());
        assert!(parsed("external/q/templates/x").is_none());
        assert!(!String::from_utf8_lossy(&entries["manifest.json"]).contains("external"));
    }
}
