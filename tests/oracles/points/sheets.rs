//! Points about parsed style sheets.

use super::case::{Case, Ending, Point, config, point, with};

const ROOT: &str = "parsed/scss/theme.scss.json";

pub(super) fn points() -> Vec<Point> {
    vec![
        point(34, "each compiler has its folders, and none has none", compilers()),
        point(
            35,
            "a partial at the root has a parsed file, too",
            vec![sheet("", &["_partial.scss"]).has(&["parsed/scss/_partial.scss.json", ROOT])],
        ),
        point(
            36,
            "keys have no underscore, and exact files win",
            vec![
                sheet("@import \"a\";", &["_a.scss"]).keys(ROOT, &["theme.scss", "a.scss"]),
                sheet("@import \"a\";", &["_a.scss", "a.scss"])
                    .keys(ROOT, &["theme.scss", "a.scss"])
                    .holds(ROOT, "\"a.scss\": \"assets/scss/a.scss\""),
                sheet("@import \"_a\";", &["_a.scss"]).keys(ROOT, &["theme.scss", "_a.scss"]),
            ],
        ),
        point(
            37,
            "plain CSS is found under the name of a sheet",
            vec![
                sheet("@import \"x\";", &["x.css"])
                    .keys(ROOT, &["theme.scss", "x.scss"])
                    .holds(ROOT, "\"x.scss\": \"assets/scss/x.css\""),
            ],
        ),
        point(38, "these are no imports", no_imports()),
        point(
            39,
            "an import in a comment counts",
            vec![
                sheet("// @import \"a\";\n/* @import 'b'; */", &["a.scss", "b.scss"])
                    .keys(ROOT, &["theme.scss", "a.scss", "b.scss"]),
            ],
        ),
        point(40, "paths are relative to the sheet, and as spelled at the root", relative()),
        point(
            41,
            "packages keep their paths in keys",
            vec![
                sheet("@import \"../../node_modules/p/f\";", &[])
                    .file("node_modules/p/f.scss", "@import 'g/h';")
                    .file("node_modules/p/g/_h.scss", "")
                    .keys(
                        ROOT,
                        &[
                            "theme.scss",
                            "../../node_modules/p/f.scss",
                            "../../node_modules/p/g/h.scss",
                        ],
                    ),
            ],
        ),
        point(
            42,
            "imports of a sheet in a folder are not sought at the root",
            vec![
                sheet("@import 'sub/c';", &["a.scss"])
                    .file("assets/scss/sub/c.scss", "@import 'a';")
                    .keys(ROOT, &["theme.scss", "sub/c.scss"]),
            ],
        ),
        point(
            43,
            "a missing import is silently absent",
            vec![
                sheet("// @import 'gone';\n@import 'a';", &["a.scss"])
                    .keys(ROOT, &["theme.scss", "a.scss"]),
                // No template names the sheet, so nobody compiles it.
                sheet("@import 'gone';\n@import 'a';", &["a.scss"])
                    .keys(ROOT, &["theme.scss", "a.scss"]),
            ],
        ),
    ]
}

/// A theme with a root sheet of this text, and other sheets that hold their own paths.
fn sheet(text: &str, others: &[&str]) -> Case {
    let sheet = with("assets/scss/theme.scss", text);
    others.iter().fold(sheet, |case, name| case.files(&[&format!("assets/scss/{name}")]))
}

fn compilers() -> Vec<Case> {
    let compiler =
        |name: &str| config("\"css_compiler\": \"scss\"", &format!("\"css_compiler\": {name}"));
    let files = |case: Case| {
        case.file("assets/scss/theme.scss", "")
            .file("assets/less/theme.less", "@import \"b\";@import (less) \"c\";")
            .files(&["assets/less/b.less", "assets/less/c.less", "assets/less/x.txt"])
            .file("assets/dist/css/x.css", "@import \"y\";@import \"z.css\";")
            .files(&["assets/dist/css/y.css", "assets/dist/css/z.css"])
            .directory("assets/less/folder.less")
    };
    vec![
        files(compiler("null")).has_no(&[ROOT, "parsed/css/x.css.json"]),
        files(compiler("\"css\""))
            .keys("parsed/css/x.css.json", &["x.css", "y.css"])
            .has(&["parsed/css/z.css.json"])
            .has_no(&[ROOT]),
        files(compiler("\"less\""))
            .keys("parsed/scss/theme.less.json", &["theme.less", "b.less"])
            .is("parsed/scss/folder.less.json", "{}")
            .has_no(&[ROOT]),
        files(compiler("\"none\"")).has_no(&[ROOT]).ends(Ending::Mended),
    ]
}

fn no_imports() -> Vec<Case> {
    // In comments, where the check of imports that the compiler follows has nothing to say.
    let text = "/* @import \"a\", \"b\"; @import \"a\" ; @use \"a\"; @import url(\"a\");\n\
        @import url(a); @import\"a\"; @IMPORT \"a\"; @forward \"a\"; @import \"a\"\n */";
    vec![sheet(text, &["a.scss", "b.scss"]).keys(ROOT, &["theme.scss"])]
}

fn relative() -> Vec<Case> {
    vec![
        sheet("@import \"./d\";@import \"sub/c\";@import \"../o\";@import 'sub//e';", &["d.scss"])
            .file("assets/scss/sub/c.scss", "@import \"./d\";@import '../d';")
            .files(&["assets/scss/sub/d.scss", "assets/scss/sub/e.scss", "assets/o.scss"])
            .keys(
                ROOT,
                &[
                    "theme.scss",
                    "./d.scss",
                    "sub/c.scss",
                    "../o.scss",
                    "sub/e.scss",
                    "sub/d.scss",
                    "d.scss",
                ],
            ),
    ]
}
