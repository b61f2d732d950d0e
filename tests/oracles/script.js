// Runs a script of a page at a given location and tells what it did: where it went, what it drew.
//
// Not a browser: only what a redirecting script touches is there, and nothing navigates.
'use strict';

const vm = require('vm');

const NOW = Date.UTC(2024, 4, 1);
const refuse = () => { throw new Error('storage is denied'); };

// `kind`: "works", "throws" (when touched, as in third-party frames), "full" or "junk".
function fakeStorage(kind) {
    const held = new Map();
    const get = (storage, key) => (kind === 'junk' ? 'null undefined [] {"a": 1e999' : held.get(key));
    const set = (storage, key, value) => (kind === 'full' ? refuse() : Boolean(held.set(key, String(value))));
    return new Proxy({}, { get, set });
}

function fakeLocation(address, replaced) {
    const { href, origin, protocol, host, hostname, port, pathname, search, hash } = new URL(address);
    return {
        href, origin, protocol, host, hostname, port, pathname, search, hash,
        replace: target => { replaced.push(String(target)); },
        toString: () => href,
    };
}

function fakeElement(name) {
    const element = { name, children: [] };
    element.append = (...children) => { element.children.push(...children); };
    element.prepend = (...children) => { element.children.unshift(...children); };
    return element;
}

// `trusted`: what the store's policy says of text that scripts write. "asked": only text that a policy of
// the script's own made; "refused": none; otherwise any.
function fakeDocument(location, { referrer = '', page, product, locale, cart, lost, storefront, trusted, wordless }) {
    const written = [];
    const body = fakeElement('body');
    const write = text => {
        if (trusted && typeof text === 'string') throw new TypeError('this document asks for trusted text');
        written.push(String(text));
    };
    const documentElement = { replaceChildren: (...children) => { body.children = children; written.push('stopped'); } };
    // What the server writes before the script, where it does.
    const link = fakeElement('a');
    link.target = '_top';
    link.append('Continue to the store');
    const previousSibling = wordless ? null : { content: { firstChild: link } };
    const currentScript = { dataset: { page, product, locale, cart, lost, storefront }, previousSibling };
    return { location, referrer, body, written, write, documentElement, currentScript, createElement: fakeElement };
}

function fakeTypes(trusted) {
    const createPolicy = (name, { createHTML }) => {
        if (trusted === 'refused') throw new TypeError('this document refuses the policy ' + name);
        return {
            createHTML: (...texts) => {
                if (!texts.length) throw new TypeError('1 argument required, but only 0 present');
                return { toString: () => createHTML(texts[0]) };
            },
        };
    };
    return { createPolicy };
}

const textOf = node => (typeof node === 'string' ? node : node.children.map(textOf).join(''));

// What stands in the page, if the rest of the source was turned into text.
function drawn({ body, written }) {
    if (!['<body><plaintext hidden>', 'stopped'].includes(written.join(''))) return null;
    const links = body.children.filter(child => child.name === 'a');
    const isPainted = written.join('') !== 'stopped';
    return { isPainted, text: textOf(body), links: links.map(({ href, target }) => ({ href: String(href), target })) };
}

// What a frame sees of the page around it: of another site's nothing, which browsers say by an error.
function fakeParent(framed, origin) {
    if (framed === true || new URL(framed).origin !== origin) {
        return Object.defineProperty({}, 'location', { get: () => { throw new Error('another origin'); } });
    }
    return { location: fakeLocation(framed, []) };
}

// `framed`: the address of the page around this one, or only that there is one.
function visit({ text, location, framed, storage, time, session, ...given }) {
    const replaced = [];
    const window = { URL, URLSearchParams, location: fakeLocation(location, replaced) };
    window.window = window.self = window;
    window.top = window.parent = framed ? fakeParent(framed, window.location.origin) : window;
    window.document = fakeDocument(window.location, given);
    window.stop = () => { window.document.written.push(''); };
    if (given.trusted) window.trustedTypes = fakeTypes(given.trusted);
    Object.defineProperty(window, 'sessionStorage', { get: storage === 'throws' ? refuse : () => session });
    window.Date = class extends Date { static now() { return time; } };
    vm.runInNewContext(text, window, { timeout: 2000 });
    return { replaced, notice: drawn(window.document) };
}

// `earlier`: arrivals in the same tab before this one, as [seconds ago, location].
function runScript({ text, location, framed = false, storage = 'works', earlier = [], ...given }) {
    const session = fakeStorage(storage);
    for (const [seconds, place] of earlier) {
        visit({ text, location: place, storage, session, time: NOW - seconds * 1000 });
    }
    return visit({ text, location, framed, storage, session, time: NOW, ...given });
}

// Many visits of one script at once.
function runScripts({ text, visits }) {
    return { visits: visits.map(given => runScript({ text, ...given })) };
}

module.exports = { runScript, runScripts };
