// How the official tool's `pull` writes what a store says into `config.json`: a JSON list of {config, variation,
// settings} on standard input, a JSON list of {config} or {error} on standard output. Works in a temporary folder.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import 'colors';
import pull from './node_modules/@bigcommerce/stencil-cli/lib/stencil-pull.utils.js';

const OUTPUT = 'pulled.json';

console.log = () => {};
process.chdir(fs.mkdtempSync(path.join(os.tmpdir(), 'pull-')));

async function merged({ config, variation, settings }) {
    fs.writeFileSync('config.json', config);
    try {
        await pull.mergeThemeConfiguration({
            remoteThemeConfiguration: { settings },
            variation: { name: variation },
            saveConfigName: OUTPUT,
        });
        return { config: JSON.parse(fs.readFileSync(OUTPUT, 'utf8')) };
    } catch (error) {
        return { error: error.message };
    }
}

const answers = [];
for (const row of JSON.parse(fs.readFileSync(0, 'utf8'))) answers.push(await merged(row));
process.stdout.write(JSON.stringify(answers));
fs.rmSync(process.cwd(), { recursive: true });
