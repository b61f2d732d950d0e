// Uses the page of `serve` in a real browser, as a long-lived process: JSON lines as in engine.js.
//
// Requests, each with an `id` that its answer repeats; all have `executable`, the browser, and `address`:
//   {op: "guard", file, storefront, keep, mode, group, more} -> {command, verdict, zip}   downloads, as base64;
//                                                      `more`: other fields, and `toml`, a settings file to take
//   {op: "look", file, width, scheme, pictures}        -> {faults}                  accessibility and width
//   {op: "take", file, storefront, toml}               -> {fields, left, said, zip, settings, faults}
//   {op: "refuse", file, storefront, toml}             -> {said, frame, verdict, isOffered}
//   {op: "stays", file, storefront}                    -> {said, isPressed, command} what is pressed: checkout
//   {op: "wrong", file}                                -> {said, isOffered}
//   {op: "reload", file}                               -> {before, after, verdicts} a theme must be dropped again
//   {op: "tabs", file}                                 -> {verdicts}
//   {op: "deploy", channel, storefront, keep, pictures} -> {faults, plan, reloaded, command, results, wayBack, back}
//                                                      takes the theme of a channel, deploys it, goes back
//   {op: "channels"}                                   -> {said, isOffered}
//   {op: "gone", file, process}                        -> {said}                    after the program has ended
'use strict';

const fs = require('fs');
const axeSource = require('axe-core').source;
const { chromium } = require('playwright-core');
const { serve } = require('./engine');

let browser;

async function open({ executable, address, width = 1024, scheme = 'light' }) {
    browser = browser || await chromium.launch({ executablePath: executable, args: ['--no-sandbox', '--disable-gpu'] });
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
    page.faults = [];
    page.on('request', request => {
        const url = request.url();
        if (!url.startsWith(address) && !url.startsWith('blob:') && !url.startsWith('data:')) page.faults.push(`asks for ${url}`);
    });
    page.on('console', message => {
        // What the browser says of every answer that is no success.
        if (!/status of 4\d\d/.test(message.text())) page.faults.push(`says: ${message.text()}`);
    });
    page.on('pageerror', error => page.faults.push(`fails: ${error.message}`));
    await page.goto(address);
    return page;
}

const drop = async (page, file) => {
    await page.setInputFiles('#file', file);
    await page.waitForSelector('#pages button');
};

// The verdict of the choices as they are now: it is cleared first.
async function verdict(page, choose) {
    await page.evaluate(() => { document.getElementById('verdict').textContent = ''; });
    await choose();
    await page.waitForFunction(() => document.getElementById('verdict').textContent !== '');
    return page.textContent('#verdict');
}

async function guard(request) {
    const page = await open(request);
    await drop(page, request.file);
    if (request.mode) await page.selectOption('#mode', request.mode);
    if (request.group) await page.fill('#allow-group', request.group);
    for (const summary of await page.$$('form summary')) await summary.click();
    const { hide, 'guard-editor': editor, 'theme-settings': fields, 'no-keep': given = [], toml, ...more } = request.more;
    for (const [name, value] of Object.entries(more)) {
        const isList = await page.$eval(`#${name}`, field => field.matches('select'));
        await (isList ? page.selectOption(`#${name}`, value) : page.fill(`#${name}`, value));
    }
    for (const name of hide) await page.check(`#hide-${name}`);
    if (editor) await page.check('#guard-editor');
    if (fields) await page.check('#theme-settings');
    if (toml) await takeToml(page, toml);
    let said = await verdict(page, () => page.fill('#storefront', request.storefront));
    for (const kept of [...request.keep, ...given]) {
        said = await verdict(page, () => page.click(`button[data-page="${kept}"]`));
    }
    const command = await page.textContent('#command');
    const answer = { command, verdict: said, ...await downloads(page), faults: page.faults };
    await page.close();
    return answer;
}

async function downloads(page) {
    const [zip] = await Promise.all([page.waitForEvent('download'), page.click('[data-file=bundle]')]);
    const [settings] = await Promise.all([page.waitForEvent('download'), page.click('[data-file=settings]')]);
    return {
        zip: fs.readFileSync(await zip.path()).toString('base64'),
        settings: fs.readFileSync(await settings.path(), 'utf8'),
    };
}

// Brings a settings file; the page has said what became of it.
async function takeToml(page, text) {
    await page.evaluate(() => { document.getElementById('settings-said').textContent = ''; });
    await page.setInputFiles('#settings-chosen', { name: 'stencil-guard.toml', mimeType: 'text/plain', buffer: Buffer.from(text) });
    await page.waitForFunction(() => document.getElementById('settings-said').textContent !== '');
}

