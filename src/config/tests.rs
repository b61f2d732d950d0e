use super::*;
use crate::text::Code;
use proptest::prelude::*;

fn read(text: &str) -> Result<SettingsFile, ConfigError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE_NAME);
    std::fs::write(&path, text).unwrap();
    SettingsFile::read(&path)
}

/// A valid line for each key of a settings file.
const VALUES: &str = "storefront = 'https://a.example'\nstorefronts = [{ host = 'fr.a.example', url = 'https://a.example/9' }]\nmode = 'redirect'\npaths = 'catalyst'\nfallback = '/true'\norigins = ['https://a.example']\npath = [{ from = '/a', to = '/9' }]\ncart-param = 'cartId'\nroutes = { cart = '/9' }\ntexts = { de = '9' }\nsearch-engines = 'noindex'\nallow-group = ['7', 'name:Staff']\nkeep = ['cart']\nno-keep = []\nstop-payments = true\nallow-open = ['a']\n\
     out = '../out'\nbundle = false\ninclude = ['a.pem']\ntheme-name = 'N'\nguard-development = true\nguard-editor = true\ntheme-settings = true\nown-host = ['a.example']\npatches = 'p'\n\
     kept-chrome = 'bare'\nback-links = 'storefront'\nhide = ['edit-cart']\nstrict = true\nmarketplace = true\nsource-maps = true\nlevel = 9\nstyle-check = false\nignore = ['amp-validity']\nseverity = { amp-validity = 'warning' }\n";

#[test]
fn every_key_is_read() {
    let settings = read(VALUES).unwrap().settings;
    assert_eq!(settings.set_keys(), KEYS.iter().map(|key| key.name).collect::<Vec<_>>());
    assert_eq!(Settings::defaults().set_keys().len(), KEYS.len() - 7);
    assert_eq!(settings.clone().over(Settings::default()), settings);
    assert_eq!(Settings::default().over(settings.clone()), settings);
    assert_eq!(
        read(&format!("[profile.p]\n{VALUES}")).unwrap().profiles["p"].set_keys(),
        settings.set_keys()
    );
    assert!(settings.out.unwrap().ends_with("../out"));
    assert_eq!(settings.bundle, Some(BundleChoice::Wanted(false)));
    for key in KEYS {
        let text = format!("{} = 1.5", key.name);
        let Err(ConfigError::Invalid { help, span, .. }) = read(&text) else { panic!("{text}") };
        assert_eq!((help, &text[span]), (None, "1.5"), "{text}");
    }
}

#[test]
fn paths_are_resolved_against_the_folder_of_the_file() {
    let text = "out = 'o'\nbundle = 'b.zip'\npatches = 'p'\n";
    let file = read(&format!("{text}[profile.x]\n{text}")).unwrap();
    for settings in [&file.settings, &file.profiles["x"]] {
        let Some(BundleChoice::File(bundle)) = &settings.bundle else { panic!("{settings:?}") };
        for path in [settings.out.as_ref().unwrap(), bundle, settings.patches.as_ref().unwrap()] {
            assert!(path.is_absolute(), "{}", path.display());
        }
    }
}

#[test]
fn groups_are_numbers_or_names() {
    let groups = |text: &str| read(text).map(|file| file.settings.allow_group.unwrap());
    let expected = ["7", "8", "name:Staff"].map(|text| GroupSetting(text.to_owned()));
    assert_eq!(groups("allow-group = [7, '8', 'name:Staff']").unwrap(), expected);
    for text in ["allow-group = [-7]", "allow-group = [7.5]", "allow-group = [true]"] {
        let Err(ConfigError::Invalid { message, .. }) = groups(text) else { panic!("{text}") };
        assert!(message.contains("the number of a customer group"), "{message}");
    }
}

