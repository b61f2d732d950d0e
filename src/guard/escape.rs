//! Escapes text so that browsers and Stencil read it literally.

/// Escapes a value for a double-quoted attribute, or a text, so that its braces never reach Stencil as tags.
pub(super) fn attribute(value: &str) -> String {
    value
        .replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('{', "&#123;")
        .replace('}', "&#125;")
        .replace("---", "&#45;&#45;&#45;")
}
