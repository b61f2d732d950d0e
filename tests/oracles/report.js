// Looks at a report in a real browser, as a long-lived process: JSON lines as in engine.js.
//
// Requests, each with an `id` that its answer repeats:
//   {op: "look", executable, file, width, scheme, media} -> {faults}   all folds open
//   {op: "use", executable, file}                        -> {faults}   keyboard, links, accessibility tree, print
// `faults` are sentences, each about one thing that is not as it should be; none if all is well.
'use strict';

const { chromium } = require('playwright-core');
const { serve } = require('./engine');

let browser;

async function open({ executable, file, width = 1440, scheme = 'light', media = 'screen' }) {
    browser = browser || await chromium.launch({ executablePath: executable, args: ['--no-sandbox', '--disable-gpu'] });
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    await page.emulateMedia({ colorScheme: scheme, media });
    const faults = [];
    const address = `file://${file}`;
    page.on('request', request => {
        if (![address, 'about:blank'].includes(request.url().split('#')[0])) faults.push(`asks for ${request.url()}`);
    });
    page.on('console', message => faults.push(`says: ${message.text()}`));
    page.on('pageerror', error => faults.push(`fails: ${error.message}`));
    await page.goto(address, { waitUntil: 'load' });
    return { page, faults, address };
}

// Runs in the page: what is wrong with what can be seen.
function inspect() {
    const faults = [];
    const name = element => `<${element.tagName.toLowerCase()} class="${element.getAttribute('class') || ''}">`;
    document.querySelectorAll('details').forEach(details => { details.open = true; });

    const { scrollWidth } = document.documentElement;
    if (scrollWidth > innerWidth) faults.push(`is ${scrollWidth} wide in a window of ${innerWidth}`);

    // Every piece of text that can be seen, with its rectangles.
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const boxes = [];
    const elements = new Set();
    while (walker.nextNode()) {
        const node = walker.currentNode;
        const element = node.parentElement;
        if (!node.data.trim() || element.closest('.unseen') || !element.checkVisibility()) continue;
        elements.add(element);
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const { left, right, top, bottom } of range.getClientRects()) {
            if (right > left && bottom > top) boxes.push({ left, right, top, bottom, text: node.data.trim().slice(0, 40) });
        }
    }
    if (elements.size < 20) faults.push(`shows only ${elements.size} pieces of text`);

    // Fonts overlap by a hair from line to line.
    const HAIR = 5;
    boxes.sort((one, other) => one.top - other.top);
    boxes.forEach((one, index) => {
        if (one.left < -1 || one.right > innerWidth + 1) faults.push(`sticks out: ${one.text}`);
        for (let at = index + 1; at < boxes.length && boxes[at].top < one.bottom - HAIR; at += 1) {
            const other = boxes[at];
            const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
            const high = Math.min(one.bottom, other.bottom) - other.top;
            if (wide > 1 && high > HAIR) faults.push(`overlap: ${one.text} | ${other.text}`);
        }
    });

    const parts = colour => colour.match(/[\d.]+/g).map(Number);
    const light = colour => {
        const [red, green, blue] = parts(colour).slice(0, 3).map(part => {
            const share = part / 255;
            return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const ground = element => {
        for (let at = element; at; at = at.parentElement) {
            const colour = getComputedStyle(at).backgroundColor;
            if ((parts(colour)[3] ?? 1) > 0) return colour;
        }
        return 'rgb(255, 255, 255)';
    };
    for (const element of elements) {
        const { color } = getComputedStyle(element);
        const [one, other] = [light(color), light(ground(element))];
        const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
        if (ratio < 4.5) faults.push(`contrast ${ratio.toFixed(1)} of ${color} on ${ground(element)}: ${name(element)}`);
    }

    const headings = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(heading => Number(heading.tagName[1]));
    if (headings.filter(level => level === 1).length !== 1 || headings[0] !== 1) faults.push('has not one first heading');
    headings.forEach((level, index) => {
        if (index > 0 && level > headings[index - 1] + 1) faults.push(`leaps from heading ${headings[index - 1]} to ${level}`);
    });

    const cards = [...document.querySelectorAll('.outcome')];
    if (cards.length === 0) faults.push('tells of no page');
    for (const card of cards) {
        if (!card.querySelector('.label')?.innerText.trim()) faults.push(`has a card without an outcome: ${card.innerText}`);
        if (!card.nextElementSibling?.querySelector('.name')) faults.push(`has a card without pages: ${card.innerText}`);
    }
    // The sign and the colour say the same, and each has its own words.
    const colour = card => card.className.split(' ')[1];
    const words = new Map(cards.map(card => [colour(card), card.querySelector('.label')?.innerText]));
    for (const card of cards) {
        const sign = card.querySelector('.icon use')?.getAttribute('href');
        if (sign !== `#icon-${colour(card)}`) faults.push(`has a card whose sign is not that of its colour: ${card.innerText}`);
        if (words.get(colour(card)) !== card.querySelector('.label')?.innerText) faults.push(`has one colour for two outcomes: ${card.className}`);
    }
    return faults;
}

async function look(request) {
    const { page, faults } = await open(request);
    try {
        // What is put there for a moment has to be painted.
        faults.push(...await page.evaluate(inspect));
        return { faults: faults.slice(0, 20) };
    } finally {
        await page.close();
    }
}

// Opens every fold by the keyboard; the numbers of all that was reached, and of all there is.
async function tour(page) {
    const faults = [];
    await page.evaluate(() => {
        document.querySelectorAll('a[href], summary').forEach((element, number) => { element.dataset.number = number; });
    });
    const reached = new Set();
    const all = await page.locator('[data-number]').count();
    for (let step = 0; step < 2 * all + 10; step += 1) {
        await page.keyboard.press('Tab');
        const here = await page.evaluate(() => {
            const { tagName, dataset, offsetTop } = document.activeElement;
            const { outlineStyle } = getComputedStyle(document.activeElement);
            return { tagName, number: dataset.number, offsetTop, outlineStyle };
        });
        if (here.number === undefined || reached.has(here.number)) break;
        if (here.outlineStyle === 'none') faults.push(`does not show the focus on number ${here.number}`);
        reached.add(here.number);
        if (here.tagName === 'SUMMARY') await page.keyboard.press('Enter');
    }
    if (reached.size < all) faults.push(`lets the keyboard reach ${reached.size} of ${all} links and folds`);
    const closed = await page.locator('details:not([open])').count();
    if (closed > 0) faults.push(`lets the keyboard open all but ${closed} folds`);
    return faults;
}

// The name of a page leads to what changes in its template, and opens it.
async function follow(page) {
    const last = page.locator('nav a, .names a').last();
    const target = await last.getAttribute('href');
    await last.click();
    const place = page.locator(`[id="${target.slice(1)}"]`);
    if (await place.count() === 0) return [`there is no place for ${target}`];
    const isThere = await place.isVisible() && await place.evaluate(element => {
        const { top } = element.getBoundingClientRect();
        return top >= 0 && top < innerHeight;
    });
    return isThere ? [] : [`does not open ${target}`];
}

async function use(request) {
    const { page, faults, address } = await open(request);
    try {
        const tree = await page.locator('body').ariaSnapshot();
        for (const part of ['banner', 'navigation', 'main', 'contentinfo', 'heading', 'region "Pages"']) {
            if (!tree.includes(`- ${part}`)) faults.push(`has no ${part} in its accessibility tree`);
        }
        const outcomes = /(kept|guarded|shown|open|lost|broken|cannot tell): \d+ pages?/g;
        const cards = await page.locator('.outcome').count();
        const named = ((await page.locator('section[aria-labelledby=pages]').ariaSnapshot()).match(outcomes) || []).length;
        if (named !== cards) faults.push(`names the outcome of ${named} of ${cards} cards`);
        faults.push(...await follow(page));
        await page.goto('about:blank');
        await page.goto(address);
        faults.push(...await tour(page));
        await page.goto('about:blank');
        await page.goto(address);
        await page.emulateMedia({ media: 'print' });
        // What is unfolded is laid out with the next picture.
        await page.screenshot();
        const hidden = await page.evaluate(() => [...document.querySelectorAll('details:not(.file) .inside, .links')].filter(
            element => !element.checkVisibility({ contentVisibilityAuto: true }) || element.getBoundingClientRect().height === 0).length);
        if (hidden > 0) faults.push(`hides ${hidden} folds on paper`);
        const paper = await page.pdf({ format: 'A4', printBackground: true });
        if (paper.length < 10_000) faults.push('prints nothing');
        return { faults: faults.slice(0, 20) };
    } finally {
        await page.close();
    }
}

async function answer(request) {
    switch (request.op) {
        case 'look': return look(request);
        case 'use': return use(request);
        default: throw new Error(`unknown op: ${request.op}`);
    }
}

async function stop() {
    if (browser) await browser.close();
    process.exit(0);
}

serve(answer).then(stop, stop);
