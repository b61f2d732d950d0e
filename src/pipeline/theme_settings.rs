//! What pages do under the guard's own settings in the theme editor: guarded as built, guarded if the store
//! does not know the switch, and shown while the switch is off.

use crate::guard::theme_settings::{ENABLED, STOREFRONT, printed_storefront};
use crate::text::{Code, Finding};
use crate::verify::{Customer, Scripts, Setting, Visitor};
use std::collections::BTreeMap;

/// Stands for a storefront that is set in the theme editor.
const OTHER_STOREFRONT: &str = "https://set-in-the-editor.invalid";

/// Returns the settings as they are before anybody changes them.
pub(super) fn as_built() -> BTreeMap<String, Setting> {
    settings(Setting::Switch(true), "")
}

fn settings(switch: Setting, storefront: &str) -> BTreeMap<String, Setting> {
    let storefront = Setting::Text(storefront.to_owned());
    BTreeMap::from([(ENABLED.to_owned(), switch), (STOREFRONT.to_owned(), storefront)])
}

/// Returns guests of stores with other settings, with two flags: whether they should see guarded pages, and
/// whether reports name them only if something is wrong.
pub(super) fn changed() -> Vec<(Visitor, bool, bool)> {
    let guest = |scripts, settings| Visitor { scripts, settings, ..Visitor::new(Customer::Guest) };
    let off = || settings(Setting::Switch(false), "");
    let missing =
        BTreeMap::from([ENABLED, STOREFRONT].map(|name| (name.to_owned(), Setting::Missing)));
    let unclear = settings(Setting::Text("false".to_owned()), "");
    let elsewhere = || settings(Setting::Switch(true), OTHER_STOREFRONT);
    let kinds = [
        (guest(Scripts::Run, off()), true),
        (guest(Scripts::Off, off()), true),
        (guest(Scripts::Run, missing.clone()), false),
        (guest(Scripts::Off, missing), false),
        (guest(Scripts::Run, unclear), false),
        (guest(Scripts::Run, elsewhere()), false),
        (guest(Scripts::Off, elsewhere()), false),
    ];
    // Reports show the effect of the switch for every page, and the other kinds only if something is wrong.
    let kinds = kinds.into_iter().enumerate();
    kinds.map(|(at, (visitor, should_see))| (visitor, should_see, at > 0)).collect()
}

/// Whether an address stands for a storefront that is set in the theme editor.
pub(super) fn is_set(address: &str) -> bool {
    address.trim_end_matches('/') == OTHER_STOREFRONT
}

/// Whether a link, as written, leads to the storefront that is set in the theme editor.
pub(super) fn is_storefront(link: &[u8]) -> bool {
    memchr::memmem::find(link, printed_storefront().as_bytes()).is_some()
}

/// Returns the names of a visitor of a store with other settings: the identifier in reports for programs, a
/// suffix for customers, and the phrase for guests.
pub(super) fn name(visitor: &Visitor) -> Option<(&'static str, &'static str, &'static str)> {
    let storefront = visitor.settings.get(STOREFRONT);
    let is_elsewhere =
        storefront.is_some_and(|it| *it == Setting::Text(OTHER_STOREFRONT.to_owned()));
    let without_scripts = visitor.scripts == Scripts::Off;
    match visitor.settings.get(ENABLED)? {
        Setting::Switch(false) if without_scripts => Some((
            "switched-off-without-scripts",
            "without scripts, while the guard is switched off",
            "visitors without scripts while the guard is switched off",
        )),
        Setting::Switch(false) => Some((
            "switched-off",
            "while the guard is switched off",
            "visitors while the guard is switched off",
        )),
        Setting::Missing if without_scripts => Some((
            "without-the-settings-and-scripts",
            "without scripts, in a store that does not know the settings yet",
            "visitors without scripts of a store that does not know the settings yet",
        )),
        Setting::Missing => Some((
            "without-the-settings",
            "in a store that does not know the settings yet",
            "visitors of a store that does not know the settings yet",
        )),
        Setting::Text(_) => Some((
            "switch-is-a-text",
            "in a store where the switch is a text",
            "visitors of a store where the switch is a text",
        )),
        Setting::Switch(true) if is_elsewhere && without_scripts => Some((
            "other-storefront-without-scripts",
            "without scripts, while another storefront is set",
            "visitors without scripts while another storefront is set",
        )),
        Setting::Switch(true) if is_elsewhere => Some((
            "other-storefront",
            "while another storefront is set",
            "visitors while another storefront is set",
        )),
        Setting::Switch(true) => None,
    }
}

/// Notes that the theme editor has a switch, and what pages do while it is off.
pub(super) fn note(guarded: usize) -> Finding {
    let pages = match guarded {
        1 => "the guarded page is".to_owned(),
        count => format!("all {count} guarded pages are"),
    };
    let message = format!(
        "the theme editor has a switch for the guard and a field for the storefront; while the switch is off, {pages} shown to everybody"
    );
    Finding::new(Code::EditorSwitch, message)
        .in_file("config.json")
        .help("links on kept pages stay as they were built; an empty field means the storefront that was built in")
}
