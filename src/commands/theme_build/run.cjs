// Runs the theme's build as the official tool does: its own `production` if it has one; else its worker
// says that it is ready, is told "production", and says that it is done.
const { fork } = require('node:child_process');
const { pathToFileURL } = require('node:url');

// Not 0, with which the theme's own code may end this process before anything is done.
const DONE = 80;
const FAILED = 1;
const ENDED_EARLY = 0;
const PATIENCE = 2000;
const config = process.argv[1];

function stop(worker, status) {
    worker.removeAllListeners();
    worker.on('exit', () => process.exit(status));
    if (!worker.kill()) process.exit(status);
    setTimeout(() => process.exit(status), PATIENCE);
}

async function main() {
    const module = await import(pathToFileURL(config).href);
    const { production } = module.default ?? module;
    const worker = fork(config, [], { execArgv: [] });
    if (typeof production === 'function') {
        production(error => {
            if (error) console.error(error);
            stop(worker, error ? FAILED : DONE);
        });
        return;
    }
    worker.on('message', message => {
        if (message === 'ready') worker.send('production');
        if (message === 'done') stop(worker, DONE);
    });
    worker.on('exit', () => process.exit(ENDED_EARLY));
}

main().catch(error => {
    console.error(error);
    process.exit(FAILED);
});
