//! Makes small themes in temporary folders and runs the program on them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use stencil_guard::guard::link_rules::Rules;
use stencil_guard::guard::link_settings::{BackLinks, KeptChrome, LinkSettings};
use stencil_guard::guard::paths::PathTable;
use stencil_guard::guard::plan::Mechanism;
use stencil_guard::guard::search_engines::SearchEngines;
use stencil_guard::guard::storefront::Storefront;
use stencil_guard::guard::texts::Texts;
use stencil_guard::guard::theme_settings::Chosen;
use stencil_guard::pipeline::BuildOptions;

pub(crate) const STOREFRONT: &str = "https://shop.example.com";

/// A temporary folder that may hold themes and outputs; it goes away at the end of the test.
pub(crate) struct Playground {
    folder: tempfile::TempDir,
}

/// What a run of the program said.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) results: String,
    pub(crate) messages: String,
}

impl Run {
    pub(crate) fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let run = Self {
            status: output.status.code().expect("the program ended by itself"),
            results: text(output.stdout),
            messages: text(output.stderr),
        };
        assert!(!run.messages.contains("panicked"), "{}", run.messages);
        run
    }
}

impl Playground {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, with the folders it needs.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// A small theme in the folder `theme`, with further files over it.
    pub(crate) fn theme(&self, files: &[(&str, &str)]) {
        for (name, text) in small_theme().iter().chain(files) {
            self.write(&format!("theme/{name}"), text);
        }
    }

    /// Everything below the folder, by path, but for the lock of a run that still writes there.
    pub(crate) fn files(&self, below: &str) -> Vec<String> {
        let root = self.path(below);
        let mut names: Vec<String> = walkdir::WalkDir::new(&root)
            .into_iter()
            .flatten()
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| entry.path().strip_prefix(&root).unwrap().display().to_string())
            .filter(|name| !name.ends_with(".stencil-guard/lock"))
            .collect();
        names.sort();
        names
    }

    /// Runs the program here.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.run_program(Path::new(env!("CARGO_BIN_EXE_stencil-guard")), arguments)
    }

    /// Runs the program here, with these variables in its environment.
    pub(crate) fn run_in(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Run {
        let program = Path::new(env!("CARGO_BIN_EXE_stencil-guard"));
        self.output(Command::new(program).args(arguments).envs(variables.iter().copied()))
    }

    /// Runs `build theme` for our storefront.
    pub(crate) fn build(&self, arguments: &[&str]) -> Run {
        let all = ["build", "theme", "--storefront", STOREFRONT];
        self.run(&[&all, arguments].concat())
    }

    pub(crate) fn run_program(&self, program: &Path, arguments: &[&str]) -> Run {
        self.output(Command::new(program).args(arguments))
    }

    /// What a command says that runs here.
    fn output(&self, command: &mut Command) -> Run {
        let command = command.current_dir(self.folder.path()).env("NO_COLOR", "1");
        Run::of(command.output().unwrap())
    }
}

/// The least that the platform takes.
const SMALL_CONFIG: &str = r#"{
  "name": "Small",
  "version": "1.0",
  "template_engine": "handlebars_v4",
  "meta": { "author_name": "A", "author_email": "a@example.com", "author_support_url": "x" },
  "settings": {},
  "variations": [{ "name": "Light", "id": "light", "meta": { "description": "Light" } }]
}
"#;

pub(crate) fn small_theme() -> [(&'static str, &'static str); 7] {
    [
        ("config.json", SMALL_CONFIG),
        (
            "templates/layout/base.html",
            "<!doctype html>\n<html>\n<head>\n<title>{{head.title}}</title>{{{head.scripts}}}\n</head>\n<body>{{#block \"page\"}}{{/block}}{{{footer.scripts}}}</body>\n</html>\n",
        ),
        (
            "templates/pages/home.html",
            "---\nhero: true\n---\n{{#partial \"page\"}}<p>Home</p>{{/partial}}\n{{> layout/base}}\n",
        ),
        (
            "templates/pages/cart.html",
            "{{#partial \"page\"}}<p>Cart</p>{{/partial}}{{> layout/base}}",
        ),
        (
            "templates/pages/checkout.html",
            "{{#partial \"page\"}}{{{checkout.checkout_content}}}{{/partial}}{{> layout/base}}",
        ),
        (
            "templates/pages/order-confirmation.html",
            "{{#partial \"page\"}}<p>Thanks</p>{{/partial}}{{> layout/base}}",
        ),
        ("lang/en.json", "{}\n"),
    ]
}

/// A zip of entries; a name that ends in `/` is a folder.
pub(crate) fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    zip_with(entries, |file| file)
}

type FileBuilder<'a, 'p> = rawzip::ZipFileBuilder<'a, 'p, Vec<u8>>;

/// A zip whose files were changed before they are written.
pub(crate) fn zip_with(
    entries: &[(&str, &[u8])],
    change: impl for<'a, 'p> Fn(FileBuilder<'a, 'p>) -> FileBuilder<'a, 'p>,
) -> Vec<u8> {
    let mut archive = rawzip::ZipArchiveWriter::new(Vec::new());
    for (name, bytes) in entries {
        if name.ends_with('/') {
            let path = rawzip::path::EntryPath::verbatim(name.as_bytes());
            archive.new_dir(path).create().unwrap();
            continue;
        }
        let file = change(archive.new_file(rawzip::path::EntryPath::verbatim(name.as_bytes())));
        let (mut entry, config) = file.start().unwrap();
        let mut writer = config.wrap(&mut entry);
        std::io::Write::write_all(&mut writer, bytes).unwrap();
        let (_, descriptor) = writer.finish().unwrap();
        entry.finish(descriptor).unwrap();
    }
    archive.finish().unwrap()
}

/// The small theme as a zip, with further entries.
pub(crate) fn theme_zip(more: &[(&str, &[u8])]) -> Vec<u8> {
    let theme = small_theme();
    let entries: Vec<(&str, &[u8])> = theme
        .iter()
        .map(|(name, text)| (*name, text.as_bytes()))
        .chain(more.iter().copied())
        .collect();
    zip(&entries)
}

/// Copies a folder with all that is in it.
pub(crate) fn copy_folder(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from).into_iter().flatten() {
        let target = to.join(entry.path().strip_prefix(from).unwrap());
        if entry.file_type().is_dir() {
            std::fs::create_dir_all(target).unwrap();
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// What a build of this mechanism decides if nothing else is said.
pub(crate) fn options(mechanism: Mechanism) -> BuildOptions {
    BuildOptions {
        paths: PathTable::default(),
        texts: Texts::default(),
        search_engines: SearchEngines::None,
        mechanism,
        storefront: Storefront::parse(STOREFRONT).unwrap(),
        keep: Vec::new(),
        no_keep: Vec::new(),
        stop_payments: false,
        allow_open: Vec::new(),
        links: LinkSettings {
            own_hosts: Vec::new(),
            rules: Rules::new(&[]).unwrap(),
            hidden: Vec::new(),
            kept_chrome: KeptChrome::Full,
            back_links: BackLinks::Strip,
        },
        guard_development: false,
        guard_editor: false,
        theme_settings: false,
        chosen: Chosen::default(),
        theme_name: None,
        include: Vec::new(),
    }
}
