// Uses the page of `serve` in a real browser, as a long-lived process: JSON lines as in engine.js.
//
// Requests, each with an `id` that its answer repeats; all have `executable`, the browser, and `address`:
//   {op: "guard", file, storefront, keep, mode, group, more} -> {command, verdict, zip}   downloads, as base64
//   {op: "look", file, width, scheme}                  -> {faults}                  accessibility and width
//   {op: "wrong", file}                                -> {said, isOffered}
//   {op: "reload", file}                               -> {before, after, verdicts} a theme must be dropped again
//   {op: "tabs", file}                                 -> {verdicts}
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
    const { hide, 'guard-editor': editor, ...more } = request.more;
    for (const [name, value] of Object.entries(more)) {
        const isList = await page.$eval(`#${name}`, field => field.matches('select'));
        await (isList ? page.selectOption(`#${name}`, value) : page.fill(`#${name}`, value));
    }
    for (const name of hide) await page.check(`#hide-${name}`);
    if (editor) await page.check('#guard-editor');
    let said = await verdict(page, () => page.fill('#storefront', request.storefront));
    for (const kept of request.keep) {
        said = await verdict(page, () => page.click(`button[data-page="${kept}"]`));
    }
    const command = await page.textContent('#command');
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('[data-file=bundle]')]);
    const zip = fs.readFileSync(await download.path()).toString('base64');
    const [settings] = await Promise.all([page.waitForEvent('download'), page.click('[data-file=settings]')]);
    const answer = {
        command,
        verdict: said,
        zip,
        name: download.suggestedFilename(),
        settings: fs.readFileSync(await settings.path(), 'utf8'),
        faults: page.faults,
    };
    await page.close();
    return answer;
}

// Runs in the page.
const outside = () => {
    const { scrollWidth } = document.documentElement;
    return scrollWidth > innerWidth ? [`is ${scrollWidth} wide in a window of ${innerWidth}`] : [];
};

async function look(request) {
    const page = await open(request);
    await drop(page, request.file);
    await verdict(page, () => page.fill('#storefront', 'https://shop.example.com'));
    for (const summary of await page.$$('form summary, #notes summary')) await summary.click();
    await page.evaluate(axeSource);
    const { violations } = await page.evaluate(() => axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }));
    const rules = violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
    // The keyboard alone reaches a page of the map and keeps it.
    await page.focus('button[data-page=cart]');
    const kept = await verdict(page, () => page.keyboard.press('Space'));
    const isPressed = await page.getAttribute('button[data-page=cart]', 'aria-pressed');
    await page.click('#preview summary');
    const frame = await (await page.waitForSelector('#preview iframe[src^="blob:"]')).contentFrame();
    await frame.waitForSelector('h1');
    const faults = [...page.faults, ...rules, ...await page.evaluate(outside)];
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

const answers = { guard, look, wrong, reload, tabs, gone };

async function stop() {
    if (browser) await browser.close();
    process.exit(0);
}

serve(request => answers[request.op](request)).then(stop, stop);
