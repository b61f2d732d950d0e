//! Where the finished kept pages still lead, grouped by destination.

use super::super::words::short;
use crate::pipeline::ways_out::{End, Exit};
use crate::verify::ways_out::Kind;
use serde::Serialize;

/// Ways off kept pages that end at the same kind of place.
#[derive(Serialize)]
pub(super) struct Exits {
    key: &'static str,
    label: &'static str,
    count: usize,
    ways: Vec<Way>,
}

/// One way off a kept page.
#[derive(Serialize)]
struct Way {
    what: &'static str,
    written: String,
    path: String,
    line: usize,
    pages: String,
}

/// The ends with their appearance and words; those that need a look come first.
const ENDS: &[(End, &str, &str)] = &[
    (End::Open, "open", "to pages of the old shop that shoppers see"),
    (End::Unknown, "unclear", "where no template shows it"),
    (End::Guarded, "guarded", "to guarded pages, which lead to the storefront"),
    (End::Outside, "shown", "to other sites, a telephone or an e-mail"),
    (End::Kept, "kept", "to kept pages"),
];

pub(super) fn exits(exits: &[(Exit, usize)]) -> Vec<Exits> {
    let of_end = |(end, key, label): &(End, &'static str, &'static str)| {
        let ways = exits.iter().filter(|(exit, _)| exit.end == *end);
        let ways: Vec<Way> = ways.map(|(exit, line)| way(exit, *line)).collect();
        (!ways.is_empty()).then_some(Exits { key, label, count: ways.len(), ways })
    };
    ENDS.iter().filter_map(of_end).collect()
}

fn way(exit: &Exit, line: usize) -> Way {
    let pages: Vec<&str> = exit.pages.iter().map(|page| short(page)).collect();
    Way {
        what: words(exit.kind),
        written: exit.written.clone(),
        path: exit.place.path.clone(),
        line,
        pages: pages.join(", "),
    }
}

fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::Link => "link",
        Kind::Form => "form",
        Kind::Button => "button",
        Kind::Frame => "frame",
        Kind::Refresh => "refresh",
        Kind::Data => "data for scripts",
        Kind::Script => "script",
        Kind::Text => "text of the language file",
        Kind::Unseen => "printed by the store",
    }
}
