//! Renders the templates that the guard adds, from the files in `snippets/`.
//!
//! In a snippet, `{{name}}` is filled in here and `\{{name}}` is left for Stencil.

use handlebars::{Handlebars, no_escape};
use serde_json::{Value, json};

use super::condition::Condition;
use super::escape::attribute;
use super::paths::places;
use super::script::{Redirect, script};
use super::storefront::{ScopedStorefront, Storefront};
use super::texts::Texts;
use super::theme_settings::printed_storefront;

const HEAD: &str = include_str!("../../snippets/head.html.hbs");
const PAGE: &str = include_str!("../../snippets/page.html.hbs");

/// What the guard's snippets need to redirect shoppers.
pub struct SnippetContext<'a> {
    /// The settings of the script.
    pub redirect: &'a Redirect,
    /// The guarded pages.
    pub pages: &'a [&'a str],
    /// The texts of the link to the storefront.
    pub texts: &'a Texts,
    /// The element for search engines; may be empty.
    pub search_engines: &'a str,
}

impl SnippetContext<'_> {
    /// Returns the values that both snippets need.
    fn values(&self) -> Value {
        json!({
            "data": self.data(),
            "script": script(self.redirect),
            "search_engines": self.search_engines,
            "html": self.texts.html(),
            "text": self.texts.link(),
            "sites": self.sites(),
            "end": Condition::END_OF_VISIT.repeat(self.sites().len() - 1),
        })
    }

    /// Returns the script's data attributes: what the rules need and only the server knows.
    fn data(&self) -> String {
        let page =
            if self.redirect.paths.asks_for_page() { r#" data-page="{{template}}""# } else { "" };
        let product = if self.redirect.paths.asks_for_product() {
            r#" data-product="{{product.id}}""#
        } else {
            ""
        };
        let has_locale = |further: &ScopedStorefront| further.visit.locale.is_some();
        let locale = match self.redirect.storefront.further().iter().any(has_locale) {
            true => r#" data-locale="{{toLowerCase locale_name}}""#,
            false => "",
        };
        // On this page only: whoever has the number can open the cart.
        let cart = match self.redirect.paths.cart_param() {
            Some(_) => {
                let cart = Condition::pages(&[CART.to_owned()]).wrap("{{cart_id}}", "");
                format!(r#" data-cart="{cart}""#)
            }
            None => String::new(),
        };
        // A page that does not exist is not the checkout, whatever its path.
        let lost = match self.pages.contains(&LOST) {
            true => Condition::pages(&[LOST.to_owned()]).wrap(" data-lost=\"1\"", ""),
            false => String::new(),
        };
        let setting = match self.redirect.reads_setting {
            true => format!(r#" data-storefront="{}""#, printed_storefront()),
            false => String::new(),
        };
        format!("{page}{product}{locale}{cart}{lost}{setting}")
    }

    /// Returns where browsers without scripts go on each storefront, and the condition for it; the default
    /// storefront comes last.
    fn sites(&self) -> Vec<Value> {
        let storefront = &self.redirect.storefront;
        let further = storefront.further().iter().map(|further| {
            let opening = Condition::visit(&further.visit);
            json!({ "opening": opening, "address": self.address(&further.storefront), "otherwise": "{{else}}" })
        });
        let setting = self.redirect.reads_setting.then(|| {
            let address = printed_storefront();
            json!({ "opening": Condition::storefront_is_set(), "address": address, "otherwise": "{{else}}" })
        });
        let usual = json!({ "opening": "", "address": self.address(storefront), "otherwise": "" });
        further.chain(setting).chain([usual]).collect()
    }

    /// Returns where browsers without scripts go on one storefront, as the value of an attribute: by page,
    /// else its home page.
    fn address(&self, storefront: &Storefront) -> String {
        let places = places(&self.redirect.paths, self.pages.iter().copied(), storefront);
        let one_more = |rest: String, (address, pages): &(String, Vec<String>)| {
            Condition::pages(pages).wrap(&attribute(address), &rest)
        };
        places.iter().rev().fold(attribute(&storefront.root()), one_more)
    }
}

/// The page for addresses that do not exist.
const LOST: &str = "pages/errors/404";

/// The page that shows the cart.
const CART: &str = "pages/cart";

/// Renders the partial that comes first in a document's head: one line without a final newline, which prints
/// nothing where `condition` lets visitors through.
///
/// # Errors
/// When the snippet cannot be rendered, which is a bug in this program.
pub fn head_partial(
    condition: &Condition,
    context: &SnippetContext<'_>,
) -> Result<String, Box<handlebars::RenderError>> {
    let mut values = context.values();
    values["opening"] = condition.opening().into();
    values["closing"] = condition.closing().into();
    render(HEAD, &values)
}

/// Renders the document that shoppers get instead of a page.
///
/// # Errors
/// When the snippet cannot be rendered, which is a bug in this program.
pub fn page_partial(context: &SnippetContext<'_>) -> Result<String, Box<handlebars::RenderError>> {
    render(PAGE, &context.values())
}

fn render(snippet: &str, values: &Value) -> Result<String, Box<handlebars::RenderError>> {
    let mut engine = Handlebars::new();
    engine.set_strict_mode(true);
    engine.register_escape_fn(no_escape);
    let text = engine.render_template(snippet, values)?;
    Ok(text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::paths::{PathRule, PathTable};
    use crate::guard::storefront::Storefront;

    #[test]
    fn head_partial_is_one_line_inside_the_condition() {
        let kept = ["pages/checkout", "pages/order-confirmation"].map(str::to_owned);
        let condition = Condition::guarded(&kept, false);
        let storefront = Storefront::parse("https://shop.example/a&b---c").unwrap();
        let context = SnippetContext {
            redirect: &Redirect::to(storefront),
            pages: &[],
            texts: &Texts::default(),
            search_engines: "",
        };
        let text = head_partial(&condition, &context).unwrap();
        let start = format!(
            "{}<meta charset=\"utf-8\"><template><a target=\"_top\"{}</a></template>\
             <script nonce=\"{{{{nonce}}}}\">(",
            condition.opening(),
            Texts::default().link(),
        );
        assert!(text.starts_with(&start), "{text}");
        let root = "https://shop.example/a&amp;b&#45;&#45;&#45;c/";
        let end = format!(
            "</script><noscript><meta http-equiv=\"refresh\" content=\"0;url={root}\">\
             <a href=\"{root}\"{}</a></noscript>{{{{/or}}}}",
            Texts::default().link(),
        );
        assert!(text.ends_with(&end), "{text}");
        assert!(!text.contains(['\n', '\r']) && !text.contains("---"));
        let of_texts = 2 * Texts::default().link().matches("{{").count();
        assert_eq!(text.matches("{{").count(), 4 + of_texts, "{text}");
    }

    #[test]
    fn not_found_page_is_marked_as_lost() {
        let redirect = Redirect::to(Storefront::parse("https://shop.example").unwrap());
        let text = |pages: &[&str]| {
            let texts = &Texts::default();
            page_partial(&SnippetContext { redirect: &redirect, pages, texts, search_engines: "" })
        };
        let lost =
            "\"{{#or (if template '===' 'pages/errors/404')}} data-lost=\"1\"{{else}}{{/or}}>(";
        assert!(text(&["pages/errors/404"]).unwrap().contains(lost));
        assert!(!text(&["pages/errors/403"]).unwrap().contains("data-lost"));
    }

    #[test]
    fn values_known_only_to_the_server_are_put_in_attributes() {
        let storefront = Storefront::parse("https://shop.example").unwrap();
        let rules = r#"[[path]]
            page = "pages/product"
            to = "/p/{product.id}"
            [[path]]
            from = "/cart.php"
            to = "/cart/""#;
        let rules: std::collections::BTreeMap<String, Vec<PathRule>> =
            toml::from_str(rules).unwrap();
        let paths = PathTable::from_rules(rules["path"].clone());
        let redirect = Redirect { paths, ..Redirect::to(storefront) };
        let context = SnippetContext {
            redirect: &redirect,
            pages: &["pages/cart", "pages/home"],
            texts: &Texts::default(),
            search_engines: "",
        };
        let text = page_partial(&context).unwrap();
        for part in [
            r#"<script nonce="{{nonce}}" data-page="{{template}}" data-product="{{product.id}}">("#,
            "content=\"0;url={{#or (if template '===' 'pages/cart')}}https://shop.example/cart/\
             {{else}}https://shop.example/{{/or}}\"",
            "<a href=\"{{#or (if template '===' 'pages/cart')}}https://shop.example/cart/{{else}}",
        ] {
            assert!(text.contains(part), "{text}");
        }
    }
}
