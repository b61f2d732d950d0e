// How the platform's tools read front matter: a JSON list of pairs of texts of a page on standard input, a JSON
// list of answers on standard output. Nothing else is read from a disk but the tools themselves.
import fs from 'node:fs';
import frontMatter from './node_modules/front-matter/index.js';

// The development server has the expression in the middle of a function that starts it.
const RENDERER = new URL('./node_modules/@bigcommerce/stencil-cli/server/plugins/renderer/renderer.module.js', import.meta.url);
const [, expression] = fs.readFileSync(RENDERER, 'utf8').match(/templates\[templatesPath\]\.match\(\/(.*)\/\);/);
const DROPPED = new RegExp(expression);

function development(text) {
    const match = text.match(DROPPED);
    return match && match[1] ? match[1] : text;
}

function values(text) {
    try {
        return JSON.stringify(frontMatter(text).attributes);
    } catch (error) {
        return error.name;
    }
}

const pairs = JSON.parse(fs.readFileSync(0, 'utf8'));
const answers = pairs.map(({ before, after }) => ({
    development: development(after),
    values: [values(before), values(after)],
}));
process.stdout.write(JSON.stringify(answers));
