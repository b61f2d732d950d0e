//! How far the scripts of a page may reach: the hosts that they may go to, by themselves or on a user action.
//!
//! It collects what scripts, attributes and templates name; the caller asks about the hosts that matter.

use super::script::{Reading, hosts, words};
use super::tag::HOLE;
use std::collections::BTreeSet;

/// The hosts that the scripts of a page may go to, by themselves or on a user action.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reach {
    /// Hosts named by scripts that go to another page; a NUL stands for a part that is computed at run time.
    navigation_hosts: BTreeSet<String>,
    /// Hosts named by any other script, or by something that scripts can read.
    named: BTreeSet<String>,
    /// For each script that goes to an address that it puts together, the words in the script.
    pieces: BTreeSet<BTreeSet<String>>,
    /// Hosts named by script elements that do not run, but would go to another page.
    idle: BTreeSet<String>,
    /// Whether a script may insert or run such an element.
    inserts: bool,
    /// Whether a script goes to an address that it gets from elsewhere.
    goes_anywhere: bool,
    /// Hosts of links, each with the ID of the link or of an element in it; empty for none.
    links: BTreeSet<(String, String)>,
    /// IDs of elements that may be in any of these links.
    in_any_link: BTreeSet<String>,
    /// Hosts of forms.
    forms: BTreeSet<String>,
    /// Hosts in texts that the page shows.
    shown: BTreeSet<String>,
    /// Whether a script goes by itself to an address that it reads from an element of the page.
    reads_page: bool,
    /// The IDs of elements that scripts click or submit by themselves; an empty one stands for any element.
    clicked: BTreeSet<String>,
}

/// Minimum number of known letters that identify a host.
const MIN_LETTERS: usize = 3;

impl Reach {
    /// Adds a script.
    pub(super) fn add(&mut self, reading: &Reading) {
        self.goes_anywhere |= reading.goes_anywhere;
        self.inserts |= reading.inserts;
        self.reads_page |= reading.reads_page;
        self.clicked.extend(reading.clicked.iter().cloned());
        let hosts = if reading.goes { &mut self.navigation_hosts } else { &mut self.named };
        hosts.extend(reading.hosts.iter().cloned());
        if !reading.pieces.is_empty() && !self.pieces.contains(&reading.pieces) {
            self.pieces.insert(reading.pieces.clone());
        }
    }

    /// Adds a script element that does not run.
    pub(super) fn add_idle(&mut self, reading: &Reading) {
        self.idle.extend(reading.hosts.iter().cloned());
        self.named.extend(reading.hosts.iter().cloned());
    }

    /// Adds a text that scripts can read.
    pub(super) fn name(&mut self, text: &str) {
        self.named.extend(hosts(text));
    }

    /// Adds the address of a link, with the ID of the link or of an element in it.
    pub(super) fn link(&mut self, id: &str, address: &str) {
        self.links.extend(hosts(address).into_iter().map(|host| (id.to_owned(), host)));
    }

    /// Adds the ID of an element that may be in any link.
    pub(super) fn link_any(&mut self, id: &str) {
        self.in_any_link.insert(id.to_owned());
    }

    /// Adds the address of a form.
    pub(super) fn form(&mut self, address: &str) {
        self.forms.extend(hosts(address));
    }

    /// Adds a text that the page shows.
    pub(super) fn show(&mut self, text: &str) {
        self.shown.extend(hosts(text));
    }

    /// Adds an address that a script goes to, or is fetched from.
    pub(super) fn go(&mut self, address: &str) {
        self.navigation_hosts.extend(hosts(address));
    }

    /// Adds string literals in expressions of the templates.
    pub(super) fn print(&mut self, literals: &BTreeSet<String>) {
        literals.iter().for_each(|text| self.name(text));
        if self.goes_anywhere {
            self.pieces.insert(literals.iter().flat_map(|text| words(text)).collect());
        }
    }

