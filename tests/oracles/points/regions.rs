//! Points about the manifest and the regions in it.

use super::case::{Case, Ending, Point, case, point, with};

const PAGE: &str = "templates/pages/p.html";
const MANIFEST: &str = "manifest.json";

pub(super) fn points() -> Vec<Point> {
    vec![
        point(
            44,
            "regions of all pages, then all templates",
            vec![
                case()
                    .files(&["templates/a.html", "templates/pages/deep/er/x.html"])
                    .files(&["templates/blog-post.html", "templates/blog.html", "templates/_x.html"])
                    .files(&["templates/B.html", "templates/é.html", "templates/deep/er/y.html"])
                    .keys(MANIFEST, &["regions", "templates"])
                    .holds(MANIFEST, "\"pages/home\": []")
                    .holds(MANIFEST, "\"pages/deep/er/x\": []"),
                with("templates/pages/x.html.old.html", "")
                    .holds(MANIFEST, "\"pages/x.html.old\": []")
                    .ends(Ending::Mended),
            ],
        ),
        point(
            45,
            "a region in a quoted partial is lost",
            vec![
                page("{{> 'q'}}{{> u}}{{#> b}}{{/b}}{{~> t}}{{> u}}")
                    .file("templates/q.html", region("in-quoted"))
                    .file("templates/b.html", region("in-block"))
                    .file("templates/t.html", region("in-tilde"))
                    .file("templates/u.html", region("in-unquoted"))
                    .holds(MANIFEST, "in-unquoted")
                    .lacks(MANIFEST, "in-quoted")
                    .lacks(MANIFEST, "in-block")
                    .lacks(MANIFEST, "in-tilde"),
                page("{{> components//x}}")
                    .file("templates/components/x.html", region("in-x"))
                    .ends(Ending::Mended),
            ],
        ),
        point(46, "a region in a partial block needs the block of its layout", blocks()),
        point(
            47,
            "regions of dynamic components, by the beginning of their names",
            vec![
                page("{{{dynamicComponent 'c/dyn'}}}{{> 'c/dyninc'}}")
                    .file("templates/c/dyn/b.html", region("of-b"))
                    .file("templates/c/dyn/a.html", format!("{}{{{{> x}}}}", region("of-a")))
                    .file("templates/c/dyninc.html", region("of-inc"))
                    .file("templates/x.html", region("of-x"))
                    .is(MANIFEST, DYNAMIC),
            ],
        ),
        point(48, "the first translation of a page is that of all its regions", translations()),
        point(
            49,
            "these are no regions, and none counts twice",
            vec![
                page(
                    "{{region name=\"bad1\"}}{{{~region name=\"bad2\"}}}{{{region name=bad3}}}\n\
                    {{{region name=\"bad 4\"}}}\n{{{region name='y'}}}{{{ region\n x=1 name=|z|}}}{{{region name='y'}}}\
                    <!-- {{{region name=\"w\"}}} -->",
                )
                .lacks(MANIFEST, "bad")
                .holds(MANIFEST, "\"y\"")
                .holds(MANIFEST, "\"z\"")
                .holds(MANIFEST, "\"w\""),
            ],
        ),
    ]
}

const DYNAMIC: &str = r#"{
  "regions": {
    "pages/home": [],
    "pages/p": [
      {
        "name": "of-a"
      },
      {
        "name": "of-b"
      },
      {
        "name": "of-inc"
      }
    ]
  },
  "templates": [
    "x",
    "layout/base",
    "pages/home",
    "pages/p",
    "c/dyninc",
    "c/dyn/a",
    "c/dyn/b"
  ]
}"#;

fn page(text: &str) -> Case {
    with(PAGE, text)
}

fn region(name: &str) -> String {
    format!("{{{{{{region name=\"{name}\"}}}}}}")
}

fn blocks() -> Vec<Case> {
    let text = format!(
        "{{{{#partial \"p\"}}}}{}{{{{/partial}}}}{{{{#partial \"gone\"}}}}{}{{{{/partial}}}}{{{{> l}}}}",
        region("mine"),
        region("lost")
    );
    let layout = format!(
        "{}{{{{#block \"p\"}}}}{}{{{{/block}}}}{{{{#block \"other\"}}}}{{{{/block}}}}",
        region("first"),
        region("default")
    );
    vec![
        page(&text)
            .file("templates/l.html", layout)
            .holds(
                MANIFEST,
                "\"first\"\n      },\n      {\n        \"name\": \"default\"\n      },\n      {\n        \"name\": \"mine\"",
            )
            .lacks(MANIFEST, "lost"),
    ]
}

fn translations() -> Vec<Case> {
    let text = format!(
        "{}\n{{{{{{region name=\"b\" translation='i18n.RegionName.X'}}}}}}\n\
        {{{{{{region name=\"c\" translation='i18n.RegionName.Y'}}}}}}",
        region("a")
    );
    vec![
        page(&text)
            .holds(MANIFEST, "\"name\": \"a\",\n        \"translation\": \"i18n.RegionName.X\"")
            .holds(MANIFEST, "\"name\": \"c\",\n        \"translation\": \"i18n.RegionName.X\"")
            .lacks(MANIFEST, "RegionName.Y"),
        page(&region("a")).holds(MANIFEST, "\"name\": \"a\"").lacks(MANIFEST, "translation"),
    ]
}
