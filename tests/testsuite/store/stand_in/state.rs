//! What the store holds, and what it remembers of requests.

use super::http::Request;
use super::{Fault, Misbehaviour, Route};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, Default)]
pub(crate) struct Theme {
    pub(crate) name: String,
    pub(crate) is_private: bool,
    pub(crate) updated_at: String,
    pub(crate) zip: Vec<u8>,
    /// Number and name.
    pub(crate) variations: Vec<(String, String)>,
    pub(crate) configurations: Vec<Configuration>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Configuration {
    pub(crate) uuid: String,
    pub(crate) variation: String,
    pub(crate) settings: Map<String, Value>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Channel {
    pub(crate) name: String,
    pub(crate) platform: String,
    /// `storefront`, or a place where nobody sees a theme, such as `pos`.
    pub(crate) kind: &'static str,
    pub(crate) site: String,
    pub(crate) checkout: Option<String>,
    /// Another address than the platform's own.
    pub(crate) canonical: Option<String>,
    /// Theme and configuration.
    pub(crate) active: Option<(String, String)>,
    /// The routes of its site.
    pub(crate) routes: Vec<Route>,
}

#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) polls_left: usize,
    pub(crate) result: Value,
    pub(crate) errors: Vec<Value>,
    pub(crate) warnings: Vec<Value>,
    /// The theme that is there once the job has ended.
    pub(crate) theme: Option<(String, Theme)>,
}

/// One request, as it was seen.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) to_api: bool,
    /// Method and path.
    pub(crate) line: String,
    pub(crate) request: Request,
}

pub(crate) struct State {
    pub(crate) other: String,
    pub(crate) themes: BTreeMap<String, Theme>,
    pub(crate) channels: BTreeMap<u64, Channel>,
    pub(crate) jobs: BTreeMap<String, Job>,
    pub(crate) log: Vec<Seen>,
    pub(crate) faults: Vec<Fault>,
    /// How often a request of each kind was seen, for faults.
    matched: Vec<usize>,
    /// Paths for which the token's scopes do not reach.
    pub(crate) denied: BTreeSet<&'static str>,
    /// How many of a list come at once.
    pub(crate) page_size: usize,
    /// How often a job is asked about before it ends.
    pub(crate) polls: usize,
    /// What the next uploads' jobs say.
    pub(crate) job_errors: Vec<Value>,
    pub(crate) job_warnings: Vec<Value>,
    /// Links to downloads that have been used up.
    pub(crate) links_expire: bool,
    /// Whether answers say as little, and lists as much, as the reference allows: one theme comes without its
    /// variations, and of settings all come, whatever filter there is.
    pub(crate) is_terse: bool,
    /// Whether answers about one thing come without `data`.
    pub(crate) is_bare: bool,
    /// How each channel's checkout is set.
    pub(crate) checkout_settings: Value,
    /// How it spells that a new route is for all pages; as it was sent if nothing is said.
    pub(crate) spelling: Option<&'static str>,
    /// Whether the call for all routes removes those that it does not name.
    pub(crate) bulk_replaces: bool,
    next: usize,
}

impl State {
    pub(super) fn new(other: String) -> Self {
        Self {
            other,
            themes: BTreeMap::new(),
            channels: BTreeMap::new(),
            jobs: BTreeMap::new(),
            log: Vec::new(),
            faults: Vec::new(),
            matched: Vec::new(),
            denied: BTreeSet::new(),
            page_size: 50,
            polls: 1,
            job_errors: Vec::new(),
            job_warnings: Vec::new(),
            links_expire: false,
            is_terse: false,
            is_bare: false,
            checkout_settings: json!({
                "should_redirect_to_storefront_for_auth": true,
                "is_order_terms_and_conditions_enabled": false,
                "order_terms_and_conditions_link": null,
                "custom_checkout_script_url": "",
            }),
            spelling: None,
            bulk_replaces: false,
            next: 0,
        }
    }

    /// A number that was not given before.
    pub(crate) fn number(&mut self) -> usize {
        self.next += 1;
        self.next
    }

    /// All that commands may change.
    pub(crate) fn contents(&self) -> String {
        let themes: Vec<&String> = self.themes.keys().collect();
        format!("{themes:?} {:?} {}", self.channels, self.checkout_settings)
    }

    /// Answers right from now on.
    pub(crate) fn behave(&mut self) {
        self.faults.clear();
        self.matched.clear();
    }

    /// The theme that a channel shows.
    pub(crate) fn shown(&self, channel: u64) -> &Theme {
        let (uuid, _) = self.channels[&channel].active.as_ref().unwrap();
        &self.themes[uuid]
    }

    /// The settings with which a channel shows its theme.
    pub(crate) fn settings(&mut self, channel: u64) -> &mut Configuration {
        let (uuid, configuration) = self.channels[&channel].active.clone().unwrap();
        let theme = self.themes.get_mut(&uuid).unwrap();
        theme.configurations.iter_mut().find(|one| one.uuid == configuration).unwrap()
    }

