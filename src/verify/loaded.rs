//! The script files that a page loads: how far they may reach.

use super::reach::Reach;
use super::script::read_file;
use crate::theme::Theme;
use crate::theme::pages::Templates;
use crate::theme::scripts::{derived, loaded};

/// How far the script files that a page loads may reach.
pub fn of_files(theme: &Theme, templates: &Templates, page: &str) -> Reach {
    let mut reach = Reach::default();
    let loaded = loaded(theme, templates, page);
    let readings = loaded.files.iter().filter_map(|path| derived(theme, path, read_file));
    readings.for_each(|reading| reach.add(&reading));
    if loaded.misses {
        reach.run_unknown();
    }
    reach
}
