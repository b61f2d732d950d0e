//! Builds `parsed/stencilContext.json`: which variables the templates of a theme use, and where.
//!
//! The official bundler analyzes all pages concurrently, and its result depends on which page reads a shared
//! partial first. So this module simulates the same queue of file accesses; `names` spells variables.

mod calls;
mod names;
mod scheduler;
mod usages;

use super::event_loop;
use super::js_json;
use super::style_files::join;
use crate::syntax;
use crate::syntax::ast::{Block, Call, Expression, ExpressionKind, Statement};
use crate::theme::Theme;
use crate::theme::pages::{TemplateFile, Templates};
use calls::calls_at_once;
use names::{Mapping, is_unrecorded, variable};
use scheduler::{Scheduler, Task, Ticks};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use usages::Usages;

/// The most levels of partials that are followed.
const MAX_DEPTH: usize = 10;

/// Returns the bytes of `parsed/stencilContext.json`.
pub fn stencil_context(theme: &Theme, templates: &Templates) -> Vec<u8> {
    let analyzer = Rc::new(Analyzer::new(theme, templates));
    let (pages, others): (Vec<&str>, Vec<&str>) =
        sorted_names(theme).into_iter().partition(|name| name.starts_with("pages/"));
    analyzer.clone().run(pages.into_iter().map(|name| (name.to_owned(), "root".to_owned())));
    let done: BTreeSet<String> =
        analyzer.state.borrow().done.iter().map(|(name, _)| name.clone()).collect();
    let rest = others.into_iter().filter(|name| !done.contains(*name));
    let rest = rest.map(|name| {
        let context = if is_form_component(name) { "form" } else { "component" };
        (name.to_owned(), context.to_owned())
    });
    analyzer.clone().run(rest);
    let usages = std::mem::take(&mut analyzer.state.borrow_mut().usages);
    js_json::write(&usages.into_json())
}

/// Returns the template names in the order of a directory walk: by path segments, the last one with its
/// extension.
fn sorted_names(theme: &Theme) -> Vec<&str> {
    let has_name = |name: &&str| !name.is_empty() && !name.ends_with('/');
    let mut names: Vec<&str> = theme.template_names().filter(has_name).collect();
    let key = |name: &str| -> Vec<String> {
        format!("{name}.html").split('/').map(str::to_owned).collect()
    };
    names.sort_by_key(|name| key(name));
    names
}

fn is_form_component(name: &str) -> bool {
    ["/forms/", "/options/"].iter().any(|part| name.contains(part))
}

#[derive(Default)]
struct State {
    usages: Usages,
    /// Templates that were analyzed, each with the context.
    done: HashSet<(String, String)>,
    in_progress: HashSet<String>,
    read: BTreeMap<String, Arc<[Statement]>>,
}

struct Analyzer<'t> {
    theme: &'t Theme,
    templates: &'t Templates,
    state: RefCell<State>,
    scheduler: Scheduler,
}

/// Signals that the engine cannot resolve a partial's name; the rest of the template is skipped.
struct UnresolvedPartial;

/// The position of the reader: the template, the context's name and the caller's arguments.
#[derive(Clone)]
struct Place {
    template: Rc<str>,
    context: Rc<str>,
    mapping: Rc<Option<Mapping>>,
    depth: usize,
}

impl<'t> Analyzer<'t> {
    fn new(theme: &'t Theme, templates: &'t Templates) -> Self {
        Self { theme, templates, state: RefCell::default(), scheduler: Scheduler::new() }
    }

    /// Analyzes templates in contexts, all concurrently.
    fn run(self: Rc<Self>, starts: impl Iterator<Item = (String, String)>) {
        let tasks = starts.map(|(template, context)| {
            let place = Place {
                template: template.into(),
                context: context.into(),
                mapping: Rc::new(None),
                depth: 0,
            };
            self.clone().template(place)
        });
        self.scheduler.run(tasks.collect());
    }

