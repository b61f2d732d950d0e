//! Names of zip entries, from their bytes to a path below the theme's root. Every check that looks at a
//! name looks at this path. The content of entries does not matter here.

/// The upper half of code page 437, the encoding of names without the UTF-8 flag (APPNOTE, appendix D).
const CODE_PAGE_437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// A path below the theme's root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct EntryName {
    /// The path, separated by `/`, without empty, `.` and `..` segments; empty for the root itself.
    pub(super) path: String,
    /// Whether the name is spelled as a folder's name.
    pub(super) is_folder: bool,
}

/// Decodes a name: as UTF-8 if its flag says so, else from its Unicode field, else as UTF-8 if it is valid,
/// or else as code page 437. This never maps different bytes to the same text for want of characters.
pub(super) fn decode(raw: &[u8], is_utf8: bool, unicode_field: Option<&[u8]>) -> String {
    let field = unicode_field.filter(|_| !is_utf8).and_then(|field| unicode_path(raw, field));
    let text = field.or_else(|| std::str::from_utf8(raw).ok());
    text.map_or_else(|| raw.iter().copied().map(code_page_437).collect(), str::to_owned)
}

/// Returns the name in an Info-ZIP Unicode Path field (0x7075), unless the field belongs to another name than
/// `raw`.
fn unicode_path<'f>(raw: &[u8], field: &'f [u8]) -> Option<&'f str> {
    let (&version, rest) = field.split_first()?;
    let (crc, name) = rest.split_first_chunk()?;
    let mut sum = flate2::Crc::new();
    sum.update(raw);
    let is_meant = version == 1 && u32::from_le_bytes(*crc) == sum.sum();
    std::str::from_utf8(name).ok().filter(|name| is_meant && !name.is_empty())
}

fn code_page_437(byte: u8) -> char {
    let upper = byte.checked_sub(0x80).map(usize::from);
    upper.and_then(|at| CODE_PAGE_437.chars().nth(at)).unwrap_or(char::from(byte))
}

/// Turns a decoded name into a path.
///
/// # Errors
/// When the name leaves the theme or is no path: the reason.
pub(super) fn normalise(name: &str) -> Result<EntryName, String> {
    let slashed = name.replace('\\', "/");
    let leaves = || format!("its entry {name:?} leaves the theme");
    if slashed.is_empty() || slashed.contains('\0') {
        return Err(format!("it has an entry called {name:?}, which is not a file name"));
    }
    if slashed.starts_with('/') || slashed.as_bytes().get(1) == Some(&b':') {
        return Err(leaves());
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in slashed.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop().ok_or_else(leaves)?),
            part => parts.push(part),
        }
    }
    let is_folder = matches!(slashed.rsplit('/').next(), Some("" | "." | ".."));
    Ok(EntryName { path: parts.join("/"), is_folder })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(version: u8, of: &[u8], name: &str) -> Vec<u8> {
        let mut sum = flate2::Crc::new();
        sum.update(of);
        [&[version][..], &sum.sum().to_le_bytes(), name.as_bytes()].concat()
    }

    #[test]
    fn names_are_decoded_from_utf8_cp437_or_unicode_field() {
        type Case = (&'static [u8], bool, Option<Vec<u8>>, &'static str);
        let cases: &[Case] = &[
            (b"a.png", false, None, "a.png"),
            ("grün".as_bytes(), true, None, "grün"),
            // Many tools write UTF-8 without setting the flag.
            ("grün".as_bytes(), false, None, "grün"),
            (b"gr\x81n", false, None, "grün"),
            (b"gr\x94n", false, None, "grön"),
            (b"\x80\xff", false, None, "Ç\u{a0}"),
            (b"na\xe1", false, None, "naß"),
            // A wrong flag is ignored.
            (b"gr\x81n", true, None, "grün"),
            (b"gr?n", false, Some(field(1, b"gr?n", "grün")), "grün"),
            (b"gr\x81n", false, Some(field(1, b"gr\x81n", "gr\u{fc}n!")), "grün!"),
            // Fields that are ignored: for another name, of another version, empty, cut off or not UTF-8.
            (b"gr?n", false, Some(field(1, b"other", "grün")), "gr?n"),
            (b"gr?n", false, Some(field(2, b"gr?n", "grün")), "gr?n"),
            (b"gr?n", false, Some(field(1, b"gr?n", "")), "gr?n"),
            (b"gr?n", false, Some(vec![1, 2, 3]), "gr?n"),
            (b"gr?n", false, Some(vec![]), "gr?n"),
            (b"x", true, Some(field(1, b"x", "y")), "x"),
        ];
        for (raw, is_utf8, field, text) in cases {
            assert_eq!(decode(raw, *is_utf8, field.as_deref()), *text, "{raw:?}");
        }
        let all: std::collections::BTreeSet<char> = (0..=255).map(code_page_437).collect();
        assert_eq!(all.len(), 256);
    }

    #[test]
    fn names_are_normalised_to_paths_inside_the_theme() {
        for (name, path, is_folder) in [
            ("config.json", "config.json", false),
            ("./config.json", "config.json", false),
            ("././a/./b", "a/b", false),
            ("templates//pages///x.html", "templates/pages/x.html", false),
            (".//a", "a", false),
            ("a\\b\\c.html", "a/b/c.html", false),
            (".\\a\\.\\b", "a/b", false),
            ("a/b/../c", "a/c", false),
            ("a/../b\\..\\c", "c", false),
            ("assets\\icons\\", "assets/icons", true),
            ("assets/icons/", "assets/icons", true),
            ("assets/icons//", "assets/icons", true),
            ("assets/icons/.", "assets/icons", true),
            ("assets/icons/..", "assets", true),
            ("./", "", true),
            (".", "", true),
            ("a/..", "", true),
            (".env", ".env", false),
            ("..a/...", "..a/...", false),
        ] {
            let expected = EntryName { path: path.to_owned(), is_folder };
            assert_eq!(normalise(name), Ok(expected), "{name}");
        }
        for name in [
            "/a",
            "\\a",
            "//a",
            "..",
            "../a",
            "a/../../b",
            "a\\..\\..\\b",
            "./../a",
            "C:\\a",
            "c:a",
        ] {
            assert!(normalise(name).unwrap_err().contains("leaves the theme"), "{name}");
        }
        for name in ["", "a\0b", "\0"] {
            assert!(normalise(name).unwrap_err().contains("not a file name"), "{name:?}");
        }
    }
}
