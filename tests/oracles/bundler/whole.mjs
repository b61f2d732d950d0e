// The official bundler as it is, checks and zip included, asked by JSON lines: `{id, theme, zip}` with
// `marketplace`, `sourceMaps` and `unchecked` at will. An answer is `{id, zip}` or `{id, error}`: how the
// bundler ended, whatever it does with its failures. Only the compiling of style sheets is left out.
//
// Run with UV_THREADPOOL_SIZE=1: with more threads the order of keys changes from run to run.
import fs from 'node:fs';
import readline from 'node:readline';

// More reads than any theme needs: the bundler goes round in circles.
const MOST_READS = 150_000;

let reads = 0;
let settle = () => {};
const readFile = fs.readFile;
fs.readFile = (...parameters) => {
    reads += 1;
    if (reads > MOST_READS) throw new Error('the bundler reads without end');
    return readFile(...parameters);
};
const failed = error => settle({ error: String(error?.message || error) });
process.on('uncaughtException', failed);
process.on('unhandledRejection', failed);
// Some failures are printed and then forgotten.
console.log = (...words) => words.filter(word => word instanceof Error).forEach(failed);
console.error = failed;
console.info = console.warn = () => {};

const library = './node_modules/@bigcommerce/stencil-cli/lib';
const { default: StencilBundle } = await import(`${library}/stencil-bundle.js`);
const { default: ThemeConfig } = await import(`${library}/theme-config.js`);

// The list of what to leave out is one for all bundles and grows with each; it gets a copy here.
function withOwnList(bundle) {
    const original = bundle._bundleThemeFiles;
    bundle._bundleThemeFiles = (archive, theme) => original.call(bundle, {
        glob(pattern, options) {
            const { ignore } = options;
            archive.glob(pattern, { ...options, ignore: ignore && [...ignore] });
            if (ignore) ignore.length = 1;
        },
    }, theme);
}

async function start({ theme, zip, marketplace, sourceMaps, unchecked }) {
    process.chdir(theme);
    const config = ThemeConfig.getInstance(theme);
    const options = { dest: zip, name: 'official', marketplace, sourceMaps };
    const bundle = new StencilBundle(theme, config, await config.getRawConfig(), options, {});
    bundle.validator.scssValidator.getCssFiles = async () => [];
    if (unchecked) bundle._validateTheme = done => done(null, true);
    withOwnList(bundle);
    return { zip: await bundle.initBundle() };
}

for await (const line of readline.createInterface({ input: process.stdin })) {
    const { id, ...request } = JSON.parse(line);
    reads = 0;
    const answer = await new Promise(resolve => {
        settle = resolve;
        start(request).then(resolve, failed);
    });
    settle = () => {};
    reads = MOST_READS;
    // What still runs after a failure would disturb the next bundle.
    do await new Promise(setImmediate); while (process._getActiveRequests().length);
    process.stdout.write(`${JSON.stringify({ id, ...answer })}\n`);
}
