//! The architecture as a test: a module imports only from the layers below its own, and the files of a
//! directory never import one another in a cycle.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use syn::visit::{self, Visit};

/// The layers from the lowest to the highest; those on one line never import one another.
const LAYERS: &[&[&str]] = &[
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

fn layer(module: &str) -> usize {
    LAYERS
        .iter()
        .position(|layer| layer.contains(&module))
        .unwrap_or_else(|| panic!("`{module}` is in no layer; add it to the table"))
}

#[test]
fn modules_import_only_from_lower_layers() {
    let mut checked = 0;
    for (module, source) in modules() {
        let own = module[0].as_str();
        let imports = imports_of(&module, &source);
        for name in imports.iter().filter_map(|(path, _)| path.first()) {
            // What the crate's root has is in no layer.
            if !LAYERS.iter().any(|layer| layer.contains(&name.as_str())) {
                assert!(["main", "lib"].contains(&own), "{module:?} imports `{name}`");
                continue;
            }
            checked += 1;
            let is_below = name == own || layer(name) < layer(own);
            let is_alone = own == "output" && name != "output" && name != "stamp";
            assert!(
                is_below && !is_alone,
                "{module:?} imports from `{name}`, which is not below `{own}`"
            );
        }
    }
    assert!(checked > 40, "only {checked} imports were found; does this test still read the code?");
}

/// For each parent module, what each of its children imports from the others. A parent and its children may
/// import each other.
type Siblings = BTreeMap<ModulePath, BTreeMap<String, BTreeSet<String>>>;

fn siblings(modules: &BTreeMap<ModulePath, String>) -> Siblings {
    let mut parents = Siblings::new();
    for (module, source) in modules.iter().filter(|(module, _)| *module.last().unwrap() != "tests")
    {
        for (path, _) in imports_of(module, source).iter().filter(|(_, in_tests)| !in_tests) {
            let shared = module.iter().zip(path).take_while(|(one, other)| one == other).count();
            let (Some(from), Some(to)) = (module.get(shared), path.get(shared)) else {
                continue;
            };
            if modules.contains_key(&path[..=shared]) {
                let children = parents.entry(module[..shared].to_vec()).or_default();
                children.entry(from.clone()).or_default().insert(to.clone());
            }
        }
    }
    parents
}

/// All that `from` imports, and what that imports, and so on.
fn reached<'r>(
    siblings: &'r BTreeMap<String, BTreeSet<String>>,
    from: &'r str,
) -> BTreeSet<&'r str> {
    let mut seen = BTreeSet::new();
    let mut next = vec![from];
    while let Some(name) = next.pop() {
        let imports = siblings.get(name).into_iter().flatten().map(String::as_str);
        next.extend(imports.filter(|name| seen.insert(*name)));
    }
    seen
}

/// The cycles among siblings: each as the sorted names in it.
fn cycles(siblings: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<Vec<&str>> {
    let reach: BTreeMap<&str, BTreeSet<&str>> =
        siblings.keys().map(|name| (name.as_str(), reached(siblings, name))).collect();
    let in_cycle = |name: &str| -> Vec<&str> {
        let others = reach[name].iter().copied();
        others.filter(|other| reach.get(other).is_some_and(|far| far.contains(name))).collect()
    };
    reach.keys().map(|name| in_cycle(name)).filter(|cycle| !cycle.is_empty()).collect()
}

#[test]
fn modules_do_not_import_each_other_in_cycles() {
    let parents = siblings(&modules());
    assert!(parents.len() > 10, "only {} parent modules were found", parents.len());
    let found: Vec<String> = parents
        .iter()
        .flat_map(|(path, siblings)| {
            cycles(siblings)
                .into_iter()
                .map(|cycle| format!("in `{}`: {}", path.join("::"), cycle.join(", ")))
        })
        .collect();
    assert!(found.is_empty(), "files import one another in a cycle:\n{}", found.join("\n"));
}

#[test]
fn imports_of_crate_modules_are_found_in_every_form() {
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
fn import_cycles_through_other_modules_are_found() {
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
    let cycle = vec!["b", "c", "d"];
    assert_eq!(cycles(&siblings(&modules)[&vec!["a".to_owned()]]), BTreeSet::from([cycle]));
    modules.insert(
        vec!["a".to_owned(), "d".to_owned()],
        "mod tests { use super::super::b; }".to_owned(),
    );
    assert!(cycles(&siblings(&modules)[&vec!["a".to_owned()]]).is_empty());
}
