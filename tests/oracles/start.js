// Runs the official development server in the current folder, as `stencil start` does, before a stand-in for
// the store on this machine. Prints the address of the server when it answers, and ends with its input.
'use strict';

const http = require('http');
const path = require('path');
const { readFileSync, writeFileSync } = require('fs');
const { pathToFileURL } = require('url');

const library = path.join(__dirname, 'bundler/node_modules/@bigcommerce/stencil-cli/lib');
const official = name => pathToFileURL(path.join(library, name));
const locale = { default_shopper_language: 'en', shopper_language_selection_method: 'default_shopper_language' };
const regions = { data: { site: { content: { renderedRegionsByPageType: { regions: [] } } } } };
const settings = { base_url: 'http://store', secure_base_url: 'https://store', storefront_api: { token: '' } };
const cart = {
    pencil_response: true,
    template_file: 'pages/cart',
    page_type: 'cart',
    context: { template: 'pages/cart', settings, urls: {} },
};

/** What the store says at a path: facts about itself, or the data of the cart page. */
const answer = (path, own) => {
    if (path.startsWith('/admin/oauth/info')) return { store_hash: 'abc' };
    if (path.startsWith('/stencil-version-check')) return { status: 'ok', sslUrl: own, baseUrl: own };
    if (path.endsWith('/settings/store/locale')) return { data: locale };
    return path === '/graphql' ? regions : cart;
};
const store = http.createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer(request.url, `http://${request.headers.host}`)));
});
const listening = server =>
    new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));

// The browser's own proxy would look for the internet; it is the server behind it that renders.
const browserSync = { watch: () => {}, init: () => {}, reload: () => {} };
const cliCommon = { checkNodeVersion: () => {} };
const logger = { log: () => {}, error: console.error };

/** The settings that are in the folder, for the stand-in. The server listens one port above the browser's proxy. */
const point = (storeUrl, port) => {
    const own = JSON.parse(readFileSync('config.stencil.json'));
    Object.assign(own, { normalStoreUrl: storeUrl, apiHost: storeUrl, port: port - 1 });
    writeFileSync('config.stencil.json', JSON.stringify(own));
};
const start = async () => {
    const { default: StencilStart } = await import(official('stencil-start.js'));
    const { default: BuildConfigManager } = await import(official('BuildConfigManager.js'));
    const storeUrl = `http://127.0.0.1:${await listening(store)}`;
    const probe = http.createServer();
    const port = await listening(probe);
    await new Promise(resolve => probe.close(resolve));
    point(storeUrl, port);
    const buildConfigManager = new BuildConfigManager();
    await buildConfigManager.initConfig();
    // The official server greets with a picture; this one's output is its address.
    console.log = () => {};
    const server = new StencilStart({ browserSync, cliCommon, logger, buildConfigManager });
    await server.run({ channelUrl: storeUrl, cache: false });
    process.stdout.write(`http://localhost:${port}\n`);
};
process.stdin.resume().on('end', () => process.exit());
start();
