//! The files that change, each side by side, as long as there is room: the page stays below a megabyte.

use super::super::diff::is_binary;
use super::super::overview::{ChangedFile, Decisions};
use super::sides::{Row, rows};
use crate::text::counted;
use serde::Serialize;
use std::collections::BTreeMap;

/// All files that change.
#[derive(Serialize)]
pub(super) struct Files {
    shown: Vec<File>,
    /// The files for which there is no room.
    listed: Vec<Listed>,
}

/// One file that changes, side by side.
#[derive(Serialize)]
struct File {
    id: String,
    path: String,
    kind: &'static str,
    note: String,
    rows: Vec<Row>,
    left_out: Option<String>,
}

/// One file that is only listed as changed.
#[derive(Serialize)]
struct Listed {
    id: String,
    path: String,
    kind: &'static str,
    lines: String,
}

/// The maximum number of rows of one file.
const MAX_ROWS_OF_FILE: usize = 300;
/// The maximum number of bytes of HTML around the rows and the paths of one file.
const MARKUP: usize = 900;

/// Returns the anchor of a file in the page, by its number in the decisions.
pub(super) fn id(number: usize) -> String {
    format!("file-{number}")
}

/// Returns the files, with as many rows as fit into `room` bytes of HTML. The files that need the least room
/// come first, so that most files are shown.
pub(super) fn files(decisions: &Decisions, mut room: usize) -> Files {
    let files = decisions.files.iter().enumerate();
    let mut files: Vec<_> = files.map(|(number, file)| (number, file, all_rows(file))).collect();
    files.sort_by_key(|(.., rows)| rows.iter().map(Row::size).sum::<usize>());
    let (mut shown, mut listed) = (BTreeMap::new(), BTreeMap::new());
    for (number, file, rows) in files {
        let first = rows.first().map_or(0, Row::size);
        match room.checked_sub(MARKUP + 4 * file.change.path.len() + first) {
            Some(left) => {
                room = left + first;
                shown.insert(number, shown_file(number, file, rows, &mut room));
            }
            None => {
                room = 0;
                listed.insert(number, listed_file(number, file, rows.len()));
            }
        }
    }
    Files { shown: shown.into_values().collect(), listed: listed.into_values().collect() }
}

/// Returns a file with as many of its first rows as fit.
fn shown_file(number: usize, file: &ChangedFile, mut rows: Vec<Row>, room: &mut usize) -> File {
    let total = rows.len();
    rows.truncate(MAX_ROWS_OF_FILE);
    let fits = |row: &Row| {
        let left = room.checked_sub(row.size());
        *room = left.unwrap_or(0);
        left.is_some()
    };
    let fitting = rows.iter().map(fits).take_while(|fits| *fits).count();
    rows.truncate(fitting);
    File {
        id: id(number),
        path: file.change.path.clone(),
        kind: kind(file),
        note: note(file),
        left_out: left_out(total - fitting),
        rows,
    }
}

fn listed_file(number: usize, file: &ChangedFile, rows: usize) -> Listed {
    Listed {
        id: id(number),
        path: file.change.path.clone(),
        kind: kind(file),
        lines: counted(rows, "line"),
    }
}

fn kind(file: &ChangedFile) -> &'static str {
    if file.is_added() { "added" } else { "edited" }
}

fn all_rows(file: &ChangedFile) -> Vec<Row> {
    match has_text(file) {
        true if !file.is_moved() => rows(&file.change.before, &file.change.after),
        _ => Vec::new(),
    }
}

fn has_text(file: &ChangedFile) -> bool {
    !is_binary(&file.change.before) && !is_binary(&file.change.after)
}

/// Describes the kind of change.
fn note(file: &ChangedFile) -> String {
    match &file.copy_of {
        _ if !has_text(file) => "This file holds no text.".to_owned(),
        Some(original) if file.is_moved() => {
            format!("The text of {original}, byte for byte.")
        }
        Some(original) => format!("A copy of {original}, with which it is compared here."),
        None if file.change.before.is_none() => "This file is new.".to_owned(),
        None => "This file is edited in its place.".to_owned(),
    }
}

fn left_out(rows: usize) -> Option<String> {
    (rows > 0).then(|| {
        format!(
            "{} not shown here, so that this page stays small; “stencil-guard diff” shows all.",
            if rows == 1 {
                "1 line is".to_owned()
            } else {
                format!("{} are", counted(rows, "line"))
            }
        )
    })
}
