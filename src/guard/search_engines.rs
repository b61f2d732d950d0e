//! What guarded pages tell search engines: nothing, which page of the storefront is canonical, or not to
//! index the page.
//!
//! A page gets a canonical link only where the server knows the address: never a guessed one, and never a
//! second one.

use super::condition::Condition;
use super::escape::attribute;
use super::names;
use super::paths::{Address, PathTable, hosted_address};
use super::storefront::Storefront;
use crate::theme::Theme;
use crate::theme::endpoints::ENDPOINTS;
use crate::theme::pages::Templates;

/// What guarded pages tell search engines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SearchEngines {
    /// Nothing.
    #[default]
    None,
    /// That the same page of the storefront is the canonical one.
    Canonical,
    /// Not to index the page.
    NoIndex,
}

impl SearchEngines {
    /// Returns its name in settings and records.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Canonical => "canonical",
            Self::NoIndex => "noindex",
        }
    }

    /// Returns the template of the element for search engines on `pages`.
    pub(super) fn element(
        self,
        pages: &[&str],
        paths: &PathTable,
        storefront: &Storefront,
    ) -> String {
        match self {
            Self::None => String::new(),
            Self::NoIndex => "<meta name=\"robots\" content=\"noindex\">".to_owned(),
            Self::Canonical => canonicals(pages, paths, storefront),
        }
    }
}

/// Returns the canonical link of each storefront, for the visits that belong to it.
fn canonicals(pages: &[&str], paths: &PathTable, storefront: &Storefront) -> String {
    let usual = canonical(pages, paths, storefront);
    storefront.further().iter().rev().fold(usual, |rest, further| {
        let own = canonical(pages, paths, &further.storefront);
        if own.is_empty() && rest.is_empty() {
            return rest;
        }
        Condition::by_visit(&further.visit, &own, &rest)
    })
}

/// Reports whether a page may print a canonical link of its own: the platform prints one among
/// `head.meta_tags`.
pub fn has_own_canonical(theme: &Theme, templates: &Templates, page: &str) -> bool {
    let is_guard = |name: &&str| [names::HEAD, names::PAGE].contains(name);
    templates.closure(page).into_iter().filter(|name| !is_guard(name)).any(|name| {
        let text = theme.template(name).unwrap_or_default().to_ascii_lowercase();
        [&b"head.meta_tags"[..], b"canonical"]
            .iter()
            .any(|mark| memchr::memmem::find(&text, mark).is_some())
    })
}

/// The page of the storefront that a guarded page corresponds to, as far as the server knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Counterpart {
    /// The page at this address.
    At(String),
    /// The page at the same path.
    SamePath,
    /// A page that the server does not know.
    Unknown,
}

fn canonical(pages: &[&str], paths: &PathTable, storefront: &Storefront) -> String {
    let mut same = Vec::new();
    let mut others: Vec<(String, Vec<String>)> = Vec::new();
    for page in pages {
        match counterpart(page, paths, storefront) {
            Counterpart::SamePath => same.push((*page).to_owned()),
            Counterpart::At(address) => {
                match others.iter_mut().find(|(known, _)| *known == address) {
                    Some((_, pages)) => pages.push((*page).to_owned()),
                    None => others.push((address, vec![(*page).to_owned()])),
                }
            }
            Counterpart::Unknown => {}
        }
    }
    let link = |address: &str| format!("<link rel=\"canonical\" href=\"{address}\">");
    // Some stores give the whole address here, not the path.
    let path = "settings.request.absolute_path";
    let same_path = format!(
        "{{{{#startsWith '/' {path}}}}}{}{{{{/startsWith}}}}",
        link(&format!("{}{{{{{path}}}}}", attribute(storefront.base())))
    );
    let last = match same.is_empty() {
        true => String::new(),
        false => Condition::pages(&same).wrap(&same_path, ""),
    };
    others.iter().rev().fold(last, |rest, (address, pages)| {
        Condition::pages(pages).wrap(&link(&attribute(address)), &rest)
    })
}

/// Returns the page of one storefront that a guarded page corresponds to.
pub fn counterpart(page: &str, paths: &PathTable, storefront: &Storefront) -> Counterpart {
    let lead = |path: &str| {
        let address = Address { page: page.to_owned(), ..Address::parse(path) };
        paths.lead(&address, storefront).address
    };
    if page == "pages/home" {
        return Counterpart::At(lead("/"));
    }
    if let Some(hosted) = hosted_address(page) {
        let address = lead(&hosted);
        // A page that leads to the home page has no page of its own on the storefront.
        return if address == storefront.root() {
            Counterpart::Unknown
        } else {
            Counterpart::At(address)
        };
    }
    let keeps = |path: &str| lead(path) == format!("{}{path}", storefront.base());
    match ["/some-page/".to_owned()].into_iter().chain(ruled(paths)).all(|path| keeps(&path)) {
        true => Counterpart::SamePath,
        false => Counterpart::Unknown,
    }
}

