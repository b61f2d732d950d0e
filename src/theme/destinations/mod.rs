//! Determines where a link leads: reads the value of a navigating attribute as the platform and browsers do.
//!
//! This module knows hosted paths, but not which pages are kept. If blocks give a value several forms, it
//! reads each of them.

use super::endpoints::{
    Action, ENDPOINTS, EXPRESSIONS, EndpointAction, FILE_EXTENSIONS, NAMED, Named, PageAction,
};
use super::link_value::{Piece, forms};
use url::Url;

/// The destination of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// The page that the link is on, perhaps with another query.
    Itself,
    /// An anchor on the page that the link is on.
    Fragment,
    /// A telephone number, an e-mail address or another program.
    Contact,
    /// A script (`javascript:`).
    Script,
    /// Another host.
    Host(String),
    /// A page of the theme.
    Page(&'static str),
    /// The purpose of some page, such as signing in.
    PageAction(PageAction),
    /// The checkout, at whichever of its paths.
    Checkout,
    /// A change of the cart.
    CartAction,
    /// A switch to another currency or language.
    Switch,
    /// A file or data, not a page.
    File,
    /// An address that the merchant sets in the theme's or the store's settings.
    Merchant,
    /// An unknown address in the store.
    Unknown,
}

impl Destination {
    /// Returns the host, if the destination is another host.
    pub fn host(self) -> Option<String> {
        match self {
            Self::Host(host) => Some(host),
            _ => None,
        }
    }
}

impl From<EndpointAction> for Destination {
    fn from(does: EndpointAction) -> Self {
        match does {
            EndpointAction::Shows(page) => Self::Page(page),
            EndpointAction::Acts(act) => Self::PageAction(act),
            EndpointAction::Checkout => Self::Checkout,
            EndpointAction::CartAction => Self::CartAction,
            EndpointAction::Switch => Self::Switch,
            EndpointAction::File => Self::File,
            EndpointAction::Unknown => Self::Unknown,
        }
    }
}

/// The context of a link, as far as it affects where the link leads.
#[derive(Clone, Copy, Debug, Default)]
pub struct LinkContext<'a> {
    /// The list or object around the link.
    pub scope: Option<&'a str>,
    /// The page whose own content holds the link.
    pub page: Option<&'a str>,
    /// Additional hosts that belong to the store.
    pub own_hosts: &'a [String],
}

/// One form of a link's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Where it leads.
    pub destination: Destination,
    /// The expression that the value starts with, without `../`, `this.` and `@root.`.
    pub expression: Option<String>,
    /// The path, query and fragment inside the store, if they are written out.
    pub path: Option<String>,
}

/// Replaces whatever a mustache prints.
const HOLE: char = '\u{fffc}';

/// The base address against which links are resolved; no such host exists.
const BASE: &str = "https://store.invalid/";

/// Reads the `value` of a link, a template without its quotes, and returns where each of its forms leads.
pub fn targets(value: &[u8], around: LinkContext<'_>) -> Vec<Target> {
    let Some(forms) = forms(value) else {
        return vec![Target { destination: Destination::Unknown, expression: None, path: None }];
    };
    let mut targets: Vec<Target> = Vec::new();
    for form in forms {
        let target = target(&form, around);
        if !targets.contains(&target) {
            targets.push(target);
        }
    }
    targets
}

/// Determines where one form of a value leads.
fn target(form: &[Piece], around: LinkContext<'_>) -> Target {
    let is_blank = |piece: &&Piece| matches!(piece, Piece::Text(text) if text.trim().is_empty());
    let first = form.iter().find(|piece| !is_blank(piece));
    let (expression, start) = match first {
        Some(Piece::Expression(name)) => (Some(name.clone()), path_of(name, around.scope)),
        Some(Piece::File) => return simple(Destination::File, None),
        _ => (None, Some("")),
    };
    let Some(start) = start else {
        let by_name = |name| by_name(name, around);
        let destination = expression.as_deref().map_or(Destination::Unknown, by_name);
        return simple(destination, expression);
    };
    let mut address = start.to_owned();
    for piece in form.iter().skip_while(|piece| first.is_some_and(|first| first != *piece)) {
        match piece {
            Piece::Text(text) => address.push_str(text),
            piece if Some(piece) == first => {}
            Piece::Expression(name) => match path_of(name, around.scope) {
                Some(path) => address.push_str(path),
                None => address.push(HOLE),
            },
            Piece::File => address.push(HOLE),
        }
    }
    // The value continues the store's own address.
    if expression.is_some() && !address.starts_with('/') {
        address.insert(0, '/');
    }
    let (destination, path) = by_address(&address, around.own_hosts);
    Target { destination, expression, path }
}