    fn template(self: Rc<Self>, place: Place) -> Task<'t> {
        Box::pin(async move {
            let name = place.template.to_string();
            let pair = (name.clone(), place.context.to_string());
            {
                let mut state = self.state.borrow_mut();
                let is_known = place.depth > MAX_DEPTH
                    || state.done.contains(&pair)
                    || state.in_progress.contains(&name);
                if is_known {
                    return;
                }
                state.in_progress.insert(name.clone());
                state.done.insert(pair);
            }
            let statements = self.read(&name).await;
            let mut place = place;
            if &*place.context == "root" && is_form_component(&name) {
                place.context = "form".into();
            }
            // If the template was abandoned, everything before that point is recorded.
            let _ = self.clone().statements(&statements, &place).await;
            self.state.borrow_mut().in_progress.remove(&name);
        })
    }

    async fn read(&self, name: &str) -> Arc<[Statement]> {
        let known = self.state.borrow().read.get(name).cloned();
        if let Some(statements) = known {
            return statements;
        }
        let source = self.theme.template(name).unwrap_or_default();
        self.ticks(event_loop::read_ticks(source.len())).await;
        let statements = statements(source, self.templates.get(name));
        self.state.borrow_mut().read.insert(name.to_owned(), statements.clone());
        statements
    }

    fn ticks(&self, count: usize) -> Ticks<'_> {
        self.scheduler.ticks(count)
    }

    fn statements<'a>(
        self: Rc<Self>,
        statements: &'a [Statement],
        place: &'a Place,
    ) -> Pin<Box<dyn Future<Output = Result<(), UnresolvedPartial>> + 'a>>
    where
        't: 'a,
    {
        Box::pin(async move {
            for statement in statements {
                match statement {
                    Statement::Mustache(mustache) => self.mustache(&mustache.call, place),
                    Statement::Block(block) => self.clone().block(block, place).await?,
                    Statement::Partial(partial) => {
                        self.clone().partial(&partial.call, place).await?
                    }
                    Statement::Content(_) | Statement::Comment(_) => {}
                }
            }
            Ok(())
        })
    }

    fn mustache(&self, call: &Call, place: &Place) {
        if call.params.is_empty() {
            self.record(&call.callee, place);
        }
        self.arguments(call, place);
    }

    fn arguments(&self, call: &Call, place: &Place) {
        for expression in call.params.iter().chain(call.hash.iter().map(|pair| &pair.value)) {
            self.expression(expression, place);
        }
    }

    fn expression(&self, expression: &Expression, place: &Place) {
        match &expression.kind {
            ExpressionKind::Path(_) => self.record(expression, place),
            ExpressionKind::SubExpression(call) => self.arguments(call, place),
            _ => {}
        }
    }

    fn record(&self, expression: &Expression, place: &Place) {
        if let Some(name) = full_name(expression, place) {
            self.state.borrow_mut().usages.record(name, &place.template);
        }
    }

    async fn block(self: Rc<Self>, block: &Block, place: &Place) -> Result<(), UnresolvedPartial> {
        self.record(&block.call.callee, place);
        for param in &block.call.params {
            self.expression(param, place);
        }
        let inner = Place { context: body_context(&block.call, place).into(), ..place.clone() };
        self.clone().statements(&block.body, &inner).await?;
        let inverse = block.inverse.as_deref().unwrap_or_default();
        self.statements(inverse, place).await
    }

    async fn partial(self: Rc<Self>, call: &Call, place: &Place) -> Result<(), UnresolvedPartial> {
        let name = match &call.callee.kind {
            ExpressionKind::Path(path) => path.original.clone(),
            ExpressionKind::String(text) => text.clone(),
            ExpressionKind::SubExpression(_) => return Ok(()),
            _ => return Err(UnresolvedPartial),
        };
        let found = self.find(&name).await;
        let paths =
            call.hash.iter().filter(|pair| matches!(pair.value.kind, ExpressionKind::Path(_)));
        for pair in paths.clone() {
            self.record(&pair.value, place);
        }
        let calls = call.hash.iter().filter_map(|pair| match &pair.value.kind {
            ExpressionKind::SubExpression(call) => Some(call.as_ref()),
            _ => None,
        });
        calls_at_once(calls).into_iter().for_each(|path| self.record(path, place));
        if let Some(template) = found {
            let mapping =
                paths.filter_map(|pair| Some((pair.key.clone(), full_name(&pair.value, place)?)));
            let mapping = (!call.hash.is_empty()).then(|| mapping.collect());
            let inner = Place {
                template: template.into(),
                context: place.context.clone(),
                mapping: Rc::new(mapping),
                depth: place.depth + 1,
            };
            self.clone().template(inner).await;
        }
        for param in &call.params {
            self.expression(param, place);
        }
        Ok(())
    }

    /// Returns the template that a partial's name refers to: a file, or the index of a folder.
    async fn find(&self, name: &str) -> Option<String> {
        let (file, index) = (join("", name), join(name, "index"));
        for candidate in [&file, &index, &index] {
            self.ticks(event_loop::STAT_TICKS).await;
            if self.theme.template(candidate).is_some() {
                return Some(candidate.clone());
            }
        }
        None
    }
}

