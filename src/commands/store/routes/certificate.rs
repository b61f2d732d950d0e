//! Checks whether a new address of the checkout is ready. The platform makes a certificate for it, and until
//! then browsers refuse the checkout. The API does not report when the certificate is ready, but the address
//! itself shows it.

use crate::store::StoreEnvironment;
use crate::store::guest::{FetchError, Guest, is_local};
use crate::text::{Code, Finding, Severity};
use std::time::Duration;
use url::Url;

/// The pause between two checks.
const PAUSE: Duration = Duration::from_secs(15);

/// Describes what a new address will need, before the change.
pub(super) fn ahead(url: &str) -> Finding {
    let message = format!(
        "the platform makes a certificate for {url}; for some minutes, until it is there, browsers refuse the checkout"
    );
    note(message).help(
        "point the DNS record of the host first, as the control panel shows it; `routes apply --wait SECONDS` looks until it is ready",
    )
}

/// Checks whether an address is ready, repeatedly for up to `wait`, and returns the result.
pub(super) fn look(url: &str, wait: Duration, environment: &StoreEnvironment) -> Finding {
    let Ok(address) = Url::parse(url) else { return said(url, Err(&FetchError::NoHost)) };
    let guest = Guest::new(is_local(&address), environment);
    let start = environment.clock.now();
    loop {
        (environment.tell)(&format!("looking whether {url} is ready"));
        match guest.get(&address) {
            Ok(_) => return said(url, Ok(())),
            Err(missed) => {
                if environment.clock.now().duration_since(start) + PAUSE > wait {
                    return said(url, Err(&missed));
                }
            }
        }
        (environment.sleep)(PAUSE);
        guest.forgive();
    }
}

fn said(url: &str, seen: Result<(), &FetchError>) -> Finding {
    let later = format!(
        "give the same command again with `--wait 600`, which looks for ten minutes, or `stencil-guard check {url} --storefront URL --wait 600`"
    );
    let warning = |message: String| {
        let mut finding = note(message).help(later.clone());
        finding.severity = Severity::Warning;
        finding
    };
    match seen {
        Ok(()) => note(format!("{url} is ready: it answers over a secure connection")),
        Err(FetchError::NotSecure(reason)) => warning(format!(
            "{url} is not ready: its certificate is not there yet, so browsers refuse the checkout ({reason})"
        )),
        Err(FetchError::NoHost) => warning(format!(
            "{url} is not ready: there is no such host, so its DNS record is missing or not known here yet"
        )),
        Err(FetchError::Failed(reason)) => {
            warning(format!("cannot tell whether {url} is ready: {reason}"))
        }
        Err(FetchError::Closed) => warning(format!(
            "cannot tell whether {url} is ready: it refuses further requests for now"
        )),
    }
}

fn note(message: String) -> Finding {
    let mut finding = Finding::new(Code::CheckoutAddress, message);
    finding.severity = Severity::Note;
    finding
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fetch_result_gets_its_own_finding() {
        let not_secure = FetchError::NotSecure("unknown issuer".to_owned());
        let failed = FetchError::Failed("timed out".to_owned());
        for (seen, severity, words) in [
            (Ok(()), Severity::Note, "https://pay.example is ready: it answers"),
            (Err(&not_secure), Severity::Warning, "is not ready: its certificate is not there yet"),
            (Err(&FetchError::NoHost), Severity::Warning, "is not ready: there is no such host"),
            (
                Err(&failed),
                Severity::Warning,
                "cannot tell whether https://pay.example is ready: timed out",
            ),
            (Err(&FetchError::Closed), Severity::Warning, "cannot tell whether"),
        ] {
            let finding = said("https://pay.example", seen);
            assert_eq!(finding.severity, severity, "{}", finding.message);
            assert!(finding.message.contains(words), "{}", finding.message);
            assert_eq!(finding.help.is_some(), seen.is_err());
        }
    }
}
