//! The npm packages, packed as for a release and installed without a network.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use libtest_mimic::{Failed, Trial};
use tempfile::TempDir;

use crate::node;

type Test = fn() -> Result<(), Failed>;

const TESTS: [(&str, Test); 5] = [
    ("npx", npx),
    ("streams", streams),
    ("signals", signals),
    ("functions", functions),
    ("types", types),
];

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const PROGRAM: &str = env!("CARGO_BIN_EXE_stencil-guard");
const STOREFRONT: &str = "https://shop.example.com";

/// Only on the platform that the release workflow, too, tests the packages on.
const MISSING: Option<&str> = if cfg!(all(target_os = "linux", target_arch = "x86_64")) {
    None
} else {
    Some("the packages are tested on Linux with x86-64 only")
};

pub(crate) fn trials() -> Vec<Trial> {
    let missing = (!node::runs()).then_some("node is not installed").or(MISSING);
    let trial =
        |(name, test): (&str, Test)| node::trial("node", &format!("npm::{name}"), missing, test);
    TESTS.into_iter().map(trial).collect()
}

/// A project that has the packages installed, the same for all trials.
fn project() -> Result<&'static Path, Failed> {
    static PROJECT: OnceLock<Result<TempDir, String>> = OnceLock::new();
    let project = PROJECT.get_or_init(|| install().map_err(|error| format!("{error:?}")));
    project.as_ref().map(TempDir::path).map_err(|error| error.clone().into())
}

fn install() -> Result<TempDir, Failed> {
    let place = tempfile::tempdir()?;
    let packages = place.path().join("packages");
    let binary = ["--binary", PROGRAM, "--target", "x86_64-unknown-linux-musl"];
    for arguments in [&[][..], &binary] {
        let mut pack = Command::new("node");
        pack.arg(Path::new(ROOT).join(".ci/npm/pack.mjs")).arg("--out").arg(&packages);
        succeeds(pack.args(arguments))?;
    }
    std::fs::write(place.path().join("package.json"), "{\"private\":true}")?;
    let version = env!("CARGO_PKG_VERSION");
    let archive = |name: &str| packages.join(format!("{name}-{version}.tgz"));
    let mut install = Command::new("npm");
    install.args(["install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts"]);
    install.arg(archive("stencil-guard")).arg(archive("stencil-guard-linux-x64"));
    succeeds(install.current_dir(place.path()))?;
    Ok(place)
}

fn succeeds(command: &mut Command) -> Result<Output, Failed> {
    let output = command.stdin(Stdio::null()).output()?;
    ensure(output.status.success(), &output)?;
    Ok(output)
}

fn ensure(holds: bool, seen: &impl std::fmt::Debug) -> Result<(), Failed> {
    if holds { Ok(()) } else { Err(format!("{seen:?}").into()) }
}

fn shop() -> PathBuf {
    Path::new(ROOT).join("tests/themes/shop")
}

fn launched(arguments: &[&str]) -> Result<Command, Failed> {
    let project = project()?;
    let mut command = Command::new(project.join("node_modules/.bin/stencil-guard"));
    command.args(arguments).current_dir(project).stdin(Stdio::null());
    Ok(command)
}

/// A theme developer's way in gives the same bundle as the program itself.
fn npx() -> Result<(), Failed> {
    let project = project()?;
    let build = |command: &mut Command, bundle: &str| -> Result<Vec<u8>, Failed> {
        command.arg("build").arg(shop()).args(["--storefront", STOREFRONT, "--bundle", bundle]);
        succeeds(command.current_dir(project))?;
        Ok(std::fs::read(project.join(bundle))?)
    };
    let launched = build(Command::new("npx").args(["--no-install", "stencil-guard"]), "npx.zip")?;
    ensure(launched == build(&mut Command::new(PROGRAM), "own.zip")?, &launched.len())
}

fn streams() -> Result<(), Failed> {
    let shop = shop();
    let shop = shop.to_string_lossy();
    let cases: [&[&str]; 4] = [
        &["--version"],
        &["check", &shop],
        &["check", "missing"],
        &["build", &shop, "--storefront", STOREFRONT, "--dry-run", "--format", "json"],
    ];
    for (arguments, status) in cases.into_iter().zip([0, 1, 2, 0]) {
        let ours = launched(arguments)?.output()?;
        let mut own = Command::new(PROGRAM);
        let own = own.args(arguments).current_dir(project()?).stdin(Stdio::null()).output()?;
        ensure(ours == own && ours.status.code() == Some(status), &(ours, own))?;
    }
    Ok(())
}

