//! Points about parsed templates: what a template refers to.

use super::case::{Case, Ending, Point, case, point, with};

const PAGE: &str = "templates/pages/p.html";

pub(super) fn points() -> Vec<Point> {
    vec![
        point(
            13,
            "the MD5 of its name names a parsed file",
            vec![case().has(&["parsed/templates/ec0290bde4a1a1182b8449c119fc3041.json"])],
        ),
        point(
            14,
            "a template comes first in its own file",
            vec![
                with("templates/b.html", "{{> a}}")
                    .file("templates/a.html", "{{> b}}")
                    .closure("b", &["b", "a"])
                    .closure("a", &["a", "b"]),
            ],
        ),
        point(
            15,
            "front matter is kept",
            vec![case().holds(&super::case::parsed("pages/home"), "---\\nhero: true\\n---\\nHome")],
        ),
        point(16, "these are references", references()),
        point(17, "these are no references", no_references()),
        point(
            18,
            "a reference in a comment counts",
            vec![
                page("{{!-- {{> a}} --}}").closure("pages/p", &["pages/p", "a"]),
                page("<!-- {{> a}} -->").closure("pages/p", &["pages/p", "a"]),
            ],
        ),
        point(
            19,
            "a dot ends a name",
            vec![
                page("{{> components/foo.bar}}")
                    .file("templates/components/foo.html", "")
                    .file("templates/components/foo.bar.html", "")
                    .closure("pages/p", &["pages/p", "components/foo"]),
            ],
        ),
        point(
            20,
            "a partial block is no reference",
            vec![page("{{> @partial-block}}{{> a}}").closure("pages/p", &["pages/p", "a"])],
        ),
        point(21, "a dynamic component means all files of a folder", dynamic()),
        point(22, "folders of dynamic components", broken_folders()),
        point(23, "a missing partial", missing()),
        point(
            24,
            "a ring of plain names",
            vec![
                with("templates/a.html", "{{> b}}{{> a}}")
                    .file("templates/b.html", "{{> a}}")
                    .closure("a", &["a", "b"])
                    .closure("b", &["b", "a"]),
            ],
        ),
        point(
            26,
            "nobody misses head.scripts",
            vec![case().lacks("templates/layout/base.html", "scripts")],
        ),
        point(
            27,
            "names that are numbers come first",
            vec![
                page("{{> a}}{{> 404}}{{> 10}}")
                    .file("templates/404.html", "{{> a}}")
                    .file("templates/10.html", "")
                    .closure("pages/p", &["10", "404", "pages/p", "a"])
                    .closure("404", &["404", "a"]),
            ],
        ),
        point(29, "templates of packages", packages()),
    ]
}

/// A page of this text beside a template `a`.
fn page(text: &str) -> Case {
    with(PAGE, text).file("templates/a.html", "")
}

fn references() -> Vec<Case> {
    let texts = [
        "{{> a}}",
        "{{>a}}",
        "{{#> a}}{{/a}}",
        "{{> \"a\"}}",
        "{{> 'a'}}",
        "{{> \"a'}}",
        "{{{> a}}}",
        "{{> a ~}}",
        "{{>\n  a\n  x=1\n}}",
        "{{> a x=b}}",
        "\\{{> a}}",
        "{{{{raw}}}}{{> a}}{{{{/raw}}}}",
    ];
    together(&texts, &["pages/p", "a"])
}

fn no_references() -> Vec<Case> {
    let texts = ["{{~> a}}", "{{ > a}}", "{{> a x=\"{y}\"}}", "{{> (f)}}", "{{##> a}}", "{{> a"];
    together(&texts, &["pages/p"])
}

