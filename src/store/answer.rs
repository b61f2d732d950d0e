//! Reads the API's answers: wrapped in `data` or not, in pages or not, and with two forms of errors.

use super::connection::Answer;
use super::error::{Refusal, StoreError};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::time::Duration;

/// Parses the JSON of an answer.
pub(super) fn json(request: &str, answer: &Answer) -> Result<Value, StoreError> {
    serde_json::from_slice(&answer.body).map_err(|_| {
        let kind = answer.header("content-type").unwrap_or("no content type");
        let reason = format!("{kind} instead of JSON, with status {}", answer.status);
        StoreError::Unexpected { request: request.to_owned(), reason }
    })
}

/// Returns the content of an answer, whether it is wrapped in `data` or not.
pub(super) fn data<T: DeserializeOwned>(request: &str, value: Value) -> Result<T, StoreError> {
    let inner = match value {
        Value::Object(mut object) if object.contains_key("data") => {
            object.remove("data").unwrap_or_default()
        }
        other => other,
    };
    serde_json::from_value(inner).map_err(|error| StoreError::Unexpected {
        request: request.to_owned(),
        reason: error.to_string(),
    })
}

/// Whether a list continues after this page.
pub(super) fn has_more(value: &Value) -> bool {
    let Some(pagination) = value.pointer("/meta/pagination") else { return false };
    let number = |name: &str| pagination.get(name).and_then(Value::as_u64);
    // The API reference spells it both ways.
    let total = number("total_pages").or_else(|| number("total_page"));
    let next = pagination.pointer("/links/next").and_then(Value::as_str);
    let is_before_the_last = match (number("current_page"), total) {
        (Some(current), Some(total)) => current < total,
        _ => false,
    };
    next.is_some_and(|next| !next.is_empty()) || is_before_the_last
}

/// Reads a refusal in the store's words, in the form of the API reference and in the other forms that occur.
pub(super) fn refusal(request: &str, answer: &Answer) -> Refusal {
    let value: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let title = text("title").or_else(|| text("message")).or_else(|| text("error"));
    let mut details: Vec<String> = text("detail").into_iter().collect();
    match value.get("errors") {
        Some(Value::Object(fields)) => {
            details
                .extend(fields.iter().map(|(field, reason)| format!("{field}: {}", plain(reason))));
        }
        Some(Value::Array(list)) => details.extend(list.iter().map(entry)),
        _ => {}
    }
    let title = title.unwrap_or_else(|| "no reason is given".to_owned());
    details.retain(|detail| *detail != title);
    Refusal { request: request.to_owned(), status: answer.status, title, details }
}

/// Formats one entry of a list of errors or warnings, in either form.
pub(super) fn entry(entry: &Value) -> String {
    let text = |name: &str| entry.get(name).and_then(Value::as_str);
    let code = text("error").or_else(|| text("error_code")).or_else(|| text("warning"));
    match (code, text("message")) {
        (Some(code), Some(message)) if message.contains(code) => message.to_owned(),
        (Some(code), Some(message)) => format!("{message} ({code})"),
        (Some(text), None) | (None, Some(text)) => text.to_owned(),
        (None, None) => plain(entry),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Returns how long a busy store asks to wait: the longest time in its headers.
pub(super) fn asked_wait(answer: &Answer) -> Option<Duration> {
    let number = |name: &str| answer.header(name)?.trim().parse::<u64>().ok();
    let reset = number("x-rate-limit-time-reset-ms").map(Duration::from_millis);
    let after = number("x-retry-after").map(Duration::from_secs);
    let standard = number("retry-after").map(Duration::from_secs);
    [reset, after, standard].into_iter().flatten().max()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn answer(status: u16, body: &Value) -> Answer {
        Answer { status, headers: Vec::new(), body: body.to_string().into_bytes() }
    }

    #[test]
    fn data_is_read_wrapped_or_unwrapped() {
        for value in [json!({"data": {"id": 7}, "meta": {}}), json!({"id": 7})] {
            let site: std::collections::BTreeMap<String, u64> = data("r", value).unwrap();
            assert_eq!(site["id"], 7);
        }
    }

    #[test]
    fn list_continues_while_pagination_says_so() {
        let with = |pagination: Value| has_more(&json!({"meta": {"pagination": pagination}}));
        assert!(with(json!({"current_page": 1, "total_pages": 2})));
        assert!(with(json!({"current_page": 1, "total_page": 2})));
        assert!(with(json!({"links": {"next": "?page=2"}})));
        assert!(!with(json!({"current_page": 2, "total_pages": 2, "links": {"next": ""}})));
        assert!(!with(json!({"current_page": 1})));
        assert!(!has_more(&json!({"data": [], "meta": {}})) && !has_more(&json!([])));
    }

    #[test]
    fn every_form_of_refusal_is_read() {
        for (body, expected) in [
            (
                json!({"status": 409, "title": "You can only upload one theme at a time"}),
                "You can only upload one theme at a time (422)",
            ),
            (json!({"title": "T", "detail": "D"}), "T (422); D"),
            (json!({"title": "T", "errors": {"url": "bad"}}), "T (422); url: bad"),
            (
                json!({"title": "T", "errors": [{"error": "TR-300", "message": "M"}]}),
                "T (422); M (TR-300)",
            ),
            (json!({"error": "E"}), "E (422)"),
            (json!({"message": "M"}), "M (422)"),
            (json!([]), "no reason is given (422)"),
        ] {
            assert_eq!(refusal("r", &answer(422, &body)).to_string(), expected);
        }
    }

    #[test]
    fn longest_requested_wait_wins() {
        let with = |headers: &[(&str, &str)]| {
            let headers =
                headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            asked_wait(&Answer { status: 429, headers: headers.collect(), body: Vec::new() })
        };
        let reset = ("x-rate-limit-time-reset-ms", "1500");
        assert_eq!(with(&[reset]), Some(Duration::from_millis(1500)));
        assert_eq!(with(&[reset, ("x-retry-after", "3")]), Some(Duration::from_secs(3)));
        assert_eq!(with(&[("retry-after", "2")]), Some(Duration::from_secs(2)));
        assert_eq!(with(&[("x-retry-after", "soon")]), None);
        assert_eq!(with(&[]), None);
    }
}