/// What ends the launcher ends the program, and the status says so.
fn signals() -> Result<(), Failed> {
    use std::io::{BufRead, BufReader};
    use std::os::unix::process::ExitStatusExt;
    let shop = shop();
    for (name, number) in [("INT", 2), ("TERM", 15)] {
        let out = format!("watched-{name}");
        let theme = shop.to_string_lossy();
        let mut command = launched(&["watch", &theme, "--storefront", STOREFRONT])?;
        command.args(["--out", &out, "--format", "json"]).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let output = child.stdout.take().ok_or("no output")?;
        let mut lines = BufReader::new(output).lines();
        lines.next().ok_or("the watch said nothing")??;
        succeeds(Command::new("kill").arg(format!("-{name}")).arg(child.id().to_string()))?;
        // The program has ended, too, when nobody holds its output.
        for line in lines {
            line?;
        }
        let status = child.wait()?;
        ensure(status.signal() == Some(number) || status.code() == Some(0), &status)?;
    }
    Ok(())
}

/// The functions give back what the program prints, and an error where it could not do its work.
fn functions() -> Result<(), Failed> {
    let script = "
        import { build, check, StencilGuardError } from 'stencil-guard';
        import assert from 'node:assert/strict';
        const [, , shop, storefront] = process.argv;
        const built = await build(shop, { storefront, noBundle: true, out: 'built', keep: ['cart'] });
        assert.equal(built.command, 'build');
        assert.equal(built.status, 'done');
        assert.equal(built.pages.find(({ page }) => page === 'pages/cart').outcome, 'kept');
        assert.equal((await check('built', { storefront, keep: ['cart'] })).status, 'done');
        assert.notEqual((await check(shop)).status, 'done');
        const failed = await check('missing').catch(error => error);
        assert(failed instanceof StencilGuardError);
        assert.match(failed.message, /missing/);
        const aborted = await check(shop, { signal: AbortSignal.abort() }).catch(error => error);
        assert.equal(aborted.name, 'AbortError');
    ";
    let file = project()?.join("functions.mjs");
    std::fs::write(&file, script)?;
    let mut node = Command::new("node");
    succeeds(node.arg(&file).arg(shop()).arg(STOREFRONT).current_dir(project()?)).map(drop)
}

/// What the functions give back has just the members that the types name.
fn types() -> Result<(), Failed> {
    let script = r"
        import { readFileSync } from 'node:fs';
        import { build, bundle, check, undo } from 'stencil-guard';
        import assert from 'node:assert/strict';
        const [, , shop, storefront] = process.argv;
        const types = readFileSync('node_modules/stencil-guard/index.d.mts', 'utf8');
        const members = name => {
            const rest = types.split(`export interface ${name} {\n`)[1];
            const lines = rest.split('\n}\n')[0].split('\n');
            return lines.map(line => line.match(/^    (\w+)\??: /)?.[1]).filter(Boolean).sort();
        };
        const names = document => Object.keys(document).sort();
        const out = 'typed';
        assert.deepEqual(names(await build(shop, { storefront, noBundle: true, out })), members('Report'));
        assert.deepEqual(names(await undo(out, { dryRun: true })), members('Report'));
        assert.deepEqual(names(await bundle(shop, { dryRun: true })), members('Report'));
        const checked = await check(shop);
        assert.deepEqual(names(checked), members('CheckReport'));
        const page = names(checked.pages[0]);
        assert.deepEqual(members('CheckedPage').filter(name => page.includes(name)), page);
        for (const option of ['storefront', 'keep', 'allowGroup', 'noBundle', 'dryRun', 'signal']) {
            assert(members('Options').includes(option), option);
        }
        for (const name of ['build', 'bundle', 'check', 'undo']) {
            assert(types.includes(`export function ${name}(theme: string, options?: Options): Promise<`));
        }
    ";
    let file = project()?.join("types.mjs");
    std::fs::write(&file, script)?;
    let mut node = Command::new("node");
    succeeds(node.arg(&file).arg(shop()).arg(STOREFRONT).current_dir(project()?)).map(drop)
}
