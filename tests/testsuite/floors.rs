//! The architecture as a test: a module imports only from the floors below its own, and the files of a room
//! never import one another in a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use syn::visit::{self, Visit};

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
    &["cli", "library"],
    &["main", "lib"],
];

/// A path of modules below the crate.
type ModulePath = Vec<String>;

/// What one file imports.
struct Imports {
    /// The module that is being read.
    module: ModulePath,
    in_tests: bool,
    /// All paths that lead into the crate, and whether only tests use them.
    found: Vec<(ModulePath, bool)>,
}

impl Imports {
    fn of(module: &[&str], source: &str) -> Vec<(ModulePath, bool)> {
        let module = module.iter().map(|name| (*name).to_owned()).collect();
        let mut imports = Self { module, in_tests: false, found: Vec::new() };
        imports.visit_file(&syn::parse_file(source).unwrap());
        imports.found
    }

    /// Adds a path, if it begins where only this crate can be meant.
    fn add(&mut self, segments: &[String]) {
        let (first, mut rest) = segments.split_first().unwrap();
        let mut path = match first.as_str() {
            "crate" | "stencil_guard" => Vec::new(),
            "self" => self.module.clone(),
            "super" => self.module[..self.module.len() - 1].to_vec(),
            _ => return,
        };
        while first == "super" && rest.first().is_some_and(|name| name == "super") {
            path.pop();
            rest = &rest[1..];
        }
        path.extend_from_slice(rest);
        self.found.push((path, self.in_tests));
    }

    fn add_tree(&mut self, before: &[String], tree: &syn::UseTree) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.add_tree(&with(&path.ident), &path.tree),
            syn::UseTree::Name(name) => self.add(&with(&name.ident)),
            syn::UseTree::Rename(name) => self.add(&with(&name.ident)),
            syn::UseTree::Glob(_) => self.add(before),
            syn::UseTree::Group(group) => {
                group.items.iter().for_each(|tree| self.add_tree(before, tree));
            }
        }
    }
}

impl<'ast> Visit<'ast> for Imports {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let outside = self.in_tests;
        self.in_tests |= item.ident == "tests";
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
        self.in_tests = outside;
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.add_tree(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> =
            path.segments.iter().map(|part| part.ident.to_string()).collect();
        self.add(&segments);
        visit::visit_path(self, path);
    }
}

/// All modules that are files, by their paths, with their texts.
fn modules() -> BTreeMap<ModulePath, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let entries = walkdir::WalkDir::new(&root).into_iter().map(Result::unwrap);
    let files = entries.filter(|entry| entry.path().extension().is_some_and(|kind| kind == "rs"));
    files
        .map(|entry| {
            let below = entry.path().strip_prefix(&root).unwrap().with_extension("");
            let names = below.iter().map(|part| part.to_str().unwrap().to_owned());
            let module = names.filter(|name| name != "mod").collect();
            (module, std::fs::read_to_string(entry.path()).unwrap())
        })
        .collect()
}

fn imports_of(module: &[String], source: &str) -> Vec<(ModulePath, bool)> {
    Imports::of(&module.iter().map(String::as_str).collect::<Vec<_>>(), source)
}

fn floor(module: &str) -> usize {
    FLOORS
        .iter()
        .position(|floor| floor.contains(&module))
        .unwrap_or_else(|| panic!("`{module}` stands on no floor; add it to the table"))
}

#[test]
fn arrows_point_downward() {
    let mut checked = 0;
    for (module, source) in modules() {
        let own = module[0].as_str();
        let imports = imports_of(&module, &source);
        for name in imports.iter().filter_map(|(path, _)| path.first()) {
            // What the crate's root has is on no floor.
            if !FLOORS.iter().any(|floor| floor.contains(&name.as_str())) {
                assert!(["main", "lib"].contains(&own), "{module:?} imports `{name}`");
                continue;
            }
            checked += 1;
            let is_below = name == own || floor(name) < floor(own);
            let is_alone = own == "output" && name != "output" && name != "stamp";
            assert!(
                is_below && !is_alone,
                "{module:?} imports from `{name}`, which is not below `{own}`"
            );
        }
    }
    assert!(checked > 40, "only {checked} imports were found; does this test still read the code?");
}

/// For each room, what each module in it imports from the others there. A room and what stands in it may
/// know each other.
type Rooms = BTreeMap<ModulePath, BTreeMap<String, BTreeSet<String>>>;

