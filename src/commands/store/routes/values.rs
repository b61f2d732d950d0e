//! Reads and changes the addresses of a site and of its checkout, and the settings of the checkout.

use super::carry::{LOOKS, PAUSE};
use super::survey::Survey;
use super::{Error, Notes, addresses};
use crate::pipeline::platform_links::links_to_site;
use crate::report::store::ValueRow;
use crate::store::checkout_settings::SettingChoice;
use crate::store::routes::{CHECKOUT_URL, SITE_URL, ValueChange, Values, is_same};
use crate::store::sites::{Site, SiteUrl};
use crate::store::{Client, StoreError};
use crate::text::{Code, Finding, Severity};
use serde_json::{Map, Value, json};
use url::Url;

/// The requested changes besides routes.
#[derive(Clone, Debug, Default)]
pub struct ValueChoices {
    /// The new address of the site.
    pub site_url: Option<String>,
    /// The new address of its checkout.
    pub checkout_url: Option<String>,
    /// The settings of the checkout to change.
    pub settings: Vec<SettingChoice>,
}

impl ValueChoices {
    pub(super) fn is_empty(&self) -> bool {
        self.site_url.is_none() && self.checkout_url.is_none() && self.settings.is_empty()
    }

    /// Returns the wanted values, without asking the store.
    pub(super) fn wanted(&self) -> Result<Values, Error> {
        let addresses = [(SITE_URL, &self.site_url), (CHECKOUT_URL, &self.checkout_url)];
        let addresses = addresses.into_iter().filter_map(|(name, url)| Some((name, url.as_ref()?)));
        let mut wanted = Values::new();
        for (name, url) in addresses {
            wanted.insert(name.to_owned(), json!(address(name, url)?));
        }
        for choice in &self.settings {
            let old = wanted.insert(choice.name.to_owned(), choice.value.clone());
            if old.is_some_and(|old| old != choice.value) {
                return Err(Error::Wrong {
                    message: format!("--set gives {} two values", choice.name),
                    help: "decide for one of the two".to_owned(),
                });
            }
        }
        Ok(wanted)
    }
}

/// Parses an address for a site or a checkout, which consists of scheme and host.
fn address(name: &str, text: &str) -> Result<String, Error> {
    let wrong = |message: String| Error::Wrong {
        message,
        help: format!("write it like --{name} https://shop.example.com"),
    };
    let plain = Url::parse(text).ok().filter(|url| {
        let is_root = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let has_secret = !url.username().is_empty() || url.password().is_some();
        url.scheme() == "https" && url.domain().is_some() && is_root && !has_secret
    });
    let plain = plain.ok_or_else(|| {
        wrong(format!("`{text}` is not an address for --{name}: it takes https:// and a host, and nothing after it"))
    })?;
    match addresses::too_long(&plain) {
        Some(message) => Err(wrong(message)),
        None => Ok(plain.as_str().trim_end_matches('/').to_owned()),
    }
}

/// Returns the current values; settings only if they matter, because not every token may read them.
pub(super) fn current(
    client: &Client<'_>,
    site: &Site,
    with_settings: bool,
) -> Result<Values, StoreError> {
    let mut values = addresses_of(site);
    if with_settings {
        values.extend(client.all_checkout_settings(site.channel_id)?);
    }
    Ok(values)
}

fn addresses_of(site: &Site) -> Values {
    let plain = |url: &str| json!(url.trim_end_matches('/'));
    let checkout = site.own_checkout().map_or(Value::Null, plain);
    Values::from([(SITE_URL.to_owned(), plain(site.home())), (CHECKOUT_URL.to_owned(), checkout)])
}

/// Returns the site as the changes would leave it.
pub(super) fn planned(site: &Site, changes: &[ValueChange]) -> Site {
    let mut planned = site.clone();
    for change in changes {
        let kind = match change.name.as_str() {
            SITE_URL => "primary",
            CHECKOUT_URL => "checkout",
            _ => continue,
        };
        planned.urls.retain(|url| url.kind != kind);
        if let Some(url) = change.after.as_str() {
            planned.urls.push(SiteUrl { url: url.to_owned(), kind: kind.to_owned() });
        }
    }
    planned
}

/// Returns the new address of the checkout, if it gets one.
pub(super) fn new_checkout(changes: &[ValueChange]) -> Option<&str> {
    changes.iter().find(|change| change.name == CHECKOUT_URL)?.after.as_str()
}

