//! From a theme to its bundle, with all that is found on the way.

use super::progress::{Progress, Stage};
use super::{Guarded, places};
use crate::bundle::style_check::{self, StyleCompiler};
use crate::bundle::{self, ZipOptions};
use crate::text::{Code, Finding, Severity};
use crate::theme::{Cache, File, Theme};
use std::collections::BTreeMap;
use std::io;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread;

/// What the user decided about a bundle.
#[derive(Clone, Debug, Default)]
pub struct BundleOptions {
    /// Whether it is for the marketplace, which asks for more.
    pub marketplace: bool,
    /// How its entries are stored.
    pub zip: ZipOptions,
    /// Whether style sheets are compiled for each variation, or for the first only.
    pub all_variations: bool,
}

/// What a bundle is made with.
pub struct BundleTools<'a> {
    /// Is told what is done.
    pub progress: &'a dyn Progress,
    /// Compiles style sheets, to see whether that works; `None` if nobody wants to know.
    pub styles: Option<&'a dyn StyleCompiler>,
}

/// The guarded theme as a bundle; `None` if it cannot become one, which the findings then say. Entries that
/// are in the cache are not compressed again.
///
/// # Errors
/// When the container cannot be written.
pub fn bundle(
    guarded: &mut Guarded,
    wanted: &BundleOptions,
    tools: &BundleTools<'_>,
    cache: &mut Cache,
) -> io::Result<Option<Vec<u8>>> {
    tools.progress.begin(Stage::Checking);
    let (zip, mut findings) = bundle_of(guarded, wanted, tools, cache)?;
    places::move_back(&mut findings, &guarded.theme, &guarded.source);
    // A configuration that cannot be read was noticed before.
    findings.retain(|finding| !guarded.findings.contains(finding));
    guarded.findings.append(&mut findings);
    Ok(zip)
}

/// A bundle, unless what is found forbids it; places are in the guarded theme.
fn bundle_of(
    Guarded { theme, templates, .. }: &Guarded,
    wanted: &BundleOptions,
    tools: &BundleTools<'_>,
    cache: &mut Cache,
) -> io::Result<(Option<Vec<u8>>, Vec<Finding>)> {
    let check = || {
        let warnings = bundle::warnings(theme, templates).into_iter();
        warnings.chain(bundle::check(theme, wanted.marketplace)).collect::<Vec<Finding>>()
    };
    let (mut findings, (generated, refusals)) =
        rayon::join(check, || bundle::generated(theme, templates));
    let generated = cache.files(generated);
    // A sheet whose imports lead nowhere does not compile, and the reason is told.
    let is_whole = |finding: &Finding| finding.code != Code::MissingStyleImport;
    let styles = tools.styles.filter(|_| refusals.iter().all(is_whole));
    findings.extend(refusals);
    let tools = BundleTools { styles, ..*tools };
    // What cannot be uploaded is packed all the same: it may be too large besides.
    let (zip, styles) = zip_and_styles(theme, &generated, wanted, &tools)?;
    findings.extend(styles);
    findings.extend(bundle::limits(theme, &generated, wanted.zip.source_maps, zip.len() as u64));
    let is_refused = findings.iter().any(|finding| finding.severity == Severity::Error);
    Ok(((!is_refused).then_some(zip), findings))
}

/// The zip, and what is wrong with the style sheets, which are compiled beside it.
fn zip_and_styles(
    theme: &Theme,
    generated: &BTreeMap<String, Arc<File>>,
    wanted: &BundleOptions,
    tools: &BundleTools<'_>,
) -> io::Result<(Vec<u8>, Vec<Finding>)> {
    let mut zip = Vec::new();
    let compiler = tools.styles.filter(|_| style_check::has_sheets(theme));
    let check = |compiler| style_check::check(theme, wanted.all_variations, compiler);
    let (styles, written) = thread::scope(|scope| {
        compiler.iter().for_each(|_| tools.progress.begin(Stage::Styles));
        let styles = compiler.map(|compiler| scope.spawn(move || check(compiler)));
        tools.progress.begin(Stage::Zipping);
        let written = bundle::write_zip(theme, generated, wanted.zip, &mut zip);
        (styles.map(thread::ScopedJoinHandle::join), written)
    });
    written?;
    let styles = styles.transpose().unwrap_or_else(|panic| resume_unwind(panic));
    Ok((zip, styles.unwrap_or_default()))
}
