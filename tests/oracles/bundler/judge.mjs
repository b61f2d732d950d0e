// What the official validators say about many themes at once: a JSON list of questions on standard
// input, a JSON list of answers on standard output. An answer is null or why the theme is refused.
//
// A question holds the texts of a theme's JSON files, or of one template. Nothing is read from a disk.
import fs from 'node:fs';
import yaml from './node_modules/js-yaml/index.js';
import Validator from './node_modules/@bigcommerce/stencil-cli/lib/bundle-validator.js';
import { getFrontmatterContent, interpolateThemeSettings } from './node_modules/@bigcommerce/stencil-cli/lib/utils/frontmatter.js';
import { parse } from './node_modules/@bigcommerce/stencil-cli/lib/parse-json.js';

const FILES = ['_validateThemeConfiguration', '_validateThemeSchema', '_validateSchemaTranslations'];
console.log = () => {};

function themeConfig({ config, schema, translations }) {
    return {
        configExists: () => true,
        getRawConfig: async () => parse(config),
        schemaExists: () => schema !== null,
        getRawSchema: async () => parse(schema),
        schemaTranslationsExists: () => translations !== null,
        getRawSchemaTranslations: async () => parse(translations),
    };
}

// What the official validator does with each file that it finds on the disk.
function judgeTemplate(validator, { template, settings }) {
    const block = getFrontmatterContent(template);
    if (block) {
        const documents = yaml.loadAll(interpolateThemeSettings(block, settings));
        validator.validateTrailingSymbols(documents[0]);
    }
}

async function judge(question) {
    const validator = new Validator('.', themeConfig(question), !question.marketplace);
    try {
        if (question.template === undefined) {
            for (const method of FILES) await validator[method]();
        } else {
            judgeTemplate(validator, question);
        }
    } catch (error) {
        return String(error.message);
    }
    return null;
}

const questions = JSON.parse(fs.readFileSync(0, 'utf8'));
const answers = [];
for (const question of questions) answers.push(await judge(question));
process.stdout.write(JSON.stringify(answers));
