//! The platform's size limits.

use super::checks::some_of;
use super::closure::parsed_path;
use super::selection;
use crate::text::{Code, Finding, Severity};
use crate::theme::{File, Theme, template_path};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The length from which a parsed template is too large, in UTF-16 units, written without white space.
const PARSED: usize = 1_048_576;
/// The most bytes of a bundle.
const ZIP: u64 = 52_428_800;
/// The most bytes of a file, the most bytes of all files together, and the most files. The documentation
/// states these limits, but some stores run larger themes.
const FILE: usize = 5_000_000;
const UNPACKED: usize = 100_000_000;
const FILES: usize = 2_500;

/// The most characters of `schema.json`, without white space between its tokens. This limit is reported for
/// uploads but not documented; no theme that a store runs exceeds it.
const SCHEMA: usize = 65_535;

/// Reports what is too large in a bundle: a template with all it includes, the schema, a file, all files
/// together, or the whole zip.
pub fn limits(
    theme: &Theme,
    generated: &BTreeMap<String, Arc<File>>,
    source_maps: bool,
    zip_length: u64,
) -> Vec<Finding> {
    let files = Files::new(theme, generated, source_maps);
    let zip = (zip_length > ZIP).then(|| {
        Finding::new(
            Code::TooLarge,
            format!("the bundle has {zip_length} bytes; the platform takes {ZIP} at most (TR-500)"),
        )
        .help(files.largest())
    });
    let found = templates(theme, generated).into_iter().chain(schema(generated)).chain(zip);
    found.chain(files.findings(theme)).collect()
}

/// The files of a bundle with their sizes, largest first.
struct Files<'a>(Vec<(usize, &'a str)>);

impl<'a> Files<'a> {
    fn new(
        theme: &'a Theme,
        generated: &'a BTreeMap<String, Arc<File>>,
        source_maps: bool,
    ) -> Self {
        let generated = generated.iter().map(|(path, file)| (file.bytes.len(), path.as_str()));
        let own = selection::files(theme, source_maps)
            .filter_map(|path| Some((theme.bytes(path)?.len(), path)));
        let mut files: Vec<(usize, &str)> = own.chain(generated).collect();
        files.sort_unstable_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(other.1)));
        Self(files)
    }

    /// Reports what exceeds the documented limits.
    fn findings(&self, theme: &Theme) -> Vec<Finding> {
        let Self(files) = self;
        let warning = |message: String| Finding {
            severity: Severity::Warning,
            ..Finding::new(Code::TooLarge, message)
        };
        let unpacked: usize = files.iter().map(|(length, _)| length).sum();
        let count = files.len();
        let too_much = (unpacked > UNPACKED).then(|| {
            let message = format!(
                "the bundle has {unpacked} bytes unpacked; the platform may refuse more than {UNPACKED} (TR-300)"
            );
            warning(message).help(self.largest())
        });
        let too_many = (count > FILES).then(|| {
            let message = format!(
                "the bundle has {count} files; the platform may refuse more than {FILES} (TR-300)"
            );
            warning(message).help(self.fullest())
        });
        self.too_large(theme).into_iter().chain(too_much).chain(too_many).collect()
    }

    /// Returns one finding for all files that are too large, at the largest one.
    fn too_large(&self, theme: &Theme) -> Option<Finding> {
        let large = self.0.iter().take_while(|(length, _)| *length > FILE);
        let large: Vec<(usize, &str)> = large.copied().collect();
        let ((length, path), others) = large.split_first()?;
        let others: Vec<&str> = others.iter().map(|(_, path)| *path).collect();
        let more = match others.is_empty() {
            true => String::new(),
            false => format!("; the same goes for {}", some_of(&others)),
        };
        let message = format!(
            "`{path}` has {length} bytes; the platform may refuse a file of more than {FILE} (TR-300){more}"
        );
        let finding = Finding::new(Code::TooLarge, message).help("shrink it, or remove it");
        let finding = Finding { severity: Severity::Warning, ..finding };
        Some(if theme.files.contains_key(*path) { finding.in_file(*path) } else { finding })
    }

    /// Returns what to do about too many bytes.
    fn largest(&self) -> String {
        const MOST: usize = 3;
        let largest = self.0.first().map(|(size, _)| *size);
        let is_large = |size: usize| size >= 1_000_000 || Some(size) == largest;
        let large = self.0.iter().take(MOST).filter(|(size, _)| is_large(*size));
        let shown = large.map(|(size, path)| {
            let megabytes = *size as f64 / 1_000_000.0;
            format!("`{path}` ({megabytes:.1} MB)")
        });
        let shown = shown.collect::<Vec<String>>().join(", ");
        format!("remove or shrink large files; the largest: {shown}")
    }

    /// Returns what to do about too many files.
    fn fullest(&self) -> String {
        let mut folders: BTreeMap<&str, usize> = BTreeMap::new();
        for folder in self.0.iter().filter_map(|(_, path)| Some(path.rsplit_once('/')?.0)) {
            *folders.entry(folder).or_default() += 1;
        }
        let fullest = folders.iter().max_by_key(|(_, count)| **count);
        let shown = fullest.map(|(folder, count)| format!("; `{folder}/` holds {count}"));
        format!("remove files that no page needs{}", shown.unwrap_or_default())
    }
}

