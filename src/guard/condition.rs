//! Builds the Handlebars conditions that let pages and visitors through; no other module does.
//!
//! It relies on BigCommerce's helpers, where `if` and `unless` also work in parentheses. It uses only
//! equality with quoted or numeric operands: other tests let guests in.

use super::group::Group;
use super::storefront::Visit;
use super::theme_settings::{ENABLED, STOREFRONT};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// A condition with two branches: one for what is let through, one for what is guarded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    terms: Vec<String>,
}

impl Condition {
    /// Lets the kept templates through (such as `pages/checkout`), and the local preview unless
    /// `guard_development` is set.
    #[must_use]
    pub fn guarded(kept: &[String], guard_development: bool) -> Condition {
        let mut terms: Vec<String> = kept.iter().map(|name| equals("template", name)).collect();
        terms.extend(page_types(kept));
        if !guard_development {
            terms.push("(if in_development '===' true)".to_owned());
        }
        // A renderer that does not name its template might be rendering the checkout.
        terms.push("(unless template)".to_owned());
        Condition { terms }
    }

    /// Matches this kept page and no other.
    #[must_use]
    pub fn kept_page(name: &str) -> Condition {
        let mut terms = vec![equals("template", name)];
        terms.extend(page_types(std::slice::from_ref(&name.to_owned())));
        Condition { terms }
    }

    /// Matches these templates and no others.
    #[must_use]
    pub fn pages(names: &[String]) -> Condition {
        Condition { terms: names.iter().map(|name| equals("template", name)).collect() }
    }

    /// Matches pages in this language, in any region.
    #[must_use]
    pub fn language(language: &str) -> Condition {
        let name = language.to_ascii_lowercase();
        let (length, start) = (name.len() + 1, literal(&format!("{name}-")));
        let equal = format!("(if (toLowerCase locale_name) '===' {})", literal(&name));
        // Loose equality, because `truncate` does not return a plain string.
        let starts = format!("(if (truncate (toLowerCase locale_name) {length}) '==' {start})");
        Condition { terms: vec![equal, starts] }
    }

    /// Opens a block for visits on this host of the shop, in this language, or both.
    #[must_use]
    pub fn visit(visit: &Visit) -> String {
        let host = visit.host.as_ref().map(|host| equals("settings.request.host", host));
        let locale =
            visit.locale.as_ref().map(|locale| equals("(toLowerCase locale_name)", locale));
        let terms: Vec<String> = host.into_iter().chain(locale).collect();
        format!("{{{{#all {}}}}}", terms.join(" "))
    }

    /// Closes the block that [`Condition::visit`] opens.
    pub const END_OF_VISIT: &str = "{{/all}}";

    /// Renders `text` for visits that fit `visit`, and `otherwise` for all others.
    #[must_use]
    pub fn by_visit(visit: &Visit, text: &str, otherwise: &str) -> String {
        let (opening, end) = (Self::visit(visit), Self::END_OF_VISIT);
        format!("{opening}{text}{{{{else}}}}{otherwise}{end}")
    }

    /// Also lets through members of a customer group.
    #[must_use]
    pub fn or_group(mut self, group: &Group) -> Condition {
        self.terms.push(match group {
            // Loose equality, because the platform gives the number as a number or as a string.
            Group::Id(id) => format!("(if customer.customer_group_id '==' {id})"),
            Group::Name(name) => equals("customer.customer_group_name", name),
        });
        self
    }

    /// Also lets everybody through while the switch in the theme editor is off. A setting that is missing
    /// from the store, or is anything but `false`, counts as on.
    #[must_use]
    pub fn or_switched_off(mut self) -> Condition {
        self.terms.push(format!("(if theme_settings.{ENABLED} '===' false)"));
        self
    }

