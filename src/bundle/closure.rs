//! A template with everything that it refers to, in the official assembler's order.

use super::event_loop::{Queue, STAT_TICKS, read_ticks};
use super::js_json;
use super::sources::Sources;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// A template of a closure: its key and its text.
pub(super) type Member<'s> = (&'s str, &'s Cow<'s, str>);

enum Step<'s> {
    Read(&'s str),
    Follow(&'s [String]),
}

/// Returns the closure of the template `name`, starting with the template itself; missing files are left out.
pub(super) fn closure<'s>(sources: &'s Sources<'_>, name: &'s str) -> Vec<Member<'s>> {
    let mut members = Vec::new();
    let mut asked = BTreeSet::from([name]);
    let mut queue = Queue::new();
    queue.push(1, Step::Read(name));
    while let Some(step) = queue.pop() {
        let includes = match step {
            Step::Follow(includes) => includes,
            Step::Read(name) => {
                let Some(source) = sources.get(name) else {
                    continue;
                };
                members.push((name, &source.text));
                if !source.references.folders.is_empty() {
                    queue.push(STAT_TICKS, Step::Follow(&source.includes));
                    continue;
                }
                &source.includes
            }
        };
        for include in includes {
            let length = sources.get(include).map(|source| source.text.len());
            if asked.insert(include) {
                queue.push(length.map_or(STAT_TICKS, read_ticks), Step::Read(include));
            }
        }
    }
    members
}

/// Returns the content of the parsed file of the template `name`.
pub(super) fn parsed(sources: &Sources<'_>, name: &str) -> Vec<u8> {
    js_json::write_texts(closure(sources, name).into_iter().map(|(key, text)| (key, text.as_ref())))
}

/// Returns the path of the parsed file of the template `name`.
pub fn parsed_path(name: &str) -> String {
    use md5::Digest;
    let digest = md5::Md5::digest(name.as_bytes());
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("parsed/templates/{hex}.json")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::tests::theme;

    fn keys(files: &[(&str, &str)], name: &str) -> Vec<String> {
        let theme = theme(files);
        let sources = Sources::new(&theme);
        let members = closure(&sources, name);
        members.into_iter().map(|(key, _)| key.to_owned()).collect()
    }

    #[test]
    fn parsed_file_is_named_by_the_md5_of_its_template_name() {
        assert_eq!(
            parsed_path("pages/home"),
            "parsed/templates/ec0290bde4a1a1182b8449c119fc3041.json"
        );
    }

    #[test]
    fn members_are_breadth_first_with_dynamic_ones_a_tick_later() {
        let files = [
            ("templates/pages/p.html", "{{> a}}{{> d}}{{> b}}"),
            ("templates/a.html", "{{> c}}"),
            ("templates/b.html", "{{> e}}"),
            ("templates/c.html", ""),
            ("templates/d.html", "{{> f}}{{dynamicComponent 'dyn'}}"),
            ("templates/dyn/x.html", ""),
            ("templates/dyn/a.txt", ""),
            ("templates/dyn/.hid.html", ""),
            ("templates/e.html", ""),
            ("templates/f.html", ""),
        ];
        assert_eq!(
            keys(&files, "pages/p"),
            ["pages/p", "a", "d", "b", "c", "e", "f", "dyn/.hid", "dyn/x"]
        );
    }

    #[test]
    fn quoted_and_unquoted_cycles_terminate() {
        let files = [("templates/a.html", "{{> b}}{{> a}}"), ("templates/b.html", "{{> 'a'}}")];
        assert_eq!(keys(&files, "a"), ["a", "b"]);
        assert_eq!(keys(&files, "b"), ["b", "a"]);
    }
}