fn rooms(modules: &BTreeMap<ModulePath, String>) -> Rooms {
    let mut rooms = Rooms::new();
    for (module, source) in modules.iter().filter(|(module, _)| *module.last().unwrap() != "tests")
    {
        for (path, _) in imports_of(module, source).iter().filter(|(_, in_tests)| !in_tests) {
            let shared = module.iter().zip(path).take_while(|(one, other)| one == other).count();
            let (Some(from), Some(to)) = (module.get(shared), path.get(shared)) else {
                continue;
            };
            if modules.contains_key(&path[..=shared]) {
                let room = rooms.entry(module[..shared].to_vec()).or_default();
                room.entry(from.clone()).or_default().insert(to.clone());
            }
        }
    }
    rooms
}

/// All that `from` imports, and what that imports, and so on.
fn reached<'r>(room: &'r BTreeMap<String, BTreeSet<String>>, from: &'r str) -> BTreeSet<&'r str> {
    let mut seen = BTreeSet::new();
    let mut next = vec![from];
    while let Some(name) = next.pop() {
        let imports = room.get(name).into_iter().flatten().map(String::as_str);
        next.extend(imports.filter(|name| seen.insert(*name)));
    }
    seen
}

/// The circles of a room: each as the sorted names in it.
fn circles(room: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<Vec<&str>> {
    let reach: BTreeMap<&str, BTreeSet<&str>> =
        room.keys().map(|name| (name.as_str(), reached(room, name))).collect();
    let in_circle = |name: &str| -> Vec<&str> {
        let others = reach[name].iter().copied();
        others.filter(|other| reach.get(other).is_some_and(|far| far.contains(name))).collect()
    };
    reach.keys().map(|name| in_circle(name)).filter(|circle| !circle.is_empty()).collect()
}

#[test]
fn the_files_of_a_room_form_no_circle() {
    let rooms = rooms(&modules());
    assert!(rooms.len() > 10, "only {} rooms were found", rooms.len());
    let found: Vec<String> = rooms
        .iter()
        .flat_map(|(path, room)| {
            circles(room)
                .into_iter()
                .map(|circle| format!("in `{}`: {}", path.join("::"), circle.join(", ")))
        })
        .collect();
    assert!(found.is_empty(), "files import one another in a circle:\n{}", found.join("\n"));
}

#[test]
fn an_arrow_that_points_upward_is_seen() {
    let found = |module: &[&str], source: &str| -> Vec<String> {
        Imports::of(module, source).into_iter().map(|(path, _)| path.join("::")).collect()
    };
    assert_eq!(found(&["guard", "plan"], "use crate::verify::judge;"), ["verify::judge"]);
    assert_eq!(found(&["theme"], "use super::guard::plan;"), ["guard::plan"]);
    assert_eq!(
        found(&["theme", "pages"], "mod tests { use super::super::super::guard; }"),
        ["guard"]
    );
    assert_eq!(found(&["theme", "pages"], "fn f() -> super::Theme {}"), ["theme::Theme"]);
    assert_eq!(found(&["a"], "use crate::{text, syntax::ast};"), ["text", "syntax::ast"]);
    assert_eq!(found(&["a"], "use std::fmt; fn f() { b::c() }"), Vec::<String>::new());
}

#[test]
fn a_circle_is_seen_through_other_files_and_folders() {
    let modules = [
        (vec!["a"], "mod b; mod c; mod d; fn f() { b::f() }"),
        (vec!["a", "b"], "use super::{c::f, X};"),
        (vec!["a", "c"], "mod tests { use crate::a::b; }"),
        (vec!["a", "c", "e"], "fn f() { crate::a::d::f() }"),
        (vec!["a", "d"], "use super::b::*;"),
    ];
    let modules = modules.map(|(module, source)| {
        (module.into_iter().map(str::to_owned).collect(), source.to_owned())
    });
    let mut modules = BTreeMap::from(modules);
    let circle = vec!["b", "c", "d"];
    assert_eq!(circles(&rooms(&modules)[&vec!["a".to_owned()]]), BTreeSet::from([circle]));
    modules.insert(
        vec!["a".to_owned(), "d".to_owned()],
        "mod tests { use super::super::b; }".to_owned(),
    );
    assert!(circles(&rooms(&modules)[&vec!["a".to_owned()]]).is_empty());
}
