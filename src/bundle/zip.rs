//! Writes the zip: entries in byte order of their names, with a fixed time, so that the same theme always
//! gives the same zip.

use super::deflate::{self, Deflater};
use super::selection;
use crate::theme::{File, Theme};
use rawzip::path::EntryPath;
use rawzip::time::UtcDateTime;
use rawzip::{CompressionMethod, DataDescriptorOutput, ZipArchiveWriter};
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

/// The earliest time that a zip can represent: 1980-01-01.
const FIRST: i64 = 315_532_800;
/// The latest time that all time fields of a zip can represent.
const LAST: i64 = u32::MAX as i64;

/// How entries are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZipOptions {
    /// The time of all entries, in seconds since 1970; clamped to the times that a zip can represent.
    pub time: i64,
    /// The compression level, from 0 (none) to 9.
    pub level: u8,
    /// Whether `.js.map` files below `assets/` are also copied.
    pub source_maps: bool,
}

impl Default for ZipOptions {
    fn default() -> Self {
        Self { time: FIRST, level: 6, source_maps: false }
    }
}

const FILE: u32 = 0o100_644;
const EXECUTABLE: u32 = 0o100_755;
const DIRECTORY: u32 = 0o040_755;

/// Extensions of files that are already compressed; deflating them again costs time and gains nothing.
const COMPRESSED: &[&str] = &[
    "7z", "apng", "avif", "br", "bz2", "gif", "gz", "heic", "jpeg", "jpg", "m4a", "m4v", "mov",
    "mp3", "mp4", "ogg", "pdf", "png", "webm", "webp", "woff", "woff2", "xz", "zip", "zst",
];

/// One entry of a bundle.
#[derive(Debug)]
struct Entry<'a> {
    /// The name, separated by `/`; ends in `/` for a directory.
    name: Cow<'a, str>,
    mode: u32,
    /// `None` for a directory.
    file: Option<&'a File>,
}

/// A file's compressed content.
struct Packed {
    crc: u32,
    /// The deflated content; `None` if deflating does not make it shorter.
    deflated: Option<Vec<u8>>,
}

/// Writes the bundle: the copied files of `theme` and the `generated` ones.
///
/// # Errors
/// When writing to `out` fails.
pub fn write_zip(
    theme: &Theme,
    generated: &BTreeMap<String, Arc<File>>,
    options: ZipOptions,
    out: &mut impl Write,
) -> io::Result<()> {
    let entries = entries(theme, generated, options.source_maps);
    let deflater = || Deflater::new(options.level);
    let packed = entries.par_iter().map_init(deflater, packed);
    let packed: Vec<Option<Arc<Packed>>> = packed.collect();
    let time = UtcDateTime::from_unix(options.time.clamp(FIRST, LAST));
    let mut archive = ZipArchiveWriter::builder().with_capacity(entries.len()).build(out);
    for (entry, packed) in entries.iter().zip(&packed) {
        let packed = packed.as_deref();
        write_entry(&mut archive, entry, packed, time).map_err(io::Error::other)?;
    }
    archive.finish().map_err(io::Error::other)?.flush()
}

fn entries<'a>(
    theme: &'a Theme,
    generated: &'a BTreeMap<String, Arc<File>>,
    source_maps: bool,
) -> Vec<Entry<'a>> {
    let generated = generated.iter().map(|(name, file)| Entry {
        name: Cow::Borrowed(name.as_str()),
        mode: FILE,
        file: Some(file.as_ref()),
    });
    let directories = selection::directories(theme, source_maps).map(|path| Entry {
        name: Cow::Owned(format!("{path}/")),
        mode: DIRECTORY,
        file: None,
    });
    let files = selection::files(theme, source_maps).filter_map(|path| {
        let file = theme.files.get(path)?;
        Some(Entry {
            name: Cow::Borrowed(path),
            mode: if file.executable { EXECUTABLE } else { FILE },
            file: Some(file.as_ref()),
        })
    });
    let mut entries: Vec<Entry<'a>> = generated.chain(directories).chain(files).collect();
    entries.sort_by(|one, other| one.name.as_bytes().cmp(other.name.as_bytes()));
    entries
}