/// Returns one finding for all templates that are too large, at the smallest one: others may only include it.
fn templates(theme: &Theme, generated: &BTreeMap<String, Arc<File>>) -> Option<Finding> {
    let length = |name: &str| Some(compact_length(&generated.get(&parsed_path(name))?.bytes));
    let lengths = theme.template_names().filter_map(|name| Some((length(name)?, name)));
    let mut large: Vec<(usize, &str)> = lengths.filter(|(length, _)| *length >= PARSED).collect();
    large.sort_unstable();
    let ((length, name), others) = large.split_first()?;
    let others: Vec<&str> = others.iter().map(|(_, name)| *name).collect();
    let more = if others.is_empty() {
        String::new()
    } else {
        format!("; the same goes for {}", some_of(&others))
    };
    let message = format!(
        "this template and all it includes come to {length} characters; the platform takes fewer than {PARSED} (TR-500){more}"
    );
    let help = "include less in it, or move scripts and data out of the templates it includes";
    let finding = Finding::new(Code::TooLarge, message).in_file(template_path(name));
    Some(finding.help(help))
}

fn schema(generated: &BTreeMap<String, Arc<File>>) -> Option<Finding> {
    const PATH: &str = "schema.json";
    let length = without_white_space(&generated.get(PATH)?.bytes);
    (length > SCHEMA).then(|| {
        let message = format!(
            "this file has {length} characters without white space; the platform may refuse more than {SCHEMA} (TR-1006)"
        );
        let finding = Finding::new(Code::TooLarge, message).in_file(PATH);
        Finding { severity: Severity::Warning, ..finding.help("offer fewer settings or options") }
    })
}

/// Counts the characters of a JSON text, without white space outside of strings.
fn without_white_space(json: &[u8]) -> usize {
    let (mut quoted, mut escaped) = (false, false);
    let counts = |byte: &&u8| {
        let is_blank = !quoted && byte.is_ascii_whitespace();
        quoted ^= **byte == b'"' && !escaped;
        escaped = **byte == b'\\' && !escaped;
        !is_blank && !(0x80..=0xbf).contains(*byte)
    };
    json.iter().filter(counts).count()
}

/// Returns the length of a parsed file in UTF-16 units, without its white space.
fn compact_length(parsed: &[u8]) -> usize {
    if parsed.len() < PARSED {
        return parsed.len();
    }
    // A character of four bytes is two units, any other character is one; texts contain no raw line breaks.
    let units = |byte: &u8| match byte {
        0x80..=0xbf => 0,
        0xf0.. => 2,
        _ => 1,
    };
    let total: usize = parsed.iter().map(units).sum();
    let members = memchr::memchr_iter(b'\n', parsed).count().saturating_sub(1);
    // Each member is on a line of its own, with two blanks before it and one in the middle.
    total - 4 * members - 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::js_json;
    use crate::bundle::tests::theme;
    use crate::theme::Cache;

    #[test]
    fn white_space_between_tokens_is_not_counted() {
        assert_eq!(without_white_space("[\n  \"a \\\" é\",\n  1\n]".as_bytes()), 12);
        let found = |length: usize| {
            let schema = format!("[ {} ]", "1".repeat(length - 2)).into_bytes();
            let schema = BTreeMap::from([("schema.json".to_owned(), schema)]);
            limits(&theme(&[]), &Cache::default().files(schema), false, 0)
        };
        assert_eq!(found(SCHEMA), []);
        assert_eq!(found(SCHEMA + 1)[0].severity, Severity::Warning);
    }

    #[test]
    fn limit_applies_to_the_compact_length() {
        let theme = theme(&[("templates/pages/p.html", "")]);
        let found = |text: &str| {
            let parsed = js_json::write_texts([("pages/p", text), ("é", "\n")]);
            let generated = BTreeMap::from([(parsed_path("pages/p"), parsed)]);
            limits(&theme, &Cache::default().files(generated), false, ZIP)
        };
        // {"pages/p":"…","é":"\n"}
        let around = 23;
        assert_eq!(found(&"x".repeat(PARSED - 1 - around)), []);
        assert_eq!(found(&"x".repeat(PARSED - around)).len(), 1);
        assert_eq!(found(&"é".repeat(PARSED - 1 - around)), []);
        assert_eq!(found(&"😀".repeat((PARSED - around) / 2)), []);
        assert_eq!(found(&"😀".repeat((PARSED - around).div_ceil(2))).len(), 1);
        assert_eq!(limits(&theme, &BTreeMap::new(), false, ZIP + 1).len(), 1);
    }
}