    /// Opens a block for shops whose theme editor sets a storefront that browsers without scripts can be
    /// redirected to: an https address other than the shop's own.
    #[must_use]
    pub fn storefront_is_set() -> String {
        let setting = format!("theme_settings.{STOREFRONT}");
        // Loose comparisons, because `concat` and `truncate` do not return plain strings.
        let own = "(concat 'https://' settings.request.host)";
        let is_not = |address: &str| format!("(if {setting} '!=' {address})");
        let terms = [
            setting.clone(),
            format!("(if (truncate {setting} 8) '==' 'https://')"),
            is_not(own),
            is_not(&format!("(concat {own} '/')")),
        ];
        format!("{{{{#all {}}}}}", terms.join(" "))
    }

    /// Opens a guard that prints nothing where visitors are let through.
    #[must_use]
    pub fn opening(&self) -> String {
        self.wrap_open("")
    }

    /// Closes the block that [`Condition::opening`] opens.
    #[must_use]
    pub fn closing(&self) -> &'static str {
        "{{/or}}"
    }

    /// Returns the whole block: `through` where visitors are let through, `guarded` elsewhere.
    #[must_use]
    pub fn wrap(&self, through: &str, guarded: &str) -> String {
        format!("{}{guarded}{}", self.wrap_open(through), self.closing())
    }

    fn wrap_open(&self, through: &str) -> String {
        format!("{{{{#or {}}}}}{through}{{{{else}}}}", self.terms.join(" "))
    }
}

/// Tests for the platform's own names of two pages, in case it renders them with another template.
fn page_types(kept: &[String]) -> impl Iterator<Item = String> {
    let types = [("pages/checkout", "checkout"), ("pages/order-confirmation", "orderconfirmation")];
    let types = types.into_iter().filter(|(page, _)| kept.iter().any(|name| name == page));
    types.map(|(_, page_type)| equals("page_type", page_type))
}

fn equals(variable: &str, text: &str) -> String {
    format!("(if {variable} '===' {})", literal(text))
}

/// Returns a Handlebars operand with this value. It encodes quotes and backslashes, which have no safe
/// spelling inside a literal, and braces and `---`, which the tools around Stencil misread.
fn literal(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || " _./-".contains(c);
    if text.chars().all(plain) && !text.contains("---") {
        return format!("'{text}'");
    }
    format!("(decodeURI '{}')", utf8_percent_encode(text, NON_ALPHANUMERIC))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(list: &[&str]) -> Vec<String> {
        list.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn page_types_are_tested_only_for_kept_pages() {
        let both =
            Condition::guarded(&names(&["pages/checkout", "pages/order-confirmation"]), false);
        assert_eq!(
            both.opening(),
            "{{#or (if template '===' 'pages/checkout') \
             (if template '===' 'pages/order-confirmation') (if page_type '===' 'checkout') \
             (if page_type '===' 'orderconfirmation') (if in_development '===' true) \
             (unless template)}}{{else}}"
        );
        assert_eq!(both.closing(), "{{/or}}");
        let one = Condition::guarded(&names(&["pages/cart"]), true);
        assert_eq!(
            one.wrap("a", "b"),
            "{{#or (if template '===' 'pages/cart') (unless template)}}a{{else}}b{{/or}}"
        );
    }

    #[test]
    fn encodes_unusual_names() {
        assert_eq!(literal("a b_c-d.e/f"), "'a b_c-d.e/f'");
        assert_eq!(literal("it's \u{e9}"), "(decodeURI 'it%27s%20%C3%A9')");
        assert_eq!(literal("a---b\\"), "(decodeURI 'a%2D%2D%2Db%5C')");
    }

    #[test]
    fn lets_groups_through() {
        let id = std::num::NonZeroU64::new(7).unwrap();
        let opening = Condition::guarded(&[], true)
            .or_group(&Group::Id(id))
            .or_group(&Group::Name("B2B".to_owned()))
            .opening();
        assert_eq!(
            opening,
            "{{#or (unless template) (if customer.customer_group_id '==' 7) \
             (if customer.customer_group_name '===' 'B2B')}}{{else}}"
        );
    }
}
