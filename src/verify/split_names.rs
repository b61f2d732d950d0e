//! Completes names in scripts of which a template prints a part.

use super::tag::HOLE;

/// Names of which a script needs at least one to go to another page by itself.
const NAMES: &[&str] = &[
    "assign",
    "click",
    "eval",
    "href",
    "location",
    "navigate",
    "navigation",
    "open",
    "replace",
    "submit",
];

/// Minimum number of letters that identify such a name.
const MIN_LETTERS: usize = 3;

fn is_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || "_$".contains(letter)
}

/// Replaces each name that has an unknown part with the worst name it may be; `None` if there is no such
/// name.
pub(super) fn completed(script: &str) -> Option<String> {
    if !script.contains(HOLE) {
        return None;
    }
    let mut completed = String::with_capacity(script.len());
    let mut is_split = false;
    let mut rest = script;
    while let Some(start) = rest.find(|letter| is_of_name(letter) || letter == HOLE) {
        let (before, word) = rest.split_at(start);
        let end = word.find(|letter| !is_of_name(letter) && letter != HOLE).unwrap_or(word.len());
        let name = worst(&word[..end]).or_else(|| unknown(&word[..end], &word[end..]));
        is_split |= name.is_some();
        completed.push_str(before);
        completed.push_str(name.as_deref().unwrap_or(&word[..end]));
        rest = &word[end..];
    }
    completed.push_str(rest);
    is_split.then_some(completed)
}

/// Returns what a name with holes may be: a name that leads away, or else its written letters.
fn worst(name: &str) -> Option<String> {
    let written = name.replace(HOLE, "");
    if written.len() == name.len() || written.is_empty() {
        return None;
    }
    let may_be = |other: &&&str| fits(name, other);
    if let Some(name) = NAMES.iter().filter(|_| written.len() >= MIN_LETTERS).find(may_be) {
        return Some((*name).to_owned());
    }
    let is_inside = !name.starts_with(HOLE) && !name.ends_with(HOLE);
    is_inside.then_some(written)
}

/// Returns `location`, the worst name, for a wholly unknown name that the script sets.
fn unknown(name: &str, after: &str) -> Option<String> {
    let after = after.trim_start();
    let is_set = after.strip_prefix('=').is_some_and(|rest| !rest.starts_with(['=', '>']));
    let is_target =
        is_set || after.strip_prefix(".href").is_some_and(|it| it.trim_start().starts_with('='));
    (is_target && name.chars().all(|letter| letter == HOLE)).then(|| "location".to_owned())
}

/// Whether a name becomes `whole` if the right letters are printed into its holes.
fn fits(name: &str, whole: &str) -> bool {
    let mut parts = name.split(HOLE);
    let first = parts.next().unwrap_or_default();
    let last = parts.next_back().unwrap_or_default();
    let inner = whole.strip_prefix(first).and_then(|rest| rest.strip_suffix(last));
    let after = |rest: &str, part: &str| Some(rest.find(part)? + part.len());
    inner
        .and_then(|inner| parts.try_fold(inner, |rest, part| Some(&rest[after(rest, part)?..])))
        .is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn incomplete_names_become_the_worst_possible_name() {
        for (script, worst) in [
            ("loca\0tion = 'x'", "location = 'x'"),
            ("a.loc\0.b", "a.location.b"),
            ("\0tion", "location"),
            ("l\0ca\0n.re\0ce()", "location.replace()"),
            ("product\0_name", "product_name"),
            ("\0\n = 'x'", "location\n = 'x'"),
            ("\0.href = 'x'", "location.href = 'x'"),
        ] {
            assert_eq!(completed(script).as_deref(), Some(worst), "{script}");
        }
        for whole in ["location", "x = \0", "item\0 = 1", "lo\0", "\0\0 y", "\0 == 1", "\0 => 1"] {
            assert_eq!(completed(whole), None, "{whole}");
        }
    }
}