    /// Remembers a request; how it is to be answered wrongly, if it is.
    pub(super) fn note(&mut self, request: &Request, to_api: bool) -> Option<Misbehaviour> {
        let start = format!("/stores/{}/v3", super::HASH);
        let path = request.path.strip_prefix(&start).unwrap_or(&request.path);
        let line = format!("{} {path}", request.method);
        self.log.push(Seen { to_api, line: line.clone(), request: request.clone() });
        self.matched.resize(self.faults.len(), 0);
        let mut found = None;
        for (fault, seen) in self.faults.iter().zip(&mut self.matched) {
            let is_meant = match fault.request.strip_suffix('$') {
                Some(whole) => line == whole,
                None => line.starts_with(&fault.request),
            };
            if is_meant {
                *seen += 1;
                let is_due = *seen > fault.after && *seen - fault.after <= fault.times;
                if found.is_none() && is_due {
                    found = Some(fault.what.clone());
                }
            }
        }
        found
    }

    /// A theme of the store, made of a bundle.
    pub(crate) fn theme_of(&mut self, zip: &[u8], is_private: bool) -> (String, Theme) {
        let number = self.number();
        let config = config(zip);
        let variations: Vec<(String, String)> = config["variations"]
            .as_array()
            .into_iter()
            .flatten()
            .enumerate()
            .map(|(at, variation)| {
                let name = variation["name"].as_str().unwrap_or_default().to_owned();
                (format!("variation-{number}-{at}"), name)
            })
            .collect();
        let theme = Theme {
            name: config["name"].as_str().unwrap_or_default().to_owned(),
            is_private,
            updated_at: format!("2026-01-01T00:00:{:02}Z", number % 60),
            zip: zip.to_vec(),
            variations,
            configurations: Vec::new(),
        };
        (format!("theme-{number}"), theme)
    }

    /// Puts a theme into the store and shows it on a channel.
    pub(crate) fn show(&mut self, channel: u64, zip: &[u8], variation: usize) -> String {
        let (uuid, theme) = self.theme_of(zip, true);
        let variation = theme.variations[variation].0.clone();
        self.themes.insert(uuid.clone(), theme);
        self.activate(channel, &variation, "original");
        uuid
    }

    /// Shows a variation on a channel; whether there is such a one.
    pub(crate) fn activate(&mut self, channel: u64, variation: &str, which: &str) -> bool {
        let number = self.number();
        let found = self.themes.iter_mut().find_map(|(uuid, theme)| {
            let at = theme.variations.iter().position(|(id, _)| id == variation)?;
            Some((uuid.clone(), theme, at))
        });
        let Some((uuid, theme, at)) = found else { return false };
        let last = theme.configurations.iter().rev().find(|one| one.variation == variation);
        let configuration = match last.filter(|_| which == "last_activated") {
            Some(last) => last.uuid.clone(),
            None => {
                let settings = original_settings(&theme.zip, at);
                let uuid = format!("configuration-{number}");
                let variation = variation.to_owned();
                theme.configurations.push(Configuration {
                    uuid: uuid.clone(),
                    variation,
                    settings,
                });
                uuid
            }
        };
        let Some(channel) = self.channels.get_mut(&channel) else { return false };
        channel.active = Some((uuid, configuration));
        true
    }
}

/// The `config.json` of a bundle.
pub(crate) fn config(zip: &[u8]) -> Value {
    let file = tempfile::Builder::new().suffix(".zip").tempfile().unwrap();
    std::fs::write(file.path(), zip).unwrap();
    let theme = stencil_guard::theme::load(file.path()).unwrap();
    serde_json::from_slice(theme.bytes("config.json").unwrap()).unwrap()
}

/// The settings that a variation begins with.
fn original_settings(zip: &[u8], variation: usize) -> Map<String, Value> {
    let config = config(zip);
    let mut settings = config["settings"].as_object().cloned().unwrap_or_default();
    let own = config["variations"][variation]["settings"].as_object().cloned();
    settings.extend(own.unwrap_or_default());
    settings
}

impl Channel {
    /// A channel with a site and, for a headless one, a checkout of its own.
    pub(crate) fn new(name: &str, platform: &str, site: &str, checkout: Option<&str>) -> Self {
        Self {
            name: name.to_owned(),
            platform: platform.to_owned(),
            kind: "storefront",
            site: site.to_owned(),
            checkout: checkout.map(str::to_owned),
            canonical: None,
            active: None,
            routes: Vec::new(),
        }
    }

    pub(super) fn json(&self, id: u64) -> Value {
        json!({
            "id": id, "name": self.name, "type": self.kind, "platform": self.platform,
            "status": "active", "icon_url": "", "is_visible": true,
        })
    }

    pub(super) fn site_json(&self, id: u64) -> Value {
        let hash = super::HASH;
        let canonical = || format!("https://store-{hash}-{id}.mybigcommerce.com");
        let canonical = self.canonical.clone().unwrap_or_else(canonical);
        let checkout = self.checkout.clone().unwrap_or_else(|| canonical.clone());
        json!({
            "id": 1000 + id, "url": self.site, "channel_id": id, "ssl_status": null,
            "is_checkout_url_customized": self.checkout.is_some(),
            "urls": [
                { "url": self.site, "type": "primary" },
                { "url": canonical, "type": "canonical" },
                { "url": checkout, "type": "checkout" },
            ],
        })
    }
}