async function take(request) {
    const page = await open(request);
    await drop(page, request.file);
    await takeToml(page, request.toml);
    const fields = {};
    for (const id of request.fields) fields[id] = await page.inputValue(`#${id}`);
    fields.kept = await page.$$eval('#pages [aria-pressed=true]', all => all.map(button => button.dataset.page));
    const left = await page.inputValue('#settings-file');
    const told = await page.textContent('#settings-said');
    await verdict(page, () => page.fill('#storefront', 'https://other.example.com'));
    await verdict(page, () => page.fill('#storefront', fields.storefront));
    const answer = { fields, left, said: told, ...await downloads(page), faults: page.faults };
    await page.close();
    return answer;
}

async function refuse(request) {
    const page = await open(request);
    await drop(page, request.file);
    await verdict(page, () => page.fill('#storefront', request.storefront));
    await page.click('#all-else summary');
    await page.fill('#settings-file', request.toml);
    const said = await verdict(page, () => page.press('#settings-file', 'Tab'));
    await page.waitForFunction(() => document.getElementById('settings-file').ariaInvalid === 'true');
    const frame = await page.textContent('#settings-frame');
    const own = await page.textContent('#settings-said');
    const isOffered = await page.isEnabled('[data-file=bundle]');
    await page.fill('#settings-file', '');
    await verdict(page, () => page.press('#settings-file', 'Tab'));
    const isMended = await page.isEnabled('[data-file=bundle]') && !await page.isVisible('#settings-frame');
    await page.close();
    return { said: own, frame, verdict: said, isOffered, isMended };
}

async function stays(request) {
    const page = await open(request);
    await drop(page, request.file);
    await verdict(page, () => page.fill('#storefront', request.storefront));
    await page.focus('button[data-page=checkout]');
    await page.keyboard.press('Enter');
    const said = await page.textContent('#pages-said');
    const isPressed = await page.getAttribute('button[data-page=checkout]', 'aria-pressed');
    await verdict(page, () => page.click('button[data-page=order-confirmation]'));
    const command = await page.textContent('#command');
    const after = await page.textContent('#pages-said');
    await page.close();
    return { said, isPressed, command, after };
}

// Runs in the page.
const outside = () => {
    const { scrollWidth } = document.documentElement;
    return scrollWidth > innerWidth ? [`is ${scrollWidth} wide in a window of ${innerWidth}`] : [];
};

const RULES = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] };

const LOOKS = [[360, 'light'], [768, 'dark'], [1024, 'light'], [1440, 'dark']];

// What is wrong with the page as it stands, in this size and colour scheme.
async function rules(page) {
    const { violations } = await page.evaluate(options => axe.run(options), RULES);
    return [...violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), ...await page.evaluate(outside)];
}

async function sizes(page, name, pictures) {
    await page.evaluate(axeSource);
    const faults = [];
    for (const [width, colorScheme] of LOOKS) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        faults.push(...(await rules(page)).map(fault => `${name}, ${width}, ${colorScheme}: ${fault}`));
        const path = `${pictures}/${name}-${width}-${colorScheme}.png`;
        if (pictures) await page.locator('#ship').screenshot({ path });
    }
    return faults;
}

// The job of the page, once it is so far.
const jobSays = (page, words) => page.waitForFunction(
    text => document.getElementById('job-said').textContent.startsWith(text), words, { timeout: 60_000 });

async function deploy({ channel, keep, pictures, ...request }) {
    const page = await open(request);
    await page.click('#from-store summary');
    await page.click('#from-store [data-list]');
    await page.selectOption('#from', channel);
    await page.click('#take');
    await page.waitForSelector('#pages button');
    for (const name of keep) await page.click(`button[data-page="${name}"]`);
    await verdict(page, () => page.fill('#storefront', request.storefront));
    await page.click('#ship details summary');
    await page.check('#no-live-check');
    // The keyboard alone gets as far as the plan.
    await page.focus('#plan');
    await page.keyboard.press('Enter');
    await jobSays(page, 'Nothing is changed yet.');
    const plan = await page.textContent('#job-plan');
    const faults = await sizes(page, 'plan', pictures);
    await page.reload();
    await jobSays(page, 'Nothing is changed yet.');
    await page.click('#yes');
    await jobSays(page, 'Working.');
    await page.reload();
    const reloaded = await page.textContent('#job-title');
    await jobSays(page, 'Done.');
    const command = await page.textContent('#job-command');
    const results = await page.textContent('#job-results');
    faults.push(...await sizes(page, 'done', pictures));
    await page.click('#ship [data-list]');
    await page.selectOption('#channel', channel);
    await page.click('#back');
    await page.waitForFunction(() => document.getElementById('job-command').textContent.includes('rollback'));
    await jobSays(page, 'Nothing is changed yet.');
    const wayBack = await page.textContent('#job-plan');
    faults.push(...await sizes(page, 'back', pictures));
    await page.click('#yes');
    await jobSays(page, 'Done.');
    const back = await page.textContent('#job-said');
    faults.push(...page.faults);
    await page.close();
    return { faults, plan, reloaded, command, results, wayBack, back };
}

