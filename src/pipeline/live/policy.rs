//! Which inline scripts a content security policy allows. It reads only the directives that decide that.

use std::collections::BTreeSet;

/// The inline scripts that may run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Inline {
    /// All.
    All,
    /// Those with one of these nonces; none at all if the set is empty.
    Nonces(BTreeSet<String>),
    /// Some, by their hashes.
    Hashes,
}

impl Inline {
    /// Returns the nonces that allow a script.
    pub(super) fn nonces(&self) -> impl Iterator<Item = &str> {
        let nonces = match self {
            Self::Nonces(nonces) => Some(nonces),
            _ => None,
        };
        nonces.into_iter().flatten().map(String::as_str)
    }

    /// Returns the scripts that both allow.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::All, one) | (one, Self::All) => one,
            (Self::Nonces(one), Self::Nonces(other)) => {
                Self::Nonces(one.intersection(&other).cloned().collect())
            }
            (Self::Nonces(one), _) | (_, Self::Nonces(one)) if one.is_empty() => Self::Nonces(one),
            _ => Self::Hashes,
        }
    }
}

/// Returns the inline scripts that all these header values allow; each may hold several policies.
pub(super) fn inline(headers: &[&str]) -> Inline {
    let policies = headers.iter().flat_map(|header| header.split(','));
    policies.map(of_policy).fold(Inline::All, Inline::and)
}

fn of_policy(policy: &str) -> Inline {
    let directive = |name: &str| {
        policy.split(';').find_map(|directive| {
            let mut words = directive.split_ascii_whitespace();
            words.next()?.eq_ignore_ascii_case(name).then(|| words.collect::<Vec<&str>>())
        })
    };
    let is = |word: &str, value: &str| word.eq_ignore_ascii_case(value);
    if directive("sandbox").is_some_and(|words| !words.iter().any(|word| is(word, "allow-scripts")))
    {
        return Inline::Nonces(BTreeSet::new());
    }
    let names = ["script-src-elem", "script-src", "default-src"];
    let Some(sources) = names.into_iter().find_map(directive) else { return Inline::All };
    let start = |word: &str, start: &str| {
        word.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
    };
    let nonces = sources.iter().filter(|word| start(word, "'nonce-"));
    let nonces: BTreeSet<String> =
        nonces.map(|word| word["'nonce-".len()..].trim_end_matches('\'').to_owned()).collect();
    let has_hashes = sources.iter().any(|word| start(word, "'sha"));
    let is_strict = sources.iter().any(|word| is(word, "'strict-dynamic'"));
    let is_open = sources.iter().any(|word| is(word, "'unsafe-inline'"));
    match (nonces.is_empty(), has_hashes) {
        (true, false) if is_open && !is_strict => Inline::All,
        (true, true) => Inline::Hashes,
        _ => Inline::Nonces(nonces),
    }
}
