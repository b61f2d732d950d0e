// The files that the official bundler generates for the theme in the current folder, written below the
// folder given as argument. Its checks and its zip are left out: only what it generates is asked for.
//
// Run with UV_THREADPOOL_SIZE=1: with more threads the order of keys changes from run to run.
import fs from 'node:fs';
import path from 'node:path';
import async from 'async';
import StencilBundle from './node_modules/@bigcommerce/stencil-cli/lib/stencil-bundle.js';
import ThemeConfig from './node_modules/@bigcommerce/stencil-cli/lib/theme-config.js';

const target = process.argv[2];
const theme = process.cwd();
for (const method of ['log', 'info', 'warn']) console[method] = () => {};

function fail(error) {
    process.stderr.write(`${error.stack || error.message || error}\n`);
    process.exit(1);
}

function write(text, { name }) {
    const file = path.join(target, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
}

const config = JSON.parse(fs.readFileSync('config.json'));
const bundle = new StencilBundle(theme, ThemeConfig.getInstance(theme), config, {}, {});
// This one reports its failure to a callback only.
bundle.tasks.templates = bundle.assembleTemplatesTask.bind(bundle, fail);

async.parallel(bundle.tasks).then(results => {
    bundle.generateManifest(results, (error, manifest) => {
        if (error) fail(error);
        bundle._bundleParsedFiles({ append: write }, { ...results, manifest });
    });
}).catch(fail);
