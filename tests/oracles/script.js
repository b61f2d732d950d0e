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
    const found = key => (held.has(String(key)) ? held.get(String(key)) : null);
    return {
        getItem: kind === 'junk' ? () => 'null undefined [] {"a": 1e999' : found,
        setItem: kind === 'full' ? refuse : (key, value) => { held.set(String(key), String(value)); },
        removeItem: key => { held.delete(String(key)); },
        clear: () => { held.clear(); },
    };
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
    element.replaceChildren = (...children) => { element.children = children; };
    return element;
}

function fakeDocument(location) {
    const documentElement = fakeElement('html');
    documentElement.append(fakeElement('head'));
    return { location, referrer: '', documentElement, createElement: fakeElement };
}

const textOf = node => (typeof node === 'string' ? node : node.children.map(textOf).join(''));

// The whole page, if it is no longer the shop's: its text and its links.
function drawn({ documentElement }) {
    const all = element => [element, ...element.children.filter(child => child.name).flatMap(all)];
    const elements = all(documentElement);
    if (elements.some(element => element.name === 'head')) return null;
    const links = elements.filter(element => element.name === 'a')
        .map(({ href, target }) => ({ href: String(href), target }));
    return { text: textOf(documentElement), links };
}

function visit({ text, location, framed, storage, time, session }) {
    const replaced = [];
    const listeners = [];
    const window = { URL, URLSearchParams, location: fakeLocation(location, replaced) };
    window.window = window.self = window;
    window.top = window.parent = framed ? {} : window;
    window.document = fakeDocument(window.location);
    window.stop = () => {};
    window.addEventListener = (type, listener) => {
        if (type === 'DOMContentLoaded') listeners.push(listener);
    };
    Object.defineProperty(window, 'sessionStorage', { get: storage === 'throws' ? refuse : () => session });
    window.Date = class extends Date { static now() { return time; } };
    vm.runInNewContext(text, window, { timeout: 2000 });
    const { documentElement } = window.document;
    if (listeners.length > 0) {
        // As if the parser had gone on.
        documentElement.append(fakeElement('head'), 'of the shop');
        for (const listener of listeners) listener();
    }
    return { replaced, notice: drawn(window.document) };
}

// `earlier`: arrivals in the same tab before this one, as [seconds ago, location].
function runScript({ text, location, framed = false, storage = 'works', earlier = [] }) {
    const session = fakeStorage(storage);
    for (const [seconds, place] of earlier) {
        visit({ text, location: place, storage, session, time: NOW - seconds * 1000 });
    }
    return visit({ text, location, framed, storage, session, time: NOW });
}

module.exports = { runScript };
