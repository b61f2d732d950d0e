//! How the templates of a theme hang together as the engine runs them: who includes whom, and the
//! front matter of pages.

pub use super::front_matter::{TextStarts, text_starts};
use super::references::{self, References, looked_up};
use super::{File, Theme};
use crate::syntax;
use crate::syntax::ast::{BlockKind, Call, ExpressionKind, Statement};
use crate::syntax::html::{self, Markup, StartTag};
use crate::text::Span;
use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One `{{> name}}` in a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Include {
    /// The name as the engine looks it up.
    pub name: String,
    /// The whole mustache.
    pub span: Span,
    /// Where the name stands; twice for `{{#> name}}…{{/name}}`.
    pub name_spans: Vec<Span>,
    /// Whether it is written there letter by letter. The engine also takes white space between its parts, and
    /// brackets around them; what was put in the place of such a name could not be taken out again.
    pub is_plain: bool,
    /// Whether the included template sees the same variables: no context argument, and no block
    /// around it that changes the context.
    pub keeps_context: bool,
    /// Names that its hash gives a value of their own.
    pub hash_keys: Vec<String>,
}

/// A folder of templates of which `{{dynamicComponent "folder"}}` prints one, found at run time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DynamicFolder {
    /// Its name, without a `/` at either end.
    pub name: String,
    /// Where that name stands.
    pub span: Span,
}

/// One template, read once.
#[derive(Clone, Debug)]
pub struct TemplateFile {
    /// What the engines make of its text after the front matter, with the places in the file.
    pub syntax: syntax::Template,
    /// Where the text begins; 0 if there is no front matter.
    pub text_start: usize,
    /// Where it begins for those who see front matter otherwise.
    pub starts: TextStarts,
    /// The includes in source order.
    pub includes: Vec<Include>,
    /// Names that `{{#partial "name"}}` blocks give to what they hold.
    pub defines: Vec<String>,
    /// Folders of partials named by `dynamicComponent`.
    pub dynamic_folders: Vec<DynamicFolder>,
    /// Where something is included by a name that is found at run time only.
    pub unknown_includes: Vec<Span>,
    /// Whether it defines inline partials.
    pub has_inlines: bool,
}

/// A template's file.
struct Source<'t> {
    name: &'t str,
    file: &'t Arc<File>,
    /// Pages are read in another way.
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

