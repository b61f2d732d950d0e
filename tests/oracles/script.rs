//! Where the redirect script takes shoppers from the places in `locations.json`, and from where not.
//!
//! The script is run as it is emitted and as it is written; both must do the same.

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};
use stencil_guard::guard::script::{Redirect, script};
use stencil_guard::guard::storefront::Storefront;
use url::Url;

use crate::engine::trial;
use crate::node;

const LOCATIONS: &str = include_str!("locations.json");
const SOURCE: &str = include_str!("../../snippets/redirect.js");
const STORE: &str = "https://store.example.net";
const STOREFRONT: &str = "https://shop.example.com";

pub(crate) fn trials() -> Vec<Trial> {
    vec![trial("script::locations", node::missing(), || {
        let rows: Vec<(String, Value)> = serde_json::from_str(LOCATIONS)?;
        let mut wrong = Vec::new();
        for (name, row) in &rows {
            if let Some(difference) = judge(row)? {
                wrong.push(format!("{name}: {difference}"));
            }
        }
        match wrong.is_empty() {
            true => Ok(()),
            false => Err(wrong.join("\n").into()),
        }
    })]
}

fn judge(row: &Value) -> Result<Option<String>, Failed> {
    let storefront = row["storefront"].as_str().unwrap_or(STOREFRONT);
    let storefront = Storefront::parse(storefront)?;
    let expected = expected(row, &storefront)?;
    let (everywhere, guards_editor) = (row["everywhere"] == true, row["editor"] == true);
    let redirect = Redirect { everywhere, guards_editor, ..Redirect::to(storefront.clone()) };
    let emitted = script(&redirect);
    let settings =
        json!({ "storefront": storefront.base(), "all": everywhere, "editor": guards_editor });
    for (kind, text) in [("emitted", emitted), ("source", format!("{SOURCE}({settings})"))] {
        let answer = node::ask(request(row, &text))?;
        let seen = json!([answer["replaced"], answer["notice"]["links"], answer["error"]]);
        if seen != expected {
            return Ok(Some(format!("{kind}: {seen}, not {expected}")));
        }
        let is_refused = row["trusted"] == "refused";
        if answer["notice"]["isPainted"] == is_refused {
            return Ok(Some(format!("{kind}: whether the notice is painted is wrong: {answer}")));
        }
        if answer["notice"]["text"] == "" && row["wordless"] != true {
            return Ok(Some(format!("{kind}: the notice says nothing")));
        }
    }
    Ok(None)
}

fn request(row: &Value, text: &str) -> Value {
    let mut request = row.clone();
    request["op"] = "script".into();
    request["text"] = text.into();
    request["location"] = place(&row["at"]);
    let earlier = request.get_mut("earlier").and_then(Value::as_array_mut);
    for arrival in earlier.into_iter().flatten() {
        arrival[1] = place(&arrival[1]);
    }
    request
}

fn place(path: &Value) -> Value {
    format!("{STORE}{}", path.as_str().unwrap_or_default()).into()
}

/// What `location.replace` was given, the links of the notice, and the script's error.
fn expected(row: &Value, storefront: &Storefront) -> Result<Value, Failed> {
    let target = |key: &str| row[key].as_str().map(|it| storefront.origin().to_owned() + it);
    for target in [target("goes"), target("notice")].into_iter().flatten() {
        let lands = Url::parse(&target)?.origin().ascii_serialization();
        assert_eq!(lands, storefront.origin(), "the table sends shoppers away");
    }
    // Where somebody took the words away, the page is hidden all the same.
    let link = |href| match row["wordless"] == true {
        true => json!([{ "href": href }]),
        false => json!([{ "href": href, "target": "_top" }]),
    };
    let links = target("notice").map(link);
    let replaced: Vec<_> = target("goes").into_iter().collect();
    assert!(
        replaced.len() + usize::from(links.is_some()) + usize::from(row["stays"] == true) == 1,
        "{row} must say one thing"
    );
    Ok(json!([replaced, links, null]))
}
