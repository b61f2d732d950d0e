//! What there is to say about each link.

use super::decide::{Link, Outcome};
use crate::text::{Code, Finding};
use crate::theme::Theme;

/// One finding per link: a note, or a warning where the decision needs a look.
pub(super) fn findings(theme: &Theme, links: &[Link]) -> Vec<Finding> {
    links.iter().map(|link| finding(theme, link)).collect()
}

fn finding(theme: &Theme, link: &Link) -> Finding {
    let (code, becomes) = match &link.outcome {
        Outcome::Keep => (Code::LinkKept, "it stays".to_owned()),
        Outcome::Strip => (Code::LinkRenamed, "it leads nowhere now".to_owned()),
        Outcome::Retarget(address) => (Code::LinkRetargeted, format!("it leads to {address} now")),
    };
    let source = theme.template(&link.template).unwrap_or_default();
    let value = link.value.map_or(&b""[..], |value| value.of(source));
    let value = String::from_utf8_lossy(value);
    let places: Vec<&str> = link.leads_to.iter().map(|kind| kind.phrase()).collect();
    let message = format!("`{value}` leads to {}: {becomes}", places.join(" or "));
    let finding = match link.doubt {
        Some(doubt) => Finding::new(Code::LinkDoubtful, format!("{message}, but {doubt}")),
        None => Finding::new(code, message),
    };
    let rule = format!("rule `{}` of {}: {}", link.reason.rule, link.reason.file, link.reason.why);
    finding.at(format!("templates/{}.html", link.template), link.span()).help(rule)
}
