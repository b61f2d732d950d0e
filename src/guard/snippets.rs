//! The pieces of template the guard adds, rendered from our own snippets.
//!
//! In a snippet, `{{name}}` is filled in here and `\{{name}}` is left for Stencil.

use handlebars::{Handlebars, no_escape};
use serde_json::{Value, json};

use super::condition::Condition;
use super::script::script;
use super::storefront::Storefront;

const HEAD: &str = include_str!("../../snippets/head.html.hbs");
const PAGE: &str = include_str!("../../snippets/page.html.hbs");

/// The partial included first in the head of a document: one line without a final newline, which
/// prints nothing where `condition` lets visitors through.
///
/// # Errors
/// When the snippet cannot be rendered, which is a mistake in this program.
pub fn head_partial(
    condition: &Condition,
    storefront: &Storefront,
) -> Result<String, Box<handlebars::RenderError>> {
    render(
        HEAD,
        &json!({
            "opening": condition.opening(),
            "script": script(storefront),
            "root": attribute(&storefront.root()),
            "closing": condition.closing(),
        }),
    )
}

/// The document that shoppers get instead of a page.
///
/// # Errors
/// When the snippet cannot be rendered, which is a mistake in this program.
pub fn page_partial(storefront: &Storefront) -> Result<String, Box<handlebars::RenderError>> {
    render(
        PAGE,
        &json!({
            "script": script(storefront),
            "root": attribute(&storefront.root()),
        }),
    )
}

fn render(snippet: &str, values: &Value) -> Result<String, Box<handlebars::RenderError>> {
    let mut engine = Handlebars::new();
    engine.set_strict_mode(true);
    engine.register_escape_fn(no_escape);
    let text = engine.render_template(snippet, values)?;
    Ok(text.trim().to_owned())
}

/// A value for a double-quoted attribute; braces never reach Stencil as tags.
fn attribute(value: &str) -> String {
    value
        .replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('{', "&#123;")
        .replace('}', "&#125;")
        .replace("---", "&#45;&#45;&#45;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn head_is_one_line_that_begins_and_ends_with_the_condition() {
        let kept = ["pages/checkout", "pages/order-confirmation"].map(str::to_owned);
        let condition = Condition::guarded(&kept, false);
        let storefront = Storefront::parse("https://shop.example/a&b---c").unwrap();
        let text = head_partial(&condition, &storefront).unwrap();
        let start = format!(
            "{}<meta charset=\"utf-8\"><script nonce=\"{{{{nonce}}}}\">(",
            condition.opening()
        );
        assert!(text.starts_with(&start), "{text}");
        let root = "https://shop.example/a&amp;b&#45;&#45;&#45;c/";
        let end = format!(
            "</script><noscript><meta http-equiv=\"refresh\" content=\"0;url={root}\">\
             <a href=\"{root}\">Continue to the store</a></noscript>{{{{/or}}}}"
        );
        assert!(text.ends_with(&end), "{text}");
        assert!(!text.contains(['\n', '\r']) && !text.contains("---"));
        assert_eq!(text.matches("{{").count(), 4, "{text}");
    }
}
