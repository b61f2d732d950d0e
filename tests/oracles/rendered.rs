//! What a visitor gets from a rendered page, by its text alone: no templates, no verifier.

use std::collections::BTreeSet;

use stencil_guard::guard::script::leads_to;
use stencil_guard::verify::{Place, Scripts, Visitor};

/// The nonce of a store with a content security policy.
pub(crate) const NONCE: &str = "r4nd0m";

/// Whether a page as it was is in what is rendered now; nothing if it had too little text to tell.
pub(crate) fn sends_text(html: &str, before: &str) -> Option<bool> {
    let body = before.find("<body").map_or(before, |at| &before[at..]);
    let texts = body.split('<').filter_map(|part| part.split_once('>'));
    let texts = texts.filter(|(_, text)| text.trim().len() >= 3);
    let texts: BTreeSet<String> = texts.map(|(_, text)| format!(">{text}<")).collect();
    let sent = texts.iter().filter(|text| html.contains(text.as_str())).count();
    // Single words, such as the shop's name, may stand in any document.
    (!texts.is_empty()).then_some(2 * sent > texts.len())
}

/// Elements and comments that hide what stands in them from a browser that runs scripts.
const HIDDEN: &[(&str, &str)] = &[
    ("<!--", "-->"),
    ("<noscript", "</noscript>"),
    ("<template", "</template>"),
    ("<title", "</title>"),
    ("<style", "</style>"),
];

/// Whether what was rendered has one of our scripts where browsers run it, or leads away without any.
pub(crate) fn leaves(html: &str, visitor: &Visitor) -> bool {
    let runs_scripts = visitor.scripts != Scripts::Off;
    let mut rest = html;
    while let Some((_, tag)) = rest.split_once('<').map(|(text, _)| rest.split_at(text.len())) {
        let is_hidden = |(start, _): &&(&str, &str)| {
            tag.starts_with(start) && (runs_scripts || *start != "<noscript")
        };
        if let Some((_, end)) = HIDDEN.iter().find(is_hidden) {
            rest = tag.split_once(end).map_or("", |(_, rest)| rest);
            continue;
        }
        let (inside, after) = tag.split_at(tag_end(tag));
        rest = after.strip_prefix('>').unwrap_or(after);
        if inside.starts_with("<meta http-equiv=") && refreshes_at_once(inside) {
            return true;
        }
        if inside == "<script" || inside.starts_with("<script ") {
            let (text, after) = rest.split_once("</script>").unwrap_or((rest, ""));
            let has_nonce = inside.contains(&format!("nonce=\"{NONCE}\""));
            let may_run = match visitor.scripts {
                Scripts::Run => true,
                Scripts::Off => false,
                Scripts::WithNonce => has_nonce,
            };
            // Our script lets the paths of the checkout alone.
            let may_leave = may_run && visitor.place != Place::CheckoutPath;
            let runs = !inside.contains(" type") && !inside.contains(" src");
            if may_leave && runs && leads_to(text).is_some() {
                return true;
            }
            rest = after;
        }
    }
    false
}

/// Whether the content of a `meta` names another address, to go to without a delay.
fn refreshes_at_once(tag: &str) -> bool {
    let content = tag.split_once(" content=\"").map_or("", |(_, content)| content);
    let address = content.strip_prefix("0;").map(|rest| rest.trim_start());
    address.is_some_and(|address| address.starts_with("url=https://"))
}

/// Where a tag ends, quotes respected.
fn tag_end(tag: &str) -> usize {
    let mut quote = None;
    let is_end = |character: char| {
        match quote {
            Some(open) if open == character => quote = None,
            None if character == '"' || character == '\'' => quote = Some(character),
            _ => {}
        }
        character == '>' && quote.is_none()
    };
    tag.find(is_end).unwrap_or(tag.len())
}
