//! Builds the list of templates in the manifest, in the order in which the official bundler's walk of
//! `templates/` finds them.

use super::event_loop::{Queue, STAT_TICKS};
use crate::theme::Theme;
use std::collections::BTreeMap;

/// The walk of one directory.
#[derive(Debug, Default)]
struct Walk<'a> {
    parent: Option<usize>,
    /// The number of entries and nested walks that are not done.
    open: usize,
    found: Vec<&'a str>,
}

enum Step<'a> {
    List { walk: usize, path: &'a str },
    Ask { walk: usize, path: &'a str },
}

/// Returns the names of all templates.
pub(super) fn listed(theme: &Theme) -> Vec<&str> {
    let children = children(theme);
    let mut walks = vec![Walk::default()];
    let mut queue = Queue::new();
    queue.push(STAT_TICKS, Step::List { walk: 0, path: "templates" });
    while let Some(step) = queue.pop() {
        match step {
            Step::List { walk, path } => {
                let entries = children.get(path).map(Vec::as_slice).unwrap_or_default();
                walks[walk].open = entries.len();
                for path in entries {
                    queue.push(STAT_TICKS, Step::Ask { walk, path });
                }
                close(&mut walks, walk);
            }
            Step::Ask { walk, path } if theme.directories.contains(path) => {
                walks.push(Walk { parent: Some(walk), ..Walk::default() });
                let walk = walks.len() - 1;
                queue.push(STAT_TICKS, Step::List { walk, path });
            }
            Step::Ask { walk, path } => {
                walks[walk].found.extend(template_name(path));
                walks[walk].open -= 1;
                close(&mut walks, walk);
            }
        }
    }
    walks.swap_remove(0).found
}

/// Moves the results of a finished walk to its parent.
fn close(walks: &mut [Walk<'_>], mut walk: usize) {
    while walks[walk].open == 0
        && let Some(parent) = walks[walk].parent
    {
        let found = std::mem::take(&mut walks[walk].found);
        walks[parent].found.extend(found);
        walks[parent].open -= 1;
        walk = parent;
    }
}

/// Returns the files and directories by parent directory, in byte order of their full names.
fn children(theme: &Theme) -> BTreeMap<&str, Vec<&str>> {
    let mut children: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let paths = theme.files.keys().chain(&theme.directories);
    for path in paths.filter(|path| path.starts_with("templates/")) {
        if let Some((directory, _)) = path.rsplit_once('/') {
            children.entry(directory).or_default().push(path);
        }
    }
    children.values_mut().for_each(|paths| paths.sort_unstable());
    children
}

/// Returns a template's name in the manifest: its path without the first `.html`, which may not be the last
/// one. The official tool crashes on such a page; here the page keeps the name of its parsed file.
pub(super) fn manifest_name(name: &str) -> String {
    match name.starts_with("pages/") {
        true => name.to_owned(),
        false => format!("{name}.html").replacen(".html", "", 1),
    }
}

fn template_name(path: &str) -> Option<&str> {
    let name = path.strip_prefix("templates/")?.strip_suffix(".html")?;
    let file = name.rsplit('/').next().unwrap_or(name);
    (!file.is_empty() && !file.starts_with('.')).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::tests::theme;

    #[test]
    fn manifest_name_drops_the_first_html_suffix() {
        assert_eq!(manifest_name("pages/x.html.old"), "pages/x.html.old");
        assert_eq!(manifest_name("a/x.html.old"), "a/x.old.html");
        assert_eq!(manifest_name("a/x.html/y"), "a/x/y.html");
    }

    #[test]
    fn files_come_before_those_in_subdirectories() {
        let theme = theme(&[
            ("templates/pages/deep/er/x.html", ""),
            ("templates/pages/home.html", ""),
            ("templates/a/b.html", ""),
            ("templates/z.html", ""),
            ("templates/blog.html", ""),
            ("templates/blog-post.html", ""),
            ("templates/.hidden.html", ""),
            ("templates/.dot/d.html", ""),
            ("templates/x.txt", ""),
            ("templates/UP.HTML", ""),
        ]);
        assert_eq!(
            listed(&theme),
            ["blog-post", "blog", "z", ".dot/d", "a/b", "pages/home", "pages/deep/er/x"]
        );
    }
}