/// Scans those that nobody has scanned before; how many these are.
fn scan(sources: &[Source<'_>]) -> usize {
    use rayon::prelude::*;
    let is_new = |source: &&Source<'_>| !source.file.is_known::<TemplateFile>(source.variant);
    let new: Vec<&Source<'_>> = sources.iter().filter(is_new).collect();
    // For a few it does not pay to wake others.
    if new.len() > FEW {
        new.par_iter().for_each(|source| drop(source.template()));
    }
    new.len()
}

const FEW: usize = 8;

/// The variant under which a page is known as the development server reads it.
const DEVELOPMENT: u8 = 2;

/// All templates of a theme and what they include.
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

    /// Whether some template defines inline partials.
    pub fn have_inlines(&self) -> bool {
        self.has_inlines
    }

    /// How many of them nobody had scanned before.
    pub fn scanned(&self) -> usize {
        self.scanned
    }

    /// One template by name.
    pub fn get(&self, name: &str) -> Option<&TemplateFile> {
        self.files.get(name).map(|(file, _)| file.as_ref())
    }

    /// One template with its name, which lives as long as the template.
    pub fn entry(&self, name: &str) -> Option<(&str, &TemplateFile)> {
        let (name, (file, _)) = self.files.get_key_value(name)?;
        Some((name, file))
    }

    /// What `find` makes of one template alone, from the first time on; see `File::known`.
    pub fn derived<T: Any + Send + Sync>(
        &self,
        name: &str,
        find: impl FnOnce(&TemplateFile) -> T,
    ) -> Option<Arc<T>> {
        let (file, source) = self.files.get(name)?;
        Some(source.derived(u8::from(name.starts_with("pages/")), |_| find(file)))
    }

    /// The templates as the development server reads them for the page `name`, if it begins the page's text
    /// elsewhere than the platform does.
    pub fn in_development(&self, name: &str) -> Option<Self> {
        let (file, source) = self.files.get(name)?;
        let start = file.starts.development?;
        let starts = TextStarts { platform: start, guard: start, ..TextStarts::default() };
        let page = source.derived(DEVELOPMENT, |source| read_from(start, starts, source));
        let mut templates = self.clone();
        templates.files.insert(name.to_owned(), (page, Arc::clone(source)));
        Some(templates)
    }

    /// The start tags of a template by name; none if there is no such template.
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

    /// The attributes that a template prints inside a start tag of `element`; `None` if there are none.
    pub fn attributes_inside(&self, theme: &Theme, name: &str, element: &str) -> Option<StartTag> {
        html::attributes_inside(theme.template(name)?, &self.get(name)?.syntax, element)
    }

    /// The bytes of a piece of content of the template `name`, without what anybody takes for front matter
    /// before it; those who do not, print it as plain text.
    pub fn content(&self, name: &str, span: Span) -> &[u8] {
        let Some((file, source)) = self.files.get(name) else { return &[] };
        let start = file.text_start.max(file.starts.guard);
        let span = Span::new(span.start.max(start).min(span.end), span.end);
        span.of(&source.bytes)
    }

    /// All of a template, as it stands in its file.
    pub fn source(&self, name: &str) -> &[u8] {
        self.files.get(name).map(|(_, source)| source.bytes.as_ref()).unwrap_or_default()
    }

    /// Whether these bytes of a template stand before its text.
    pub fn is_before_text(&self, name: &str, span: Span) -> bool {
        span.end <= self.before_text(name).len()
    }

    /// All bytes of a template's file; none if there is no such template.
    pub fn bytes(&self, name: &str) -> &[u8] {
        self.files.get(name).map_or(&[], |(_, source)| &source.bytes)
    }

    /// What stands before the text of a page; the engine prints it where another template includes the page.
    pub fn before_text(&self, name: &str) -> &[u8] {
        let Some((file, source)) = self.files.get(name) else { return &[] };
        &source.bytes[..file.text_start.max(file.starts.guard)]
    }

    /// Whether a template mentions a file, so that whoever renders the one has the other at hand.
    pub fn mentions(&self, template: &str, name: &str) -> bool {
        self.mentioned(template).is_some_and(|found| {
            found.partials.iter().any(|reference| reference.name == name)
                || found
                    .folders
                    .iter()
                    .any(|folder| self.in_mentioned(&folder.name).any(|it| it == name))
        })
    }

    /// What the official assembler has at hand to render `page`: the engine knows no other file.
    pub fn at_hand(&self, page: &str) -> BTreeSet<&str> {
        self.mentioned_from(page, str::to_owned)
    }

    /// The same, with the files that it has at hand under another name only, such as `/a` for `a`.
    pub fn at_hand_in_any_spelling(&self, page: &str) -> BTreeSet<&str> {
        self.mentioned_from(page, looked_up)
    }

    /// What `page` mentions at any depth, each file by the key that a name stands for.
    fn mentioned_from(&self, page: &str, key: impl Fn(&str) -> String) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        let mut next: Vec<&str> =
            self.files.get_key_value(page).map(|it| it.0.as_str()).into_iter().collect();
        while let Some(name) = next.pop() {
            if !found.insert(name) {
                continue;
            }
            let Some(mentioned) = self.mentioned(name) else { continue };
            let partials = mentioned.partials.iter();
            next.extend(
                partials
                    .filter_map(|it| Some(self.files.get_key_value(&key(&it.name))?.0.as_str())),
            );
            let folders = mentioned.folders.iter();
            next.extend(folders.flat_map(|folder| self.in_mentioned(&folder.name)));
        }
        found
    }

    /// The templates in a folder as a template mentions it.
    fn in_mentioned(&self, folder: &str) -> impl Iterator<Item = &str> + use<'_> {
        self.in_folder(folder.trim_end_matches('/'))
    }

    fn mentioned(&self, name: &str) -> Option<Arc<References>> {
        let (_, source) = self.files.get(name)?;
        Some(source.derived(0, |bytes| references::find(&String::from_utf8_lossy(bytes))))
    }

    /// All templates in order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &TemplateFile)> {
        self.files.iter().map(|(name, (file, _))| (name.as_str(), file.as_ref()))
    }

    /// Whether the engine, to render some template, needs a file of this name.
    pub fn needs(&self, name: &str) -> bool {
        let includes =
            |file: &TemplateFile| file.includes.iter().any(|include| include.name == name);
        self.files.values().any(|(file, _)| includes(file)) && !self.is_defined(name)
    }

    /// Whether a template defines a partial of this name at run time, which then stands for the file.
    pub fn is_defined(&self, name: &str) -> bool {
        self.defined.contains(name)
    }

    /// The names of all pages. A hidden file is none: no bundle holds it.
    pub fn pages(&self) -> impl Iterator<Item = &str> {
        let is_page = |name: &&str| {
            let file = name.strip_prefix("pages/").and_then(|below| below.rsplit('/').next());
            file.is_some_and(|file| !file.is_empty() && !file.starts_with('.'))
        };
        self.files.keys().map(String::as_str).filter(is_page)
    }

    /// `name` and every template that it includes, directly or not.
    pub fn closure(&self, name: &str) -> BTreeSet<&str> {
        let mut seen = BTreeSet::new();
        let mut next: Vec<&str> =
            self.files.get_key_value(name).map(|(name, _)| name.as_str()).into_iter().collect();
        while let Some(name) = next.pop() {
            if seen.insert(name) {
                next.extend(self.included_by(name));
            }
        }
        seen
    }

    /// The templates that `name` includes itself; those that do not exist are left out.
    pub fn included_by(&self, name: &str) -> Vec<&str> {
        let Some((file, _)) = self.files.get(name) else {
            return Vec::new();
        };
        let direct = file.includes.iter().filter_map(|include| {
            self.files.get_key_value(&include.name).map(|(name, _)| name.as_str())
        });
        let dynamic = file.dynamic_folders.iter().flat_map(|folder| self.in_folder(&folder.name));
        direct.chain(dynamic).collect()
    }

    /// The templates that stand in a folder itself.
    pub fn in_folder(&self, folder: &str) -> impl Iterator<Item = &str> + use<'_> {
        let start = format!("{folder}/");
        let after = self.files.range(start.clone()..).map(|(name, _)| name.as_str());
        let below = after.map_while(move |name| Some((name, name.strip_prefix(&start)?)));
        below.filter(|(_, rest)| !rest.contains('/')).map(|(name, _)| name)
    }
}

