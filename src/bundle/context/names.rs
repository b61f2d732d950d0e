//! Full names of variables: the context of a path, and the names that are helpers instead.

use crate::syntax::ast::Path;
use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

/// The full names that a partial's arguments refer to, by argument name.
pub(super) type Mapping = BTreeMap<String, String>;

/// Reports whether a path is spelled like a helper, or like a member that every JavaScript object has.
pub(super) fn is_unrecorded(path: &Path) -> bool {
    static NAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
        [HELPERS, OBJECT_MEMBERS].map(str::split_ascii_whitespace).into_iter().flatten().collect()
    });
    NAMES.contains(path.original.as_str())
}

/// Returns the full name of a path in `context`; `None` for the context itself.
pub(super) fn variable(path: &Path, context: &str, mapping: Option<&Mapping>) -> Option<String> {
    let (first, rest) = path.parts.split_first()?;
    if let Some(mapped) = mapping.and_then(|mapping| mapping.get(first)) {
        return Some(rest.iter().fold(mapped.clone(), |name, part| format!("{name}.{part}")));
    }
    let own = path.parts.join(".");
    let prefix = match path.original.starts_with("../") {
        true => ancestor(context, path.original.matches("../").count()),
        false => (context != "root").then_some(context),
    };
    Some(match prefix {
        Some(prefix) => format!("{prefix}.{own}"),
        None => own,
    })
}

/// Returns the context some levels up, derived from the name alone.
fn ancestor(context: &str, levels: usize) -> Option<&str> {
    if context == "root" {
        return None;
    }
    (0..levels).try_fold(context, |context, _| context.rsplit_once('.').map(|(parent, _)| parent))
}

/// Helpers of the platform's engine, version 6.6.4.
const HELPERS: &str = "\
JSONparse JSONparseSafe JSONstringify add addCommas after all and any arrayify assignVar avg
before block blockHelperMissing camelcase capitalize capitalizeAll cdn ceil center chop compare
concat contains dashcase decodeURI decrementVar default divide dotcase dynamicComponent each
eachIndex earlyHint ellipsis encodeHtmlEntities encodeURI enumerate eq equals extend filter first
floor for forEach forIn forOwn get getContentImage getContentImageSrcset getFontLoaderConfig
getFontsCollection getImage getImageManagerImage getImageManagerImageSrcset getImageSrcset
getImageSrcset1x2x getObject getShortMonth getVar gt gte has hasOwn helperMissing hyphenate if
ifEven ifNth ifOdd inArray incrementVar inflect inject is isArray isEmpty isObject isString isnt
iterate join jsContext json lang langJson last length lengthEqual limit log lookup lowercase lt
lte map markdown merge moment money multiConcat multiply neither nl2br nonce noop occurrences ol
option or ordinalize partial pascalcase pathcase phoneNumber pick pluck plusify pre random region
replace resourceHints reverse round sanitize sentence setURLQueryParam snakecase snippet some sort
sortBy split startsWith strReplace stripProtocol stripQuerystring stylesheet subtract sum
thumbnailImage titleize toAbbr toExponential toFixed toFloat toInt toLowerCase toPath toPrecision
trim truncate typeof ul unless unlessEq unlessGt unlessGteq unlessLt unlessLteq uppercase urlParse
urlResolve with withAfter withBefore withFirst withHash withLast withSort";

const OBJECT_MEMBERS: &str = "\
constructor toString valueOf hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString
__proto__ __defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__";
