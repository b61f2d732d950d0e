//! The architecture as a test: a module imports only from the floors below its own.

use std::path::Path;

/// The floors from the lowest to the highest; those on one line never import one another.
const FLOORS: &[&[&str]] = &[
    &["stamp"],
    &["text", "output"],
    &["syntax"],
    &["theme"],
    &["guard", "verify", "bundle", "store"],
    &["pipeline"],
    &["report", "config"],
    &["commands"],
    &["cli"],
    &["main", "lib"],
];

fn floor(module: &str) -> usize {
    FLOORS
        .iter()
        .position(|floor| floor.contains(&module))
        .unwrap_or_else(|| panic!("`{module}` stands on no floor; add it to the table"))
}

/// The top-level modules that a file imports from.
fn imports(path: &[&str], source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    for line in code {
        let inside_module = usize::from(line.starts_with(' '));
        let depth = path.len() + inside_module;
        for (at, _) in line.match_indices("crate::").chain(line.match_indices("stencil_guard::")) {
            let rest = line[at..].split_once("::").map(|(_, rest)| rest).unwrap_or_default();
            found.extend(names(rest));
        }
        let climbs = line.matches("super::").count();
        if climbs >= depth && !line.contains("super::*") {
            let rest = line.rsplit("super::").next().unwrap_or_default();
            found.extend(names(rest));
        }
    }
    found
}

/// The first segment of a path, or of each path in braces.
fn names(rest: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    match rest.strip_prefix('{') {
        Some(list) => list.split('}').next().unwrap_or_default().split(',').map(word).collect(),
        None => vec![word(rest)],
    }
}

#[test]
fn arrows_point_downward() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut checked = 0;
    for entry in walkdir::WalkDir::new(&root) {
        let entry = entry.unwrap();
        if entry.path().extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let below = entry.path().strip_prefix(&root).unwrap().with_extension("");
        let mut path: Vec<&str> = below.iter().map(|part| part.to_str().unwrap()).collect();
        path.retain(|part| *part != "mod");
        let own = path[0];
        let source = std::fs::read_to_string(entry.path()).unwrap();
        for name in imports(&path, &source) {
            checked += 1;
            let is_below = name == own || floor(&name) < floor(own);
            let is_alone = own == "output" && name != "output" && name != "stamp";
            assert!(
                is_below && !is_alone,
                "{} imports from `{name}`, which is not below `{own}`",
                below.display()
            );
        }
    }
    assert!(checked > 40, "only {checked} imports were found; does this test still read the code?");
}

#[test]
fn an_arrow_that_points_upward_is_seen() {
    assert_eq!(imports(&["guard", "plan"], "use crate::verify::judge;"), ["verify"]);
    assert_eq!(imports(&["theme"], "use super::guard::plan;"), ["guard"]);
    assert_eq!(imports(&["theme", "pages"], "    use super::super::super::guard;"), ["guard"]);
    assert_eq!(imports(&["theme", "pages"], "use super::Theme;"), Vec::<String>::new());
    assert_eq!(imports(&["a"], "use crate::{text, syntax::ast};"), ["text", "syntax"]);
}
