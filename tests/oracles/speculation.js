// A browser that fetches or renders a page before somebody goes there, as pages ask for by speculation rules.
//
// Chromium prerenders nothing for a page to which developer tools are attached, and playwright attaches them to each.
// So this browser is started without: a page names the next one, says after a while that it is still there, and goes.
// All pages tell the server when they run.
'use strict';

const { spawn } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

// Long enough for a page to be fetched, to run and to go wherever it would go.
const PAUSE = 2_000;
const PATIENCE = 40_000;

// What was asked for and told since the browser started; null without one.
let seen = null;
let child = null;

const end = () => child && process.kill(-child.pid, 'SIGKILL');
process.on('exit', () => { try { end(); } catch { /* It has ended. */ } });

// Tells at once, or never: a page that is left sends nothing later.
const TELL = `const tell = what => {
    const request = new XMLHttpRequest();
    const told = JSON.stringify([what, location.href, document.prerendering]);
    request.open('GET', '/told?' + encodeURIComponent(told), false);
    request.send();
};`;
const RUNS = `<script>{ ${TELL}
    document.addEventListener('prerenderingchange', () => tell('activated'));
    tell('runs'); }</script>`;

// A page with a script before all of its own that tells when it runs.
const telling = html => (seen ? html.replace(/<head|$/, head => RUNS + head) : html);

function referring(kind, address) {
    const rules = JSON.stringify({ [kind]: [{ source: 'list', urls: [address], eagerness: 'immediate' }] });
    return `<title>referring</title><script type="speculationrules">${rules}</script>
        <script>${TELL} setTimeout(() => { tell('waits'); location.href = ${JSON.stringify(address)}; }, ${PAUSE});</script>`;
}

// Answers what only concerns such a visit; whether it did.
function answer(request, response) {
    if (!seen) return false;
    const [pathname, query = ''] = request.url.split('?');
    if (pathname === '/told') {
        seen.push(JSON.parse(decodeURIComponent(query)));
        response.writeHead(204);
        response.end();
        return true;
    }
    if (!/\.(css|js|json|map|ico|svg|png|jpe?g|gif|webp|woff2?)$/.test(pathname)) {
        seen.push(['asked', `http://${request.headers.host}${request.url}`, request.headers['sec-purpose'] || '']);
    }
    const [, kind] = pathname.match(/^\/referring\/(prerender|prefetch)$/) || [];
    if (!kind) return false;
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(referring(kind, decodeURIComponent(query)));
    return true;
}

// Whether somebody has arrived where nothing leads on.
const isAtEnd = shop => seen.some(([what, address, isHidden]) =>
    what === 'activated' || (what === 'runs' && !isHidden && shop.includes(new URL(address).hostname.split('.')[0])));

async function visit({ executable, flags, address, ends }) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'stencil-guard-'));
    seen = [];
    child = spawn(executable, ['--headless=new', `--user-data-dir=${folder}`, ...flags, address], { stdio: 'ignore', detached: true });
    const gone = new Promise(resolve => { child.once('exit', resolve); });
    for (const start = Date.now(); Date.now() - start < PATIENCE && !isAtEnd(ends);) {
        await new Promise(resolve => { setTimeout(resolve, 50); });
    }
    const answered = { seen };
    seen = null;
    end();
    await gone;
    child = null;
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    return answered;
}

module.exports = { answer, telling, visit };
