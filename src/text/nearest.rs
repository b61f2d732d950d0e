//! "Did you mean": the name that a misspelt one stands for. Nothing is better than nonsense.

/// Of the names, the one that `word` is most likely a slip of the keyboard for; `None` if none is near.
pub fn nearest<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let plain = |text: &str| text.to_lowercase().replace(['_', ' '], "-");
    let wanted = plain(word);
    // As in cargo: one slip for every three letters.
    let most = wanted.chars().count().max(3) / 3;
    let distance = |name: &str| strsim::osa_distance(&wanted, &plain(name));
    let near = names.into_iter().filter(|name| *name != word).map(|name| (distance(name), name));
    near.filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_understood_and_nonsense_is_not() {
        let names = ["storefront", "keep", "no-keep", "kept-chrome", "cart", "auth/login"];
        for (word, name) in [
            ("storefrnt", Some("storefront")),
            ("STORE_FRONT", Some("storefront")),
            ("keeps", Some("keep")),
            ("kept", None),
            ("crt", Some("cart")),
            ("acrt", Some("cart")),
            ("no keep", Some("no-keep")),
            ("auth/logn", Some("auth/login")),
            // What is exactly there is not meant.
            ("keep", None),
            ("*", None),
            ("", None),
            ("run-build", None),
            ("templates/pages/auth/logn.html", None),
            ("zzz", None),
        ] {
            assert_eq!(nearest(word, names), name, "{word}");
        }
    }
}
