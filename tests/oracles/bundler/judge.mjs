// What the official validators say about many themes at once: a JSON list of questions on standard
// input, a JSON list of answers on standard output. An answer is null or why the theme is refused.
//
// A question holds the texts of a theme's JSON files, or of one template. Nothing is read from a disk.
import fs from 'node:fs';
import Validator from './node_modules/@bigcommerce/stencil-cli/lib/bundle-validator.js';
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

async function judge(question) {
    const validator = new Validator('.', themeConfig(question), !question.marketplace);
    try {
        for (const method of FILES) await validator[method]();
    } catch (error) {
        return String(error.message);
    }
    return null;
}

const questions = JSON.parse(fs.readFileSync(0, 'utf8'));
const answers = [];
for (const question of questions) answers.push(await judge(question));
process.stdout.write(JSON.stringify(answers));
