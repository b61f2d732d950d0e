//! Finds the ways off a page, as its templates spell them: links, forms, frames, refreshes, scripts and texts
//! of the language file; and places that print something that no template shows.
//!
//! This module reads no rules and decides nothing; the caller judges where a way out leads.

mod places;
mod scripts;

pub use places::Language;

use crate::syntax::html::{StartTag, TagAttribute};
use crate::text::Span;
use crate::theme::Theme;
use crate::theme::destinations::{Destination, LinkContext, targets};
use crate::theme::pages::Templates;
use schemars::JsonSchema;
use serde::Serialize;

/// What leads away from a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "WayOut")]
pub enum Kind {
    /// `a` or `area`.
    Link,
    /// A form.
    Form,
    /// A button that submits a form elsewhere.
    Button,
    /// A frame with another document.
    Frame,
    /// A `meta` refresh.
    Refresh,
    /// A data attribute that scripts read.
    Data,
    /// A script that sets the location.
    Script,
    /// A text of the language file that contains a link.
    Text,
    /// Printed content that no template shows.
    Unseen,
}

/// One way off a page.
#[derive(Clone, Debug, PartialEq)]
pub struct WayOut {
    /// Its place in the template.
    pub span: Span,
    /// The kind of way out.
    pub kind: Kind,
    /// The address as spelled, or what is printed.
    pub written: String,
    /// The possible destinations of the address; empty if it is not written out.
    pub destinations: Vec<Destination>,
}

/// Attributes that lead somewhere: their elements, their name, and the kind of way out.
const NAVIGATING: &[(&[&str], &[u8], Kind)] = &[
    (&["a", "area"], b"href", Kind::Link),
    (&["a"], b"xlink:href", Kind::Link),
    (&["form"], b"action", Kind::Form),
    (&["button", "input"], b"formaction", Kind::Button),
    (&["iframe", "frame"], b"src", Kind::Frame),
];

/// Prefix of the attributes in which the guard keeps a link's original address; no script reads them.
const GUARD_PREFIX: &[u8] = b"data-guard-";

/// Returns the ways out in the template `name`, in source order.
pub fn ways_out(
    theme: &Theme,
    templates: &Templates,
    language: &Language,
    name: &str,
) -> Vec<WayOut> {
    let Some(source) = theme.template(name) else { return Vec::new() };
    let markup = templates.markup(theme, name);
    let attributes = markup.tags.iter().flat_map(|tag| {
        tag.attributes.iter().filter_map(|attribute| of_attribute(source, tag, attribute))
    });
    let mut found: Vec<WayOut> = attributes.collect();
    found.extend(scripts::ways_out(theme, templates, name));
    found.extend(places::ways_out(templates, language, name, &markup));
    found.sort_by_key(|way| (way.span.start, way.kind));
    found
}

fn of_attribute(source: &[u8], tag: &StartTag, attribute: &TagAttribute) -> Option<WayOut> {
    let name = attribute.name.of(source).to_ascii_lowercase();
    let value = attribute.value?;
    let row = NAVIGATING.iter().find(|(elements, known, _)| {
        *known == name.as_slice() && elements.contains(&tag.element.as_str())
    });
    let way = |kind, value| way(source, value, kind, tag.scope.as_deref());
    match row {
        Some((_, _, kind)) => Some(way(*kind, value)),
        None if name.starts_with(b"data-") && !name.starts_with(GUARD_PREFIX) => {
            let way = way(Kind::Data, value);
            way.destinations.iter().any(is_page).then_some(way)
        }
        None if tag.element == "meta" && name == b"content" => {
            let start = scripts::after_url(value.of(source))?;
            Some(way(Kind::Refresh, Span::new(value.start + start, value.end)))
        }
        None => None,
    }
}

fn way(source: &[u8], value: Span, kind: Kind, scope: Option<&str>) -> WayOut {
    way_to(value.of(source), value, kind, scope)
}

