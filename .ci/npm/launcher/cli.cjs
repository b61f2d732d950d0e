#!/usr/bin/env node
// Runs the program with the same arguments, streams and exit status.
"use strict";

const { spawn } = require("node:child_process");
const { binary } = require("./binary.cjs");

let program;
try {
    program = binary();
} catch (error) {
    console.error(`error: ${error.message}`);
    process.exit(2);
}

const child = spawn(program, process.argv.slice(2), { stdio: "inherit" });
const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
// The program decides when it ends; a launcher that went first would leave it behind.
signals.forEach(signal => process.on(signal, () => child.kill(signal)));
child.on("error", error => {
    console.error(`error: cannot run ${program}: ${error.message}`);
    process.exit(2);
});
child.on("exit", (status, signal) => {
    signals.forEach(name => process.removeAllListeners(name));
    signal ? process.kill(process.pid, signal) : process.exit(status);
});