/// Returns the packed content of a file at the level of `deflater`, reusing an earlier result; `None` for a
/// directory.
fn packed(deflater: &mut Deflater, entry: &Entry<'_>) -> Option<Arc<Packed>> {
    let extension = entry.name.rsplit_once('.').map(|(_, extension)| extension);
    let is_compressed = extension
        .is_some_and(|extension| COMPRESSED.contains(&extension.to_ascii_lowercase().as_str()));
    let level = if is_compressed { 0 } else { deflater.level() };
    Some(entry.file?.derived(level, |content| pack(content, deflater, is_compressed)))
}

fn pack(content: &[u8], deflater: &mut Deflater, is_compressed: bool) -> Packed {
    let mut crc = flate2::Crc::new();
    crc.update(content);
    let deflated = if is_compressed { None } else { deflater.deflate(content) };
    Packed { crc: crc.sum(), deflated }
}

fn write_entry<W: Write>(
    archive: &mut ZipArchiveWriter<W>,
    entry: &Entry<'_>,
    packed: Option<&Packed>,
    time: UtcDateTime,
) -> Result<(), rawzip::Error> {
    // ASCII names are written verbatim, including colons; others get the UTF-8 flag.
    let path = if entry.name.is_ascii() {
        EntryPath::verbatim(entry.name.as_bytes())
    } else {
        EntryPath::conformant(entry.name.as_ref())
    };
    let (Some(file), Some(packed)) = (entry.file, packed) else {
        let directory = archive.new_dir(path);
        directory.last_modified(time).unix_permissions(entry.mode).create()?;
        return Ok(());
    };
    // Sizes follow the content, so a streaming reader needs a compression method that marks its own end.
    let (mut writer, _) = archive
        .new_file(path)
        .last_modified(time)
        .unix_permissions(entry.mode)
        .compression_method(CompressionMethod::DEFLATE)
        .start()?;
    match &packed.deflated {
        Some(deflated) => writer.write_all(deflated)?,
        None => deflate::write_as_it_is(&file.bytes, &mut writer)?,
    }
    let length = file.bytes.len() as u64;
    writer.finish(DataDescriptorOutput::new(packed.crc, length))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::tests::theme;
    use rawzip::ZipArchive;

    fn zipped(theme: &Theme) -> Vec<u8> {
        zipped_with(theme, ZipOptions::default())
    }

    fn zipped_with(theme: &Theme, options: ZipOptions) -> Vec<u8> {
        let manifest = Arc::new(File::new(b"{}".to_vec(), false));
        let generated = BTreeMap::from([("manifest.json".to_owned(), manifest)]);
        let mut out = Vec::new();
        write_zip(theme, &generated, options, &mut out).unwrap();
        out
    }

    fn example() -> Theme {
        let long = "a".repeat(5000);
        let mut theme = theme(&[
            ("config.json", "{}"),
            ("assets/img/é.png", &long),
            ("assets/x.js", &long),
            ("assets/run.sh", "#!"),
            ("assets/x:y.js", "z"),
            ("templates/notes.txt", ""),
            ("templates/pages/home.html", ""),
        ]);
        let run = theme.files.get_mut("assets/run.sh").unwrap();
        Arc::make_mut(run).executable = true;
        theme
    }

    #[test]
    fn entries_are_sorted_and_keep_their_modes() {
        let bytes = zipped(&example());
        let archive = ZipArchive::from_slice(&bytes).unwrap();
        let mut entries = archive.entries();
        let mut found = Vec::new();
        while let Some(entry) = entries.next_entry().unwrap() {
            let name = String::from_utf8(entry.file_path().as_bytes().to_vec()).unwrap();
            assert_eq!(entry.flags().is_utf8(), !name.is_ascii());
            let method = entry.compression_method() == CompressionMethod::DEFLATE;
            found.push((name, entry.mode().value(), method));
        }
        let expected = [
            ("assets/img/", DIRECTORY, false),
            ("assets/img/é.png", FILE, true),
            ("assets/run.sh", EXECUTABLE, true),
            ("assets/x.js", FILE, true),
            ("assets/x:y.js", FILE, true),
            ("config.json", FILE, true),
            ("manifest.json", FILE, true),
            ("templates/pages/", DIRECTORY, false),
            ("templates/pages/home.html", FILE, true),
        ];
        let expected = expected.map(|(name, mode, method)| (name.to_owned(), mode, method));
        assert_eq!(found, expected);
    }

    /// Returns the name and content of each entry, read from the first to the last byte as a streaming reader
    /// does, without the directory at the end.
    fn streamed(mut rest: &[u8]) -> Vec<(String, Vec<u8>)> {
        let number = |bytes: &[u8], at: usize, length: usize| {
            bytes[at..at + length].iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte))
        };
        let mut found = Vec::new();
        while rest.starts_with(b"PK\x03\x04") {
            let (has_descriptor, method) = (rest[6] & 8 != 0, number(rest, 8, 2));
            let name_length = number(rest, 26, 2);
            let name = String::from_utf8(rest[30..30 + name_length].to_vec()).unwrap();
            let stored = number(rest, 18, 4);
            rest = &rest[30 + name_length + number(rest, 28, 2)..];
            let mut content = Vec::new();
            if method == 0 {
                assert!(!has_descriptor, "{name}: nothing says where it ends");
                content.extend_from_slice(&rest[..stored]);
                rest = &rest[stored..];
            } else {
                let mut inflating = flate2::bufread::DeflateDecoder::new(rest);
                std::io::Read::read_to_end(&mut inflating, &mut content).unwrap();
                rest = &rest[inflating.total_in() as usize..];
                assert!(has_descriptor && rest.starts_with(b"PK\x07\x08"), "{name}");
                let mut crc = flate2::Crc::new();
                crc.update(&content);
                assert_eq!(number(rest, 4, 4), crc.sum() as usize, "{name}");
                assert_eq!(number(rest, 12, 4), content.len(), "{name}");
                rest = &rest[16..];
            }
            found.push((name, content));
        }
        assert!(rest.starts_with(b"PK\x01\x02"));
        found
    }

    #[test]
    fn zip_can_be_read_as_a_stream() {
        let theme = example().with([("assets/big.png".to_owned(), Some(vec![7; 150_000]))]);
        for level in [0, 1, 6, 9] {
            let zip = zipped_with(&theme, ZipOptions { level, ..ZipOptions::default() });
            let found = streamed(&zip);
            assert_eq!(found.len(), 10);
            for (name, content) in found.iter().filter(|(name, _)| name != "manifest.json") {
                let expected = theme.bytes(name).unwrap_or_default();
                assert_eq!(content, expected, "{name} at level {level}");
            }
        }
    }

    #[test]
    fn all_entries_have_the_requested_time() {
        let year = |time: i64| {
            let bytes = zipped_with(&example(), ZipOptions { time, ..ZipOptions::default() });
            let archive = ZipArchive::from_slice(&bytes).unwrap();
            let mut entries = archive.entries();
            let mut years = std::collections::BTreeSet::new();
            while let Some(entry) = entries.next_entry().unwrap() {
                years.insert((entry.last_modified().year(), entry.last_modified_dos().year()));
            }
            assert_eq!(years.len(), 1);
            years.pop_first().unwrap()
        };
        assert_eq!(year(1_000_000_000), (2001, 2001));
        for (time, expected) in [(i64::MIN, 1980), (-1, 1980), (0, 1980), (i64::MAX, 2106)] {
            assert_eq!(year(time), (expected, expected));
        }
    }

    #[test]
    fn higher_levels_compress_better() {
        let text: String = (1..20_000).map(|number| (1_000_000_007 / number).to_string()).collect();
        let theme = theme(&[("assets/x.js", &text)]);
        let length =
            |level: u8| zipped_with(&theme, ZipOptions { level, ..ZipOptions::default() }).len();
        assert!(length(0) > text.len() && length(0) > length(1));
        assert!(length(1) > length(9));
    }

    #[test]
    fn zip_does_not_depend_on_the_number_of_threads() {
        let theme = example();
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            pool.unwrap().install(|| zipped(&theme))
        };
        assert_eq!(on(1), on(4));
    }
}
