// Makes npm packages from a compiled program: the launcher, which is the same everywhere, and the package
// of one platform. Versions come from Cargo.toml, so that they stay in step.
//
//   node .ci/npm/pack.mjs --out DIR [--binary FILE --target RUST-TARGET]

import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { types } from "./types.mjs";

const here = import.meta.dirname;
const root = resolve(here, "../..");
const targets = JSON.parse(readFileSync(join(here, "targets.json"), "utf8"));

const text = { type: "string" };
const { values } = parseArgs({ options: { out: text, binary: text, target: text } });
const out = resolve(values.out);

const manifest = readFileSync(join(root, "Cargo.toml"), "utf8");
const field = name => manifest.match(new RegExp(`^${name} = "(.*)"$`, "m"))[1];
const name = field("name");
const common = {
    version: field("version"),
    description: field("description"),
    license: field("license"),
};

const platform = ({ os, cpu }) => `${name}-${os}-${cpu}`;

function write(folder, description) {
    writeFileSync(join(folder, "package.json"), JSON.stringify(description, null, 2) + "\n");
    copyFileSync(join(root, "LICENSE"), join(folder, "LICENSE"));
    execFileSync("npm", ["pack", "--silent", "--pack-destination", out], {
        cwd: folder,
        stdio: ["ignore", "inherit", "inherit"],
        shell: process.platform === "win32",
    });
}

function launcher() {
    const folder = join(out, name);
    cpSync(join(here, "launcher"), folder, { recursive: true });
    copyFileSync(join(root, "README.md"), join(folder, "README.md"));
    writeFileSync(join(folder, "index.d.mts"), types(join(root, "tests/schemas")));
    write(folder, {
        name,
        ...common,
        bin: { [name]: "cli.cjs" },
        exports: { ".": { types: "./index.d.mts", default: "./index.mjs" } },
        engines: { node: ">=20" },
        optionalDependencies: Object.fromEntries(
            targets.map(target => [platform(target), common.version]),
        ),
    });
}

function program(target, binary) {
    const folder = join(out, platform(target));
    const file = target.os === "win32" ? `${name}.exe` : name;
    mkdirSync(folder, { recursive: true });
    copyFileSync(binary, join(folder, file));
    chmodSync(join(folder, file), 0o755);
    const { os, cpu } = target;
    write(folder, { name: platform(target), ...common, os: [os], cpu: [cpu], files: [file] });
}

mkdirSync(out, { recursive: true });
if (values.binary) {
    const target = targets.find(({ rust }) => rust === values.target);
    if (!target) {
        throw new Error(`${values.target} is not in ${basename(here)}/targets.json`);
    }
    program(target, resolve(values.binary));
} else {
    launcher();
}