fn read(is_page: bool, source: &[u8]) -> TemplateFile {
    let starts = if is_page { text_starts(source) } else { TextStarts::default() };
    read_from(starts.platform, starts, source)
}

/// The template, where the text begins at `text_start`.
fn read_from(text_start: usize, starts: TextStarts, source: &[u8]) -> TemplateFile {
    let syntax = match text_start {
        0 => syntax::parse(source),
        start => syntax::parse(&without_front_matter(source, start)),
    };
    let mut file = TemplateFile {
        syntax,
        text_start,
        starts,
        includes: Vec::new(),
        defines: Vec::new(),
        dynamic_folders: Vec::new(),
        unknown_includes: Vec::new(),
        has_inlines: false,
    };
    let statements = file.syntax.statements().map(<[Statement]>::to_vec).unwrap_or_default();
    collect(source, &statements, true, &mut file);
    file
}

/// Blanks in the place of the front matter, so that it stays unread and all places stay right.
fn without_front_matter(source: &[u8], text_start: usize) -> Vec<u8> {
    let mut text = vec![b' '; text_start];
    text.extend_from_slice(&source[text_start..]);
    text
}

fn collect(source: &[u8], statements: &[Statement], keeps_context: bool, file: &mut TemplateFile) {
    for statement in statements {
        match statement {
            Statement::Partial(partial) => {
                match include(source, &partial.call, partial.span, keeps_context) {
                    Some(include) => file.includes.push(include),
                    None => file.unknown_includes.push(partial.span),
                }
            }
            Statement::Mustache(mustache) => match dynamic_folder(source, &mustache.call) {
                Some(folder) => file.dynamic_folders.push(folder),
                None if is_dynamic(&mustache.call) => file.unknown_includes.push(mustache.span),
                None => {}
            },
            Statement::Block(block) => {
                if block.kind == BlockKind::Partial
                    && let Some(mut include) =
                        include(source, &block.call, block.open, keeps_context)
                {
                    if let Some(span) = block.close_name {
                        let close = bare(source, span, &include.name);
                        include.is_plain &= close.is_some();
                        include.name_spans.push(close.unwrap_or(span));
                    }
                    file.includes.push(include);
                }
                file.defines.extend(defined(&block.call));
                file.has_inlines |= block.kind == BlockKind::Decorator;
                let changes = literal_name(&block.call.callee.kind)
                    .is_none_or(|name| !KEEP_CONTEXT.contains(&name.as_str()));
                collect(source, &block.body, keeps_context && !changes, file);
                let inverse = block.inverse.as_deref().unwrap_or_default();
                collect(source, inverse, keeps_context, file);
            }
            Statement::Content(_) | Statement::Comment(_) => {}
        }
    }
}

