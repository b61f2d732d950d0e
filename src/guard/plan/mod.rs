//! Decides where the guard stands in a theme: a pure function from theme and policy to a plan.
//!
//! There are two mechanisms: `redirect` adds a script to documents, `dispatch` puts another document
//! in their place. What the guard says is in `snippets`; when it speaks is in `condition`.

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
    /// They send every shopper to the storefront, by a script.
    Redirect,
    /// Members of these groups see them; everybody else gets a document that leads to the
    /// storefront, and nothing of the page.
    Dispatch(Vec<Group>),
    /// Nothing: no page is guarded.
    None,
}

/// Who may see what.
#[derive(Clone, Debug)]
pub struct Policy {
    /// What guarded pages do.
    pub mechanism: Mechanism,
    /// Names of the kept pages, such as `pages/checkout`.
    pub kept: BTreeSet<String>,
    /// Where shoppers belong.
    pub storefront: Storefront,
    /// Which path leads where, in the words of this theme's pages.
    pub paths: PathTable,
    /// What the link to the storefront says.
    pub texts: Texts,
    /// What guarded pages tell search engines.
    pub search_engines: SearchEngines,
    /// What the user decided about links.
    pub links: LinkSettings,
    /// Whether the local development server is guarded too.
    pub guard_development: bool,
    /// Whether pages are guarded in the frame of the theme editor, too.
    pub guard_editor: bool,
    /// Whether the guard can be switched off, and its storefront changed, in the theme editor.
    pub theme_settings: bool,
    /// What merchants set in the theme editor before.
    pub chosen: Chosen,
    /// A new name for the theme.
    pub theme_name: Option<String>,
}

impl Policy {
    /// What the script of guarded pages is told.
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

/// What is to change in a theme.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Edits by path.
    pub edits: BTreeMap<String, EditSet>,
    /// Files to add, by path.
    pub new_files: BTreeMap<String, Vec<u8>>,
    /// What the user should know; an error means that the plan must not be used.
    pub findings: Vec<Finding>,
}

/// A snippet of ours cannot be rendered, which is a mistake in this program.
#[derive(Debug, thiserror::Error)]
#[error("the guard's own text cannot be written: {0}")]
pub struct PlanError(#[from] Box<handlebars::RenderError>);

/// Plans the guard for `theme`, which must hold none yet; what becomes of links is planned before.
///
/// # Errors
/// When the guard's own text cannot be written.
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

/// `theme` with `plan` carried out.
pub fn apply(theme: &Theme, plan: &Plan) -> Theme {
    let edited = plan
        .edits
        .iter()
        .filter_map(|(path, edits)| Some((path.clone(), Some(edits.apply(theme.bytes(path)?)))));
    let added = plan.new_files.iter().map(|(path, bytes)| (path.clone(), Some(bytes.clone())));
    theme.with(edited.chain(added))
}
