//! Our reading of templates against both real parsers: verdicts, and all that was found with places.
//!
//! The lists that are compared have one form here and in `parse.js`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};
use stencil_guard::syntax::ast::{
    Block, BlockKind, Call, Expression, ExpressionKind, Mustache, PartialCall, Statement,
};
use stencil_guard::syntax::{Rejection, parse};
use stencil_guard::text::Span;

use crate::engine::{themes, trial};
use crate::generator::{Case, Generator, SHAPES};
use crate::node;

const CASES: usize = 10_000;
const BATCH: usize = 500;
/// More of them would only hide the first.
const SHOWN: usize = 5;

/// One trial for each theme and one for the generated templates.
pub(crate) fn trials() -> Vec<Trial> {
    let missing = node::missing();
    let mut trials = vec![trial("parse::generated", missing, generated_templates_agree)];
    for theme in themes() {
        let name = theme.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let test = move || theme_agrees(&theme);
        trials.push(trial(&format!("parse::{name}"), missing, test));
    }
    trials
}

fn generated_templates_agree() -> Result<(), Failed> {
    let mut generator = Generator::new(0x5eed_0f5e_ed1e_55ed);
    let mut uses = vec![0; SHAPES.len()];
    let mut refused = 0;
    let mut differ = Vec::new();
    for _ in 0..CASES / BATCH {
        let cases: Vec<Case> = (0..BATCH).map(|_| generator.case()).collect();
        // A broken template may have lost the shapes it was made of.
        for case in cases.iter().filter(|case| !case.broken) {
            case.shapes.iter().for_each(|&shape| uses[shape] += 1);
        }
        let sources: Vec<&[u8]> = cases.iter().map(|case| case.source.as_slice()).collect();
        refused += sources.iter().filter(|text| parse(text).v3.is_err()).count();
        differ.extend(differences(&sources)?.into_iter().map(|(_, text)| text));
    }
    verdict(differ)?;
    let rare: Vec<&str> = SHAPES
        .iter()
        .zip(&uses)
        .filter(|&(_, &uses)| uses < CASES / 100)
        .map(|(shape, _)| shape.0)
        .collect();
    if !rare.is_empty() {
        return Err(format!("in less than 1 % of the templates: {rare:?}").into());
    }
    if !(CASES / 5..CASES / 5 * 2).contains(&refused) {
        return Err(
            format!("{refused} of {CASES} templates are refused by both, not about 30 %").into()
        );
    }
    Ok(())
}

fn theme_agrees(theme: &Path) -> Result<(), Failed> {
    let mut paths: Vec<PathBuf> = walkdir::WalkDir::new(theme.join("templates"))
        .into_iter()
        .filter_map(|entry| Some(entry.ok()?.into_path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "html"))
        .collect();
    paths.sort();
    let mut differ = Vec::new();
    for batch in paths.chunks(BATCH) {
        let sources = batch.iter().map(std::fs::read).collect::<Result<Vec<_>, _>>()?;
        let sources: Vec<&[u8]> = sources.iter().map(Vec::as_slice).collect();
        let found = differences(&sources)?.into_iter();
        differ.extend(found.map(|(index, text)| format!("{}: {text}", batch[index].display())));
    }
    verdict(differ)
}

fn verdict(differ: Vec<String>) -> Result<(), Failed> {
    if differ.is_empty() {
        return Ok(());
    }
    let shown = differ[..differ.len().min(SHOWN)].join("\n\n");
    Err(format!("{} differences, the first being\n{shown}", differ.len()).into())
}

/// Where our reading and a real parser's differ, by the source's index.
fn differences(sources: &[&[u8]]) -> Result<Vec<(usize, String)>, Failed> {
    let texts: Vec<_> = sources.iter().map(|text| String::from_utf8_lossy(text)).collect();
    let real = node::ask(json!({ "op": "parse", "texts": texts }))?;
    let mut differ = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        let ours = parse(source);
        for (version, ours) in [("v3", ours.v3), ("v4", ours.v4)] {
            let theirs = &real["read"][index][version];
            if let Some(difference) = difference(source, ours, theirs) {
                let source = source.escape_ascii();
                differ.push((index, format!("{version}: {difference}\nin: {source}")));
            }
        }
    }
    Ok(differ)
}

fn difference(
    source: &[u8],
    ours: Result<Arc<[Statement]>, Rejection>,
    theirs: &Value,
) -> Option<String> {
    match (ours, theirs["found"].as_array()) {
        (Err(_), None) if theirs["refused"].is_string() => None,
        (Err(ours), _) => Some(format!("ours: {ours:?}\ntheirs: {theirs}")),
        (Ok(ours), theirs_found) => {
            let ours = Lister::list(source, &ours);
            if theirs_found == Some(&ours) {
                return None;
            }
            let ours = Value::Array(ours);
            Some(format!("ours:   {ours}\ntheirs: {theirs}"))
        }
    }
}

/// Writes a tree as `parse.js` writes the real ones.
struct Lister<'s> {
    source: &'s [u8],
    /// UTF-16 offset of each byte in the text as it is decoded for the engine.
    offsets: Vec<usize>,
    found: Vec<Value>,
}

