//! Turns a theme into its bundle, with all findings on the way.

use super::progress::{Progress, Stage};
use super::{Guarded, places};
use crate::bundle::style_check::{self, StyleCompiler};
use crate::bundle::{self, ZipOptions};
use crate::text::{Code, Finding, Severity};
use crate::theme::{Cache, File};
use std::collections::BTreeMap;
use std::io;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread;

/// The user's choices about a bundle.
#[derive(Clone, Debug, Default)]
pub struct BundleOptions {
    /// Whether the bundle is for the marketplace, which has more requirements.
    pub marketplace: bool,
    /// How its entries are stored.
    pub zip: ZipOptions,
    /// Whether style sheets are compiled for each variation, or for the first only.
    pub all_variations: bool,
}

/// The services used to make a bundle.
pub struct BundleTools<'a> {
    /// Receives each stage as it begins.
    pub progress: &'a dyn Progress,
    /// Compiles style sheets to check that they compile; `None` to skip the check.
    pub styles: Option<&'a dyn StyleCompiler>,
}

/// Returns the guarded theme as a bundle, or `None` if the findings contain an error. Cached entries are not
/// compressed again.
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
    // A configuration that cannot be read has been reported already.
    findings.retain(|finding| !guarded.findings.contains(finding));
    guarded.findings.append(&mut findings);
    Ok(zip)
}

/// Builds the bundle, unless a finding forbids it. The findings' places are in the guarded theme.
fn bundle_of(
    guarded: &Guarded,
    wanted: &BundleOptions,
    tools: &BundleTools<'_>,
    cache: &mut Cache,
) -> io::Result<(Option<Vec<u8>>, Vec<Finding>)> {
    let theme = &guarded.theme;
    let compiler = tools.styles.filter(|_| style_check::has_sheets(theme));
    let (styles, packed) = thread::scope(|scope| {
        // The largest style sheet takes longer than anything else, so compiling begins first.
        compiler.iter().for_each(|_| tools.progress.begin(Stage::Styles));
        let check = |compiler| style_check::check(theme, wanted.all_variations, compiler);
        let styles = compiler.map(|compiler| scope.spawn(move || check(compiler)));
        let packed = packed(guarded, wanted, tools.progress, cache);
        (styles.map(thread::ScopedJoinHandle::join), packed)
    });
    let Packed { zip, generated, mut findings } = packed?;
    let styles = styles.transpose().unwrap_or_else(|panic| resume_unwind(panic));
    // A sheet with a missing import does not compile, and the import has been reported already.
    let is_whole = findings.iter().all(|finding| finding.code != Code::MissingStyleImport);
    findings.extend(styles.filter(|_| is_whole).unwrap_or_default());
    findings.extend(bundle::limits(theme, &generated, wanted.zip.source_maps, zip.len() as u64));
    let is_refused = findings.iter().any(|finding| finding.severity == Severity::Error);
    Ok(((!is_refused).then_some(zip), findings))
}

/// A zip, the files in it that are not the theme's own, and the findings on the way.
struct Packed {
    zip: Vec<u8>,
    generated: BTreeMap<String, Arc<File>>,
    findings: Vec<Finding>,
}

/// Packs the zip. A theme that cannot be uploaded is packed all the same: it may also be too large.
fn packed(
    Guarded { theme, templates, .. }: &Guarded,
    wanted: &BundleOptions,
    progress: &dyn Progress,
    cache: &mut Cache,
) -> io::Result<Packed> {
    let check = || {
        let warnings = bundle::warnings(theme, templates).into_iter();
        warnings.chain(bundle::check(theme, wanted.marketplace)).collect::<Vec<Finding>>()
    };
    let (mut findings, (generated, refusals)) =
        rayon::join(check, || bundle::generated(theme, templates));
    findings.extend(refusals);
    let generated = cache.files(generated);
    progress.begin(Stage::Zipping);
    let mut zip = Vec::new();
    bundle::write_zip(theme, &generated, wanted.zip, &mut zip)?;
    Ok(Packed { zip, generated, findings })
}
