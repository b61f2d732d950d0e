// A real browser and the sites it visits, as a long-lived process: JSON lines as in engine.js.
//
// Requests, each with an `id` that its answer repeats:
//   {op: "start", executable}                     -> {port}     browser and server, once
//   {op: "load", set, templates, lang}            -> {loaded}   as in engine.js
//   {op: "serve", host, set, pages, policy}       -> {}         pages: path, with or without a query, or "*"
//                                                              -> {page, context, locale};
//                                                              policy: a content security policy, or none
//   {op: "tour", scripts, steps}                  -> {seen, painted, asked}
//   {op: "activate", address, most}               -> {activated}  what each link and form does
//   {op: "speculate", address}                    -> {seen}     in a browser that acts before somebody goes there:
//                                                              ["asked", address, purpose], and what pages tell:
//                                                              ["runs" | "waits" | "activated", address, prerendering];
//                                                              of any shop, `/referring/prerender?URL` and `…/prefetch?URL`
// Hosts are `store.localhost` and so on; `shop.localhost` is the storefront, which echoes: under
// /slow/ late, under /ping-pong/ by sending visitors back, under /opted-in/ for prerenders of its whole site. `framing.localhost/?URL` frames an address,
// and so do `/framing/?URL` and `/manage/?URL` of any shop.
// Browser and server end with this process, and it ends when its input does.
'use strict';

const http = require('http');
const { chromium } = require('playwright-core');
const { answer: engineAnswer, serve: serveLines } = require('./engine');
const speculation = require('./speculation');

const PATIENCE = 40_000;
// Long enough for a page to be painted while its successor is awaited.
const SLOW = 1_500;
const FLAGS = [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--no-first-run',
    '--host-resolver-rules=MAP *.localhost 127.0.0.1,MAP * ~NOTFOUND',
];

const sites = new Map();
// Hosts of storefronts, without their site.
const SHOPS = ['shop', 'maison'];
let browser;
let executable;
let server;
let asked = [];

function html(response, text, headers = {}) {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache', ...headers });
    response.end(text);
}

function storefront(request, response) {
    asked.push(request.url);
    if (request.url.startsWith('/ping-pong/')) {
        const port = server.address().port;
        response.writeHead(302, { location: `http://store.localhost:${port}${request.url}` });
        response.end();
        return;
    }
    const text = `<title>storefront</title><p id="storefront">${encodeURI(request.url)}`;
    const headers = request.url.startsWith('/opted-in/') ? { 'supports-loading-mode': 'credentialed-prerender' } : {};
    const echo = () => html(response, speculation.telling(text), headers);
    setTimeout(echo, request.url.startsWith('/slow/') ? SLOW : 0);
}

