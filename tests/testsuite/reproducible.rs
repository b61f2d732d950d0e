//! The same theme and settings give the same zip, byte for byte, whatever surrounds the run.

use crate::driver::{Playground, STOREFRONT, copy_folder};
use crate::themes::folder;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

fn build(
    playground: &Playground,
    theme: &Path,
    from: &str,
    umask: &str,
    variables: &[(&str, &str)],
) -> Vec<u8> {
    let zip = playground.path(&format!("{umask}.zip"));
    std::fs::create_dir_all(playground.path(from)).unwrap();
    let script = format!("umask {umask}; exec \"$@\"");
    let program = env!("CARGO_BIN_EXE_stencil-guard");
    let status = Command::new("sh")
        .args(["-c", &script, "sh", program, "build"])
        .arg(theme)
        .args(["--storefront", STOREFRONT, "--bundle"])
        .arg(&zip)
        .current_dir(playground.path(from))
        .envs(variables.iter().copied())
        .output()
        .unwrap()
        .status;
    assert!(status.success());
    std::fs::read(zip).unwrap()
}

#[test]
fn two_processes_give_the_same_zip() {
    let playground = Playground::new();
    let theme = playground.path("one/shop");
    copy_folder(&folder().join("shop"), &theme);
    let first =
        build(&playground, &theme, "here", "0022", &[("TZ", "UTC"), ("RAYON_NUM_THREADS", "1")]);

    let other = playground.path("other/place/shop");
    copy_folder(&folder().join("shop"), &other);
    // A file made last stands elsewhere in the directory.
    let text = std::fs::read(other.join("config.json")).unwrap();
    std::fs::remove_file(other.join("config.json")).unwrap();
    std::fs::write(other.join("config.json"), text).unwrap();
    for name in ["templates/pages/home.html", "assets/img/dot.png"] {
        let file = std::fs::File::options().append(true).open(other.join(name)).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000)).unwrap();
        std::fs::set_permissions(other.join(name), std::fs::Permissions::from_mode(0o600)).unwrap();
    }
    let second = build(
        &playground,
        &other,
        "there/below",
        "0077",
        &[("TZ", "Asia/Kathmandu"), ("RAYON_NUM_THREADS", "7"), ("LC_ALL", "C")],
    );
    assert!(first == second, "the zips differ");
}
