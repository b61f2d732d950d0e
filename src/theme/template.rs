//! One template as the engine reads it: what it includes, defines and looks up. How the templates of a theme hang
//! together is for `pages` to say.

use super::front_matter::{TextStarts, text_starts};
use crate::syntax;
use crate::syntax::ast::{BlockKind, Call, ExpressionKind, Statement};
use crate::text::Span;

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

pub(super) fn read(is_page: bool, source: &[u8]) -> TemplateFile {
    let starts = if is_page { text_starts(source) } else { TextStarts::default() };
    read_from(starts.platform, starts, source)
}

/// The template, where the text begins at `text_start`.
pub(super) fn read_from(text_start: usize, starts: TextStarts, source: &[u8]) -> TemplateFile {
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
pub(super) fn without_front_matter(source: &[u8], text_start: usize) -> Vec<u8> {
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
fn is_dynamic(call: &Call) -> bool {
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
