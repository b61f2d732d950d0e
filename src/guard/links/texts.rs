//! Links in texts of the language files that kept pages print. A text is changed like a template if nobody
//! sees it on other pages; otherwise its links are only reported.

use super::content::content_of;
use super::decide::{self, Link, Outcome, Printed};
use super::edits;
use super::findings::{about_link, staying};
use super::options::LinkOptions;
use super::plan::{Planner, options};
use crate::guard::link_rules::Kind;
use crate::guard::plan::Plan;
use crate::syntax::html::{Markup, markup};
use crate::syntax::parse;
use crate::text::{EditSet, Finding, Location, TextEdit};
use crate::theme::texts::{Asked, FilledText, Text, asked, filled, with_markup};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The templates that print texts.
struct TextUsers<'a> {
    /// The templates of kept pages, and the texts that they ask for.
    kept: Vec<(&'a str, Arc<TextLookups>)>,
    /// The texts that templates of other pages ask for, if somebody sees those pages.
    others: BTreeSet<Asked>,
    /// The kept pages whose content each template is part of.
    content: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

/// The texts that a template asks for.
struct TextLookups {
    all: Vec<Asked>,
    filled: Vec<FilledText>,
}

/// The key prefix of texts that the checkout's own application shows.
const OF_CHECKOUT: &str = "optimized_checkout.";

/// What fills a placeholder of a text.
enum FilledBy<'v> {
    /// Templates, with these variables.
    Templates(BTreeSet<&'v str>),
    /// The checkout's own application, which gets the text.
    Checkout,
}

/// Returns a link as kept: the checkout fills in its address, such as that of the terms in its settings, so
/// it is the platform's own.
fn as_checkout_fills(link: &Link) -> Link {
    let leads_to = vec![Kind::OwnAction];
    Link { leads_to, outcome: Outcome::Keep, doubt: None, next: BTreeSet::new(), ..link.clone() }
}

/// Each link by text key and attribute, with its places in all languages, and whether other pages print it.
type Places = BTreeMap<(String, String), (Vec<Location>, Link, bool)>;

impl Planner<'_> {
    /// Plans what happens to the texts that kept pages print.
    pub(super) fn plan_texts(&self) -> Plan {
        let mut plan = Plan::default();
        let mut places = Places::new();
        let (options, printers) = (options(self.policy, self.kept), printers(self));
        for (path, texts) in with_markup(self.theme) {
            let mut edits = Vec::new();
            for text in &texts.0 {
                let Some(looked_at) = printers.look_at(self, &options, path, text) else {
                    continue;
                };
                edits.extend(looked_at.edits);
                for link in looked_at.links {
                    let span = Some(text.origin(link.span()));
                    let place = Location { path: path.to_owned(), span };
                    let same = (text.key.clone(), format!("{}={}", link.attribute, link.written));
                    let entry = places.entry(same);
                    let entry = entry.or_insert_with(|| (Vec::new(), link, looked_at.is_shared));
                    entry.0.push(place);
                }
            }
            if let Some(edits) = EditSet::new(edits).ok().filter(|edits| !edits.is_empty()) {
                plan.edits.insert(path.to_owned(), edits);
            }
        }
        plan.findings = findings(places);
        plan
    }
}

/// The links of a text that kept pages print, and the edits for them.
struct TextLinks {
    links: Vec<Link>,
    /// Empty if other pages print it, too.
    edits: Vec<TextEdit>,
    is_shared: bool,
}

fn findings(places: Places) -> Vec<Finding> {
    let findings = places.into_iter().map(|((key, _), (places, link, is_shared))| {
        let stays = is_shared && link.outcome != Outcome::Keep;
        let finding = if stays { staying(&link) } else { about_link(&link) };
        at_all(finding, places, &key)
    });
    findings.collect()
}

/// Where a text is printed.
#[derive(Clone, Copy)]
struct Where<'a> {
    path: &'a str,
    pages: &'a [&'a str],
    content: &'a BTreeSet<&'a str>,
}

impl Where<'_> {
    /// Returns the links in a piece of markup that is printed there.
    fn links(self, options: &LinkOptions<'_>, source: &[u8], markup: &Markup) -> Vec<Link> {
        let printed = Printed {
            template: self.path,
            source,
            markup,
            pages: self.pages,
            content_of: self.content,
            given: &BTreeSet::new(),
        };
        decide::links(options, printed)
    }

    /// Decides a link whose address is a placeholder by the values that templates put into it; `None` unless
    /// the link is kept with each.
    fn filled(
        self,
        options: &LinkOptions<'_>,
        link: &Link,
        values: &BTreeSet<&str>,
    ) -> Option<Link> {
        let with = |value: &&str| {
            let tag = format!("<{} {}=\"{{{{{value}}}}}\">", link.element, link.attribute);
            let links = self.links(
                options,
                tag.as_bytes(),
                &markup(tag.as_bytes(), &parse(tag.as_bytes())),
            );
            links.into_iter().next().filter(|it| it.outcome == Outcome::Keep && it.doubt.is_none())
        };
        let filled: Option<Vec<Link>> = values.iter().map(with).collect();
        let Link { leads_to, next, outcome, reason, doubt, .. } = filled?.pop()?;
        Some(Link { leads_to, next, outcome, reason, doubt, ..link.clone() })
    }
}

