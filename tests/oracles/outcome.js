// Says what a visitor gets from a rendered page: the page, or what leads away before anything is seen.
//
// By other means than the tool: a parser that follows the standard, and scripts that are really run.
'use strict';

const crypto = require('crypto');
const vm = require('vm');
const { parse } = require('parse5');

const STORE = 'https://store.example.net';
const HTML = 'http://www.w3.org/1999/xhtml';
// Elements that show nothing, and neither does what stands in them.
const UNSEEN = ['base', 'head', 'link', 'meta', 'noscript', 'script', 'style', 'template', 'title'];
const TYPES = ['', 'text/javascript', 'application/javascript', 'text/ecmascript', 'application/ecmascript'];

const attribute = (node, name) => (node.attrs || []).find(one => one.name === name)?.value;

// A window in which a script may run; where it goes and what it writes is noted.
function fakeWindow({ framed, checkout }, went) {
    const { href, origin, protocol, host, hostname, port, pathname, search, hash } =
        new URL(checkout ? '/checkout' : '/a-page/?x=1', STORE);
    const location = {
        origin, protocol, host, hostname, port, pathname, search, hash,
        get href() { return href; },
        set href(target) { went.push(String(target)); },
        replace: target => { went.push(String(target)); },
        assign: target => { went.push(String(target)); },
        toString: () => href,
    };
    const element = () => ({ append() {}, prepend() {}, setAttribute() {}, style: {}, dataset: {} });
    const document = {
        body: element(), currentScript: element(), cookie: '', referrer: '', createElement: element,
        getElementById: () => null, querySelector: () => null, querySelectorAll: () => [],
        addEventListener() {},
        // What puts the rest of the source into a hidden text leaves nothing of the page.
        write: text => { if (/<plaintext hidden>/.test(text)) went.push('a notice'); },
    };
    const window = { URL, URLSearchParams, document, addEventListener() {}, setTimeout() {} };
    const place = { get: () => location, set: target => { went.push(String(target)); } };
    Object.defineProperty(window, 'location', place);
    Object.defineProperty(document, 'location', place);
    window.window = window.self = window;
    window.top = window.parent = framed ? {} : window;
    const held = new Map();
    window.sessionStorage = { getItem: key => held.get(key) ?? null, setItem: (key, value) => held.set(key, value) };
    return window;
}

// Whether a script leads off the store, or hides what follows.
function leads(text, visitor) {
    if (!text.includes('location')) return false;
    const went = [];
    try {
        vm.runInNewContext(text, fakeWindow(visitor, went), { timeout: 2000 });
    } catch {
        // A script of the shop needs more than there is here.
    }
    return went.some(target => target === 'a notice' || isAway(target));
}

function isAway(target) {
    try {
        const url = new URL(target, STORE);
        return /^https?:$/.test(url.protocol) && url.origin !== STORE;
    } catch {
        return false;
    }
}

function runs(node, { scripts, nonce }) {
    const type = (attribute(node, 'type') ?? '').replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, '').toLowerCase();
    return scripts !== 'off' && node.namespaceURI === HTML && attribute(node, 'src') === undefined
        && TYPES.includes(type) && (scripts !== 'nonce' || attribute(node, 'nonce') === nonce);
}

// Whether a `meta` leads off the store at once (the standard's "shared declarative refresh steps").
function refreshes(node) {
    if ((attribute(node, 'http-equiv') ?? '').toLowerCase() !== 'refresh') return false;
    const steps = /^\s*0*(?:\.[0-9.]*)?(?:\s*[;,]|\s)\s*(?:url\s*=\s*)?(?:"([^"]*)|'([^']*)|(\S.*))/is;
    const found = /^\s*[0.]/.test(attribute(node, 'content') ?? '') && steps.exec(attribute(node, 'content'));
    return Boolean(found) && isAway(found[1] ?? found[2] ?? found[3]);
}

// Nodes in the order of the source, without what stands in templates.
function* walk(node, seen) {
    for (const child of node.childNodes || []) {
        const shows = seen && !UNSEEN.includes(child.tagName);
        yield [child, shows];
        yield* walk(child, shows);
    }
}

// What is read before anything is seen, or anywhere: scripts and `meta` elements. The rest does not matter.
function first(html, scriptingEnabled, anywhere) {
    const found = [];
    for (const [node, shows] of walk(parse(html, { scriptingEnabled }), true)) {
        if (node.tagName === 'meta' || node.tagName === 'script') found.push(node);
        const isText = node.nodeName === '#text' && node.value.trim() !== '';
        if (!anywhere && shows && (isText || node.tagName === 'img')) break;
    }
    const text = node => node.childNodes.map(({ value }) => value).join('');
    return found.map(node => ({ tagName: node.tagName, attrs: node.attrs, namespaceURI: node.namespaceURI, text: text(node) }));
}

// Keeps what was found out for the latest keys: many visitors get the same page, and many pages the same script.
function memory() {
    const known = new Map();
    return (key, find) => {
        if (!known.has(key)) {
            if (known.size > 4000) known.clear();
            known.set(key, find());
        }
        return known.get(key);
    };
}
const elements = memory();
const leading = memory();

// `scripts`: "run", "off" or "nonce" (only those with the nonce of the store's policy); `anywhere`: whether what
// leads away after something was seen counts, too.
function outcome({ html, visitor }) {
    const { scripts, anywhere, framed, checkout } = visitor;
    const hash = text => crypto.createHash('sha1').update(text).digest('base64');
    const scripting = scripts !== 'off';
    const found = elements(hash(`${scripting} ${anywhere} ${html}`), () => first(html, scripting, anywhere));
    const leadsAway = text => leading(hash(`${framed} ${checkout} ${text}`), () => leads(text, visitor));
    const leaves = node => (node.tagName === 'meta' ? refreshes(node) : runs(node, visitor) && leadsAway(node.text));
    return { away: found.some(leaves) };
}

module.exports = { outcome };