/// Judges changes to addresses before they are made, and refuses those that the platform would refuse.
pub(super) fn judge(
    survey: &Survey,
    changes: &[ValueChange],
    notes: &mut Notes,
) -> Result<(), Error> {
    let is_changed = |name: &str| changes.iter().find(|change| change.name == name);
    let planned = planned(&survey.site, changes);
    let trouble = new_checkout(changes)
        .and_then(|checkout| addresses::other_domain(planned.home(), checkout));
    if let Some(message) = trouble {
        return Err(Error::Wrong {
            message,
            help: "the platform takes only a checkout on the domain of its site; --site-url moves the site, too".to_owned(),
        });
    }
    let stays = survey.site.own_checkout().filter(|_| is_changed(CHECKOUT_URL).is_none());
    if let (Some(_), Some(checkout)) = (is_changed(SITE_URL), stays) {
        let message = format!("only the site moves; its checkout stays at {checkout}");
        let mut finding = Finding::new(Code::CheckoutAddress, message)
            .help("move it, too: --checkout-url https://checkout.HOST");
        finding.severity = Severity::Note;
        notes.findings.push(finding);
    }
    Ok(())
}

/// Carries out all changes; if an answer is lost, checks whether the store made the change.
pub(super) fn carry_out(
    client: &Client<'_>,
    site: &Site,
    changes: &[ValueChange],
) -> Result<(), Error> {
    for change in changes.iter().filter(|change| !change.is_setting()) {
        (client.environment().tell)(&format!("changing the {}", change.name));
        let url = change.after.as_str();
        let sent = match (change.name.as_str(), url) {
            (SITE_URL, Some(url)) => client.move_site(site.id, url),
            (SITE_URL, None) => Ok(()),
            _ => client.move_checkout(site.channel_id, url),
        };
        settle(client, site, sent, std::slice::from_ref(change))?;
    }
    let settings: Vec<ValueChange> =
        changes.iter().filter(|change| change.is_setting()).cloned().collect();
    if settings.is_empty() {
        return Ok(());
    }
    (client.environment().tell)("changing settings of the checkout");
    let now = client.all_checkout_settings(site.channel_id)?;
    let body: Map<String, Value> =
        settings.iter().map(|change| (change.name.clone(), change.after.clone())).collect();
    let sent = client.change_checkout_settings(site.channel_id, &now, &body);
    settle(client, site, sent, &settings)
}

/// Treats a change whose answer was lost as made if the store shows it.
fn settle(
    client: &Client<'_>,
    site: &Site,
    sent: Result<(), StoreError>,
    changes: &[ValueChange],
) -> Result<(), Error> {
    match sent {
        Err(error) if error.is_uncertain() => match unmade(client, site, changes)?.is_empty() {
            true => Ok(()),
            false => Err(error.into()),
        },
        other => Ok(other?),
    }
}

/// Reads back the changed values, and reports those that are not as wanted.
pub(super) fn look_again(
    client: &Client<'_>,
    site: &Site,
    changes: &[ValueChange],
    notes: &mut Notes,
) -> Result<(), Error> {
    let mut wrong = Vec::new();
    for look in 0..LOOKS {
        if look > 0 {
            (client.environment().sleep)(PAUSE);
        }
        wrong = unmade(client, site, changes)?;
        if wrong.is_empty() {
            return Ok(());
        }
    }
    notes.findings.extend(wrong.into_iter().map(|name| {
        let message =
            format!("the store took all changes, but the {name} is not what it should be");
        let help = "look in the control panel, and whether another app changes it";
        Finding::new(Code::RoutesDiffer, message).help(help)
    }));
    Ok(())
}

/// Returns the names of the values that are not as the changes want them.
fn unmade(
    client: &Client<'_>,
    site: &Site,
    changes: &[ValueChange],
) -> Result<Vec<String>, StoreError> {
    if changes.is_empty() {
        return Ok(Vec::new());
    }
    let missing =
        || StoreError::Missing(format!("the store has no site of channel {}", site.channel_id));
    let site = client.site(site.channel_id)?.ok_or_else(missing)?;
    let now = current(client, &site, changes.iter().any(ValueChange::is_setting))?;
    let is_made = |change: &&ValueChange| {
        is_same(now.get(&change.name).unwrap_or(&Value::Null), &change.after)
    };
    let unmade = changes.iter().filter(|change| !is_made(change));
    Ok(unmade.map(|change| change.name.clone()).collect())
}

/// Returns the changes as rows of a report.
pub(super) fn rows(changes: &[ValueChange]) -> Vec<ValueRow> {
    let row = |change: &ValueChange| ValueRow {
        name: change.name.clone(),
        now: change.before.clone(),
        after: change.after.clone(),
        links: match change.name.as_str() {
            SITE_URL => links_to_site(),
            "should_redirect_to_storefront_for_auth" => {
                vec!["\"Sign in\" and \"Sign out\" in the checkout"]
            }
            "order_terms_and_conditions_link" => vec!["the terms in the checkout"],
            _ => Vec::new(),
        },
    };
    changes.iter().map(row).collect()
}