function framing(request, response) {
    const address = decodeURIComponent(request.url.slice(request.url.indexOf('?') + 1)).replace(/"/g, '&quot;');
    html(response, `<title>framing</title><iframe name="framed" width="600" height="400" src="${address}"></iframe>`);
}

async function store(site, request, response) {
    // Not by URL, to which `//a` is a host.
    const [pathname] = request.url.split('?');
    if (/^\/(framing|manage)\//.test(pathname)) return framing(request, response);
    if (/\.(css|js|json|map|ico|svg|png|jpe?g|gif|webp|woff2?)$/.test(pathname)) {
        response.writeHead(404);
        response.end();
        return;
    }
    const { page, context, locale } = site.pages[request.url] || site.pages[pathname] || site.pages['*'];
    const rendered = await engineAnswer({ set: site.set, page, context, locale, engine: 'handlebars-v4' });
    html(response, speculation.telling(rendered.html), site.policy ? { 'content-security-policy': site.policy } : {});
}

async function route(request, response) {
    const host = (request.headers.host || '').split('.')[0];
    try {
        if (request.url === '/favicon.ico') response.writeHead(404).end();
        else if (speculation.answer(request, response)) return;
        else if (SHOPS.includes(host)) storefront(request, response);
        else if (host === 'framing') framing(request, response);
        else await store(sites.get(host), request, response);
    } catch (error) {
        response.writeHead(500);
        response.end(String(error.stack));
    }
}

async function start(request) {
    ({ executable } = request);
    server = http.createServer(route);
    await new Promise(resolve => { server.listen(0, '127.0.0.1', resolve); });
    browser = await chromium.launch({ executablePath: executable, args: FLAGS });
    return { port: server.address().port };
}

// In a frame of another site, the browser refuses to say.
function stored() {
    try {
        return Object.keys(sessionStorage);
    } catch {
        return null;
    }
}

// What there is to see of a page or a frame.
async function look(frame) {
    const links = await frame.locator('a').evaluateAll(
        all => all.map(({ href, target }) => ({ href, target })));
    const scripts = await frame.locator('script').evaluateAll(all => all.map(script => script.outerHTML));
    const [text, images, kept, mode] = await Promise.all([
        frame.locator('html').innerText(), frame.locator('img').count(),
        frame.evaluate(stored), frame.evaluate(() => document.compatMode),
    ]);
    return { url: frame.url(), title: await frame.title(), text, links, images, scripts, kept, mode };
}

// What a notice shows, once it is there to be seen.
async function notice(frame) {
    await frame.locator('a[target=_top]').waitFor();
    const painted = () => performance.getEntriesByType('paint').length > 0;
    await frame.waitForFunction(painted, null, { polling: 50 });
    return look(frame);
}

async function step(page, [action, argument]) {
    const framed = () => page.frame({ name: 'framed' });
    switch (action) {
        // Not to its end: most of these pages are left before.
        case 'goto': await page.goto(argument, { waitUntil: 'commit' }); return page.url();
        case 'open': await page.goto(argument, { waitUntil: 'load' }); return page.url();
        case 'arrive': await page.waitForURL(({ href }) => href === argument, { waitUntil: 'load' }); return page.url();
        // As a shopper would, by a link; such a page has an entry in the history.
        case 'follow':
            await page.locator('body').evaluate((body, href) => {
                const link = document.createElement('a');
                Object.assign(link, { href, id: 'followed', textContent: 'follow' });
                body.prepend(link);
            }, argument);
            await page.locator('#followed').click({ noWaitAfter: true });
            return null;
        // Wherever on the storefront; not by an event, which another navigation may take away.
        case 'storefront':
            for (const start = Date.now(); Date.now() - start < PATIENCE;) {
                if (new URL(page.url()).hostname === 'shop.localhost') break;
                await new Promise(resolve => { setTimeout(resolve, 50); });
            }
            return page.url();
        case 'back': await page.goBack({ waitUntil: 'load' }); return page.url();
        case 'refreshes': return page.locator('meta[http-equiv=refresh i]').count();
        case 'url': return page.url();
        // What is there and nobody sees, by the names of the probes.
        case 'unseen':
            return page.locator('[data-probe]').evaluateAll(all => all
                .filter(probe => !probe.checkVisibility()).map(probe => probe.dataset.probe));
        // What the storefront was asked for since the last time.
        case 'asked': return asked.splice(0);
        case 'look': return look(page.mainFrame());
        case 'notice': return notice(page.mainFrame());
        case 'framed notice':
            await page.frameLocator('[name=framed]').locator('a').waitFor();
            return notice(framed());
        case 'look in frame': return look(framed());
        // Language, direction and words of the link, and the direction of the document around it.
        case 'link in frame':
            return framed().locator('a').evaluate(link => [
                link.lang, getComputedStyle(link).direction, link.textContent, document.documentElement.dir]);
        case 'click in frame': await framed().locator('a').click(); return null;
        default: throw new Error(`unknown step: ${action}`);
    }
}

async function tour({ scripts, steps }) {
    asked = [];
    const painted = [];
    const context = await browser.newContext({ javaScriptEnabled: scripts });
    context.setDefaultTimeout(PATIENCE);
    try {
        await context.exposeBinding('reportPaint', (source, url, name) => { painted.push([url, name]); });
        await context.addInitScript(() => {
            const report = list => list.getEntries().forEach(
                entry => window.reportPaint(location.href, entry.name));
            new PerformanceObserver(report).observe({ type: 'paint', buffered: true });
        });
        let page = await context.newPage();
        const seen = [];
        for (const one of steps) {
            // Another tab has a session storage of its own.
            if (one[0] === 'tab') {
                await page.close();
                page = await context.newPage();
            }
            seen.push(one[0] === 'tab' ? null : await step(page, one));
        }
        return { seen, painted, asked };
    } finally {
        await context.close();
    }
}

// Everything in a page that may lead somewhere.
const ACTIVE = 'a, area, form, button[data-then], input[data-then]';
// These ask the browser for another program, which leaves it busy.
const PROGRAMS = /^\s*(tel|mailto|sms):/i;

// Where it should lead if it works as written; null: nowhere.
function destination(element) {
    const then = element.dataset.then;
    if (then === 'strip') return null;
    const name = { FORM: 'action', BUTTON: 'formaction', INPUT: 'formaction' }[element.tagName.toUpperCase()] || 'href';
    const written = element.getAttribute(name) ?? element.getAttribute('xlink:href');
    if (written === null) return null;
    const here = location.href.split('#')[0];
    const url = new URL(written, document.baseURI);
    if (!/^https?:$/.test(url.protocol)) return null;
    const there = url.href.split('#')[0];
    if (url.href.includes('#') && there === here && name === 'href') return null;
    // A form that is sent by GET replaces the query.
    const isGet = element.tagName === 'FORM' && element.method === 'get';
    return isGet ? there.split('?')[0] : there;
}

const WAYS = {
    async mouse(element) {
        try {
            await element.click({ timeout: 200, noWaitAfter: true });
        } catch {
            // It has no area of its own; what a click does can still be seen.
            await element.evaluate(node => node.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, composed: true })));
        }
    },
    async keyboard(element) {
        await element.evaluate(node => { document.activeElement.blur(); node.focus(); });
        await element.page().keyboard.press('Enter');
    },
};