impl<'s> Lister<'s> {
    fn list(source: &'s [u8], statements: &[Statement]) -> Vec<Value> {
        let mut lister = Self { source, offsets: utf16_offsets(source), found: Vec::new() };
        lister.program(statements, "");
        lister.found.sort_by_key(|entry| {
            let place = |index: usize| entry[index].as_u64().unwrap_or_default();
            (place(1), std::cmp::Reverse(place(2)))
        });
        lister.found
    }

    fn at(&self, span: Span) -> (usize, usize) {
        (self.offsets[span.start], self.offsets[span.end])
    }

    fn program(&mut self, statements: &[Statement], branch: &str) {
        for statement in statements {
            if !self.is_escape(statement) {
                self.statement(statement, branch);
            }
        }
    }

    /// The engine drops the backslash of `\{{`, and with it a text that is nothing else.
    fn is_escape(&self, statement: &Statement) -> bool {
        let Statement::Content(span) = statement else {
            return false;
        };
        let rest = &self.source[span.end..];
        span.of(self.source) == b"\\" && rest.starts_with(b"{{")
    }

    fn statement(&mut self, statement: &Statement, branch: &str) {
        let entry = match statement {
            Statement::Content(span) => self.leaf("content", *span, branch),
            Statement::Comment(span) => self.leaf("comment", *span, branch),
            Statement::Mustache(Mustache { span, call, escaped }) => {
                self.entry("mustache", *span, branch, call, json!(escaped))
            }
            Statement::Partial(PartialCall { span, call }) => {
                self.entry("partial", *span, branch, call, json!([]))
            }
            Statement::Block(block) => return self.block(block, branch),
        };
        self.found.push(entry);
    }

    fn block(&mut self, block: &Block, branch: &str) {
        let kind = match block.kind {
            BlockKind::Section | BlockKind::Inverted | BlockKind::Raw => "block",
            BlockKind::Partial => "partial block",
            BlockKind::Decorator => "decorator block",
        };
        let names = json!(block.block_params);
        let entry = self.entry(kind, block.span, branch, &block.call, names);
        self.found.push(entry);
        let (body, inverse) = match block.kind {
            // Nothing is escaped in there.
            BlockKind::Raw => {
                let branch = format!("{branch}p");
                return block.body.iter().for_each(|it| self.statement(it, &branch));
            }
            BlockKind::Inverted => ("i", "p"),
            _ => ("p", "i"),
        };
        self.program(&block.body, &format!("{branch}{body}"));
        let otherwise = block.inverse.as_deref().unwrap_or_default();
        self.program(otherwise, &format!("{branch}{inverse}"));
    }

    fn leaf(&self, kind: &str, span: Span, branch: &str) -> Value {
        let (start, end) = self.at(span);
        json!([kind, start, end, branch])
    }

    fn entry(&self, kind: &str, span: Span, branch: &str, call: &Call, last: Value) -> Value {
        let (start, end) = self.at(span);
        let [callee, params, hash] = self.call(call);
        json!([kind, start, end, branch, callee, params, hash, last])
    }

    fn call(&self, call: &Call) -> [Value; 3] {
        let params = call.params.iter().map(|param| self.expression(param));
        let pairs = call.hash.iter();
        let hash = pairs.map(|pair| json!([pair.key, self.expression(&pair.value)]));
        [self.expression(&call.callee), params.collect(), hash.collect()]
    }

    fn expression(&self, expression: &Expression) -> Value {
        let (start, end) = self.at(expression.span);
        match &expression.kind {
            ExpressionKind::Path(path) => {
                json!(["path", start, end, path.original, path.data, path.depth, path.parts])
            }
            ExpressionKind::String(text) => json!(["string", start, end, text]),
            ExpressionKind::Number(digits) => json!(["number", start, end, number(digits)]),
            ExpressionKind::Boolean(value) => json!(["boolean", start, end, value.to_string()]),
            ExpressionKind::Undefined => json!(["undefined", start, end, "undefined"]),
            ExpressionKind::Null => json!(["null", start, end, "null"]),
            ExpressionKind::SubExpression(call) => {
                let [callee, params, hash] = self.call(call);
                json!(["call", start, end, callee, params, hash])
            }
        }
    }
}

/// A number as JavaScript prints it.
fn number(digits: &str) -> String {
    let value: f64 = digits.parse().unwrap_or(f64::NAN);
    ryu_js::Buffer::new().format(value).to_owned()
}

fn utf16_offsets(source: &[u8]) -> Vec<usize> {
    let mut offsets = Vec::with_capacity(source.len() + 1);
    let mut offset = 0;
    for chunk in source.utf8_chunks() {
        for character in chunk.valid().chars() {
            offsets.extend(std::iter::repeat_n(offset, character.len_utf8()));
            offset += character.len_utf16();
        }
        let invalid = chunk.invalid().len();
        offsets.extend(std::iter::repeat_n(offset, invalid));
        offset += usize::from(invalid > 0);
    }
    offsets.push(offset);
    offsets
}
