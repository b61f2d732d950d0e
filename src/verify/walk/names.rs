//! Resolves the names of partials: to a body that a template defined earlier, or else to a file, but only one
//! that the platform has available.

use super::Walk;
use super::printed::passes_markup;
use crate::syntax::ast::{Block, BlockKind, Call, Expression, ExpressionKind, Statement};
use crate::theme::pages::{dynamic_folder_name, literal_name};
use crate::theme::references::looked_up;
use crate::verify::condition::Visibility;
use crate::verify::definitions::{Body, Inlines, PartialBlock, Scope};
use crate::verify::unique::Unique;

/// Something that a name may stand for.
#[derive(Clone)]
enum Way<'a> {
    Body(Unique<Body<'a>>),
    /// The body of the `{{#> name}}` block that includes what is being rendered.
    PartialBlock(Unique<PartialBlock<'a>>),
    File(&'a str),
    /// Nothing that is known: the engine refuses the page, or the content comes from elsewhere.
    Missing,
    Nothing,
}

/// The name of the enclosing block's body, unless something is defined under this name.
const PARTIAL_BLOCK: &str = "@partial-block";

/// Names under which the engine defines nothing.
const NO_NAMES: &[&str] = &[
    "__defineGetter__",
    "__defineSetter__",
    "__lookupGetter__",
    "__lookupSetter__",
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "toString",
    "valueOf",
];

/// Variables of the page that a hash argument of an include would hide.
const TESTED_VARIABLES: &[&str] =
    &["customer", "head", "in_development", "page_type", "template", "theme_settings"];

/// The name in the first argument of `partial` or `block`.
enum Name {
    Known(String),
    /// A name that is computed at run time and starts with this text.
    Unknown(String),
    /// The argument is not a name.
    None,
}

impl Name {
    fn of(call: &Call) -> Self {
        let Some(first) = call.params.first() else { return Self::None };
        match (text_of(first), &first.kind) {
            (Some(name), _) if NO_NAMES.contains(&name.as_str()) => Self::None,
            (Some(name), _) => Self::Known(name),
            (None, ExpressionKind::Path(_) | ExpressionKind::SubExpression(_)) => {
                Self::Unknown(start_of(first))
            }
            _ => Self::None,
        }
    }
}

/// Returns the text of an expression that is a literal or joins literals.
fn text_of(expression: &Expression) -> Option<String> {
    match (&expression.kind, joined(expression)) {
        (ExpressionKind::String(text), _) => Some(text.clone()),
        (_, Some((first, second))) => Some(text_of(first)? + &text_of(second)?),
        _ => None,
    }
}

/// Returns how the text of an expression begins, as far as literals determine it.
fn start_of(expression: &Expression) -> String {
    match joined(expression) {
        Some((first, second)) => match text_of(first) {
            Some(text) => text + &start_of(second),
            None => start_of(first),
        },
        None => text_of(expression).unwrap_or_default(),
    }
}

/// Returns the two texts that `concat` joins.
fn joined(expression: &Expression) -> Option<(&Expression, &Expression)> {
    let ExpressionKind::SubExpression(call) = &expression.kind else { return None };
    let is_concat = literal_name(&call.callee.kind).as_deref() == Some("concat");
    match call.params.as_slice() {
        [first, second, ..] if is_concat => Some((first, second)),
        _ => None,
    }
}

impl<'a> Walk<'a> {
    /// Follows `{{> name}}` or `{{#> name}}`.
    pub(super) fn include(
        &mut self,
        from: &'a str,
        call: &'a Call,
        visibility: Visibility,
        block: Option<&'a Block>,
    ) {
        self.note_literals(call);
        let literal = literal_name(&call.callee.kind);
        let is_around = literal.as_deref() == Some(PARTIAL_BLOCK);
        let around = self.state.scope.block.clone().filter(|_| is_around).map(Way::PartialBlock);
        let name = literal.or_else(|| text_of(&call.callee));
        if name.as_ref().is_some_and(|name| self.skips(from, name, block)) {
            return;
        }
        let hides = call.hash.iter().any(|pair| TESTED_VARIABLES.contains(&pair.key.as_str()));
        let visibility =
            if call.params.is_empty() && !hides { visibility } else { Visibility::Nothing };
        let ways = |walk: &mut Self, fallback| match &name {
            Some(name) => walk.included(from, name, fallback),
            None => walk.all_ways(&start_of(&call.callee), fallback),
        };
        let had_markup = self.state.scope.has_markup;
        let Some(block) = block else {
            let ways = ways(self, around.unwrap_or(Way::Missing));
            self.state.scope.has_markup |= passes_markup(call);
            self.each(ways, from, visibility);
            self.state.scope.has_markup = had_markup;
            return;
        };
        let outer = self.state.scope.clone();
        let body = self.body(from, block, &block.body);
        let body = self.library.body(body);
        let own = self.library.block(PartialBlock { body, scope: outer.clone() });
        let ways = ways(self, around.unwrap_or_else(|| Way::PartialBlock(own.clone())));
        self.enter_inlines(from, &block.body);
        self.state.scope.block = Some(own);
        self.state.scope.has_markup |= passes_markup(call);
        self.each(ways, from, visibility);
        self.state.scope = outer;
    }

    /// Whether an include can be skipped.
    fn skips(&mut self, from: &str, name: &str, block: Option<&Block>) -> bool {
        let is_file = name != PARTIAL_BLOCK
            && !self.state.definitions.may_define(&mut self.library, name)
            && !self.state.scope.inlines.contains_key(name)
            && (block.is_none() || !self.left_in.contains(from));
        is_file && self.is_idle(name)
    }

    /// Returns what the name of an include may stand for. Before the engine prints a template that has inline
    /// partials, it copies all names, so that the template may not see what is defined later.
    fn included(&mut self, from: &'a str, name: &str, fallback: Way<'a>) -> Vec<Way<'a>> {
        let is_hidden = self.templates.have_inlines()
            && !self.state.scope.inlines.contains_key(name)
            && self.state.definitions.may_define(&mut self.library, name);
        let file = if is_hidden { self.file(from, name, &fallback) } else { Vec::new() };
        let mut ways = self.ways(from, name, fallback);
        ways.extend(file);
        ways
    }

    fn ways(&mut self, from: &'a str, name: &str, fallback: Way<'a>) -> Vec<Way<'a>> {
        let scope = &self.state.scope;
        if let Some(body) = scope.inlines.get(name) {
            return vec![Way::Body(body.clone())];
        }
        let definitions = &self.state.definitions;
        if !definitions.may_define(&mut self.library, name) {
            return self.file(from, name, &fallback);
        }
        let bodies = definitions.bodies(&mut self.library, name).into_iter();
        let file = || self.file(from, name, &fallback);
        bodies.flat_map(|body| body.map_or_else(file, |body| vec![Way::Body(body)])).collect()
    }

    /// Returns what a name stands for if no template defines it.
    fn file(&self, from: &'a str, name: &str, fallback: &Way<'a>) -> Vec<Way<'a>> {
        let spelled = name;
        let Some((name, _)) = self.templates.entry(&looked_up(spelled)) else {
            return vec![fallback.clone()];
        };
        // The official tool finds the file, but other tools may treat the two names as different.
        if name != spelled {
            return vec![fallback.clone(), Way::Missing, Way::File(name)];
        }
        let is_available =
            || self.templates.mentions(from, name) || self.all_available().contains(name);
        match fallback {
            // Without the file the engine refuses the page.
            Way::Missing => vec![Way::File(name)],
            _ if is_available() => vec![Way::File(name)],
            fallback => vec![fallback.clone(), Way::File(name)],
        }
    }

    /// Returns everything that a name with this start may stand for.
    fn all_ways(&mut self, start: &str, fallback: Way<'a>) -> Vec<Way<'a>> {
        // After the browser has left, it makes no difference.
        if self.state.output.left {
            return vec![Way::Missing];
        }
        let inlines = self.state.scope.inlines.values().cloned();
        let bodies = self.state.definitions.below(&mut self.library, start).into_iter();
        let bodies = bodies.chain(inlines).map(Way::Body);
        let start = looked_up(start);
        let files = self.all_in_any_spelling().iter().filter(|name| name.starts_with(&start));
        let files = files.map(|name| Way::File(name));
        files.chain(bodies).chain([fallback, Way::Missing]).collect()
    }

    fn each(&mut self, mut ways: Vec<Way<'a>>, from: &'a str, visibility: Visibility) {
        let Some(last) = ways.pop() else { return };
        if ways.is_empty() {
            return self.go(last, from, visibility);
        }
        if self.is_spent() {
            return self.give_up();
        }
        let before = self.state.clone();
        self.alternatives += 1;
        self.go(last, from, visibility);
        for way in ways {
            if self.is_spent() {
                self.give_up();
                break;
            }
            let earlier = std::mem::replace(&mut self.state, before.clone());
            self.go(way, from, visibility);
            self.state.join(&earlier, &mut self.library);
        }
        self.alternatives -= 1;
    }

    fn go(&mut self, way: Way<'a>, from: &'a str, visibility: Visibility) {
        let (body, mut scope) = match way {
            Way::Nothing => return,
            Way::File(name) if self.template(name, visibility).is_some() => return,
            Way::File(_) | Way::Missing => {
                self.prints_shop = true;
                return self.print_unknown(from);
            }
            Way::PartialBlock(block) => (block.body.clone(), block.scope.clone()),
            Way::Body(body) => (body, self.state.scope.clone()),
        };
        if let Some(inlines) = &body.inlines {
            scope.inlines = inlines.clone();
        }
        let outer = std::mem::replace(&mut self.state.scope, scope);
        self.go_inside(body.template, body.statements, visibility);
        self.state.scope = outer;
    }

    fn body(&self, template: &'a str, block: &Block, statements: &'a [Statement]) -> Body<'a> {
        let inlines = Some(self.state.scope.inlines.clone());
        Body { template, start: block.span.start, statements, inlines }
    }

    /// Returns the body that a block passes to its helper; it is empty for an inverted block.
    fn own_body(&self, template: &'a str, block: &'a Block) -> Body<'a> {
        let is_inverted = block.kind == BlockKind::Inverted;
        self.body(template, block, if is_inverted { &[] } else { &block.body })
    }

    /// Defines the body of a `{{#partial "name"}}`.
    pub(super) fn define(&mut self, template: &'a str, block: &'a Block) {
        let body = self.own_body(template, block);
        match Name::of(&block.call) {
            Name::Known(name) => self.state.definitions.define(&mut self.library, &name, body),
            Name::Unknown(_) => self.define_unnamed(body),
            Name::None => {}
        }
    }

    fn define_unnamed(&mut self, body: Body<'a>) {
        let body = self.library.body(body);
        self.state.definitions.define_unnamed(&mut self.library, body);
    }

    /// Follows what the name of a `{{#block}}` stands for: an earlier definition, else a template of that
    /// name, else the block's own body. The engine passes the block's hash as the data, so that `@root` is
    /// gone.
    pub(super) fn print_defined(
        &mut self,
        template: &'a str,
        block: &'a Block,
        visibility: Visibility,
    ) {
        let own = self.own_body(template, block);
        let own = Way::Body(self.library.body(own));
        let outer = self.leave_scope();
        let ways = match Name::of(&block.call) {
            Name::Known(name) => self.ways(template, &name, own),
            Name::Unknown(start) => self.all_ways(&start, own),
            Name::None => vec![Way::Nothing],
        };
        self.each(ways, template, visibility.without_root());
        self.state.scope = outer;
    }

    /// Follows the templates of which `dynamicComponent` may print one, or none.
    pub(super) fn print_dynamic(&mut self, from: &'a str, call: &Call, visibility: Visibility) {
        let outer = self.leave_scope();
        let folder = dynamic_folder_name(call).map(|folder| format!("{folder}/"));
        let start = folder.as_deref().unwrap_or_default();
        let mut ways = self.all_ways(start.trim_start_matches('/'), Way::Missing);
        // The platform picks files in the folder itself, not in its subfolders. A template around this place
        // is left out: what it prints is followed there, and counts as unknown here.
        let is_meant = |name: &str| match name.strip_prefix(start) {
            Some(rest) => !rest.contains('/') && !self.inside.contains(&name),
            None => true,
        };
        ways.retain(|way| !matches!(way, Way::File(name) if !start.is_empty() && !is_meant(name)));
        self.each(ways, from, visibility.without_root());
        self.state.scope = outer;
    }

    /// Enters a scope for what `block` or `dynamicComponent` prints, which sees the variables but no other
    /// names. Returns the outer scope.
    fn leave_scope(&mut self) -> Scope<'a> {
        let has_markup = self.state.scope.has_markup;
        let scope = Scope { has_markup, ..self.library.scope() };
        std::mem::replace(&mut self.state.scope, scope)
    }

    /// Defines the inline partials among `statements`, which are visible in all of them, even before their
    /// definition. Returns the outer scope; `None` if there are no inline partials.
    pub(super) fn enter_inlines(
        &mut self,
        template: &'a str,
        statements: &'a [Statement],
    ) -> Option<Scope<'a>> {
        let is_inline = |statement: &&'a Statement| match statement {
            Statement::Block(block) => block.kind == BlockKind::Decorator,
            _ => false,
        };
        let mut blocks = statements.iter().filter(is_inline).peekable();
        blocks.peek()?;
        let outer = self.state.scope.clone();
        let mut inlines = Inlines::clone(&outer.inlines);
        for statement in blocks {
            let Statement::Block(block) = statement else { continue };
            let body = Body { inlines: None, ..self.own_body(template, block) };
            match Name::of(&block.call) {
                Name::Known(name) => drop(inlines.insert(name, self.library.body(body))),
                Name::Unknown(_) => self.define_unnamed(body),
                Name::None => {}
            }
        }
        self.state.scope.inlines = self.library.inlines(inlines);
        Some(outer)
    }
}