/// Returns a sample path for each rule whose path may be that of a page of the merchant's own.
fn ruled(paths: &PathTable) -> impl Iterator<Item = String> {
    let patterns = paths.rules().iter().filter_map(|rule| rule.from.as_ref());
    let path = |text: &str| text.split('?').next().unwrap_or_default().replace('*', "some-page");
    let first = |path: &str| path.split('/').nth(1).unwrap_or_default().to_owned();
    let is_hosted = move |path: &str| {
        path.ends_with(".php")
            || ENDPOINTS.iter().any(|endpoint| first(endpoint.path) == first(path))
    };
    patterns.map(move |pattern| path(pattern.as_str())).filter(move |path| !is_hosted(path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::paths::{PathRule, Platform};
    use crate::guard::storefront::{ScopedStorefront, Visit};

    const PAGES: &[&str] = &["pages/home", "pages/product", "pages/cart"];

    fn element(paths: &PathTable) -> String {
        let storefront = Storefront::parse("https://a.example/x&y").unwrap();
        SearchEngines::Canonical.element(PAGES, paths, &storefront)
    }

    fn rules(text: &str) -> PathTable {
        let rules: std::collections::BTreeMap<String, Vec<PathRule>> =
            toml::from_str(text).unwrap();
        PathTable::from_rules(rules["path"].clone())
    }

    #[test]
    fn canonical_link_without_rules_has_the_same_path() {
        let element = element(&PathTable::default());
        for part in [
            "{{#or (if template '===' 'pages/home')}}<link rel=\"canonical\" href=\"https://a.example/x&amp;y/\">{{else}}",
            "{{#or (if template '===' 'pages/product')}}{{#startsWith '/' settings.request.absolute_path}}\
             <link rel=\"canonical\" href=\"https://a.example/x&amp;y{{settings.request.absolute_path}}\">{{/startsWith}}",
            "href=\"https://a.example/x&amp;y/cart.php\"",
        ] {
            assert!(element.contains(part), "{element}");
        }
    }

    #[test]
    fn canonical_link_depends_on_the_storefront_of_the_visit() {
        let further = ScopedStorefront {
            visit: Visit { host: Some("b.example".to_owned()), locale: None },
            storefront: Storefront::parse("https://shop.b.example").unwrap(),
        };
        let storefront = Storefront::parse("https://a.example").unwrap().with(vec![further]);
        let told = |search: SearchEngines, pages: &[&str]| {
            search.element(pages, &PathTable::default(), &storefront)
        };
        let element = told(SearchEngines::Canonical, &["pages/home"]);
        let home = |address: &str| {
            format!(
                "{{{{#or (if template '===' 'pages/home')}}}}<link rel=\"canonical\" href=\"{address}\">{{{{else}}}}{{{{/or}}}}"
            )
        };
        let expected = format!(
            "{{{{#all (if settings.request.host '===' 'b.example')}}}}{}{{{{else}}}}{}{{{{/all}}}}",
            home("https://shop.b.example/"),
            home("https://a.example/")
        );
        assert_eq!(element, expected);
        assert_eq!(told(SearchEngines::Canonical, &[]), "");
        assert!(!told(SearchEngines::NoIndex, PAGES).contains("b.example"));
    }

    #[test]
    fn canonical_link_is_omitted_if_only_browsers_know_it() {
        for text in [
            "[[path]]\npage = 'product'\nto = '/p/{last}'",
            "[[path]]\nfrom = '/old/*'\nto = '/new/{tail}'",
            "[[path]]\nfrom = '/shoes'\nto = '/boots'",
        ] {
            let table = rules(text).for_pages(&["product", "cart", "home"]);
            assert!(!element(&table).contains("startsWith"), "{text}");
        }
        let table = rules("[[path]]\nfrom = '/cart.php'\nto = '/'");
        assert!(!element(&table).contains("pages/cart"), "{}", element(&table));
        assert!(element(&table).contains("startsWith"), "{}", element(&table));
        let catalyst = PathTable::new(&[], Platform::Catalyst.map(), None);
        let element = element(&catalyst.for_pages(&["product", "cart", "home"]));
        assert!(element.contains("startsWith") && element.contains("/cart/\">"), "{element}");
    }
}