/// Parses a whole file, including its front matter, for the older engine; empty if that engine rejects it.
fn statements(source: &[u8], file: Option<&TemplateFile>) -> Arc<[Statement]> {
    let has_mustaches =
        |file: &&TemplateFile| memchr::memmem::find(&source[..file.text_start], b"{{").is_some();
    let syntax = match file.filter(|file| !has_mustaches(file)) {
        Some(file) => file.syntax.v3.clone(),
        None => syntax::parse(source).v3,
    };
    syntax.unwrap_or_default()
}

/// Returns the full name of a path at a place; `None` if it is not recorded.
fn full_name(expression: &Expression, place: &Place) -> Option<String> {
    match &expression.kind {
        ExpressionKind::Path(path) if !is_unrecorded(path) => {
            variable(path, &place.context, place.mapping.as_ref().as_ref())
        }
        _ => None,
    }
}

/// Returns the context of a block's body.
fn body_context(call: &Call, place: &Place) -> String {
    let helper = match &call.callee.kind {
        ExpressionKind::Path(path) => path.original.as_str(),
        _ => "",
    };
    let first = call.params.first();
    let subject = match (helper, first.map(|param| &param.kind)) {
        ("each", _) if &*place.context == "form" => None,
        ("each" | "with", Some(ExpressionKind::Path(_))) => first,
        ("each", Some(ExpressionKind::SubExpression(call))) => call.params.first(),
        _ => None,
    };
    subject
        .and_then(|subject| full_name(subject, place))
        .unwrap_or_else(|| place.context.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn context(files: &[(&str, &str)]) -> Vec<String> {
        let files = files
            .iter()
            .map(|(name, text)| (crate::theme::template_path(name), Some((*text).into())));
        let theme = Theme::default().with(files);
        let context = stencil_context(&theme, &Templates::new(&theme));
        let value: Value = serde_json::from_slice(&context).unwrap();
        let entries = value.as_object().unwrap().iter();
        entries.map(|(name, usage)| format!("{name} {}", usage["count"])).collect()
    }

    #[test]
    fn variables_in_each_belong_to_its_items() {
        let found =
            context(&[("pages/a", "{{#each products}}{{name}}{{../x}}{{@index}}{{/each}}")]);
        assert_eq!(found, ["products 1", "products.name 1", "x 1", "products.index 1"]);
    }

    #[test]
    fn variables_after_else_belong_to_the_outer_context() {
        let found = context(&[("pages/a", "{{#each products}}{{name}}{{else}}{{name}}{{/each}}")]);
        assert_eq!(found, ["products 1", "products.name 1", "name 1"]);
    }

    #[test]
    fn partials_see_their_arguments_but_do_not_pass_them_on() {
        let found =
            context(&[("pages/a", "{{> p v=a.b}}"), ("p", "{{v}}{{v.z}}{{> q}}"), ("q", "{{v}}")]);
        assert_eq!(found, ["a.b 2", "a.b.z 1", "v 1"]);
    }

    #[test]
    fn helpers_and_block_hash_arguments_are_not_recorded() {
        let found = context(&[(
            "pages/a",
            "{{if}}{{#if c d=e}}{{length}}{{a.length}}{{/if}}{{concat f g=h}}",
        )]);
        assert_eq!(found, ["c 1", "a.length 1", "f 1", "h 1"]);
    }

    #[test]
    fn calls_in_partial_arguments_are_interleaved() {
        let page = "{{> p u=(concat a b c) v=w x=(concat d (if e f) g)}}";
        let names: Vec<String> = context(&[("pages/a", page)])
            .into_iter()
            .map(|found| found.replace(" 1", ""))
            .collect();
        assert_eq!(names, ["w", "a", "d", "b", "e", "c", "f", "g"]);
    }

    #[test]
    fn partial_names_resolve_like_paths() {
        for name in ["'/p'", "'c//q'", "'./p'", "'c/../p'", "'c'"] {
            let page = format!("{{{{> {name}}}}}");
            let files = [
                ("pages/a", page.as_str()),
                ("p", "{{v}}"),
                ("c/q", "{{v}}"),
                ("c/index", "{{v}}"),
            ];
            assert!(context(&files).contains(&"v 1".to_owned()), "{name}");
        }
    }

    #[test]
    fn variables_of_unreached_templates_get_a_prefix() {
        let found = context(&[
            ("pages/a", "x"),
            ("components/x/forms/f", "{{a}}"),
            ("components/y", "{{b}}"),
        ]);
        assert_eq!(found, ["form.a 1", "component.b 1"]);
    }

    #[test]
    fn templates_the_older_engine_rejects_have_no_variables() {
        assert!(context(&[("pages/a", "{{a}}{{foo.0}}")]).is_empty());
        assert_eq!(stencil_context(&Theme::default(), &Templates::default()), b"{}");
    }
}
