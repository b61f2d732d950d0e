// What the two real Handlebars parsers make of texts: the refusal, or all they found with its place.
//
// They are the very packages that the engine loads, not others of the same name. Places are UTF-16
// offsets; `parse.rs` writes the same lists from our own tree.
'use strict';

const { createRequire } = require('module');

const fromEngine = createRequire(require.resolve('@bigcommerce/stencil-paper-handlebars'));
const parsers = { v3: fromEngine('handlebars'), v4: fromEngine('handlebars-v4') };

const LEAVES = { ContentStatement: 'content', CommentStatement: 'comment' };
const CALLS = {
    MustacheStatement: 'mustache', Decorator: 'mustache', PartialStatement: 'partial',
    BlockStatement: 'block', PartialBlockStatement: 'partial block', DecoratorBlock: 'decorator block',
};
const LITERALS = {
    StringLiteral: 'string', NumberLiteral: 'number', BooleanLiteral: 'boolean',
    UndefinedLiteral: 'undefined', NullLiteral: 'null',
};

// Where each line begins, by the parser's own idea of line ends.
function lineStarts(text) {
    return [0, ...[...text.matchAll(/\r\n?|\n/g)].map(match => match.index + match[0].length)];
}

class Lister {
    constructor(text) {
        this.starts = lineStarts(text);
        this.found = [];
    }

    at({ start, end }) {
        return [start, end].map(({ line, column }) => this.starts[line - 1] + column);
    }

    expression(node) {
        if (node.type === 'SubExpression') return ['call', ...this.at(node.loc), ...this.call(node, node.path)];
        if (node.type === 'PathExpression') {
            const { data, depth, parts, original } = node;
            return ['path', ...this.at(node.loc), original, Boolean(data), depth, parts];
        }
        return [LITERALS[node.type], ...this.at(node.loc), String(node.value)];
    }

    call(node, callee) {
        const pairs = node.hash ? node.hash.pairs : [];
        return [
            this.expression(callee),
            node.params.map(param => this.expression(param)),
            pairs.map(({ key, value }) => [key, this.expression(value)]),
        ];
    }

    statement(node, branch) {
        const place = [...this.at(node.loc), branch];
        if (LEAVES[node.type]) {
            this.found.push([LEAVES[node.type], ...place]);
            return;
        }
        const kind = CALLS[node.type];
        if (!kind) throw new Error(`unknown statement: ${node.type}`);
        const { program, inverse } = node;
        const names = [program, inverse].map(part => (part && part.blockParams) || []).flat();
        const call = this.call(node, node.name || node.path);
        this.found.push([kind, ...place, ...call, kind === 'mustache' ? node.escaped : names]);
        this.program(program, `${branch}p`);
        this.program(inverse, `${branch}i`);
    }

    program(node, branch) {
        for (const statement of (node && node.body) || []) this.statement(statement, branch);
    }
}

function readBy(parser, text) {
    let tree;
    try {
        tree = (parser.parseWithoutProcessing || parser.parse)(text);
    } catch (error) {
        // The message quotes a piece of the text, maybe half a character of it.
        return { refused: String(error.message).toWellFormed() };
    }
    const lister = new Lister(text);
    lister.program(tree, '');
    // The parts of `{{^x}}a{{else}}b{{/x}}` are held the other way round.
    return { found: lister.found.sort((left, right) => left[1] - right[1] || right[2] - left[2]) };
}

function parse(texts) {
    return { read: texts.map(text => ({ v3: readBy(parsers.v3, text), v4: readBy(parsers.v4, text) })) };
}

module.exports = { parse };
