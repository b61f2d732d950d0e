//! Finds scripts that go to another page, with the part of the address that is written out; also refreshes.

use super::{Kind, WayOut, way_to};
use crate::theme::Theme;
use crate::theme::pages::Templates;
use crate::theme::scripts;
use memchr::memmem;

/// Returns the places in scripts and handlers of a template that lead to another page.
pub(super) fn ways_out(theme: &Theme, templates: &Templates, name: &str) -> Vec<WayOut> {
    let leads = scripts::of_template(theme, templates, name);
    let of_scripts = leads.iter().filter(|lead| !lead.is_link);
    let ways =
        of_scripts.map(|lead| match lead.written.is_empty() && lead.address == "{{unknown}}" {
            true => WayOut {
                span: lead.span,
                kind: Kind::Script,
                written: String::new(),
                destinations: Vec::new(),
            },
            false => WayOut {
                written: lead.written.clone(),
                ..way_to(lead.address.as_bytes(), lead.span, Kind::Script, None)
            },
        });
    ways.collect()
}

/// Returns where the address in the `content` of a refresh begins.
pub(super) fn after_url(content: &[u8]) -> Option<usize> {
    let is_delay = content.trim_ascii_start().first().is_some_and(u8::is_ascii_digit);
    let lower = content.to_ascii_lowercase();
    let at = memmem::find(&lower, b"url=").filter(|_| is_delay)?;
    Some(at + b"url=".len())
}
