// What the two real Handlebars parsers say about a text: "ok" or the message of the refusal.
//
// They are the very packages that the engine loads, not others of the same name.
'use strict';

const { createRequire } = require('module');

const fromEngine = createRequire(require.resolve('@bigcommerce/stencil-paper-handlebars'));
const parsers = { v3: fromEngine('handlebars'), v4: fromEngine('handlebars-v4') };

function verdict(parser, text) {
    try {
        parser.parse(text);
        return 'ok';
    } catch (error) {
        return String(error.message);
    }
}

function parse(text) {
    return { v3: verdict(parsers.v3, text), v4: verdict(parsers.v4, text) };
}

module.exports = { parse };