#[test]
fn settings_change_severities_but_built_in_errors_stay() {
    let apply_severities = |text: &str| {
        let codes = [Code::AmpValidity, Code::BackLink, Code::OutOfReach, Code::OpenPage];
        let mut findings: Vec<Finding> =
            codes.iter().map(|code| Finding::new(*code, "x")).collect();
        read(text).unwrap().settings.apply_severities(&mut findings);
        findings.iter().map(|finding| (finding.code, finding.severity)).collect::<Vec<_>>()
    };
    use Severity::{Error, Note, Warning};
    let (amp, back) = (Code::AmpValidity, Code::BackLink);
    let (reach, open) = (Code::OutOfReach, Code::OpenPage);
    assert_eq!(apply_severities(""), [(amp, Note), (back, Warning), (reach, Note), (open, Error)]);
    let ignored = apply_severities("ignore = ['amp-validity', 'back-link']");
    assert_eq!(ignored, [(reach, Note), (open, Error)]);
    let weighed = apply_severities(
        "[severity]\namp-validity = 'warning'\nback-link = 'error'\nout-of-reach = 'note'",
    );
    assert_eq!(weighed, [(amp, Warning), (back, Error), (reach, Note), (open, Error)]);
    for (text, words) in [
        ("ignore = ['open-page']", "`open-page` is an error, whose weight cannot be changed"),
        ("[severity]\nopen-page = 'note'", "`open-page` is an error"),
        (
            "ignore = ['amp-validty']",
            "no finding has the code `amp-validty`; did you mean `amp-validity`?",
        ),
        ("ignore = ['zzz']", "no finding has the code `zzz`"),
        ("[severity]\namp-validity = 'quiet'", "`quiet` is not known here"),
    ] {
        let Err(ConfigError::Invalid { message, .. }) = read(text) else { panic!("{text}") };
        assert!(message.starts_with(words), "{text}: {message}");
    }
}

#[test]
fn invalid_values_are_rejected_at_their_place() {
    for (text, value, words) in [
        ("level = 10", "10", "a level is a number from 0 to 9"),
        ("level = -1", "-1", "a level is a number from 0 to 9"),
        ("level = 300", "300", "a level is a number from 0 to 9"),
        ("bundle = 7", "7", "`true`, `false` or the name of a file"),
        ("mode = 'redirekt'", "'redirekt'", "`redirekt` is not known here"),
        ("mode = 7", "7", "expected a text in quotation marks"),
        ("level = 'x'", "'x'", "expected a number, found string \"x\""),
        ("keep = 'cart'", "'cart'", "expected a list, found string \"cart\""),
        ("keep = [7]", "7", "expected a text in quotation marks, found integer `7`"),
        ("routes = ['/x']", "['/x']", "expected a table, found a list"),
        ("path = ['x']", "'x'", "expected a table, found string \"x\""),
        ("[profile]\np = 1", "1", "expected a table, found integer `1`"),
        ("[profile.p]\nstrict = 1", "1", "expected a boolean"),
    ] {
        let Err(ConfigError::Invalid { span, message, .. }) = read(text) else { panic!("{text}") };
        assert_eq!(&text[span], value);
        assert!(message.contains(words), "{text}: {message}");
    }
}

#[test]
fn invalid_values_get_a_suggestion() {
    for (text, words) in [
        ("mode = 'redirekt'", "did you mean `redirect`?"),
        ("mode = 'x'", "there are redirect, conditional, replace, links"),
        ("kept-chrome = 'Bare'", "did you mean `bare`?"),
        ("[severity]\namp-validity = 'warn'", "there are error, warning, note"),
        ("keep = 'cart'", "write it in brackets: ['cart']"),
    ] {
        let Err(ConfigError::Invalid { help, .. }) = read(text) else { panic!("{text}") };
        assert_eq!(help.as_deref(), Some(words), "{text}");
    }
}

#[test]
fn unknown_keys_are_rejected_with_a_suggestion() {
    for (text, key, words) in [
        ("keep = []\nstore_front = 'x'\n", "store_front", "did you mean `storefront`?"),
        ("STOREFRONT = 'x'", "STOREFRONT", "did you mean `storefront`?"),
        ("profiles = {}", "profiles", "did you mean `profile`?"),
        ("[profile.staging]\nkeeps = []", "keeps", "did you mean `keep`?"),
        ("[profile.staging.profile]\na = 1", "profile", "a profile holds no other profile"),
        ("run-build = true", "run-build", "this is for the command line only"),
        ("no-bundle = true", "no-bundle", "write `bundle = false`"),
        ("no-style-check = true", "no-style-check", "write `style-check = false`"),
        ("zzz = true", "zzz", "the settings are storefront, storefronts, mode, "),
    ] {
        let Err(ConfigError::Invalid { span, message, help, .. }) = read(text) else {
            panic!("{text} is accepted");
        };
        assert_eq!(&text[span], key);
        assert_eq!(message, format!("there is no setting `{key}`"));
        let help = help.unwrap();
        assert!(help.starts_with(words), "{text}: {help}");
    }
}