// Activates one thing in one way; the navigation that follows is told and stopped.
async function activateOne(page, locator, way, requests, expected, address) {
    requests.length = 0;
    const isForm = await locator.evaluate(node => node.tagName === 'FORM');
    if (way === 'submit' && isForm) {
        await locator.evaluate(form => form.requestSubmit());
    } else if (way !== 'submit' && isForm) {
        const button = locator.locator('button, input[type=submit]').first();
        if (await button.count() === 0 || await button.evaluate(node => node.hasAttribute('data-then'))) return null;
        await WAYS[way](button);
    } else if (way !== 'submit') {
        await WAYS[way](locator);
    } else {
        return null;
    }
    // A navigation begins in a task of its own, and takes its time.
    for (let waited = 0; waited < (expected ? 300 : 50) && requests.length === 0; waited += 25) {
        await page.waitForTimeout(25);
    }
    if (page.url().split('#')[0] !== address) requests.push(`the page left for ${page.url()}`);
    return requests.slice();
}

async function activate({ address, most = Infinity }) {
    const context = await browser.newContext();
    context.setDefaultTimeout(PATIENCE);
    try {
        const page = await context.newPage();
        await page.goto(address, { waitUntil: 'load' });
        const requests = [];
        await page.route('**/*', (route, request) => {
            if (!request.isNavigationRequest()) return route.continue();
            requests.push(request.url().split('#')[0]);
            return route.abort('aborted');
        });
        const all = page.locator(ACTIVE);
        const activated = [];
        for (let at = 0; at < Math.min(most, await all.count()); at += 1) {
            const locator = all.nth(at);
            if (PROGRAMS.test(await locator.getAttribute('href'))) continue;
            const markup = await locator.evaluate(node => node.cloneNode(false).outerHTML);
            const expected = await locator.evaluate(destination);
            // What must become of it, if it says so.
            const then = await locator.evaluate(node => node.dataset.then || '');
            for (const way of ['mouse', 'keyboard', 'submit']) {
                const seen = await activateOne(page, locator, way, requests, expected, address);
                if (seen) activated.push({ markup, way, then, expected, seen });
                if (page.url().split('#')[0] !== address) return { activated };
            }
        }
        return { activated, url: page.url().split('#')[0] };
    } finally {
        await context.close();
    }
}

async function answer(request) {
    switch (request.op) {
        case 'start': return start(request);
        case 'serve': sites.set(request.host, request); return {};
        case 'tour': return tour(request);
        case 'activate': return activate(request);
        case 'speculate': return speculation.visit({ executable, flags: FLAGS, ends: SHOPS, address: request.address });
        default: return engineAnswer(request);
    }
}

async function stop() {
    if (browser) await browser.close();
    if (server) server.close();
    process.exit(0);
}

serveLines(answer).then(stop, stop);
