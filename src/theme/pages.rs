//! How the templates of a theme relate to each other as the engine runs them: which template includes which,
//! and the front matter of pages.

pub use super::front_matter::{TextStarts, text_starts};
use super::references::{self, References, looked_up};
pub(crate) use super::template::literal_name;
pub use super::template::{
    Include, KEEP_CONTEXT, TemplateFile, dynamic_folder_name, includes, is_silent, prints_nothing,
};
use super::template::{read, read_from, without_front_matter};
use super::{File, Theme};
use crate::syntax::html::{self, Markup, StartTag};
use crate::text::Span;
use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A template's file.
struct Source<'t> {
    name: &'t str,
    file: &'t Arc<File>,
    /// 1 for pages, which are parsed differently, and 0 for all others.
    variant: u8,
}

impl<'t> Source<'t> {
    fn new((name, file): (&'t str, &'t Arc<File>)) -> Self {
        Self { name, file, variant: u8::from(name.starts_with("pages/")) }
    }

    fn template(&self) -> Arc<TemplateFile> {
        self.file.derived(self.variant, |source| read(self.variant == 1, source))
    }
}

/// Parses the sources that are not parsed yet, and returns their number.
fn scan(sources: &[Source<'_>]) -> usize {
    use rayon::prelude::*;
    let is_new = |source: &&Source<'_>| !source.file.is_known::<TemplateFile>(source.variant);
    let new: Vec<&Source<'_>> = sources.iter().filter(is_new).collect();
    // For a few, waking other threads does not pay.
    if new.len() > FEW {
        new.par_iter().for_each(|source| drop(source.template()));
    }
    new.len()
}

const FEW: usize = 8;

/// The variant of the results for a page as the development server reads it.
const DEVELOPMENT: u8 = 2;

/// All templates of a theme, with their includes.
#[derive(Clone, Debug, Default)]
pub struct Templates {
    files: BTreeMap<String, (Arc<TemplateFile>, Arc<File>)>,
    defined: BTreeSet<String>,
    has_inlines: bool,
    scanned: usize,
}

impl Templates {
    /// Reads all templates of `theme`.
    pub fn new(theme: &Theme) -> Self {
        let sources: Vec<Source<'_>> = theme.template_files().map(Source::new).collect();
        let scanned = scan(&sources);
        let files = sources.iter().map(|source| {
            let file = (source.template(), Arc::clone(source.file));
            (source.name.to_owned(), file)
        });
        let files: BTreeMap<String, (Arc<TemplateFile>, Arc<File>)> = files.collect();
        let defined = files.values().flat_map(|(file, _)| file.defines.clone()).collect();
        let has_inlines = files.values().any(|(file, _)| file.has_inlines);
        Self { files, defined, has_inlines, scanned }
    }

    /// Reports whether some template defines inline partials.
    pub fn have_inlines(&self) -> bool {
        self.has_inlines
    }

    /// Returns how many templates had to be parsed because no earlier result was stored.
    pub fn scanned(&self) -> usize {
        self.scanned
    }

    /// Returns a template by name.
    pub fn get(&self, name: &str) -> Option<&TemplateFile> {
        self.files.get(name).map(|(file, _)| file.as_ref())
    }

    /// Returns a template with its name; the name lives as long as the templates.
    pub fn entry(&self, name: &str) -> Option<(&str, &TemplateFile)> {
        let (name, (file, _)) = self.files.get_key_value(name)?;
        Some((name, file))
    }

    /// Returns the result of `find` for one template, computing it only once; see `File::derived`.
    pub fn derived<T: Any + Send + Sync>(
        &self,
        name: &str,
        find: impl FnOnce(&TemplateFile) -> T,
    ) -> Option<Arc<T>> {
        let (file, source) = self.files.get(name)?;
        Some(source.derived(u8::from(name.starts_with("pages/")), |_| find(file)))
    }

    /// Returns the templates as the development server reads them for the page `name`; `None` if its text
    /// begins at the same place as for the platform.
    pub fn in_development(&self, name: &str) -> Option<Self> {
        let (file, source) = self.files.get(name)?;
        let start = file.starts.development?;
        let starts = TextStarts { platform: start, guard: start, ..TextStarts::default() };
        let page = source.derived(DEVELOPMENT, |source| read_from(start, starts, source));
        let mut templates = self.clone();
        templates.files.insert(name.to_owned(), (page, Arc::clone(source)));
        Some(templates)
    }

    /// Returns the start tags of a template by name; empty if there is no such template.
    pub fn markup(&self, theme: &Theme, name: &str) -> Markup {
        let (Some(file), Some(source)) = (self.get(name), theme.template_file(name)) else {
            return Markup::default();
        };
        let read = |source: &[u8]| match file.text_start {
            0 => html::markup(source, &file.syntax),
            start => html::markup(&without_front_matter(source, start), &file.syntax),
        };
        let is_page = name.starts_with("pages/");
        source.derived(u8::from(is_page), read).as_ref().clone()
    }

    /// Returns the attributes that a template prints inside a start tag of `element`; `None` if there are
    /// none.
    pub fn attributes_inside(&self, theme: &Theme, name: &str, element: &str) -> Option<StartTag> {
        html::attributes_inside(theme.template(name)?, &self.get(name)?.syntax, element)
    }

    /// Returns the bytes at `span` in the template `name`, without anything that some tool takes for front
    /// matter; other tools print that as plain text.
    pub fn content(&self, name: &str, span: Span) -> &[u8] {
        let Some((_, source)) = self.files.get(name) else { return &[] };
        let start = self.before_text(name).len();
        Span::new(span.start.max(start).min(span.end), span.end).of(&source.bytes)
    }

    /// Reports whether these bytes of a template come before its text.
    pub fn is_before_text(&self, name: &str, span: Span) -> bool {
        span.end <= self.before_text(name).len()
    }

    /// Returns all bytes of a template's file; empty if there is no such template.
    pub fn bytes(&self, name: &str) -> &[u8] {
        self.files.get(name).map_or(&[], |(_, source)| &source.bytes)
    }

    /// Returns what comes before the text of a page; the engine prints it where another template includes the
    /// page.
    pub fn before_text(&self, name: &str) -> &[u8] {
        let Some((file, source)) = self.files.get(name) else { return &[] };
        &source.bytes[..file.text_start.max(file.starts.guard)]
    }

    /// Reports whether a template mentions a file, so that the file is available wherever the template is
    /// rendered.
    pub fn mentions(&self, template: &str, name: &str) -> bool {
        self.mentioned(template).is_some_and(|found| {
            let mut in_folders =
                found.folders.iter().flat_map(|folder| self.in_mentioned(&folder.name));
            found.partials.iter().any(|it| it.name == name) || in_folders.any(|it| it == name)
        })
    }

    /// Returns the files that the official assembler provides for `page`; the engine knows no others.
    pub fn available(&self, page: &str) -> BTreeSet<&str> {
        self.mentioned_from(page, str::to_owned)
    }

    /// Like [`Self::available`], with the files that it provides only under another name, such as `/a` for `a`.
    pub fn available_in_any_spelling(&self, page: &str) -> BTreeSet<&str> {
        self.mentioned_from(page, looked_up)
    }

    /// Returns what `page` mentions at any depth; `key` maps a mentioned name to the name of a file.
    fn mentioned_from(&self, page: &str, key: impl Fn(&str) -> String) -> BTreeSet<&str> {
        reached(self.name(page).into_iter(), |name| {
            let Some(mentioned) = self.mentioned(name) else { return Vec::new() };
            let partials = mentioned.partials.iter().filter_map(|it| self.name(&key(&it.name)));
            let folders = mentioned.folders.iter();
            partials.chain(folders.flat_map(|folder| self.in_mentioned(&folder.name))).collect()
        })
    }

    /// Returns the stored name of a template, which lives as long as the templates; `None` if there is none.
    fn name(&self, name: &str) -> Option<&str> {
        self.files.get_key_value(name).map(|(name, _)| name.as_str())
    }

    /// Returns the templates in a folder that a template mentions.
    fn in_mentioned(&self, folder: &str) -> impl Iterator<Item = &str> + use<'_> {
        self.in_folder(folder.trim_end_matches('/'))
    }

    fn mentioned(&self, name: &str) -> Option<Arc<References>> {
        let (_, source) = self.files.get(name)?;
        Some(source.derived(0, |bytes| references::find(&String::from_utf8_lossy(bytes))))
    }

    /// Iterates over all templates in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &TemplateFile)> {
        self.files.iter().map(|(name, (file, _))| (name.as_str(), file.as_ref()))
    }

    /// Reports whether the engine needs a file of this name to render some template.
    pub fn needs(&self, name: &str) -> bool {
        let mut includes = self.files.values().flat_map(|(file, _)| &file.includes);
        includes.any(|include| include.name == name) && !self.is_defined(name)
    }

    /// Reports whether some template defines a partial of this name at run time, which then replaces the
    /// file.
    pub fn is_defined(&self, name: &str) -> bool {
        self.defined.contains(name)
    }

    /// Returns the names of all pages. Hidden files are no pages: no bundle contains them.
    pub fn pages(&self) -> impl Iterator<Item = &str> {
        let is_page = |name: &&str| {
            let file = name.strip_prefix("pages/").and_then(|below| below.rsplit('/').next());
            file.is_some_and(|file| !file.is_empty() && !file.starts_with('.'))
        };
        self.files.keys().map(String::as_str).filter(is_page)
    }

    /// Returns `name` and all templates that it includes, directly or not.
    pub fn closure(&self, name: &str) -> BTreeSet<&str> {
        self.closure_of(self.name(name).into_iter())
    }

    /// Returns the templates `roots` and all that they include.
    pub(crate) fn closure_of<'t>(
        &'t self,
        roots: impl Iterator<Item = &'t str>,
    ) -> BTreeSet<&'t str> {
        reached(roots, |name| self.included_by(name))
    }

    /// Returns the templates that `name` includes directly; missing ones are left out.
    pub fn included_by(&self, name: &str) -> Vec<&str> {
        let Some((file, _)) = self.files.get(name) else {
            return Vec::new();
        };
        let direct = file.includes.iter().filter_map(|include| self.name(&include.name));
        let dynamic = file.dynamic_folders.iter().flat_map(|folder| self.in_folder(&folder.name));
        direct.chain(dynamic).collect()
    }

    /// Returns the templates directly in a folder.
    pub fn in_folder(&self, folder: &str) -> impl Iterator<Item = &str> + use<'_> {
        let start = format!("{folder}/");
        let after = self.files.range(start.clone()..).map(|(name, _)| name.as_str());
        let below = after.map_while(move |name| Some((name, name.strip_prefix(&start)?)));
        below.filter(|(_, rest)| !rest.contains('/')).map(|(name, _)| name)
    }
}

/// Returns the templates `roots` and all that are reached from them through `next`.
fn reached<'t>(
    roots: impl Iterator<Item = &'t str>,
    next: impl Fn(&'t str) -> Vec<&'t str>,
) -> BTreeSet<&'t str> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<&str> = roots.collect();
    while let Some(name) = open.pop() {
        if seen.insert(name) {
            open.extend(next(name));
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closure_follows_includes_and_dynamic_folders() {
        let page = "{{> layout/base}}{{{dynamicComponent 'components/tabs'}}}";
        let files = [
            ("templates/pages/home.html", page),
            ("templates/layout/base.html", "<head>{{> components/x}}{{> gone}}"),
            ("templates/components/x.html", "x"),
            ("templates/components/tabs/one.html", "1"),
            ("templates/components/unused.html", "u"),
        ];
        let theme =
            Theme::default().with(files.map(|(path, text)| (path.to_owned(), Some(text.into()))));
        let templates = Templates::new(&theme);
        let closure: Vec<&str> = templates.closure("pages/home").into_iter().collect();
        assert_eq!(closure, ["components/tabs/one", "components/x", "layout/base", "pages/home"]);
    }
}