/// Returns the way out to an address.
fn way_to(address: &[u8], span: Span, kind: Kind, scope: Option<&str>) -> WayOut {
    let written = String::from_utf8_lossy(address).trim().to_owned();
    let around = LinkContext { scope, ..LinkContext::default() };
    let found = targets(address, around);
    let destinations = found.into_iter().map(|target| target.destination).collect();
    WayOut { span, kind, written, destinations }
}

/// Whether a destination is certainly a page, so that the value is an address and not other data.
fn is_page(destination: &Destination) -> bool {
    use Destination::{CartAction, Checkout, Page, PageAction};
    matches!(destination, Page(_) | PageAction(_) | Checkout | CartAction)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the ways out of a page, each with its kind and where it leads.
    fn found(page: &str) -> Vec<String> {
        let language =
            br#"{"help": {"text": "Ask <a href=\"/contact-us/\">us</a>", "plain": "x"}}"#;
        let theme = Theme::default().with([
            ("templates/pages/cart.html".to_owned(), Some(page.into())),
            ("lang/en.json".to_owned(), Some(language.to_vec())),
        ]);
        let ways = ways_out(&theme, &Templates::new(&theme), &Language::read(&theme), "pages/cart");
        ways.iter()
            .map(|way| {
                assert_eq!(way.span, Span::new(way.span.start, way.span.end.min(page.len())));
                format!("{:?} {} {:?}", way.kind, way.written, way.destinations)
            })
            .collect()
    }

    #[test]
    fn every_kind_of_way_out_is_found_with_its_destination() {
        for (page, expected) in [
            ("<a href='{{urls.home}}'>", "Link {{urls.home}} [Page(\"pages/home\")]"),
            ("<area href=/login.php>", "Link /login.php [Page(\"pages/auth/login\")]"),
            ("<form action='/search.php'>", "Form /search.php [Page(\"pages/search\")]"),
            ("<button formaction='/checkout'>", "Button /checkout [Checkout]"),
            ("<iframe src=https://a.example/x>", "Frame https://a.example/x [Host(\"a.example\")]"),
            ("<p data-to='{{urls.cart}}'>", "Data {{urls.cart}} [Page(\"pages/cart\")]"),
            (
                "<meta http-equiv=refresh content='0; url=/brands/'>",
                "Refresh /brands/ [Page(\"pages/brands\")]",
            ),
            (
                "<script>location.href = '{{urls.home}}';</script>",
                "Script {{urls.home}} [Page(\"pages/home\")]",
            ),
            (
                "<button onclick=\"window.location.assign('/cart.php')\">",
                "Script /cart.php [Page(\"pages/cart\")]",
            ),
            ("<script>location = next</script>", "Script  []"),
            ("<script>location['replace']('/checkout')</script>", "Script /checkout [Checkout]"),
            ("<script>location.pathname = '/checkout'</script>", "Script /checkout [Checkout]"),
            ("<script>window.open('/checkout')</script>", "Script /checkout [Checkout]"),
            ("<script>navigation.navigate('/checkout')</script>", "Script /checkout [Checkout]"),
            ("<p>{{{lang 'help.text'}}}", "Text /contact-us/ [Unknown]"),
            ("{{{region name='banner'}}}", "Unseen region \"banner\" []"),
            ("{{{page.content}}}", "Unseen page.content []"),
            ("{{{footer.scripts}}}", "Unseen footer.scripts []"),
            ("{{{snippet 'top'}}}", "Unseen snippet \"top\" []"),
        ] {
            assert_eq!(found(page), [expected], "{page}");
        }
    }

    #[test]
    fn markup_that_leads_nowhere_is_not_a_way_out() {
        for page in [
            "<p data-size='3' title='/cart.php'>",
            "<a data-guard-href='/cart.php'>",
            "<link href='/cart.php'><img src='/cart.php'>",
            "<meta name=description content='url'>",
            "{{page.content}} {{{lang 'help.plain'}}} {{{cdn 'a.css'}}} {{{stylesheet 'a'}}}",
            "<script>var a = {{{json cart}}}; if (location.href == '/cart.php') {}</script>",
            "{{#partial 'head'}}{{/partial}}",
        ] {
            assert_eq!(found(page), [""; 0], "{page}");
        }
    }
}
