// The types of the launcher's functions, made from the JSON schemas that the tests keep equal to the program.

import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The text of `index.d.mts`; `schemas` is the folder of the schemas. */
export function types(schemas) {
    const read = name => JSON.parse(readFileSync(join(schemas, `${name}.json`), "utf8"));
    const [build, check, settings] = ["build", "check", "settings"].map(read);
    const definitions = { ...build.$defs, ...check.$defs };
    const { Document: report, Item: _, ...shared } = definitions;
    const options = Object.entries(settings.properties).filter(([key]) => !FILE_ONLY.includes(key));
    const option = ([key, schema]) => member(camelCase(key), flat(schema, settings.$defs), false);
    return [
        "// Made from the program's JSON schemas. Do not edit.",
        ...Object.entries(shared).map(([name, schema]) => declare(name, schema)),
        declare("Report", report),
        declare("CheckReport", { ...check, title: undefined }),
        `/** Flags in camel case. */\nexport interface Options {\n${options.map(option).join("")}` +
            "    /** The file of the bundle. */\n    bundle?: string;\n" +
            "    /** Write no bundle. */\n    noBundle?: boolean;\n" +
            "    /** Do not try whether the style sheets compile. */\n    noStyleCheck?: boolean;\n" +
            "    /** Write nothing. */\n    dryRun?: boolean;\n" +
            "    /** The folder to run in. */\n    cwd?: string;\n" +
            "    /** Ends the program. */\n    signal?: AbortSignal;\n" +
            "    /** Every other flag. */\n    [flag: string]: unknown;\n}",
        ...["build", "bundle", "undo"].map(name => signature(name, "Report")),
        signature("check", "CheckReport"),
        `/** The program could not do its work. */
export class StencilGuardError extends Error {
    /** What it printed, if anything. */
    document?: Report | CheckReport;
}`,
    ].join("\n\n") + "\n";
}

/** Settings that only a file can hold, or that are other flags. */
const FILE_ONLY = ["profile", "severity", "ignore", "bundle", "style-check"];

const signature = (name, result) =>
    `export function ${name}(theme: string, options?: Options): Promise<${result}>;`;

const camelCase = key => key.replace(/-(.)/g, (_, letter) => letter.toUpperCase());

const comment = (text, indent) => (text ? `${indent}/** ${text} */\n` : "");

/** A schema with what it refers to in its place. */
function flat(schema, definitions) {
    if (Array.isArray(schema)) return schema.map(one => flat(one, definitions));
    if (typeof schema !== "object" || schema === null) return schema;
    const { $ref, ...rest } = schema;
    const target = $ref ? definitions[$ref.split("/").pop()] : {};
    const members = Object.entries({ ...target, ...rest });
    return Object.fromEntries(members.map(([key, value]) => [key, flat(value, definitions)]));
}

function declare(name, schema) {
    const text = comment(schema.description, "");
    return schema.properties
        ? `${text}export interface ${name} ${object(schema)}`
        : `${text}export type ${name} = ${type(schema)};`;
}

function member(name, schema, isRequired) {
    return `${comment(schema.description, "    ")}    ${name}${isRequired ? "" : "?"}: ${type(schema)};\n`;
}

function object({ properties, required = [] }) {
    const members = Object.entries(properties);
    return `{\n${members.map(([name, schema]) => member(name, schema, required.includes(name))).join("")}}`;
}

/** A type as TypeScript spells it. */
function type(schema) {
    const some = schema.anyOf ?? schema.oneOf;
    if (schema.$ref) return schema.$ref.split("/").pop();
    if (some) return some.map(type).join(" | ");
    if ("const" in schema) return JSON.stringify(schema.const);
    if (schema.enum) return schema.enum.map(one => JSON.stringify(one)).join(" | ");
    if (Array.isArray(schema.type)) return schema.type.map(one => type({ ...schema, type: one })).join(" | ");
    switch (schema.type) {
        case "array":
            return schema.items ? `Array<${type(schema.items)}>` : "never[]";
        case "object":
            return schema.properties ? object(schema) : `Record<string, ${type(schema.additionalProperties ?? {})}>`;
        case "integer":
            return "number";
        case undefined:
            return "unknown";
        default:
            return schema.type;
    }
}
