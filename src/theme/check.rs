//! Checks a theme's templates before anything is changed.

use super::pages::Templates;
use super::parts;
use super::{Theme, template_path};
use crate::syntax::Rejection;
use crate::text::{Code, Finding, Severity, Span};

/// The page without which the platform refuses a theme.
const HOME: &str = "pages/home";

/// Reports templates that are not UTF-8 or that an engine refuses, a missing home page, and files that may
/// hold secrets.
pub fn check(theme: &Theme, templates: &Templates) -> Vec<Finding> {
    let found = templates.iter().flat_map(|(name, file)| {
        let path = template_path(name);
        let source = theme.template(name).unwrap_or_default();
        let encoding = not_utf8(&path, source);
        let refusal = match (&file.syntax.v3, &file.syntax.v4) {
            (Err(rejection), Err(_)) => {
                Some((rejection, "both of the platform's template engines refuse"))
            }
            (Err(rejection), Ok(_)) => {
                Some((rejection, "the platform's older template engine refuses"))
            }
            (Ok(_), Err(rejection)) => {
                Some((rejection, "the platform's newer template engine refuses"))
            }
            (Ok(_), Ok(_)) => None,
        };
        let refusal = refusal.map(|(rejection, who)| refused(&path, source, rejection, who));
        encoding.into_iter().chain(refusal)
    });
    no_home(theme).into_iter().chain(secrets(theme)).chain(included(theme)).chain(found).collect()
}

/// Returns one finding for all files that are ignored because they may hold secrets.
fn secrets(theme: &Theme) -> Option<Finding> {
    const MOST: usize = 3;
    let (first, _) = theme.secrets.first_key_value()?;
    let names = theme.secrets.keys().take(MOST).map(|path| format!("`{path}`"));
    let names = names.collect::<Vec<String>>().join(", ");
    let more = match theme.secrets.len().saturating_sub(MOST) {
        0 => String::new(),
        rest => format!(" and {rest} more"),
    };
    let message = format!(
        "by their names these files may hold secrets, so no output has them: {names}{more}"
    );
    let finding = Finding::new(Code::FileLeftOut, message).in_file(first.as_str());
    // The official bundler would upload them.
    let is_uploaded =
        |path: &String| parts::may_affect_bundle(path.as_ref()) && !path.contains("/.");
    Some(match theme.secrets.keys().any(is_uploaded) {
        true => finding.help(
            "keep them outside the theme; a file that pages need and that holds no secret: --include PATH",
        ),
        false => Finding { severity: Severity::Note, ..finding },
    })
}

/// Returns a warning for each file that may hold secrets and is in every output, because `--include` names
/// it.
fn included(theme: &Theme) -> impl Iterator<Item = Finding> {
    let message = "by its name this file may hold secrets, and it is in every output, because --include names it";
    theme.included.iter().map(move |path| {
        Finding::new(Code::SecretIncluded, message).in_file(path.as_str()).help(
            "see that it holds nothing that shoppers must not read: they can, once it is uploaded",
        )
    })
}

fn no_home(theme: &Theme) -> Option<Finding> {
    let message =
        "the theme has no `templates/pages/home.html`; the platform refuses such a theme (TR-600)";
    theme.template(HOME).is_none().then(|| {
        Finding::new(Code::NotATheme, message)
            .help("add it, or name the folder that contains the theme")
    })
}

fn refused(path: &str, source: &[u8], rejection: &Rejection, who: &str) -> Finding {
    let end = (rejection.offset + 1).min(source.len());
    let span = Span::new(rejection.offset.min(end), end);
    if rejection.may_be_accepted {
        // The engine may show this page, so it must not count as a page that shoppers never see.
        return Finding::new(Code::NestedTooDeeply, rejection.message.clone())
            .at(path, span)
            .help("nest less deeply in one template, for instance by way of partials");
    }
    let message = format!("{who} this template: {}", rejection.message);
    Finding::new(Code::TemplateRejected, message)
        .at(path, span)
        .help("it is left as it is; correct it if a page needs it")
}

fn not_utf8(path: &str, source: &[u8]) -> Option<Finding> {
    let at = std::str::from_utf8(source).err()?.valid_up_to();
    Some(
        Finding::new(
            Code::InvalidUtf8,
            "this byte is not UTF-8; the platform shows a replacement character",
        )
        .at(path, Span::new(at, at + 1))
        .help("save the file as UTF-8"),
    )
}
