//! One template as the engine reads it: what it includes, defines and looks up. `pages` knows how the
//! templates of a theme relate to each other.

use super::front_matter::{TextStarts, text_starts};
use crate::syntax;
use crate::syntax::ast::{BlockKind, Call, ExpressionKind, Statement};
use crate::text::Span;

/// One include (`{{> name}}`) in a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Include {
    /// The name as the engine looks it up.
    pub name: String,
    /// The whole mustache.
    pub span: Span,
    /// Where the name is; two places for `{{#> name}}…{{/name}}`.
    pub name_spans: Vec<Span>,
    /// Whether the name is spelled out character by character. The engine also accepts white space between
    /// its parts, and brackets around them; replacing such a name could not be undone.
    pub is_plain: bool,
    /// Whether the included template sees the same variables: no context argument, and no block
    /// around it that changes the context.
    pub keeps_context: bool,
    /// Names to which its hash assigns values.
    pub hash_keys: Vec<String>,
}

/// A folder of templates from which `{{dynamicComponent "folder"}}` prints one that is chosen at run time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DynamicFolder {
    /// The folder's name, without a `/` at either end.
    pub name: String,
    /// Where the name is.
    pub span: Span,
}

/// One parsed template.
#[derive(Clone, Debug)]
pub struct TemplateFile {
    /// The result of both engines for its text after the front matter; spans are positions in the file.
    pub syntax: syntax::Template,
    /// Where the text begins; 0 if there is no front matter.
    pub text_start: usize,
    /// Where the text begins for tools that see front matter differently.
    pub starts: TextStarts,
    /// The includes in source order.
    pub includes: Vec<Include>,
    /// The names that `{{#partial "name"}}` blocks define.
    pub defines: Vec<String>,
    /// Folders of partials named by `dynamicComponent`.
    pub dynamic_folders: Vec<DynamicFolder>,
    /// Includes whose name is known only at run time.
    pub unknown_includes: Vec<Span>,
    /// Whether the template defines inline partials.
    pub has_inlines: bool,
}

pub(super) fn read(is_page: bool, source: &[u8]) -> TemplateFile {
    let starts = if is_page { text_starts(source) } else { TextStarts::default() };
    read_from(starts.platform, starts, source)
}

/// Parses the template whose text begins at `text_start`.
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

/// Replaces the front matter with blanks, so that it is not parsed and all positions stay correct.
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

/// Block helpers whose body sees the same variables as the text around the block.
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

/// Reports whether a mustache prints nothing, whatever its arguments are.
pub fn prints_nothing(call: &Call) -> bool {
    literal_name(&call.callee.kind).is_some_and(|name| is_silent(&name))
}

/// Reports whether a helper prints nothing, whatever its arguments are.
pub fn is_silent(helper: &str) -> bool {
    SILENT.contains(&helper)
}

/// Returns the includes in a text without front matter.
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

/// Returns where a name is, without its quotes or brackets; `None` if it is spelled in another way.
fn bare(source: &[u8], span: Span, name: &str) -> Option<Span> {
    let is_name = |span: &Span| source.get(span.start..span.end) == Some(name.as_bytes());
    let inside = Span::new(span.start + 1, span.end.saturating_sub(1).max(span.start + 1));
    [span, inside].into_iter().find(is_name)
}

fn defined(call: &Call) -> Option<String> {
    let defines = matches!(literal_name(&call.callee.kind)?.as_str(), "partial" | "inline");
    call.params.first().filter(|_| defines).and_then(|name| literal_name(&name.kind))
}

/// Returns the folder that `dynamicComponent` names and where the name is; `None` if the engine would have to
/// resolve the name.
fn dynamic_folder(source: &[u8], call: &Call) -> Option<DynamicFolder> {
    let folder = call.params.first()?;
    let ExpressionKind::String(text) = &folder.kind else { return None };
    let name = dynamic_folder_name(call)?;
    let place = bare(source, folder.span, text)?;
    let start = place.start + (text.len() - text.trim_start_matches('/').len());
    Some(DynamicFolder { span: Span::new(start, start + name.len()), name })
}

/// Returns the folder from which `dynamicComponent` prints a template; `None` if the engine would have to
/// resolve its name.
pub fn dynamic_folder_name(call: &Call) -> Option<String> {
    let folder = call.params.first().filter(|_| is_dynamic(call))?;
    let ExpressionKind::String(text) = &folder.kind else { return None };
    let name = text.trim_matches('/');
    let is_plain = |part: &str| !["", ".", ".."].contains(&part) && !part.contains("__");
    name.split('/').all(is_plain).then(|| name.to_owned())
}

/// Reports whether a call is one of `dynamicComponent`, which prints a template that is chosen at run time.
fn is_dynamic(call: &Call) -> bool {
    literal_name(&call.callee.kind).as_deref() == Some("dynamicComponent")
}

/// Returns the name that a path or literal spells; `None` for any other expression.
pub(crate) fn literal_name(kind: &ExpressionKind) -> Option<String> {
    match kind {
        ExpressionKind::Path(path) => Some(path.original.clone()),
        ExpressionKind::String(text) | ExpressionKind::Number(text) => Some(text.clone()),
        _ => None,
    }
}
