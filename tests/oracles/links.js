// Compares two renders of a page as a browser's tokenizer sees them: only links may differ, and only as
// the tool says.
//
// Where a link leads is judged here by its rendered value alone, by other code than the tool's.
'use strict';

const { Tokenizer, TokenizerMode } = require('parse5');

const STORE = 'https://store.example.net';
const PREFIX = 'data-guard-';
const NAVIGATING = {
    a: ['href', 'xlink:href'], area: ['href'], form: ['action'], button: ['formaction'], input: ['formaction'],
};
const DATA = ['data-url', 'data-href', 'data-link'];
const RAW = {
    script: TokenizerMode.SCRIPT_DATA, style: TokenizerMode.RAWTEXT, textarea: TokenizerMode.RCDATA,
    title: TokenizerMode.RCDATA, iframe: TokenizerMode.RAWTEXT, xmp: TokenizerMode.RAWTEXT,
};
const CHECKOUT = /^\/(embedded-checkout|checkout|order-confirmation)(\/|$)|^\/(checkout|finishorder)\.php$/;
const NO_PAGE = /^\/(viewfile\.php|productimage\.php|(content|product_images|assets|stencil)\/)|\.(pdf|png|jpe?g|gif|svg|zip)$/i;

function tokens(html) {
    const found = [];
    const text = token => found.push(['text', token.chars]);
    const tokenizer = new Tokenizer({ sourceCodeLocationInfo: false }, {
        onStartTag(token) {
            found.push(['tag', token.tagName, token.attrs.map(({ name, value }) => [name, value])]);
            if (RAW[token.tagName] !== undefined) {
                tokenizer.state = RAW[token.tagName];
                tokenizer.lastStartTagName = token.tagName;
            }
        },
        onEndTag: token => found.push(['end', token.tagName]),
        onComment: token => found.push(['comment', token.data]),
        onDoctype: token => found.push(['doctype', token.name]),
        onCharacter: text, onNullCharacter: text, onWhitespaceCharacter: text, onEof() {},
    });
    tokenizer.write(html, true);
    return found;
}

// Whether a link with this rendered value leads to a page that is not kept.
function leadsInside(value, kept) {
    const address = value.trim();
    if (address === '' || /^[#?]/.test(address)) return false;
    let url;
    try {
        url = new URL(address, `${STORE}/`);
    } catch {
        return true;
    }
    if (!/^https?:$/.test(url.protocol) || url.origin !== STORE) return false;
    if (CHECKOUT.test(url.pathname) || NO_PAGE.test(url.pathname) || kept.includes(url.pathname)) return false;
    if (url.pathname === '/cart.php') return !url.searchParams.has('action');
    return !url.searchParams.has('setCurrencyId');
}

function navigates(element, name) {
    return (NAVIGATING[element] || []).includes(name);
}

// What is wrong with one tag; `renamed` collects what the tool took away.
function tagFaults(element, before, after, { kept, storefront }, tally) {
    const left = new Map(after);
    const faults = [];
    const inert = element === 'form' ? 'method' : 'formmethod';
    const submits = name => navigates(element, name) && /action$/.test(name);
    for (const [name, value] of before) {
        const isLink = navigates(element, name);
        const taken = PREFIX + name;
        if (left.get(taken) === value) {
            left.delete(taken);
            tally.renamed += 1;
            const isFair = isLink || DATA.includes(name) ? value === '' || leadsInside(value, kept) : name === inert;
            if (!isFair) faults.push(`${name}="${value}" was taken away`);
            if (left.has(`${PREFIX}retargeted`)) {
                if (!(left.get(name) || '').startsWith(`${storefront}/`)) faults.push(`${name} leads to ${left.get(name)}`);
                left.delete(`${PREFIX}retargeted`);
                left.delete(name);
            } else if (submits(name)) {
                if (left.get(inert) !== 'dialog') faults.push(`${name} is gone, but the form submits`);
                left.delete(inert);
            }
        } else if (left.get(name) === value) {
            left.delete(name);
            if (isLink) tally.kept += 1;
            if (isLink && leadsInside(value, kept)) faults.push(`${name}="${value}" was left`);
        } else if (name !== inert) {
            faults.push(`${name}="${value}" changed`);
        } else if (left.get(PREFIX + name) !== value && left.get(name) !== 'dialog') {
            faults.push(`${name} changed`);
        } else {
            left.delete(PREFIX + name);
        }
    }
    // A method that was put in before the form's own was renamed.
    for (const name of left.keys()) faults.push(`${name} was added`);
    return faults.map(fault => `<${element}> ${fault}`);
}

function unrenamed(part, at, token) {
    if (!['comment', 'text'].includes(token[0]) || at === 0) return part;
    return part.replace(/(form)?method="dialog" data-guard-/g, '').replace(/data-guard-retargeted \S+ data-guard-/g, '').replace(/data-guard-/g, '');
}

function compareLinks(request) {
    const [before, after] = [request.before, request.after].map(tokens);
    const tally = { renamed: 0, kept: 0 };
    const faults = before.length === after.length ? [] : ['another number of tokens'];
    for (let at = 0; at < Math.min(before.length, after.length) && faults.length < 20; at += 1) {
        const [one, other] = [before[at], after[at]];
        if (one[0] !== 'tag' || other[0] !== 'tag' || one[1] !== other[1]) {
            // What stands in a comment may come from a component that is printed elsewhere, too, and what stands
            // in a script from a language text.
            const isSame = JSON.stringify(one) === JSON.stringify(other.map(unrenamed));
            if (!isSame) faults.push(`${JSON.stringify(one)} became ${JSON.stringify(other)}`);
        } else {
            faults.push(...tagFaults(one[1], one[2], other[2], request, tally));
        }
    }
    return { faults, ...tally };
}

module.exports = { compareLinks };
