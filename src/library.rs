//! The API for Rust programs: load a theme, guard it, bundle it, check it.
//!
//! The other modules serve the command-line program and may change with any version.

use crate::commands::{build, check};
use crate::config::{GroupSetting, Mode, Settings};
use crate::pipeline::checked_page::CheckedPage;
use crate::pipeline::inspect;
use crate::pipeline::progress::NoProgress;
use crate::pipeline::{self, BundleOptions, BundleTools, Guarded, PageOutcome};
use crate::text::Finding;
use crate::theme::{Cache, Theme};
use std::collections::BTreeMap;

/// Why a theme cannot be guarded, bundled or checked: an option is wrong or does not fit the theme, or a file
/// cannot be written. A problem of the theme itself is a [`Finding`].
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(Box<dyn std::error::Error + Send + Sync>);

/// The options for guarding and checking themes.
///
/// ```
/// use stencil_guard::{Guard, PageOutcome, Theme};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let theme = Theme::load("tests/themes/shop")?;
/// let guard = Guard::new("https://www.example.com").keep("auth/login");
/// let mut guarded = guard.build(&theme)?;
/// assert_eq!(guarded.pages()["pages/auth/login"], PageOutcome::Kept);
/// assert_eq!(guarded.pages()["pages/home"], PageOutcome::Guarded);
/// let zip = guarded.bundle()?;
/// assert!(zip.is_some(), "{:?}", guarded.findings());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Guard(Settings);

impl Guard {
    /// Creates a guard that sends shoppers to `storefront`, such as `https://www.example.com`.
    pub fn new(storefront: impl Into<String>) -> Self {
        Self(Settings { storefront: Some(storefront.into()), ..Settings::default() })
    }

    /// Keeps a page besides the default ones. Its name is its path below `templates/pages`, like
    /// `auth/login`.
    #[must_use]
    pub fn keep(mut self, page: impl Into<String>) -> Self {
        self.0.keep.get_or_insert_default().push(page.into());
        self
    }

    /// Guards a page that is kept by default.
    #[must_use]
    pub fn no_keep(mut self, page: impl Into<String>) -> Self {
        self.0.no_keep.get_or_insert_default().push(page.into());
        self
    }

    /// Sets what guarded pages do; the default is [`Mode::Redirect`].
    #[must_use]
    pub fn mode(mut self, mode: Mode) -> Self {
        self.0.mode = Some(mode);
        self
    }

    /// Shows guarded pages to a customer group, given as a number, or as `name:` and a name. Takes effect
    /// with [`Mode::Conditional`].
    #[must_use]
    pub fn allow_group(mut self, group: impl Into<String>) -> Self {
        self.0.allow_group.get_or_insert_default().push(GroupSetting(group.into()));
        self
    }

    /// Guards `theme` and checks the result. An earlier guard by stencil-guard is removed first.
    ///
    /// # Errors
    /// When an option is wrong, or names a page that the theme does not have.
    pub fn build(&self, theme: &Theme) -> Result<GuardedTheme, Error> {
        let options = build::options(&self.0).map_err(error)?;
        pipeline::guard(theme, &options).map(GuardedTheme).map_err(error)
    }

    /// Checks `theme` as it is, whichever tool guarded it.
    ///
    /// ```
    /// use stencil_guard::{Guard, PageOutcome, Theme};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let theme = Theme::load("tests/themes/shop")?;
    /// let guard = Guard::new("https://www.example.com");
    /// assert_eq!(guard.check(&theme)?.pages["pages/home"].outcome, PageOutcome::Open);
    /// let guarded = guard.build(&theme)?;
    /// assert_eq!(guard.check(guarded.theme())?.pages["pages/home"].outcome, PageOutcome::Guarded);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When an option is wrong, or names a page that the theme does not have.
    pub fn check(&self, theme: &Theme) -> Result<Judgement, Error> {
        let options = check::options(&self.0).map_err(error)?;
        let checked = inspect::check(theme, &options).map_err(error)?;
        Ok(Judgement { pages: checked.pages, findings: checked.findings })
    }
}

/// A theme with its guard.
#[derive(Debug)]
pub struct GuardedTheme(Guarded);

impl GuardedTheme {
    /// Returns the theme. Do not use it if the [findings](Self::findings) hold an error: a page may be open.
    pub fn theme(&self) -> &Theme {
        &self.0.theme
    }

    /// Returns the outcome for each page, by name, like `pages/auth/login`.
    pub fn pages(&self) -> &BTreeMap<String, PageOutcome> {
        &self.0.pages
    }

    /// Returns the findings so far.
    pub fn findings(&self) -> &[Finding] {
        &self.0.findings
    }

    /// Returns the bundle as a zip; `None` if the findings include an error. Adds findings about what the
    /// platform would refuse.
    ///
    /// # Errors
    /// When the zip cannot be written.
    pub fn bundle(&mut self) -> Result<Option<Vec<u8>>, Error> {
        let tools = BundleTools { progress: &NoProgress, styles: None };
        let (options, cache) = (BundleOptions::default(), &mut Cache::default());
        let zip = pipeline::bundle(&mut self.0, &options, &tools, cache).map_err(error)?;
        // An unguarded theme must not become a bundle, even if it could be zipped.
        Ok(zip.filter(|_| !self.has_errors()))
    }

    /// Reports whether the findings include an error.
    pub fn has_errors(&self) -> bool {
        self.0.has_errors()
    }
}

/// The result of [`Guard::check`]: what the pages of a theme do.
#[derive(Debug)]
pub struct Judgement {
    /// The checked pages by name, like `pages/auth/login`.
    pub pages: BTreeMap<String, CheckedPage>,
    /// The findings.
    pub findings: Vec<Finding>,
}

fn error(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error(Box::new(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theme() -> Theme {
        Theme::load(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/themes/shop")).unwrap()
    }

    #[test]
    fn a_page_that_no_guard_can_stand_on_makes_no_bundle() {
        // A condition decides where the `html` tag ends, so there is no sure place for the guard.
        let layout = "<html class=\"{{#if a}}x\"{{/if}}><head></head><body>SHOP</body></html>";
        let files = [("layout/odd", layout), ("pages/odd", "{{> layout/odd}}")];
        let files =
            files.map(|(name, text)| (crate::theme::template_path(name), Some(text.into())));
        let mut guarded = Guard::new("https://a.example").build(&theme().with(files)).unwrap();
        assert!(guarded.has_errors());
        assert_eq!(guarded.bundle().unwrap(), None);
    }

    #[test]
    fn options_that_do_not_fit_are_errors() {
        let error = |guard: Guard| guard.build(&theme()).unwrap_err().to_string();
        assert_eq!(
            error(Guard::new("https://a.example").keep("carts")),
            "the theme has no page `carts`"
        );
        assert!(error(Guard::new("ftp://a.example")).contains("https"));
        let grouped = Guard::new("https://a.example").mode(Mode::Conditional);
        assert!(error(grouped.clone()).contains("--allow-group"));
        assert!(grouped.allow_group("7").build(&theme()).is_ok());
    }
}
