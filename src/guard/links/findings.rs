//! What there is to say about each link.

use super::decide::{Link, Outcome};
use crate::text::{Code, Finding};
use crate::theme::Theme;
use std::collections::BTreeSet;

/// One finding per link: a note, or a warning where the decision needs a look. And one for all other
/// hosts.
pub(super) fn findings(theme: &Theme, links: &[Link]) -> Vec<Finding> {
    links.iter().map(|link| finding(theme, link)).chain(other_hosts(links)).collect()
}

fn other_hosts(links: &[Link]) -> Option<Finding> {
    let hosts: BTreeSet<&str> =
        links.iter().flat_map(|link| &link.hosts).map(String::as_str).collect();
    let hosts: Vec<&str> = hosts.into_iter().collect();
    let message = format!("links on kept pages lead to other hosts: {}", hosts.join(", "));
    let help = "if one of them is the store's own, name it: --own-host HOST";
    (!hosts.is_empty()).then(|| Finding::new(Code::OtherHosts, message).help(help))
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
