//! The functions that the platform adds to Sass, which give style sheets access to the theme's settings.
//! `random` is also replaced, so that it returns the same value in every run.
//!
//! They convert settings as the official compiler does, and fail on the settings on which it crashes.

use grass_compiler::codemap::Span;
use grass_compiler::sass_value::{ArgumentResult, Color, Number, QuoteKind, SassNumber, Unit};
use grass_compiler::{Builtin, Result, Visitor, sass_value::Value};
use serde_json::{Map, Value as Json};
use std::cell::RefCell;
use std::sync::Arc;

thread_local! {
    /// The library accepts only plain functions, so they find their settings here.
    static SETTINGS: RefCell<Map<String, Json>> = RefCell::default();
}

type Function = fn(ArgumentResult, &mut Visitor<'_>) -> Result<Value>;

const FUNCTIONS: [(&str, Function); 7] = [
    ("stencilNumber", number),
    ("stencilColor", color),
    ("stencilString", string),
    ("stencilImage", image),
    ("stencilFontFamily", font_family),
    ("stencilFontWeight", font_weight),
    ("random", random),
];

/// Returns all functions by name.
pub(super) fn all() -> impl Iterator<Item = (&'static str, Builtin)> {
    FUNCTIONS.into_iter().map(|(name, function)| (name, Builtin::new(function)))
}

/// Sets the `settings` for the functions on this thread.
pub(super) fn set(settings: &Map<String, Json>) {
    SETTINGS.with_borrow_mut(|current| current.clone_from(settings));
}

/// Returns the setting that an argument names: by its whole name, or as a path with dots.
fn setting(name: &Value) -> Json {
    let Value::String(name, _) = name else { return Json::Null };
    SETTINGS.with_borrow(|settings| {
        let path = || {
            let mut parts = name.split('.');
            let first = settings.get(parts.next()?)?;
            parts.try_fold(first, |value, part| value.get(part))
        };
        settings.get(name).or_else(path).cloned().unwrap_or_default()
    })
}

/// Reports whether a value is truthy in JavaScript.
fn is_truthy(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::Bool(value) => *value,
        Json::Number(number) => number.as_f64() != Some(0.0),
        Json::String(text) => !text.is_empty(),
        Json::Array(_) | Json::Object(_) => true,
    }
}

/// Returns a value as JavaScript converts it to a string.
fn text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn unquoted(text: impl Into<String>) -> Value {
    Value::String(text.into(), QuoteKind::None)
}

