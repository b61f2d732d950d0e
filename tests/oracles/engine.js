// The real template engine as a long-lived process: JSON lines in on stdin, JSON lines out on stdout.
//
// Requests, each with an `id` that its answer repeats:
//   {templates | set, page, engine, context, untold, locale}  -> {html} render one template
//   {op: "load", set, templates, lang, whole} -> {loaded}       keep templates under a name
//   {op: "leaves", set, cases}                -> {away}         for each case, whether its page leads away
//   {op: "parse", texts}                      -> {read}         what both Handlebars parsers find
//   {op: "links", before, after, kept, storefront}  -> {faults, renamed, kept}  see links.js
//   {op: "sarif", log}                        -> {faults}       what is wrong with a SARIF log
//   {op: "locale", languages, asked}          -> {locale}       what the translator calls the page's language
//   {op: "script", text, location, ...}       -> {replaced, notice}  what a script of a page does
// A request that fails is answered with {error}.
'use strict';

const fs = require('fs');
const readline = require('readline');
const Paper = require('@bigcommerce/stencil-paper');
const Translator = require('@bigcommerce/stencil-paper/lib/translator');
const { compareLinks } = require('./links');
const { outcome } = require('./outcome');
const { parse } = require('./parse');
const { sarifFaults } = require('./sarif');
const { runScript, runScripts } = require('./script');

const ENGINES = ['handlebars-v3', 'handlebars-v4'];
const FRONT_MATTER = /^---\r?\n(?:[\s\S]*?\r?\n)?---\r?\n/;
const INCLUDE = /\{\{~?#?>\s*['"]?([^\s'"}~|(]+)/g;
const DYNAMIC = /dynamicComponent\s+['"]([^'"]+)['"]/g;

const silent = () => {};
// Paper points the global console at its logger, so nothing here may print with `console`.
const logger = { debug: silent, log: silent, info: silent, warn: silent, error: silent };
const sets = new Map();

function newSet({ templates, lang, whole }) {
    const compiled = new Map(ENGINES.map(engine => [engine, new Map()]));
    return { templates: new Map(Object.entries(templates)), lang: lang || { en: {} }, compiled, whole };
}

function source(set, name) {
    const text = set.templates.get(name);
    return name.startsWith('pages/') && !set.whole ? text.replace(FRONT_MATTER, '') : text;
}

function referencedNames(set, text) {
    const names = [...text.matchAll(INCLUDE)].map(match => match[1]);
    for (const [, folder] of text.matchAll(DYNAMIC)) {
        const prefix = `${folder.replace(/\/$/, '')}/`;
        names.push(...[...set.templates.keys()].filter(name => name.startsWith(prefix)));
    }
    return names;
}

// Found by text, as the platform's own assembler does; names without a file are left to the engine.
function closure(set, page) {
    const seen = new Set();
    const waiting = [page];
    while (waiting.length > 0) {
        const name = waiting.pop();
        if (seen.has(name) || !set.templates.has(name)) continue;
        seen.add(name);
        waiting.push(...referencedNames(set, source(set, name)));
    }
    return seen;
}

function compiledTemplates(set, paper, engine, page) {
    const cache = set.compiled.get(engine);
    const templates = {};
    for (const name of closure(set, page)) {
        if (!cache.has(name)) {
            cache.set(name, paper.getPreProcessor()({ [name]: source(set, name) })[name]);
        }
        templates[name] = cache.get(name);
    }
    return templates;
}

async function render(request) {
    const { page, engine, context = {} } = request;
    if (!ENGINES.includes(engine)) throw new Error(`unknown engine: ${engine}`);
    const set = request.templates ? newSet(request) : sets.get(request.set);
    if (!set) throw new Error(`unknown set: ${request.set}`);
    // A new one each time: helpers keep state between renders of the same instance.
    const parameters = { security: { nonce: context.nonce } };
    const paper = new Paper(
        context.settings || {}, context.theme_settings || {}, {}, engine, logger, 'error', parameters);
    paper.addTranslations(set.lang, 'en');
    paper.addTemplates(compiledTemplates(set, paper, engine, page));
    // A locale of the test's own, or none with an empty text.
    if (request.locale !== undefined) {
        const locale = { get: () => request.locale || undefined, set: silent, enumerable: true };
        Object.defineProperty(context, 'locale_name', locale);
    }
    if (request.untold) Object.defineProperty(context, 'template', { get: () => undefined, set: silent });
    return { html: await paper.render(page, context) };
}

// For each case whether what is rendered leads away; null for what the engine refuses.
async function leaves({ set, cases }) {
    if (!sets.has(set)) throw new Error(`unknown set: ${set}`);
    const away = [];
    const pages = new Map();
    for (const { visitor, ...request } of cases) {
        const key = JSON.stringify(request);
        if (!pages.has(key)) {
            pages.set(key, await render({ ...request, set }).then(rendered => rendered.html, () => null));
        }
        const html = pages.get(key);
        away.push(html === null ? null : outcome({ html, visitor }).away);
    }
    return { away };
}

function locale({ languages, asked }) {
    const texts = Object.fromEntries(languages.map(language => [language, {}]));
    return { locale: Translator.create(asked, texts, logger).getLocale() || null };
}

async function answer(request) {
    switch (request.op || 'render') {
        case 'render': return render(request);
        case 'load': sets.set(request.set, newSet(request)); return { loaded: true };
        case 'leaves': return leaves(request);
        case 'parse': return parse(request.texts);
        case 'links': return compareLinks(request);
        case 'outcome': return outcome(request);
        case 'locale': return locale(request);
        case 'sarif': return { faults: sarifFaults(request.log) };
        case 'script': return runScript(request);
        case 'scripts': return runScripts(request);
        default: throw new Error(`unknown op: ${request.op}`);
    }
}

function send(message) {
    const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
    for (let at = 0; at < bytes.length;) {
        try {
            at += fs.writeSync(1, bytes, at);
        } catch (error) {
            if (error.code !== 'EAGAIN') throw error;
        }
    }
}

// Answers each line of the input by `answer`, one after the other, until there are no more.
async function serve(answer) {
    for await (const line of readline.createInterface({ input: process.stdin, crlfDelay: Infinity })) {
        let id = null;
        try {
            const request = JSON.parse(line);
            id = request.id;
            send({ id, ...await answer(request) });
        } catch (error) {
            send({ id, error: String((error && error.message) || error) });
        }
    }
}

if (require.main === module) serve(answer);

module.exports = { answer, serve };
