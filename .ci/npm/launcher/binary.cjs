// Finds the program for this computer: it comes as a package of its own, one for each platform.
"use strict";

const { name } = require("./package.json");

/** The path of the program; throws an error that says what to do where there is none. */
exports.binary = () => {
    const platform = `${process.platform}-${process.arch}`;
    const file = process.platform === "win32" ? `${name}.exe` : name;
    try {
        return require.resolve(`${name}-${platform}/${file}`);
    } catch {
        throw new Error(
            `the package ${name}-${platform} is not installed. Install ${name} again without ` +
                "--omit=optional; if there is no such package, build the program from source with cargo",
        );
    }
};