/// Returns the settings that the arguments with these names refer to; more arguments are an error.
fn settings<const N: usize>(
    arguments: &mut ArgumentResult,
    names: [&'static str; N],
) -> Result<[Json; N]> {
    arguments.max_args(N)?;
    let mut found = [const { Json::Null }; N];
    for (at, name) in names.into_iter().enumerate() {
        found[at] = setting(&arguments.get_err(at, name)?);
    }
    Ok(found)
}

fn number(mut arguments: ArgumentResult, _: &mut Visitor<'_>) -> Result<Value> {
    arguments.max_args(2)?;
    let value = match setting(&arguments.get_err(0, "name")?) {
        Json::Number(number) => number.as_f64().unwrap_or_default(),
        Json::String(text) => leading_number(&text),
        _ => 0.0,
    };
    let unit = match arguments.default_arg(1, "unit", unquoted("px")) {
        Value::String(unit, _) if !unit.is_empty() => Unit::from(unit),
        _ => Unit::None,
    };
    Ok(Value::Dimension(SassNumber { num: Number(value), unit, as_slash: None }))
}

/// Returns the number that a text begins with, like `parseFloat`; 0 if there is none.
fn leading_number(text: &str) -> f64 {
    let text = text.trim_start();
    let is_part = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
    let mut end = text.bytes().take_while(is_part).count();
    loop {
        match text[..end].parse::<f64>() {
            Ok(number) => return number,
            Err(_) if end == 0 => return 0.0,
            Err(_) => end -= 1,
        }
    }
}

fn color(mut arguments: ArgumentResult, _: &mut Visitor<'_>) -> Result<Value> {
    let [value] = settings(&mut arguments, ["name"])?;
    if !is_truthy(&value) {
        return Ok(Value::Null);
    }
    let value = text(&value);
    // The digits follow an opaque alpha; however many there are, only the last eight count.
    let digits = value.strip_prefix('#').unwrap_or(&value).chars().map_while(|c| c.to_digit(16));
    let bits = digits.fold(0xff_u32, |bits, digit| bits << 4 | digit);
    let [alpha, red, green, blue] = bits.to_be_bytes();
    let parts = [red, green, blue].map(|part| Number(f64::from(part)));
    let [red, green, blue] = parts;
    let color = Color::from_rgba(red, green, blue, Number(f64::from(alpha) / 255.0));
    Ok(Value::Color(Arc::new(color)))
}

fn string(mut arguments: ArgumentResult, _: &mut Visitor<'_>) -> Result<Value> {
    let [value] = settings(&mut arguments, ["name"])?;
    match &value {
        Json::String(text) if !text.is_empty() => Ok(unquoted(text)),
        value if is_truthy(value) => unusable("stencilString", arguments.span()),
        _ => Ok(Value::Null),
    }
}

fn image(mut arguments: ArgumentResult, _: &mut Visitor<'_>) -> Result<Value> {
    const HOLE: &str = "{:size}";
    let [image, size] = settings(&mut arguments, ["image", "size"])?;
    let Json::String(image) = image else {
        return unusable("stencilImage", arguments.span());
    };
    let size = text(&size);
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_size = size.split_once('x').is_some_and(|(x, y)| is_number(x) && is_number(y));
    let is_complete = is_size && image.contains(HOLE);
    Ok(if is_complete { unquoted(image.replacen(HOLE, &size, 1)) } else { Value::Null })
}

fn font_family(arguments: ArgumentResult, _: &mut Visitor<'_>) -> Result<Value> {
    let family = font("stencilFontFamily", arguments, 0)?;
    Ok(family.map_or(Value::Null, |family| Value::String(family, QuoteKind::Quoted)))
}

fn font_weight(arguments: ArgumentResult, _: &mut Visitor<'_>) -> Result<Value> {
    Ok(font("stencilFontWeight", arguments, 1)?.map_or(Value::Null, unquoted))
}

/// Replaces Sass's own function by one that returns the same value in every run.
fn random(mut arguments: ArgumentResult, _: &mut Visitor<'_>) -> Result<Value> {
    arguments.max_args(1)?;
    let is_whole = !matches!(arguments.default_arg(0, "limit", Value::Null), Value::Null);
    Ok(Value::Dimension(SassNumber::new_unitless(if is_whole { 1.0 } else { 0.5 })))
}

/// Returns one part of a font such as `Google_Open+Sans_400,700_sans`: part 0 is the family, part 1 the
/// first weight.
fn font(name: &str, mut arguments: ArgumentResult, part: usize) -> Result<Option<String>> {
    let [value] = settings(&mut arguments, ["name"])?;
    let Json::String(font) = value else {
        return unusable(name, arguments.span());
    };
    let font = font.strip_prefix("Google_").unwrap_or(if font == "Google" { "" } else { &font });
    let part = font.split('_').nth(part).filter(|part| !part.is_empty());
    let first = part.map(|part| part.split(',').next().unwrap_or_default().replace('+', " "));
    Ok(first.map(|first| first.replace(['\'', '"'], "")))
}

/// Returns an error: the official compiler crashes on a setting that is missing or of another type.
fn unusable<T>(function: &str, span: Span) -> Result<T> {
    let message = format!(
        "`{function}` is given a setting that is missing in config.json, or that is not a text"
    );
    Err((message, span).into())
}
