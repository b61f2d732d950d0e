// Runs a script of a page at a given location and tells what it asked of `location.replace`.
//
// Not a browser: only what a redirecting script touches is there, and nothing navigates.
'use strict';

const vm = require('vm');

function fakeStorage(entries) {
    const held = new Map(Object.entries(entries || {}));
    return {
        getItem: key => (held.has(String(key)) ? held.get(String(key)) : null),
        setItem: (key, value) => { held.set(String(key), String(value)); },
        removeItem: key => { held.delete(String(key)); },
        clear: () => { held.clear(); },
        entries: () => Object.fromEntries(held),
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

// `framed` makes the window one inside another; `storage` is what sessionStorage holds, `false` when
// touching it throws, as in third-party frames.
function runScript({ text, location, storage, framed }) {
    const replaced = [];
    const session = fakeStorage(storage || {});
    const window = { URL, URLSearchParams, location: fakeLocation(location, replaced) };
    window.window = window.self = window;
    window.top = window.parent = framed ? {} : window;
    window.document = { location: window.location, referrer: '' };
    Object.defineProperty(window, 'sessionStorage', {
        get() {
            if (storage === false) throw new Error('storage is denied');
            return session;
        },
    });
    vm.runInNewContext(text, window, { timeout: 2000 });
    return { replaced, storage: session.entries() };
}

module.exports = { runScript };