/// Block helpers whose body sees the same variables as the text around them.
pub const KEEP_CONTEXT: &[&str] = &[
    "if",
    "unless",
    "or",
    "and",
    "all",
    "any",
    "is",
    "eq",
    "isnt",
    "contains",
    "compare",
    "gt",
    "gte",
    "lt",
    "lte",
    "startsWith",
    "inArray",
    "isEmpty",
    "partial",
    "block",
];

/// Helpers that print nothing themselves.
const SILENT: &[&str] = &["inject", "assignVar"];

/// Whether a mustache prints nothing, whatever its arguments are.
pub fn prints_nothing(call: &Call) -> bool {
    literal_name(&call.callee.kind).is_some_and(|name| is_silent(&name))
}

/// Whether a helper prints nothing, whatever its arguments are.
pub fn is_silent(helper: &str) -> bool {
    SILENT.contains(&helper)
}

/// The includes in a text without front matter.
pub fn includes(source: &[u8]) -> Vec<Include> {
    read(false, source).includes
}

fn include(source: &[u8], call: &Call, span: Span, keeps_context: bool) -> Option<Include> {
    let name = literal_name(&call.callee.kind)?;
    let place = bare(source, call.callee.span, &name);
    Some(Include {
        span,
        is_plain: place.is_some(),
        name_spans: vec![place.unwrap_or(call.callee.span)],
        keeps_context: keeps_context && call.params.is_empty(),
        hash_keys: call.hash.iter().map(|pair| pair.key.clone()).collect(),
        name,
    })
}

/// Where a name stands, without its quotes or brackets; `None` if it is spelled in another way.
fn bare(source: &[u8], span: Span, name: &str) -> Option<Span> {
    let is_name = |span: &Span| source.get(span.start..span.end) == Some(name.as_bytes());
    let inside = Span::new(span.start + 1, span.end.saturating_sub(1).max(span.start + 1));
    [span, inside].into_iter().find(is_name)
}

fn defined(call: &Call) -> Option<String> {
    let defines = matches!(literal_name(&call.callee.kind)?.as_str(), "partial" | "inline");
    call.params.first().filter(|_| defines).and_then(|name| literal_name(&name.kind))
}

/// The folder that `dynamicComponent` names and where it stands; `None` if the engine resolves its name.
fn dynamic_folder(source: &[u8], call: &Call) -> Option<DynamicFolder> {
    let folder = call.params.first()?;
    let ExpressionKind::String(text) = &folder.kind else { return None };
    let name = dynamic_folder_name(call)?;
    let place = bare(source, folder.span, text)?;
    let start = place.start + (text.len() - text.trim_start_matches('/').len());
    Some(DynamicFolder { span: Span::new(start, start + name.len()), name })
}

/// The folder of which `dynamicComponent` prints a template; `None` if it is spelled in a way that the engine
/// resolves.
pub fn dynamic_folder_name(call: &Call) -> Option<String> {
    let folder = call.params.first().filter(|_| is_dynamic(call))?;
    let ExpressionKind::String(text) = &folder.kind else { return None };
    let name = text.trim_matches('/');
    let is_plain = |part: &str| !["", ".", ".."].contains(&part) && !part.contains("__");
    name.split('/').all(is_plain).then(|| name.to_owned())
}

/// Whether a call is one of `dynamicComponent`, which prints a template whose name is found at run time.
pub fn is_dynamic(call: &Call) -> bool {
    literal_name(&call.callee.kind).as_deref() == Some("dynamicComponent")
}

/// The name that a path or literal spells; `None` for a sub-expression.
pub(crate) fn literal_name(kind: &ExpressionKind) -> Option<String> {
    match kind {
        ExpressionKind::Path(path) => Some(path.original.clone()),
        ExpressionKind::String(text) | ExpressionKind::Number(text) => Some(text.clone()),
        _ => None,
    }
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