/// One case, in which each of these texts is the whole of a page.
fn together(texts: &[&str], keys: &[&'static str]) -> Vec<Case> {
    let mut case = page(texts[0]).closure("pages/p", keys);
    for (index, text) in texts.iter().enumerate() {
        let name = format!("pages/p{index}");
        let own: &'static str = String::leak(name.clone());
        let keys: Vec<&'static str> =
            [own].into_iter().chain(keys.iter().skip(1).copied()).collect();
        case = case.file(&format!("templates/{name}.html"), text).closure(&name, &keys);
    }
    vec![case]
}

fn dynamic() -> Vec<Case> {
    let folder = |text: &str| {
        page(text).file("templates/d/y.html", "").file("templates/d/x.b.html", "{{> a}}")
    };
    let all: &[&str] = &["pages/p", "d/x.b", "d/y", "a"];
    let none: &[&str] = &["pages/p"];
    vec![
        folder("{{dynamicComponent \"d\"}}").closure("pages/p", all),
        folder("{{{ dynamicComponent 'd/' x=1 }}}").closure("pages/p", all),
        folder("{{dynamicComponent\n'd'}}").closure("pages/p", all),
        folder("{{dynamicComponent 'd'\n}}").closure("pages/p", none),
        folder("{{x (dynamicComponent \"d\")}}").closure("pages/p", none),
        folder("{{dynamicComponent d}}").closure("pages/p", none),
        folder("{{dynamicComponent 'd'}}")
            .file("templates/d/.h.html", "")
            .closure("pages/p", &["pages/p", "d/.h", "d/x.b", "d/y", "a"])
            .incomplete(),
        folder("{{> d/y}}{{dynamicComponent 'd'}}{{> a}}")
            .closure("pages/p", &["pages/p", "d/y", "a", "d/x.b"]),
    ]
}

fn broken_folders() -> Vec<Case> {
    let call = || page("{{dynamicComponent 'd'}}");
    let files = |case: Case| case.file("templates/d/x.html", "");
    let mended =
        |case: Case| files(case).closure("pages/p", &["pages/p", "d/x"]).ends(Ending::Mended);
    vec![
        call().ends(Ending::Refused("missing-partial")),
        mended(call().file("templates/d/sub/y.html", "")),
        mended(call().file("templates/d/notes.txt", "")),
        mended(call().file("templates/d/.DS_Store", "")),
        files(call()).file("templates/d/x.txt", "").closure("pages/p", &["pages/p", "d/x"]),
    ]
}

fn missing() -> Vec<Case> {
    let refused = Ending::Refused("missing-partial");
    vec![
        page("{{> gone}}").ends(Ending::Refused("missing-partial")),
        with("templates/unused.html", "{{> gone}}").ends(Ending::Refused("missing-partial")),
        page("{{!-- {{> gone}} --}}").ends(Ending::Warned("missing-partial")),
        page("{{> 'é'}}").file("templates/é.html", "").ends(refused),
        page("{{> 'x.y'}}").file("templates/x.y.html", "").ends(refused),
        page("{{> 'a.html'}}").ends(refused),
        page("{{> \"my comp/x\"}}").file("templates/my comp/x.html", "").ends(refused),
    ]
}

fn packages() -> Vec<Case> {
    let package = |text: &str| {
        page(text)
            .file("node_modules/p/templates/x.html", "{{> y a='1*2'  b=c }}{{#> y}}{{/y}}")
            .file("node_modules/p/templates/y.html", "y")
            .file("node_modules/p/templates/deep/z.html", "z")
    };
    let refused = Ending::Refused("missing-partial");
    let z = super::case::parsed("external/p/templates/deep/z");
    vec![
        package("{{> 'external/p/templates/x'}}")
            .closure("pages/p", &["pages/p", "external/p/templates/x", "external/p/templates/y"])
            .holds(
                &super::case::parsed("pages/p"),
                "{{> 'external/p/templates/y' a='1 2' b=c }}{{#> y}}",
            )
            .has(&[&z])
            .lacks("manifest.json", "external"),
        package("{{> external/p/templates/x}}")
            .closure("pages/p", &["pages/p", "external/p/templates/x", "external/p/templates/y"])
            .has_no(&[&z])
            .lacks("manifest.json", "external"),
        page("{{> 'external/p/templates/x'}}").ends(refused),
        package("{{> 'external/p/templates/x'}}")
            .file("node_modules/p/templates/.hidden.html", "{{> gone}}")
            .has_no(&[&super::case::parsed("external/p/templates/.hidden")]),
        package("{{> 'external/p/templates/x'}}")
            .file("node_modules/p/templates/x.html", "{{> 'y'}}")
            .ends(refused),
        package("{{> 'external/p/templates/x'}}")
            .file("node_modules/p/templates/unused.html", "{{> gone}}")
            .ends(refused),
    ]
}
