// Validates SARIF logs against the schema of the standard, as its authors publish it.
'use strict';

const Ajv = require('ajv');
const draft4 = require('ajv/lib/refs/json-schema-draft-04.json');
// The text of the standard, 2.1.0, calls this state of the schema its own.
const schema = require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');

let validate;

// What is wrong with a log, each with its place; none if it is valid.
function sarifFaults(log) {
    if (!validate) {
        const ajv = new Ajv({ schemaId: 'id', meta: false, allErrors: true });
        ajv.addMetaSchema(draft4);
        validate = ajv.compile(schema);
    }
    validate(log);
    return (validate.errors || []).map(({ dataPath, message }) => `log${dataPath} ${message}`);
}

module.exports = { sarifFaults };
