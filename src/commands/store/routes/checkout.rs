//! What the settings of a channel's checkout mean for its links.

use super::{Error, Notes};
use crate::report::store::CheckoutRow;
use crate::store::Client;
use crate::store::checkout_settings::CheckoutSettings;
use crate::store::sites::Site;
use crate::text::{Code, Finding};
use url::Url;

/// Returns the settings of the checkout, if the token may read them, and adds findings about them to the
/// notes.
pub(super) fn look(
    client: &Client<'_>,
    site: &Site,
    notes: &mut Notes,
) -> Result<Option<CheckoutRow>, Error> {
    let settings = match client.checkout_settings(site.channel_id) {
        Ok(settings) => settings,
        Err(error) if error.is_answer() => {
            let message = format!("how the checkout is set is not known: {error}");
            notes.findings.push(Finding::new(Code::CheckoutUnread, message).help(error.help()));
            return Ok(None);
        }
        Err(error) => return Err(error.into()),
    };
    notes.findings.extend(judge(&settings, site));
    Ok(Some(CheckoutRow {
        signs_in_on_storefront: settings.signs_in_on_storefront,
        terms: settings.shown_terms().map(str::to_owned),
        script: settings.own_script().map(str::to_owned),
    }))
}

fn judge(settings: &CheckoutSettings, site: &Site) -> Vec<Finding> {
    let sign_in = (settings.signs_in_on_storefront != Some(true)).then(|| {
        let message = "shoppers sign in in the checkout itself, not on the storefront";
        let help = "if they have accounts on the storefront, run `routes apply --set should_redirect_to_storefront_for_auth=true`: sign-in and sign-out then follow the routes login and logout";
        Finding::new(Code::CheckoutSignIn, message).help(help)
    });
    let terms = settings.shown_terms().filter(|link| is_hosted(link, site)).map(|link| {
        let message = format!("the terms of the checkout lead to {link}, which is in the hosted shop");
        let help = "link to the page on the storefront (`routes apply --set order_terms_and_conditions_link=URL`), or show the terms as text; or keep this page with --keep page";
        Finding::new(Code::CheckoutSettings, message).help(help)
    });
    let script = settings.own_script().map(|script| {
        let message = format!("the checkout runs a script of its own: {script}");
        let help =
            "its links may follow other rules than those of the platform's checkout; look at each";
        Finding::new(Code::CheckoutSettings, message).help(help)
    });
    sign_in.into_iter().chain(terms).chain(script).collect()
}

/// Whether a link leads to a page of the theme: to a path, or to a host of the site that is not the storefront.
fn is_hosted(link: &str, site: &Site) -> bool {
    let Ok(link) = Url::parse(link) else { return true };
    let is_at = |address: &str| {
        Url::parse(address).is_ok_and(|address| address.host_str() == link.host_str())
    };
    let storefront = site.address("primary").unwrap_or(&site.url);
    let hosted = ["checkout", "canonical"];
    !is_at(storefront) && hosted.iter().filter_map(|kind| site.address(kind)).any(is_at)
}