#[test]
fn keep_and_no_keep_come_from_the_same_layer() {
    let below = Settings { no_keep: Some(vec!["cart".to_owned()]), ..Settings::default() };
    let above = Settings { keep: Some(vec!["cart".to_owned()]), ..Settings::default() };
    let merged = above.clone().over(below.clone());
    assert_eq!((merged.keep, merged.no_keep), (above.keep.clone(), None));
    let effective = Effective::default()
        .under(&Origin::Environment, below)
        .under(&Origin::Flags, above)
        .with_defaults();
    assert_eq!(effective.origins["keep"], Origin::Flags);
    assert_eq!(effective.origins["no-keep"], Origin::Default);
}

#[test]
fn each_layer_wins_over_those_below_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE_NAME);
    let text =
        |layers: &str, number: &str, name: &str| layers.contains(number).then(|| name.to_owned());
    for (layers, value, origin) in [
        ("1", "a", Origin::File(path.clone())),
        ("12", "b", Origin::Profile("p".to_owned())),
        ("123", "c", Origin::Environment),
        ("1234", "d", Origin::Flags),
        ("14", "d", Origin::Flags),
        ("13", "c", Origin::Environment),
    ] {
        let line = |number, name| {
            let text = text(layers, number, name);
            text.map(|text| format!("storefront = '{text}'\n")).unwrap_or_default()
        };
        let layer = |number, name| Settings {
            storefront: text(layers, number, name),
            ..Settings::default()
        };
        let file = format!("{}[profile.p]\n{}", line("1", "a"), line("2", "b"));
        std::fs::write(&path, file).unwrap();
        let sources = Sources {
            file: None,
            profile: Some("p".to_owned()),
            environment: Ok(layer("3", "c")),
            flags: layer("4", "d"),
        };
        let effective = sources.read(&path, false).unwrap();
        assert_eq!(effective.settings.storefront.as_deref(), Some(value), "{layers}");
        assert_eq!(effective.origins["storefront"], origin);
        assert_eq!(effective.origins.len(), 1);
    }
}

#[test]
fn missing_file_or_profile_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE_NAME);
    let nothing = Sources::from(Settings::default());
    let sources = Sources { profile: Some("staging".to_owned()), ..nothing.clone() };
    assert!(matches!(sources.read(&path, false), Err(ConfigError::NoFile { .. })));
    std::fs::write(&path, "[profile.production]\n").unwrap();
    let Err(ConfigError::NoProfile { others, .. }) = sources.read(&path, false) else {
        panic!("accepted");
    };
    assert_eq!(others, ["production"]);
    let named = Sources { file: Some(folder.path().join("other.toml")), ..nothing };
    assert!(matches!(named.read(&path, false), Err(ConfigError::Io { .. })));
}

/// Generates any subset of the keys, each with one of two values.
fn layer() -> impl Strategy<Value = Settings> {
    let other = VALUES
        .replace("a.example", "b.example")
        .replace("true", "false")
        .replace('9', "3")
        .replace("amp-validity", "back-link");
    let lines = (0..KEYS.len()).map(move |row| {
        let line = |text: &str| text.lines().nth(row).unwrap().to_owned();
        prop_oneof![Just(String::new()), Just(line(VALUES)), Just(line(&other))]
    });
    lines.collect::<Vec<_>>().prop_map(|lines| toml::from_str(&lines.join("\n")).unwrap())
}

proptest! {
    #[test]
    fn merging_layers_is_associative_and_keeps_all_keys(one in layer(), two in layer(), three in layer()) {
        // No value is lost, the upper layer wins, and merging is associative.
        prop_assert_eq!(one.clone().over(Settings::default()), one.clone());
        prop_assert_eq!(Settings::default().over(one.clone()), one.clone());
        prop_assert_eq!(one.clone().over(one.clone()), one.clone());
        let grouped = one.clone().over(two.clone()).over(three.clone());
        prop_assert_eq!(one.clone().over(two.clone().over(three)), grouped);
        let merged = one.clone().over(two);
        for key in one.set_keys() {
            prop_assert!(merged.set_keys().contains(&key));
        }
    }
}