async function channels(request) {
    const page = await open(request);
    await page.click('#ship [data-list]');
    await page.waitForFunction(() => document.querySelector('#ship [data-store-said]').className === 'bad');
    const said = await page.textContent('#ship [data-store-said]');
    const isOffered = await page.isVisible('#plan');
    await page.close();
    return { said, isOffered };
}

async function look(request) {
    const page = await open(request);
    await drop(page, request.file);
    await verdict(page, () => page.fill('#storefront', 'https://shop.example.com'));
    for (const summary of await page.$$('form summary, #notes summary')) await summary.click();
    await page.evaluate(axeSource);
    // As it is when something is wrong with the settings, and when nothing is.
    await page.fill('#settings-file', 'texts = 1');
    await verdict(page, () => page.press('#settings-file', 'Tab'));
    await page.waitForSelector('#settings-frame');
    await page.focus('button[data-page=checkout]');
    await page.keyboard.press('Enter');
    const broken = await rules(page);
    const picture = name => request.pictures && page.screenshot(
        { path: `${request.pictures}/${name}-${request.width}-${request.scheme}.png`, fullPage: true });
    await picture('wrong');
    await page.fill('#settings-file', '[texts]\nde = "Zum Shop"');
    await verdict(page, () => page.press('#settings-file', 'Tab'));
    broken.push(...await rules(page));
    await picture('look');
    // The keyboard alone reaches a page of the map and keeps it.
    await page.focus('button[data-page=cart]');
    const kept = await verdict(page, () => page.keyboard.press('Space'));
    const isPressed = await page.getAttribute('button[data-page=cart]', 'aria-pressed');
    await page.click('#preview summary');
    const frame = await (await page.waitForSelector('#preview iframe[src^="blob:"]')).contentFrame();
    await frame.waitForSelector('h1');
    const faults = [...page.faults, ...broken, ...await page.evaluate(outside)];
    if (isPressed !== 'true') faults.push(`the keyboard does not keep a page: ${kept}`);
    await page.close();
    return { faults };
}

async function wrong(request) {
    const page = await open(request);
    await page.setInputFiles('#file', request.file);
    await page.waitForFunction(() => document.getElementById('said').className === 'bad');
    const said = await page.textContent('#said');
    const isOffered = await page.isVisible('#choices');
    await page.close();
    return { said, isOffered };
}

async function reload(request) {
    const page = await open(request);
    await drop(page, request.file);
    const before = await page.isVisible('#choices');
    await page.reload();
    const after = await page.isVisible('#choices');
    await drop(page, request.file);
    const verdicts = [await verdict(page, () => page.fill('#storefront', 'https://shop.example.com'))];
    await page.close();
    return { before, after, verdicts };
}

async function tabs(request) {
    const pages = [await open(request), await open(request)];
    const verdicts = [];
    for (const page of pages) await drop(page, request.file);
    await verdict(pages[0], () => pages[0].fill('#storefront', 'https://one.example.com'));
    verdicts.push(await verdict(pages[1], () => pages[1].fill('#storefront', 'https://two.example.com')));
    verdicts.push(await verdict(pages[0], () => pages[0].click('button[data-page=cart]')));
    for (const page of pages) await page.close();
    return { verdicts };
}

async function gone(request) {
    const page = await open(request);
    await drop(page, request.file);
    process.kill(request.process);
    const said = await verdict(page, () => page.fill('#storefront', 'https://shop.example.com'));
    await page.close();
    return { said };
}

const answers = { guard, take, refuse, stays, look, wrong, reload, tabs, gone, deploy, channels };

async function stop() {
    if (browser) await browser.close();
    process.exit(0);
}

serve(request => answers[request.op](request)).then(stop, stop);
