//! Inserts the settings: one insertion per place, laid out like the text that is there.

use super::labels::{labels, languages};
use super::{
    CONFIG, Chosen, ENABLED, SCHEMA, STOREFRONT, TRANSLATIONS, is_id, is_key, is_setting,
    settings_objects, settings_of,
};
use crate::text::{Code, Finding, Span, TextEdit};
use crate::theme::Theme;
use crate::theme::json::{member, members, parse, property_name};
use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;

/// The settings and their default values.
const DEFAULTS: [(&str, &str); 2] = [(ENABLED, "true"), (STOREFRONT, r#""""#)];

/// The section in `schema.json`; `%` and a number stand for a label.
const SECTION: &[&str] = &[
    "{",
    r#"  "name": "%0","#,
    r#"  "settings": ["#,
    "    {",
    r#"      "type": "heading","#,
    r#"      "content": "%1""#,
    "    },",
    "    {",
    r#"      "type": "checkbox","#,
    r#"      "label": "%2","#,
    r#"      "id": "stencil_guard_enabled","#,
    r#"      "force_reload": true"#,
    "    },",
    "    {",
    r#"      "type": "text","#,
    r#"      "label": "%3","#,
    r#"      "id": "stencil_guard_storefront","#,
    r#"      "force_reload": true"#,
    "    }",
    "  ]",
    "}",
];

/// The planned changes to a theme's files.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::guard) struct Changes {
    /// Edits by path.
    pub(in crate::guard) edits: Vec<(&'static str, TextEdit)>,
    /// A file that the theme does not have.
    pub(in crate::guard) new_file: Option<(&'static str, Vec<u8>)>,
}

/// Plans the settings for a theme without them, with the values that merchants set earlier.
///
/// # Errors
/// When a file is not what the platform expects, or already uses one of the names.
pub(in crate::guard) fn plan(theme: &Theme, chosen: &Chosen) -> Result<Changes, Finding> {
    let mut changes = Changes::default();
    let edits = in_config(theme.bytes(CONFIG).unwrap_or_default(), chosen)?;
    changes.edits.extend(edits.into_iter().map(|edit| (CONFIG, edit)));
    let translations = theme.bytes(TRANSLATIONS);
    if let Some(bytes) = translations {
        changes.edits.push((TRANSLATIONS, in_translations(bytes)?));
    }
    let section = section(translations.is_some());
    match theme.bytes(SCHEMA) {
        Some(bytes) => changes.edits.push((SCHEMA, in_schema(bytes, section)?)),
        None => {
            let text = format!("[{}\n]\n", laid_out(&section, "\n  "));
            changes.new_file = Some((SCHEMA, text.into_bytes()));
        }
    }
    Ok(changes)
}

fn in_config(bytes: &[u8], chosen: &Chosen) -> Result<Vec<TextEdit>, Finding> {
    let root = parse(CONFIG, bytes)?;
    let Value::Object(object) = &root else { return Err(unfit(CONFIG, &root, "an object")) };
    let all = settings_objects(&root);
    let properties = all.iter().flat_map(|(_, settings)| members(settings));
    let taken = properties.into_iter().find(|property| is_setting(property_name(property)));
    if let Some(property) = taken {
        return Err(name_taken(CONFIG, Span::new(property.start(), property.end())));
    }
    let mut edits = Vec::new();
    for (variation, settings) in &all {
        let Value::Object(object) = settings else {
            return Err(unfit(CONFIG, settings, "an object"));
        };
        let own = own_members(chosen, *variation);
        let own: Vec<Vec<String>> = own.into_iter().map(|line| vec![line]).collect();
        if !own.is_empty() {
            edits.push(insertion(bytes, object.start(), object.properties.is_empty(), &own));
        }
    }
    if member(&root, "settings").is_none() {
        let whole = format!("\"settings\": {{{}}}", own_members(chosen, None).join(", "));
        let is_empty = object.properties.is_empty();
        edits.push(insertion(bytes, object.start(), is_empty, &[vec![whole]]));
    }
    Ok(edits)
}

/// Returns the members for the settings of one variation, or of the whole theme.
fn own_members(chosen: &Chosen, variation: Option<usize>) -> Vec<String> {
    let choice = |name: &str| {
        let mut choices = chosen.0.iter();
        let choice = choices.find(|it| it.variation == variation && it.name == name)?;
        Some(choice.value.as_str())
    };
    let member = |(name, default): (&str, &str)| {
        let default = Some(default).filter(|_| variation.is_none());
        Some(format!("\"{name}\": {}", choice(name).or(default)?))
    };
    DEFAULTS.into_iter().filter_map(member).collect()
}

fn in_schema(bytes: &[u8], section: Vec<String>) -> Result<TextEdit, Finding> {
    let root = parse(SCHEMA, bytes)?;
    let Value::Array(array) = &root else { return Err(unfit(SCHEMA, &root, "a list")) };
    let settings = array.elements.iter().flat_map(settings_of);
    let taken = settings.filter_map(|setting| member(setting, "id")).find(is_id);
    match taken {
        Some(id) => Err(name_taken(SCHEMA, Span::new(id.start(), id.end()))),
        None => Ok(insertion(bytes, array.start(), array.elements.is_empty(), &[section])),
    }
}

fn in_translations(bytes: &[u8]) -> Result<TextEdit, Finding> {
    let root = parse(TRANSLATIONS, bytes)?;
    let Value::Object(object) = &root else { return Err(unfit(TRANSLATIONS, &root, "an object")) };
    let taken = object.properties.iter().find(|property| is_key(property_name(property)));
    if let Some(property) = taken {
        return Err(name_taken(TRANSLATIONS, Span::new(property.start(), property.end())));
    }
    let languages = languages(&root);
    let own: Vec<Vec<String>> = labels().iter().map(|label| label.member(&languages)).collect();
    Ok(insertion(bytes, object.start(), object.properties.is_empty(), &own))
}

/// Returns the section for the theme editor, with translation keys or with English labels.
fn section(is_translated: bool) -> Vec<String> {
    let labels = labels().iter().enumerate();
    let fill = |line: &&str| {
        labels.clone().fold((*line).to_owned(), |line, (at, label)| {
            line.replace(&format!("%{at}"), if is_translated { &label.key } else { &label.english })
        })
    };
    SECTION.iter().map(fill).collect()
}

/// Inserts items at the start of the object or list that opens at `start`, each laid out like its first item.
fn insertion(bytes: &[u8], start: usize, is_empty: bool, items: &[Vec<String>]) -> TextEdit {
    let at = start + 1;
    let space: Vec<u8> = bytes[at..].iter().copied().take_while(u8::is_ascii_whitespace).collect();
    let space = String::from_utf8_lossy(&space);
    let line = space.rfind('\n').map(|line| line - usize::from(space[..line].ends_with('\r')));
    // Empty lines are not repeated.
    let before = &space[line.unwrap_or(0)..];
    let text: String = match is_empty {
        // When the settings are removed, this space distinguishes them from an object that was added as a
        // whole.
        true => {
            let items: Vec<String> = items.iter().map(|item| laid_out(item, "")).collect();
            format!(" {}", items.join(", "))
        }
        false => items.iter().map(|item| laid_out(item, before) + ",").collect(),
    };
    TextEdit::new(Span::empty(at), text, "theme settings")
}

/// Lays out an item after the white space `before`: on several lines if that starts a line, else on one.
fn laid_out(item: &[String], before: &str) -> String {
    let Some((end, indent)) = before.split_once('\n') else {
        let lines: Vec<&str> = item.iter().map(|line| line.trim_start()).collect();
        return format!("{before}{}", lines.join(" "));
    };
    // The first item is one level deep, so its indentation is the unit.
    let line = |line: &String| {
        let text = line.trim_start();
        let depth = (line.len() - text.len()) / 2;
        format!("{end}\n{indent}{}{text}", indent.repeat(depth))
    };
    item.iter().map(line).collect()
}

fn unfit(path: &str, value: &Value<'_>, what: &str) -> Finding {
    let message = format!("this must be {what}, so no setting can be added");
    Finding::new(Code::InvalidJson, message).at(path, Span::new(value.start(), value.end()))
}

fn name_taken(path: &str, span: Span) -> Finding {
    let message = "the theme has something of its own here that is called as --theme-settings calls its settings";
    Finding::new(Code::NameTaken, message)
        .at(path, span)
        .help("rename it, or leave out --theme-settings")
}
