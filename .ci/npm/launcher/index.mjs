// The commands as functions: each runs the program and gives back its JSON document.

import { spawn } from "node:child_process";
import { createRequire } from "node:module";

const { binary } = createRequire(import.meta.url)("./binary.cjs");

/** The program could not do its work (exit status 2); `document` is what it printed, if anything. */
export class StencilGuardError extends Error {
    constructor(message, document) {
        super(message);
        this.name = "StencilGuardError";
        this.document = document;
    }
}

/** Guards a theme. */
export const build = (theme, options) => run("build", theme, options);

/** Judges a theme as it stands. */
export const check = (theme, options) => run("check", theme, options);

/** Bundles a theme without a guard. */
export const bundle = (theme, options) => run("bundle", theme, options);

/** Takes the guard out of a theme. */
export const undo = (theme, options) => run("undo", theme, options);

async function run(command, theme, { cwd, signal, ...flags } = {}) {
    const { status, stdout, stderr } = await output(
        [command, ...Object.entries(flags).flatMap(argument), "--format", "json", "--", theme],
        { cwd, signal },
    );
    const document = parsed(stdout);
    if (document === undefined || (status !== 0 && status !== 1)) {
        const said = document?.findings?.map(({ message }) => message).join("; ") || stderr.trim();
        throw new StencilGuardError(said || `the program ended with status ${status}`, document);
    }
    return document;
}

/** The arguments for one option: `noBundle: true` is `--no-bundle`, a list repeats the flag. */
function argument([name, value]) {
    const flag = `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;
    if (value === true) return [flag];
    if (value === false || value === undefined) return [];
    // Joined, so that a value that begins with a dash is no flag.
    return [value].flat().map(one => `${flag}=${one}`);
}

function output(args, options) {
    return new Promise((resolve, reject) => {
        const child = spawn(binary(), args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
        const texts = { stdout: "", stderr: "" };
        for (const stream of ["stdout", "stderr"]) {
            child[stream].setEncoding("utf8").on("data", text => (texts[stream] += text));
        }
        child.on("error", reject);
        child.on("close", status => resolve({ status, ...texts }));
    });
}

function parsed(text) {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}
