//! Checks the pictures of a theme that the marketplace shows.

use super::shape::{below, caret};
use super::{config, items, text_of};
use crate::text::{Code, Finding, Severity};
use crate::theme::Theme;
use crate::theme::json::member;
use jsonc_parser::ast::Value;

/// The requirements for a picture.
struct Picture {
    member: &'static str,
    width: u32,
    height: u32,
    most_bytes: usize,
}

const THUMBNAIL: Picture =
    Picture { member: "composed_image", width: 600, height: 760, most_bytes: 2 << 20 };
const SCREENSHOTS: &[Picture] = &[
    Picture { member: "desktop_screenshot", width: 2048, height: 2600, most_bytes: 5 << 20 },
    Picture { member: "mobile_screenshot", width: 304, height: 540, most_bytes: 1 << 20 },
];
const EXTENSIONS: &[&str] = &["jpg", "jpeg", "png", "gif"];

/// Returns everything that is wrong with the pictures that `config` names; the check of `config` reports
/// names that are missing.
pub(super) fn check(theme: &Theme, config: &Value<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut look = |owner: Option<&Value<'_>>, path: &str, picture: &Picture| {
        let value = owner.and_then(|owner| member(owner, picture.member));
        if let Some((value, file)) = value.and_then(|value| Some((value, text_of(value)?))) {
            let name = below(path, picture.member);
            let found = judge(theme, file, picture);
            findings.extend(found.map(|found| finding(&name, value, file, picture, found)));
        }
    };
    look(member(config, "meta"), "meta", &THUMBNAIL);
    for (at, variation) in items(member(config, "variations")).iter().enumerate() {
        for picture in SCREENSHOTS {
            look(member(variation, "meta"), &format!("variations[{at}].meta"), picture);
        }
    }
    findings
}

/// What is wrong with a picture.
enum Wrong {
    Extension,
    Missing,
    NoPicture,
    Size(u32, u32),
    Bytes(usize),
}

fn judge(theme: &Theme, file: &str, picture: &Picture) -> Option<Wrong> {
    let name = file.rsplit('/').next().unwrap_or(file);
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    if !extension.is_some_and(|extension| EXTENSIONS.contains(&extension)) {
        return Some(Wrong::Extension);
    }
    let Some(bytes) = inside_meta(file).and_then(|path| theme.bytes(&path)) else {
        return Some(Wrong::Missing);
    };
    let too_large = bytes.len() > picture.most_bytes;
    match dimensions(bytes) {
        None => Some(Wrong::NoPicture),
        Some((width, height)) if (width, height) != (picture.width, picture.height) => {
            Some(Wrong::Size(width, height))
        }
        Some(_) => too_large.then_some(Wrong::Bytes(bytes.len())),
    }
}

/// Resolves a path relative to `meta/` to a path in the theme; `None` if it leads out of the theme.
fn inside_meta(file: &str) -> Option<String> {
    let mut parts = vec!["meta"];
    for part in file.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    (!file.starts_with('/')).then(|| parts.join("/"))
}

fn finding(name: &str, value: &Value<'_>, file: &str, picture: &Picture, wrong: Wrong) -> Finding {
    let Picture { width, height, most_bytes, .. } = picture;
    let severity = match wrong {
        Wrong::Bytes(_) => Severity::Warning,
        _ => Severity::Error,
    };
    let message = match wrong {
        Wrong::Extension => format!("`{name}` names no .jpg, .jpeg, .png or .gif"),
        Wrong::Missing => format!("`{name}` names `meta/{file}`, which does not exist"),
        Wrong::NoPicture => {
            format!("`meta/{file}`, which `{name}` names, is not a JPEG, PNG or GIF")
        }
        Wrong::Size(w, h) => {
            format!("`meta/{file}` is {w} by {h} pixels; `{name}` must be {width} by {height}")
        }
        Wrong::Bytes(length) => {
            format!("`meta/{file}` has {length} bytes; `{name}` may have {most_bytes}")
        }
    };
    let help =
        format!("put a picture of {width} by {height} pixels there; the marketplace shows it");
    let finding = Finding::new(Code::Screenshot, message).at(config::PATH, caret(value));
    Finding { severity, ..finding.help(help) }
}

/// Returns the width and height of a JPEG, PNG or GIF, whatever its extension.
fn dimensions(bytes: &[u8]) -> Option<(u32, u32)> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => {
            let number = |at: usize| bytes.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
            Some((number(16)?, number(20)?))
        }
        [b'G', b'I', b'F', b'8', _, b'a', rest @ ..] => {
            let [w, w2, h, h2] = *rest.first_chunk::<4>()?;
            Some((u16::from_le_bytes([w, w2]).into(), u16::from_le_bytes([h, h2]).into()))
        }
        [0xff, 0xd8, rest @ ..] => jpeg(rest),
        _ => None,
    }
}

/// Returns the size in the first frame header after a JPEG's start marker.
fn jpeg(mut segments: &[u8]) -> Option<(u32, u32)> {
    loop {
        let [0xff, marker, rest @ ..] = segments else {
            return None;
        };
        match marker {
            0xff => segments = &segments[1..],
            0xc0..=0xcf if ![0xc4, 0xc8, 0xcc].contains(marker) => {
                let [_, _, _, h, h2, w, w2] = *rest.first_chunk::<7>()?;
                let number = |high, low| u32::from(u16::from_be_bytes([high, low]));
                return Some((number(w, w2), number(h, h2)));
            }
            _ => {
                let length = u16::from_be_bytes(*rest.first_chunk::<2>()?);
                segments = rest.get(usize::from(length)..)?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_from_the_content() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x58\0\0\x02\xf8";
        assert_eq!(dimensions(png), Some((600, 760)));
        assert_eq!(dimensions(b"GIF89a\x30\x01\x1c\x02"), Some((304, 540)));
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xff\xc2\0\x11\x08\x0a\x28\x08\x00";
        assert_eq!(dimensions(jpeg), Some((2048, 2600)));
        for cut in 0..jpeg.len() {
            assert_eq!(dimensions(&jpeg[..cut]), None);
        }
        assert_eq!(dimensions(b"<svg/>"), None);
    }

    #[test]
    fn paths_outside_the_theme_are_rejected() {
        assert_eq!(inside_meta("./a/../b.png").as_deref(), Some("meta/b.png"));
        assert_eq!(inside_meta("../assets/b.png").as_deref(), Some("assets/b.png"));
        assert_eq!(inside_meta("../../b.png"), None);
        assert_eq!(inside_meta("/b.png"), None);
    }
}
