//! Writes the decisions about a theme as small text files for a repository, in a stable order, so that a
//! reviewer sees what a change of the theme affects.
//!
//! Line numbers are left out, because an edit above a link does not affect the link.

use super::diff;
use super::overview::{ChangedFile, Decisions, LinkDecision, PageDecision};
use super::words::{PAGE_STATES, exempt, gets, link_words, look, short};
use crate::guard::group::Group;
use crate::guard::plan::Mechanism;
use crate::text::is_command;
use crate::theme::template_path;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The folder of the theme's changed files.
const CHANGED: &str = "changed";

/// Returns the files of a snapshot by their paths in it.
pub fn files(decisions: &Decisions) -> BTreeMap<String, Vec<u8>> {
    let texts = [
        ("policy.txt", policy(decisions)),
        ("pages.txt", pages(&decisions.pages)),
        ("links.txt", links(&decisions.links)),
    ];
    let texts = texts.into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes()));
    let changed = decisions.files.iter().map(|file| {
        let path = format!("{CHANGED}/{}", plain_path(&file.change.path));
        (path, content(file))
    });
    texts.chain(changed).collect()
}

/// The number of lines around each change that a snapshot keeps; changes of other lines do not show.
const CONTEXT: usize = 1;

/// Returns the changes, or the whole of a new file; for a file that was only moved, its origin.
fn content(file: &ChangedFile) -> Vec<u8> {
    match (&file.copy_of, diff::hunks(&file.change, CONTEXT)) {
        (Some(original), _) if file.is_moved() => {
            format!("The text of {original}, byte for byte.\n").into_bytes()
        }
        (Some(original), Some(hunks)) => {
            format!("The text of {original} with these changes:\n{hunks}").into_bytes()
        }
        (None, Some(hunks)) => hunks.into_bytes(),
        (_, None) => file.change.after.clone().unwrap_or_default(),
    }
}

fn policy(decisions: &Decisions) -> String {
    let mode = match &decisions.mechanism {
        Mechanism::Redirect => "guarded pages redirect".to_owned(),
        Mechanism::Dispatch(groups) if groups.is_empty() => "guarded pages are replaced".to_owned(),
        Mechanism::Dispatch(groups) => {
            let names: Vec<String> = groups.iter().map(Group::to_string).collect();
            format!("guarded pages are replaced, but for customer group {}", names.join(" or "))
        }
        Mechanism::None => "no page is guarded".to_owned(),
    };
    let mut text = String::new();
    let _ = writeln!(text, "storefront: {}\nmode: {mode}\n\nexempt:", decisions.storefront);
    for (what, why) in exempt(decisions) {
        let _ = writeln!(text, "  {}\n    {}", one_line(&what), one_line(&why));
    }
    text
}

/// Groups the pages by what becomes of them, so that a page whose outcome changes is one line that moves.
fn pages(pages: &[PageDecision]) -> String {
    let mut groups: BTreeMap<(Option<usize>, String), String> = BTreeMap::new();
    for page in pages {
        let order = PAGE_STATES.iter().position(|state| *state == page.state());
        let group = groups.entry((order, outcome(page))).or_default();
        let _ = writeln!(group, "    {}", one_line(short(&page.name)));
    }
    let texts = groups.into_iter().map(|((_, outcome), names)| outcome + &names);
    Vec::from_iter(texts).join("\n")
}

fn outcome(page: &PageDecision) -> String {
    let mut text = format!("{}\n", look(page.state()).label);
    for visit in &page.visits {
        let _ = writeln!(text, "  {}: {}", one_line(&visit.who), one_line(&gets(visit)));
    }
    text
}

fn links(links: &[LinkDecision]) -> String {
    let mut text = String::new();
    for links in links.chunk_by(|one, other| one.link.template == other.link.template) {
        let Some(first) = links.first() else { continue };
        let pages: Vec<&str> = first.pages.iter().map(|page| short(page)).collect();
        let template = template_path(&first.link.template);
        let _ = writeln!(text, "{} (on {})", one_line(&template), one_line(&pages.join(", ")));
        links.iter().for_each(|link| text.push_str(&line(link)));
    }
    text
}

fn line(decision: &LinkDecision) -> String {
    let link = &decision.link;
    let (look, becomes) = link_words(link);
    let name = [link.element.as_str(), link.attribute.as_str()].join(" ");
    let doubt = link.doubt.as_ref().map(|doubt| format!(" Needs a look: {doubt}."));
    let doubt = doubt.unwrap_or_default();
    format!(
        "  {}: {}=\"{}\"\n    {}{doubt}\n    rule {} of {}\n",
        look.label,
        name.trim_start(),
        one_line(&link.written),
        one_line(&becomes),
        one_line(&link.reason.rule),
        one_line(&link.reason.file),
    )
}

/// Puts a text on one line and replaces characters that a terminal would take for commands.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let shown = |character: char| match is_command(character) {
        true => char::REPLACEMENT_CHARACTER,
        false => character,
    };
    words.join(" ").chars().map(shown).collect()
}

/// Escapes a path for use in a list of lines; different paths stay different.
fn plain_path(path: &str) -> String {
    let mut plain = String::new();
    for character in path.chars() {
        if character.is_control() || character == '%' {
            let mut bytes = [0; 4];
            let bytes = character.encode_utf8(&mut bytes).bytes();
            bytes.for_each(|byte| {
                let _ = write!(plain, "%{byte:02X}");
            });
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_escaped_to_one_unambiguous_line() {
        assert_eq!(plain_path("a/b c.html"), "a/b c.html");
        assert_eq!(plain_path("a\n%0A\u{85}"), "a%0A%250A%C2%85");
    }

    #[test]
    fn texts_are_reduced_to_one_line() {
        assert_eq!(one_line(" a\n\tb\u{1b}[2J "), "a b\u{fffd}[2J");
    }
}
