//! Zips as other systems and tools write them: names are brought into one form before anything is judged
//! by them, and the same files always give the same bundle.

use crate::driver::{Playground, Run, STOREFRONT, small_theme, theme_zip, zip};
use std::collections::BTreeSet;

/// Builds from the zip, and gives back the bundle.
fn bundle(playground: &Playground, bytes: &[u8]) -> (Run, Vec<u8>) {
    playground.write("theme.zip", bytes);
    let _ = std::fs::remove_file(playground.path("out.zip"));
    let run = playground.run(&[
        "build",
        "theme.zip",
        "--storefront",
        STOREFRONT,
        "--bundle",
        "out.zip",
        "--out",
        "out",
    ]);
    let bundle = std::fs::read(playground.path("out.zip")).unwrap_or_default();
    (run, bundle)
}

/// The small theme with further files, each under the name that `rename` gives it.
fn renamed(more: &[(&str, &[u8])], rename: impl Fn(&str) -> String) -> Vec<u8> {
    let theme = small_theme();
    let own = theme.iter().map(|(name, text)| (*name, text.as_bytes()));
    let entries: Vec<(String, &[u8])> =
        own.chain(more.iter().copied()).map(|(name, bytes)| (rename(name), bytes)).collect();
    let entries: Vec<(&str, &[u8])> =
        entries.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    zip(&entries)
}

/// A zip in which the placeholder `?` of names is another byte.
fn with_byte(bytes: &[u8], placeholder: &[u8], by: &[u8]) -> Vec<u8> {
    let mut result = bytes.to_vec();
    for at in 0..=result.len() - placeholder.len() {
        if result[at..].starts_with(placeholder) {
            result[at..at + by.len()].copy_from_slice(by);
        }
    }
    result
}

#[test]
fn same_files_give_same_bundle_however_paths_are_written() {
    let playground = Playground::new();
    let more: &[(&str, &[u8])] =
        &[("assets/icons/", b""), ("templates/components/custom/", b""), ("assets/a/b.svg", b"x")];
    let (run, plain) = bundle(&playground, &renamed(more, str::to_owned));
    assert_eq!(run.status, 0, "{run:?}");
    type Form<'f> = (&'f str, &'f dyn Fn(&str) -> String);
    let forms: [Form<'_>; 12] = [
        ("backslashes", &|name| name.replace('/', "\\")),
        ("backslashes but at the end", &|name| {
            let end = if name.ends_with('/') { "/" } else { "" };
            name.trim_end_matches('/').replace('/', "\\") + end
        }),
        ("dot", &|name| format!("./{name}")),
        ("dot and backslashes", &|name| format!(".\\{}", name.replace('/', "\\"))),
        ("dots", &|name| format!("././{name}")),
        ("doubled", &|name| name.replace('/', "//")),
        ("tripled", &|name| name.replace('/', "///")),
        ("dots inside", &|name| name.replace('/', "/./")),
        ("up and down", &|name| format!("x/../{name}")),
        ("up and down inside", &|name| name.replace('/', "/y/../")),
        ("top folder", &|name| format!("my-theme-1.0/{name}")),
        ("top folders", &|name| format!(".\\downloads\\my theme\\{name}")),
    ];
    for (form, rename) in forms {
        let (run, bytes) = bundle(&playground, &renamed(more, rename));
        assert_eq!(run.status, 0, "{form}: {run:?}");
        assert!(bytes == plain, "{form}");
        assert!(!run.messages.contains("TR-601"), "{form}: {run:?}");
    }
    // The root has an entry of its own.
    let root = [("./", &b""[..])].into_iter().chain(more.iter().copied()).collect::<Vec<_>>();
    let (run, bytes) = bundle(&playground, &renamed(&root, |name| format!("./{name}")));
    assert!(run.status == 0 && bytes == plain, "{run:?}");
}