/// Returns the links of a text, and the edits of its file for them.
fn judged<'v>(
    options: &LinkOptions<'_>,
    printed: Where<'_>,
    text: &Text,
    filled_by: impl Fn(&str) -> Option<FilledBy<'v>>,
) -> (Vec<Link>, Vec<TextEdit>) {
    // In texts, double braces are not mustaches.
    let source = String::from_utf8_lossy(&text.value).replace("{{", "((").into_bytes();
    let markup = markup(&source, &parse(&source));
    let mut links = printed.links(options, &source, &markup);
    for link in &mut links {
        let name = link.written.trim().strip_prefix('{').and_then(|name| name.strip_suffix('}'));
        let filled = match name.and_then(|name| filled_by(name.trim())) {
            Some(FilledBy::Templates(values)) => printed.filled(options, link, &values),
            Some(FilledBy::Checkout) => Some(as_checkout_fills(link)),
            None => None,
        };
        if let Some(filled) = filled {
            *link = filled;
        }
        // A text cannot test which visit it is printed for.
        if let Outcome::Retarget(arrival) = &mut link.outcome {
            arrival.for_all();
        }
    }
    let changes = edits::edits(&source, &markup, &links).into_iter().map(|edit| TextEdit {
        span: text.origin(edit.span),
        replacement: in_json(&edit.replacement),
        ..edit
    });
    let changes = changes.collect();
    (links, changes)
}

/// Escapes inserted text for a JSON string. It holds nothing else that needs escaping.
fn in_json(inserted: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(inserted).replace('\\', "%5C").replace('"', "\\\"").into_bytes()
}

fn at_all(mut finding: Finding, places: Vec<Location>, key: &str) -> Finding {
    finding.message = format!("the text `{key}`: {}", finding.message);
    finding.at_all(places, "here, too")
}

fn printers<'a>(planner: &Planner<'a>) -> TextUsers<'a> {
    let templates = planner.templates;
    let of_template = |name: &str| {
        /// A separate type, because what is derived from a file is cached by type.
        struct Known(Arc<TextLookups>);
        let known = templates.derived(name, |file| {
            let statements = file.syntax.statements().unwrap_or_default();
            Known(Arc::new(TextLookups { all: asked(statements), filled: filled(statements) }))
        });
        known.map(|known| Arc::clone(&known.0))
    };
    let kept = planner.closure.keys().filter_map(|name| Some((*name, of_template(name)?)));
    let kept = kept.filter(|(_, asking)| !asking.all.is_empty()).collect();
    let unseen = planner.unseen();
    let is_other = |name: &&str| {
        let is_own = planner.closure.contains_key(name) && !planner.is_shared(name);
        !is_own && !unseen.contains(name)
    };
    let others = templates.iter().map(|(name, _)| name).filter(is_other);
    let others = others.filter_map(of_template).flat_map(|it| it.all.clone()).collect();
    let pages = planner.roots.iter().copied().filter(|root| root.starts_with("pages/"));
    TextUsers { kept, others, content: content_of(planner.theme, templates, pages) }
}

impl<'a> TextUsers<'a> {
    /// Decides the links of a text; `None` if no kept page prints it.
    fn look_at(
        &self,
        planner: &Planner<'a>,
        options: &LinkOptions<'_>,
        path: &str,
        text: &Text,
    ) -> Option<TextLinks> {
        let (pages, content) = self.of(planner, &text.key);
        if pages.is_empty() {
            return None;
        }
        let printed = Where { path, pages: &pages, content: &content };
        let filled_by = |name: &str| self.filled_by(&text.key, name);
        let (links, mut edits) = judged(options, printed, text, filled_by);
        let is_shared = self.others.iter().any(|asked| asked.includes(&text.key));
        if is_shared {
            edits.clear();
        }
        Some(TextLinks { links, edits, is_shared })
    }

    /// Returns what fills a placeholder of a text on kept pages; `None` if that is not known.
    fn filled_by(&self, key: &str, name: &str) -> Option<FilledBy<'_>> {
        let all = || self.kept.iter().flat_map(|(_, asking)| &asking.all);
        let is_handed_on = |asked: &Asked| matches!(asked, Asked::Start(_)) && asked.includes(key);
        if !all().any(is_handed_on) {
            return self.values(key, name).map(FilledBy::Templates);
        }
        let is_asked = |asked: &Asked| *asked == Asked::Key(key.to_owned());
        (key.starts_with(OF_CHECKOUT) && !all().any(is_asked)).then_some(FilledBy::Checkout)
    }

    /// Returns the variables that templates of kept pages put into a placeholder of a text; `None` if one of
    /// them puts something else there.
    fn values(&self, key: &str, name: &str) -> Option<BTreeSet<&str>> {
        let all = self.kept.iter().flat_map(|(_, asking)| &asking.filled);
        let asked = all.filter(|filled| filled.key == key);
        let values: Option<BTreeSet<&str>> = asked
            .map(|filled| {
                let mut values = filled.values.iter();
                values.find(|(placeholder, _)| placeholder == name).map(|(_, path)| path.as_str())
            })
            .collect();
        values.filter(|values| !values.is_empty())
    }

    /// Returns the kept pages that print the text of `key`, and those whose own content holds it. A key that
    /// is found at run time counts as another.
    fn of(&self, planner: &Planner<'a>, key: &str) -> (Vec<&'a str>, BTreeSet<&'a str>) {
        let prints = |asking: &Arc<TextLookups>| {
            asking.all.iter().any(|asked| *asked != Asked::Unknown && asked.includes(key))
        };
        let names: Vec<&str> =
            self.kept.iter().filter(|(_, asked)| prints(asked)).map(|(name, _)| *name).collect();
        let pages = names.iter().filter_map(|name| planner.closure.get(name));
        let pages: BTreeSet<&str> = pages.flatten().copied().collect();
        let content = names.iter().filter_map(|name| self.content.get(name));
        (pages.into_iter().collect(), content.flatten().copied().collect())
    }
}