    /// Merges what may be reached after either of two paths, or after one and then the other.
    pub fn join(&mut self, other: &Self) {
        self.navigation_hosts.extend(other.navigation_hosts.iter().cloned());
        self.named.extend(other.named.iter().cloned());
        self.pieces.extend(other.pieces.iter().cloned());
        self.goes_anywhere |= other.goes_anywhere;
        self.idle.extend(other.idle.iter().cloned());
        self.inserts |= other.inserts;
        self.links.extend(other.links.iter().cloned());
        self.in_any_link.extend(other.in_any_link.iter().cloned());
        self.forms.extend(other.forms.iter().cloned());
        self.shown.extend(other.shown.iter().cloned());
        self.reads_page |= other.reads_page;
        self.clicked.extend(other.clicked.iter().cloned());
    }

    /// Whether a script may follow, by itself, the link with this ID.
    fn follows(&self, id: &str) -> bool {
        self.reads_page
            || ["", id].iter().any(|id| self.clicked.contains(*id))
            || !self.clicked.is_disjoint(&self.in_any_link)
    }

    /// Whether scripts may go to this host.
    pub fn reaches(&self, host: &str) -> bool {
        self.navigation_hosts.iter().any(|near| may_be(near, host))
            || self.inserts && self.idle.contains(host)
            || self.goes_anywhere && self.named.contains(host)
            || self.links.iter().any(|(id, of_link)| of_link == host && self.follows(id))
            || (self.reads_page || !self.clicked.is_empty()) && self.forms.contains(host)
            || self.reads_page && self.shown.contains(host)
            || self.pieces.iter().any(|pieces| make(pieces, host))
    }
}

/// Whether a text with holes may become this host, and has enough known letters to identify it.
fn may_be(near: &str, host: &str) -> bool {
    let mut parts = near.split(HOLE);
    let (Some(first), Some(last)) = (parts.next(), parts.next_back()) else { return near == host };
    let letters = near.chars().filter(char::is_ascii_alphanumeric).count();
    let inner = host.strip_prefix(first).and_then(|rest| rest.strip_suffix(last));
    let after = |rest: &str, part: &str| Some(rest.find(part)? + part.len());
    letters >= MIN_LETTERS
        && inner
            .and_then(|inner| parts.try_fold(inner, |rest, part| Some(&rest[after(rest, part)?..])))
            .is_some()
}

/// Whether a host can be put together from words, or begins with a word that ends in a dot.
fn make(pieces: &BTreeSet<String>, host: &str) -> bool {
    let is_start = |piece: &&String| piece.ends_with('.') && piece.len() > MIN_LETTERS;
    if pieces.iter().filter(is_start).any(|piece| host.starts_with(piece.as_str())) {
        return true;
    }
    let mut reached = BTreeSet::from([0]);
    let mut next = vec![0];
    while let Some(at) = next.pop() {
        let rest = host[at..].trim_start_matches('.');
        let ends = pieces.iter().map(|piece| piece.trim_matches('.')).filter_map(|piece| {
            let after = rest.strip_prefix(piece).filter(|_| piece.len() > 1)?;
            Some(host.len() - after.len())
        });
        for end in ends {
            if reached.insert(end) {
                next.push(end);
            }
        }
    }
    reached.contains(&host.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_with_holes_may_be_a_matching_host() {
        for near in
            ["shop.example.com", "shop.\0.com", "\0.example.com", "shop\0", "s\0example.com"]
        {
            assert!(may_be(near, "shop.example.com"), "{near:?}");
        }
        for other in ["example.com", "\0", "a\0", "shop.\0.net", "\0.com.example", "www\0"] {
            assert!(!may_be(other, "shop.example.com"), "{other:?}");
        }
    }

    #[test]
    fn host_can_be_assembled_from_words_in_any_order() {
        let make = |pieces: &[&str]| {
            make(&pieces.iter().map(|piece| (*piece).to_owned()).collect(), "shop.example.com")
        };
        assert!(make(&["com", "shop", "example"]) && make(&["shop.exam", "ple.com", "x"]));
        assert!(make(&["shop."]) && make(&["shop.example.com"]));
        assert!(
            !make(&["shop", "com"]) && !make(&["shop"]) && !make(&[]) && !make(&["example.com"])
        );
        assert!(!make(&["s", "h", "o", "p", "e", "x", "a", "m", "l", "c"]));
    }
}
