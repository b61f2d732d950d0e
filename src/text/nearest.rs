//! "Did you mean": finds the name that the user probably meant, or none rather than an unlikely one.

/// Returns the name that `word` most likely misspells; `None` if no name is similar enough.
pub fn nearest<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let plain = |text: &str| text.to_lowercase().replace(['_', ' '], "-");
    let wanted = plain(word);
    // As in cargo: one typing error for every three characters.
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
    fn typos_find_the_nearest_name_and_nonsense_finds_none() {
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
            // A name is not a misspelling of itself.
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