#[test]
fn page_is_guarded_however_its_path_is_written() {
    let page: &[u8] = b"{{#partial \"page\"}}<p>x</p>{{/partial}}{{> layout/base}}";
    let playground = Playground::new();
    let plain = bundle(&playground, &theme_zip(&[("templates/pages/custom/x.html", page)])).1;
    for name in [
        "templates//pages/custom/x.html",
        "templates/pages//custom/x.html",
        "./templates/pages/custom/x.html",
        "templates/./pages/custom/x.html",
        "templates\\pages\\custom\\x.html",
        "templates/pages\\custom/x.html",
        "templates\\\\pages/custom/x.html",
        "templates/a/../pages/custom/x.html",
        "assets/../templates/pages/custom/x.html",
        "templates/pages/custom/./x.html",
        "templates/pages/custom/.//x.html",
    ] {
        let (run, bytes) = bundle(&playground, &theme_zip(&[(name, page)]));
        assert_eq!(run.status, 0, "{name}: {run:?}");
        assert!(bytes == plain, "{name}");
    }
}

#[test]
fn code_page_437_names_are_decoded() {
    let playground = Playground::new();
    let letters = [
        (b"\x81", "ü"),
        (b"\x94", "ö"),
        (b"\x84", "ä"),
        (b"\xe1", "ß"),
        (b"\x82", "é"),
        (b"\x8a", "è"),
        (b"\xa4", "ñ"),
        (b"\x91", "æ"),
        (b"\x9a", "Ü"),
        (b"\x80", "Ç"),
        (b"\xa8", "¿"),
        (b"\xff", "\u{a0}"),
    ];
    let names: Vec<String> =
        (0..letters.len()).map(|number| format!("assets/img/gr@{number:02}.png")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    let mut bytes = theme_zip(&files);
    for (number, (byte, _)) in letters.iter().enumerate() {
        let (from, to) = (format!("gr@{number:02}"), format!("gr?{number:02}").into_bytes());
        let to: Vec<u8> = to.iter().map(|&c| if c == b'?' { byte[0] } else { c }).collect();
        bytes = with_byte(&bytes, from.as_bytes(), &to);
    }
    let (run, _) = bundle(&playground, &bytes);
    assert_eq!(run.status, 0, "{run:?}");
    let files: BTreeSet<String> = playground.files("out").into_iter().collect();
    for (number, (_, letter)) in letters.iter().enumerate() {
        let name = format!("assets/img/gr{letter}{number:02}.png");
        assert!(files.contains(&name), "{name}: {files:?}");
    }
}

#[test]
fn utf8_names_are_kept_without_the_utf8_flag() {
    let playground = Playground::new();
    for name in ["assets/grün.png", "assets/日本.png", "assets/e\u{301}.png", "assets/😀.png"]
    {
        let plain = theme_zip(&[("assets/AAAAAAAAAAAA.png", b"x")]);
        let padded: String = name.to_owned() + &"x".repeat(23 - name.len());
        let unmarked = with_byte(&plain, b"assets/AAAAAAAAAAAA.png", padded.as_bytes());
        let (run, _) = bundle(&playground, &unmarked);
        assert_eq!(run.status, 0, "{name}: {run:?}");
        assert!(playground.path("out").join(&padded).exists(), "{name}");
    }
}

#[test]
fn operating_system_metadata_files_are_ignored() {
    let playground = Playground::new();
    let more: &[(&str, &[u8])] = &[
        ("templates/pages/._home.html", b"\0\x05\x16\x07"),
        ("templates/pages/._cart.html", b"{{> gone}}"),
        ("templates/layout/._base.html", b"<head>"),
        ("templates/components/._x.html", b"{{#if}"),
        ("templates/pages/.DS_Store", b"\0"),
        ("templates/Thumbs.db", b"\0"),
        ("templates/desktop.ini", b"x"),
        ("lang/._en.json", b"\0"),
        ("lang/.DS_Store", b"\0"),
        ("._config.json", b"\0"),
        ("._templates", b"\0"),
        ("__MACOSX/._config.json", b"\0"),
        ("__MACOSX/templates/pages/._home.html", b"\0"),
        ("assets/__MACOSX/x.php", b"x"),
        ("assets/.AppleDouble/x", b"x"),
    ];
    let (_, plain) = bundle(&playground, &theme_zip(&[]));
    let warnings = |run: &Run| run.messages.matches("warning").count();
    let before = warnings(&bundle(&playground, &theme_zip(&[])).0);
    let (run, bytes) = bundle(&playground, &theme_zip(more));
    assert_eq!((run.status, warnings(&run)), (0, before), "{run:?}");
    assert!(bytes == plain, "{run:?}");
    let odd = playground.files("out").into_iter().find(|name| name.contains("._"));
    assert_eq!(odd, None);
    // The same beside a top folder, as the Finder zips, and in a folder that came from a memory stick.
    let beside = |name: &str| match name.strip_prefix("__MACOSX/") {
        Some(rest) => format!("__MACOSX/theme/{rest}"),
        None => format!("theme/{name}"),
    };
    let (run, bytes) = bundle(&playground, &renamed(more, beside));
    assert!(run.status == 0 && bytes == plain, "{run:?}");
    playground.theme(&[]);
    for (name, bytes) in more {
        playground.write(&format!("theme/{name}"), bytes);
    }
    let run = playground.build(&["--bundle", "folder.zip"]);
    assert_eq!((run.status, warnings(&run)), (0, before), "{run:?}");
    assert!(std::fs::read(playground.path("folder.zip")).unwrap() == plain);
}

#[test]
fn hidden_templates_are_not_pages() {
    let playground = Playground::new();
    playground.theme(&[
        ("templates/pages/.old.html", "<p>open</p>"),
        ("templates/pages/.html", "<p>open</p>"),
        ("templates/layout/.base.html", "<head>"),
    ]);
    let run = playground.build(&["--bundle", "out.zip", "--format", "json"]);
    assert_eq!(run.status, 0, "{run:?}");
    assert!(!run.results.contains(".old") && !run.results.contains("pages/\""), "{run:?}");
}

#[test]
fn zip_with_several_themes_is_refused_and_names_them() {
    let theme = small_theme();
    for (folders, names) in [
        (&["a/", "b/"][..], &["\"a\"", "\"b\""][..]),
        (&["themes/light/", "themes/dark/"], &["\"themes/light\"", "\"themes/dark\""]),
        (&["one/", "deep/down/two/"], &["\"one\"", "\"deep/down/two\""]),
        (&["a/", "b/", "c/"], &["\"a\"", "\"b\"", "\"c\""]),
    ] {
        let entries: Vec<(String, &[u8])> = folders
            .iter()
            .flat_map(|folder| {
                theme.iter().map(move |(name, text)| (format!("{folder}{name}"), text.as_bytes()))
            })
            .collect();
        let entries: Vec<(&str, &[u8])> =
            entries.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
        let playground = Playground::new();
        let (run, bundle) = bundle(&playground, &zip(&entries));
        assert_eq!((run.status, bundle.len()), (2, 0), "{run:?}");
        for name in names {
            assert!(run.messages.contains(name), "{name}: {run:?}");
        }
        assert!(run.messages.contains("several themes"), "{run:?}");
    }
    // A theme inside a theme, or a configuration that is no theme's, is none of several.
    for other in ["theme/backup/", "theme/assets/old/"] {
        let outer = theme.iter().map(|(name, text)| (format!("theme/{name}"), text.as_bytes()));
        let inner = theme.iter().map(|(name, text)| (format!("{other}{name}"), text.as_bytes()));
        let config = [("docs/config.json".to_owned(), &b"{}"[..])];
        let entries: Vec<(String, &[u8])> = outer.chain(inner).chain(config).collect();
        let entries: Vec<(&str, &[u8])> =
            entries.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
        let playground = Playground::new();
        assert_eq!(bundle(&playground, &zip(&entries)).0.status, 0, "{other}");
    }
}

#[test]
fn clashing_or_escaping_entries_are_refused() {
    type Entry = (&'static str, &'static [u8]);
    let cases: &[(&[Entry], &str)] = &[
        (&[("./config.json", b"{}")], "two entries called config.json"),
        (&[("a/../config.json", b"{}")], "two entries called"),
        (&[("templates//pages/home.html", b"")], "two entries called"),
        (&[("templates\\pages\\home.html", b"")], "two entries called"),
        (&[("assets/a", b"x"), ("assets\\a\\", b"")], "two entries called"),
        (&[("assets/a", b"x"), ("assets//a//b", b"x")], "lies below a file"),
        (&[("assets\\icons\\", b"x")], "a folder with content"),
        (&[("assets/x/../../../y", b"x")], "leaves the theme"),
        (&[("..\\x", b"x")], "leaves the theme"),
        (&[("/config.json", b"{}")], "leaves the theme"),
        (&[("\\\\server\\x", b"x")], "leaves the theme"),
        (&[("C:\\x", b"x")], "leaves the theme"),
        (&[("assets/a\0b", b"x")], "not a file name"),
    ];
    let playground = Playground::new();
    for (more, words) in cases {
        let (run, bundle) = bundle(&playground, &theme_zip(more));
        assert_eq!((run.status, bundle.len()), (2, 0), "{words}: {run:?}");
        assert!(run.messages.contains(words), "{words}: {run:?}");
    }
    // A folder may be named more than once.
    let twice: &[(&str, &[u8])] = &[("assets/x/", b""), ("assets//x/", b""), ("assets\\x\\", b"")];
    assert_eq!(bundle(&playground, &theme_zip(twice)).0.status, 0);
}

#[test]
fn symlink_entries_are_refused_except_in_ignored_folders() {
    let playground = Playground::new();
    for (name, status) in
        [("node_modules/.bin/x", 0), ("__MACOSX/x", 0), ("assets/x", 2), ("templates/x.html", 2)]
    {
        let theme = small_theme();
        let files = theme.iter().map(|(name, text)| (*name, text.as_bytes()));
        let entries: Vec<(&str, &[u8])> = files.chain([(name, &b"../x"[..])]).collect();
        let mut bytes = zip(&entries);
        // Only the last entry is a link: its mode stands in the central directory.
        let last = bytes.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
        bytes[last + 5] = 3;
        bytes[last + 38..last + 42].copy_from_slice(&(0o120_777_u32 << 16).to_le_bytes());
        let (run, _) = bundle(&playground, &bytes);
        assert_eq!(run.status, status, "{name}: {run:?}");
    }
}

#[test]
fn duplicate_names_in_parsed_templates_are_an_error() {
    let playground = Playground::new();
    playground.theme(&[]);
    assert_eq!(playground.build(&["--bundle", "guarded.zip"]).status, 0);
    assert_eq!(playground.run(&["check", "guarded.zip"]).status, 0);
    let bytes = std::fs::read(playground.path("guarded.zip")).unwrap();
    let archive = rawzip::ZipArchive::from_slice(&bytes).unwrap();
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    let mut entries = archive.entries();
    while let Some(entry) = entries.next_entry().unwrap() {
        let name = String::from_utf8(entry.file_path().as_bytes().to_vec()).unwrap();
        let data = archive.get_entry(entry.wayfinder()).unwrap();
        let mut content = Vec::new();
        if entry.compression_method() == rawzip::CompressionMethod::STORE {
            content = data.data().to_vec();
        } else {
            let mut decoder = flate2::bufread::DeflateDecoder::new(data.data());
            std::io::Read::read_to_end(&mut decoder, &mut content).unwrap();
        }
        files.push((name, content));
    }
    let twice = |name: &str, key: &str| {
        let entries: Vec<(&str, Vec<u8>)> = files
            .iter()
            .map(|(path, bytes)| {
                let text = String::from_utf8_lossy(bytes);
                let is_it = path.starts_with("parsed/") && text.contains(&format!("\"{name}\":"));
                let added = format!("{{\"{key}\": \"<p>open</p>\",");
                let changed = text.replacen('{', &added, 1).into_bytes();
                (path.as_str(), if is_it { changed } else { bytes.clone() })
            })
            .collect();
        let entries: Vec<(&str, &[u8])> =
            entries.iter().map(|(path, bytes)| (*path, bytes.as_slice())).collect();
        zip(&entries)
    };
    for (name, key) in [
        ("pages/home", "pages/home"),
        ("pages/cart", "pages\\/cart"),
        ("layout/base", "layout/base"),
        ("pages/checkout", "pages/checkout"),
        ("pages/home", "\\u0070ages/home"),
    ] {
        playground.write("twice.zip", twice(name, key));
        let run = playground.run(&["check", "twice.zip"]);
        assert_eq!(run.status, 1, "{key}: {run:?}");
        assert!(run.messages.contains("cannot be read"), "{key}: {run:?}");
    }
}
