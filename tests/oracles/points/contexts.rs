//! Points about the list of variables that templates read.

use super::case::{Case, Point, point, with};

const CONTEXT: &str = "parsed/stencilContext.json";

pub(super) fn points() -> Vec<Point> {
    vec![
        point(
            51,
            "variables of a list have its name in front",
            vec![
                page("{{#each products}}{{name}}{{../x}}{{@index}}{{/each}}")
                    .keys(CONTEXT, &["products", "products.name", "x", "products.index"])
                    .holds(
                        CONTEXT,
                        "\"count\": 1,\n    \"paths\": [\n      \"pages/p.html\"\n    ]",
                    ),
            ],
        ),
        point(
            52,
            "values handed to a partial have their own names there, and not beyond",
            vec![
                page("{{> p v=a.b}}")
                    .file("templates/p.html", "{{v}}{{v.z}}{{> q}}")
                    .file("templates/q.html", "{{v}}")
                    .keys(CONTEXT, &["a.b", "a.b.z", "v"]),
                page("{{> p u=(concat a b c) v=w x=(concat d (if e f) g)}}{{> p u=(if h) v=(if i (if j k=l) m) w=(if (if n)) x=(if 'y' o)}}{{> p u=(if 0 q) v=(if (if (if r))) w=(if '' true s) x=(if false 1 t)}}")
                    .file("templates/p.html", ""),
                page("{{> '/p'}}{{> 'c//q'}}{{> 'd'}}")
                    .file("templates/p.html", "{{a}}")
                    .file("templates/c/q.html", "{{b}}")
                    .file("templates/d/index.html", "{{c}}")
                    .file("templates/d.html", "{{d}}")
                    .keys(CONTEXT, &["a", "b", "d", "component.c"]),
            ],
        ),
        point(
            53,
            "names of helpers and values handed to blocks do not count",
            vec![
                page(
                    "{{json}}{{length}}{{a.length}}{{#if c x=d}}{{/if}}{{lang e f=g}}{{toString}}",
                )
                .keys(CONTEXT, &["a.length", "c", "e", "g"]),
            ],
        ),
        point(
            54,
            "templates that no page reaches have a name of their kind in front",
            vec![
                with("templates/components/lone.html", "{{x}}")
                    .file("templates/components/common/forms/f.html", "{{y}}")
                    .file("templates/components/other/options/o.html", "{{z}}")
                    .keys(CONTEXT, &["form.y", "component.x", "form.z"]),
                with("templates/.html", "{{a}}")
                    .file("templates/pages/.html", "{{b}}")
                    .file("templates/pages/.hid.html", "{{c}}")
                    .file("templates/.hid.html", "{{d}}")
                    .keys(CONTEXT, &["c", "component.d"])
                    .incomplete(),
            ],
        ),
        point(
            55,
            "a template that the engine cannot parse is bundled, without its variables",
            vec![
                page("{{a}}{{#if b}}")
                    .file("templates/pages/q.html", "{{#> x}}{{/x}}{{c}}")
                    .file("templates/x.html", "{{d}}")
                    .file("templates/pages/r.html", "{{e}}")
                    .keys(CONTEXT, &["e", "component.d"])
                    .has(&["templates/pages/p.html", &super::case::parsed("pages/p")]),
            ],
        ),
    ]
}

fn page(text: &str) -> Case {
    with("templates/pages/p.html", text)
}
