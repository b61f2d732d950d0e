//! Makes text from a theme safe for a terminal: it cannot move the cursor, change colours, reorder text or
//! imitate a line of this tool's output.

use std::borrow::Cow;

/// Reports whether a character controls a terminal or changes the direction or the lines of the text.
pub fn is_command(character: char) -> bool {
    let is_direction = matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    character.is_control() || is_direction
}

/// Returns a text with each command replaced by U+FFFD; line breaks and tabs stay.
pub fn printable(text: &str) -> Cow<'_, str> {
    replaced(text, |character| is_command(character) && !matches!(character, '\n' | '\t'))
}

/// Does the same for a name, in which line breaks and tabs are replaced, too.
pub fn printable_name(text: &str) -> Cow<'_, str> {
    replaced(text, is_command)
}

fn replaced(text: &str, is_replaced: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_replaced) {
        return Cow::Borrowed(text);
    }
    let shown = |character| match is_replaced(character) {
        true => char::REPLACEMENT_CHARACTER,
        false => character,
    };
    Cow::Owned(text.chars().map(shown).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_commands_are_replaced_and_letters_are_kept() {
        for command in [
            "\u{1b}[31m",
            "\u{1b}]0;x\u{7}",
            "\r",
            "\u{8}",
            "\u{7f}",
            "\u{85}",
            "\u{9b}31m",
            "\u{202e}",
            "\u{2066}",
            "\u{200f}",
            "\u{61c}",
            "\u{2028}",
            "\0",
        ] {
            let text = format!("a{command}b");
            let is_clean = |text: &str| !text.contains(is_command);
            assert!(is_clean(&printable(&text)) && is_clean(&printable_name(&text)), "{text:?}");
        }
        assert_eq!(printable("a\nb\tc"), "a\nb\tc");
        assert_eq!(printable_name("a\nb\tc"), "a\u{fffd}b\u{fffd}c");
        for text in ["", "é ü 日本語 العربية עברית", "👩\u{200d}🚀", "a-b_c.html"]
        {
            assert!(matches!(printable_name(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }
}
