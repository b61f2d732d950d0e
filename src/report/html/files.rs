//! The files that change, each side by side, as far as there is room: the page stays below a megabyte.

use super::super::diff::is_binary;
use super::super::overview::{ChangedFile, Decisions};
use super::super::words::count;
use super::sides::{Row, rows};
use serde::Serialize;

/// One file that changes.
#[derive(Serialize)]
pub(super) struct File {
    pub(super) id: String,
    pub(super) path: String,
    kind: &'static str,
    note: String,
    rows: Vec<Row>,
    left_out: Option<String>,
}

/// Rows of one file at most.
const MOST_ROWS_OF_FILE: usize = 300;

/// The files, with as many rows as fit into `room` bytes of HTML.
pub(super) fn files(decisions: &Decisions, mut room: usize) -> Vec<File> {
    let file = |(number, file): (usize, &ChangedFile)| {
        let mut rows = all_rows(file);
        let total = rows.len();
        rows.truncate(MOST_ROWS_OF_FILE);
        let fits = |row: &Row| {
            let left = room.checked_sub(row.size());
            room = left.unwrap_or(0);
            left.is_some()
        };
        let shown = rows.iter().map(fits).take_while(|fits| *fits).count();
        rows.truncate(shown);
        File {
            id: format!("file-{number}"),
            path: file.change.path.clone(),
            kind: if file.is_added() { "added" } else { "edited" },
            note: note(file),
            left_out: left_out(total - shown),
            rows,
        }
    };
    decisions.files.iter().enumerate().map(file).collect()
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

/// What kind of change it is.
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
            if rows == 1 { "1 line is".to_owned() } else { format!("{} are", count(rows, "line")) }
        )
    })
}
