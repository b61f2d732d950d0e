//! Points about which entries a bundle has.

use super::case::{Ending, Point, case, parsed, point, with};

pub(super) fn points() -> Vec<Point> {
    vec![
        point(
            3,
            "no entry name stands twice",
            vec![
                case()
                    .file("schema.json", "[]")
                    .file("schemaTranslations.json", "{}")
                    .file("manifest.json", "{}")
                    .file("parsed/lang.json", "{}")
                    .has(&["schema.json", "schemaTranslations.json", "manifest.json"]),
            ],
        ),
        point(
            4,
            "only assets/cdn itself is left out",
            vec![
                case()
                    .files(&["assets/cdn/x.js", "assets/cdn/deep/y.js", "assets/cdn-foo/x.js"])
                    .has(&["assets/cdn-foo/x.js"])
                    .has_no(&["assets/cdn/", "assets/cdn/x.js", "assets/cdn/deep/y.js"]),
            ],
        ),
        point(
            5,
            "source maps of scripts below assets are left out unless asked for",
            vec![
                maps().has_no(&["assets/js/app.js.map"]),
                maps().with_source_maps().has(&["assets/js/app.js.map", "assets/x.js.map/"]),
            ],
        ),
        point(6, "dotfiles are left out but for three at the root", dotfiles()),
        point(
            7,
            "names at the root are exact, and webpack files have something between",
            vec![
                case()
                    .files(&["webpack.a.b.js", "webpack..js", "webpack.js", "webpack.config.mjs"])
                    .files(&["readme.md", "CHANGELOG.md", "LICENSE", "Gruntfile.js"])
                    .directory("webpack.d.js")
                    .has(&["webpack.a.b.js", "webpack..js", "CHANGELOG.md", "Gruntfile.js"])
                    .has(&["webpack.d.js/"])
                    .has_no(&["webpack.js", "webpack.config.mjs", "readme.md", "LICENSE"]),
                with("README.md", "").has(&["README.md"]),
            ],
        ),
        point(
            8,
            "empty directories have entries, the top ones have none",
            vec![
                case()
                    .directory("assets/empty/er")
                    .directory("templates/empty")
                    .directory("meta/empty")
                    .has(&["assets/empty/", "assets/empty/er/", "templates/empty/", "meta/empty/"])
                    .has_no(&["assets/", "templates/", "meta/", "lang/"]),
            ],
        ),
        point(
            9,
            "only .html is a template",
            vec![
                case()
                    .files(&["templates/foo.txt", "templates/UP.HTML", "templates/a.html"])
                    .has(&["templates/foo.txt", "templates/UP.HTML", &parsed("a")])
                    .has_no(&[&parsed("foo"), &parsed("foo.txt"), &parsed("UP")])
                    .lacks("manifest.json", "foo")
                    .lacks("manifest.json", "UP"),
                with("templates/x.html.old.html", "")
                    .file("templates/d.html/y.html", "")
                    .holds("manifest.json", "\"x.old.html\"")
                    .holds("manifest.json", "\"d/y.html\"")
                    .has(&[&parsed("x.html.old"), &parsed("d.html/y")]),
            ],
        ),
        point(
            10,
            "the executable bit survives",
            vec![
                case().executable("assets/run.sh").has(&["assets/run.sh", "manifest.json"]),
                // Links are stored as what they mean.
                case()
                    .files(&["assets/js/a.js", "templates/components/a.html", "meta/x"])
                    .link("assets/js/b.js", "a.js")
                    .link("assets/c.js", "js/b.js")
                    .link("meta/d.js", "../assets/js/a.js")
                    .link("templates/components/b.html", "a.html")
                    .holds(&parsed("components/b"), "templates/components/a.html")
                    .incomplete(),
            ],
        ),
        point(
            11,
            "names beyond ASCII are marked as UTF-8",
            vec![case().files(&["assets/é ü.txt", "assets/plain.txt"]).has(&["assets/é ü.txt"])],
        ),
        point(
            12,
            "without a schema there are empty ones",
            vec![case().is("schema.json", "[]").is("schemaTranslations.json", "{}")],
        ),
        point(
            25,
            "a ring of quoted names ends here, and never there",
            vec![
                with("templates/a.html", "{{> 'b'}}")
                    .file("templates/b.html", "{{> 'a'}}")
                    .closure("a", &["a", "b"])
                    .closure("b", &["b", "a"])
                    .ends(Ending::Warned("include-cycle")),
            ],
        ),
    ]
}

fn maps() -> super::case::Case {
    case()
        .files(&["assets/js/app.js.map", "assets/js/app.js", "assets/css/app.css.map"])
        .files(&["templates/app.js.map", "meta/app.js.map", "assets/x.js.map/a.js"])
        .has(&["templates/app.js.map", "meta/app.js.map", "assets/css/app.css.map"])
        .has(&["assets/x.js.map/a.js", "assets/js/app.js"])
}

fn dotfiles() -> Vec<super::case::Case> {
    vec![
        case()
            .files(&["assets/.hidden", "assets/.dir/x", "meta/.hidden", "templates/.dot.html"])
            .files(&["templates/.dir/d.html", ".eslintrc", ".eslintignore", ".scss-lint.yml"])
            .files(&[".stylelintrc", ".gitignore", "assets/js/.app.js.map"])
            .file("lang/.hidden.json", "{}")
            .has(&[".eslintrc", ".eslintignore", ".scss-lint.yml", &parsed(".dir/d")])
            .has_no(&["assets/.hidden", "assets/.dir/x", "assets/.dir/", "meta/.hidden"])
            .has_no(&["templates/.dot.html", "templates/.dir/d.html", "lang/.hidden.json"])
            .has_no(&[".stylelintrc", ".gitignore", &parsed(".dot")])
            .incomplete(),
    ]
}
