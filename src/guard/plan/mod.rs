//! Decides where the guard goes in a theme: a pure function from theme and policy to a plan.
//!
//! There are two mechanisms: `redirect` adds a script to documents, `dispatch` replaces them with another
//! document. The module `snippets` renders the guard, and `condition` decides when it applies.

mod dispatch;
mod draft;
mod front_matter;
mod prints;
pub mod record;
mod redirect;

pub(super) use redirect::GUARD;

use super::group::Group;
use super::link_settings::LinkSettings;
use super::paths::{AT_CHECKOUT, PathTable};
use super::script::Redirect;
use super::search_engines::SearchEngines;
use super::storefront::Storefront;
use super::texts::Texts;
use super::theme_settings::Chosen;
use crate::text::{EditSet, Finding};
use crate::theme::Theme;
use crate::theme::pages::Templates;
use std::collections::{BTreeMap, BTreeSet};

/// What guarded pages do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mechanism {
    /// They redirect every shopper to the storefront, with a script.
    Redirect,
    /// Members of these groups see them; everybody else gets a document that redirects to the storefront and
    /// holds nothing of the page.
    Dispatch(Vec<Group>),
    /// Nothing: no page is guarded.
    None,
}

/// Which pages are guarded, and how.
#[derive(Clone, Debug)]
pub struct Policy {
    /// What guarded pages do.
    pub mechanism: Mechanism,
    /// Names of the kept pages, such as `pages/checkout`.
    pub kept: BTreeSet<String>,
    /// The storefront to redirect to.
    pub storefront: Storefront,
    /// The path rules, with the names of this theme's pages.
    pub paths: PathTable,
    /// The texts of the link to the storefront.
    pub texts: Texts,
    /// What guarded pages tell search engines.
    pub search_engines: SearchEngines,
    /// The user's settings for links.
    pub links: LinkSettings,
    /// Whether the local development server is guarded too.
    pub guard_development: bool,
    /// Whether pages are also guarded in the frame of the theme editor.
    pub guard_editor: bool,
    /// Whether the theme editor can switch the guard off and change its storefront.
    pub theme_settings: bool,
    /// What merchants set in the theme editor earlier.
    pub chosen: Chosen,
    /// A new name for the theme.
    pub theme_name: Option<String>,
}

impl Policy {
    /// Returns the settings of the script on guarded pages.
    pub fn redirect(&self) -> Redirect {
        Redirect {
            storefront: self.storefront.clone(),
            paths: self.paths.clone(),
            everywhere: AT_CHECKOUT.iter().any(|page| !self.kept.contains(*page)),
            guards_editor: self.guard_editor,
            reads_setting: self.theme_settings,
        }
    }
}

/// The planned changes to a theme.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Edits by path.
    pub edits: BTreeMap<String, EditSet>,
    /// Files to add, by path.
    pub new_files: BTreeMap<String, Vec<u8>>,
    /// What the user should know; an error means that the plan must not be used.
    pub findings: Vec<Finding>,
}

/// A built-in snippet cannot be rendered, which is a bug in this program.
#[derive(Debug, thiserror::Error)]
#[error("the guard's own text cannot be written: {0}")]
pub struct PlanError(#[from] Box<handlebars::RenderError>);

/// Plans the guard for `theme`, which must not hold one yet; links are planned earlier.
///
/// # Errors
/// When the guard's own text cannot be rendered.
pub fn plan(theme: &Theme, templates: &Templates, policy: &Policy) -> Result<Plan, PlanError> {
    let mut draft = draft::Draft::new(theme, templates, policy);
    match &policy.mechanism {
        Mechanism::Redirect => redirect::plan(&mut draft)?,
        Mechanism::Dispatch(groups) => dispatch::plan(&mut draft, groups)?,
        Mechanism::None => {}
    }
    if policy.mechanism != Mechanism::None {
        let (name, text) = record::of(policy);
        draft.add(name, text.into_bytes());
        if policy.theme_settings {
            draft.add_theme_settings();
        }
    }
    if let Some(name) = &policy.theme_name {
        draft.rename(name);
    }
    Ok(draft.finish())
}

/// Returns `theme` with `plan` applied.
pub fn apply(theme: &Theme, plan: &Plan) -> Theme {
    let edited = plan
        .edits
        .iter()
        .filter_map(|(path, edits)| Some((path.clone(), Some(edits.apply(theme.bytes(path)?)))));
    let added = plan.new_files.iter().map(|(path, bytes)| (path.clone(), Some(bytes.clone())));
    theme.with(edited.chain(added))
}