fn simple(destination: Destination, expression: Option<String>) -> Target {
    Target { destination, expression, path: None }
}

/// Returns the hosted path that an expression of this name prints inside `scope`.
fn path_of(name: &str, scope: Option<&str>) -> Option<&'static str> {
    let find = |name: &str| EXPRESSIONS.iter().find(|(known, _)| *known == name);
    let below = scope.and_then(|scope| find(&format!("{scope}.{name}")));
    find(name).or(below).map(|(_, path)| *path)
}

/// Determines where an expression leads if only its name is known.
fn by_name(name: &str, around: LinkContext<'_>) -> Destination {
    if ["theme_settings.", "settings."].iter().any(|start| name.starts_with(start)) {
        return Destination::Merchant;
    }
    let below = around.scope.map(|scope| format!("{scope}.{name}"));
    let is_meant = |row: &&Named| {
        let is_named = |pattern: &&str| {
            fits(pattern, name) || below.as_deref().is_some_and(|name| fits(pattern, name))
        };
        let stands_there =
            row.on.is_empty() || around.page.is_some_and(|page| row.on.contains(&page));
        stands_there && row.expressions.iter().any(is_named)
    };
    NAMED.iter().find(is_meant).map_or(Destination::Unknown, |row| row.does.into())
}

/// Determines where an address leads, and its path inside the store if the path is written out.
fn by_address(address: &str, own_hosts: &[String]) -> (Destination, Option<String>) {
    let address: String = address.chars().filter(|letter| !"\t\r\n".contains(*letter)).collect();
    let address = address.trim_matches(|letter: char| letter <= ' ');
    match address.chars().next() {
        None | Some('?') => return (Destination::Itself, None),
        Some('#') => return (Destination::Fragment, None),
        _ => {}
    }
    let base = Url::parse(BASE).ok();
    let Some(url) = base.as_ref().and_then(|base| base.join(address).ok()) else {
        return (Destination::Unknown, None);
    };
    match url.scheme() {
        "http" | "https" => {}
        "javascript" => return (Destination::Script, None),
        "data" | "blob" => return (Destination::File, None),
        _ => return (Destination::Contact, None),
    }
    let host = url.host_str().unwrap_or_default();
    let is_own = own_hosts.iter().any(|own| own.eq_ignore_ascii_case(host));
    if !is_own && !BASE.contains(&format!("/{host}/")) {
        return match has_hole(host) {
            true => (Destination::Unknown, None),
            false => (Destination::Host(host.to_owned()), None),
        };
    }
    let written = &url[url::Position::BeforePath..];
    let path = (!has_hole(written)).then(|| written.to_owned());
    (by_path(&url), path)
}

/// Reports whether a mustache prints a part of `text`. Browsers escape the placeholder differently in
/// different parts of an address.
fn has_hole(text: &str) -> bool {
    text.contains(HOLE) || text.contains("%EF%BF%BC")
}

/// Determines where a path inside the store leads.
fn by_path(url: &Url) -> Destination {
    let path = url.path();
    let action = url.query_pairs().find(|(name, _)| name == "action").map(|(_, value)| value);
    let row = ENDPOINTS.iter().find(|row| {
        let is_path = match row.path.strip_suffix('/') {
            Some("") => path == "/",
            Some(folder) => path
                .strip_prefix(folder)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
            None => path == row.path,
        };
        is_path
            && match row.action {
                Action::Any => true,
                Action::None => action.is_none(),
                Action::OneOf(names) => {
                    action.as_deref().is_some_and(|action| names.contains(&action))
                }
            }
    });
    let extension = path.rsplit('/').next().and_then(|name| Some(name.rsplit_once('.')?.1));
    let is_file = extension
        .is_some_and(|extension| FILE_EXTENSIONS.contains(&&*extension.to_ascii_lowercase()));
    match row {
        Some(row) => row.does.into(),
        None if is_file => Destination::File,
        None => Destination::Unknown,
    }
}

/// Reports whether `text` matches `pattern`, in which `*` matches anything.
pub fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text.strip_prefix(start).is_some_and(|text| {
            let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            rest.is_empty() || ends.into_iter().any(|at| fits(rest, &text[at..]))
        }),
    }
}

#[cfg(test)]
mod tests;
