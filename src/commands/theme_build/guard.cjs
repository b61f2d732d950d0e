// Starts the theme's build, none of whose code runs here, and ends it with all its children: when the
// time is over, when this process is told to end, and when the one that started it is gone.
const { spawn } = require('node:child_process');

const [run, config, seconds, TOO_LONG] = process.argv.slice(1);
const hasGroups = process.platform !== 'win32';
const build = spawn(process.execPath, ['-e', run, config], {
    detached: hasGroups,
    stdio: ['ignore', 2, 2],
});

function end(status) {
    try {
        if (hasGroups) process.kill(-build.pid, 'SIGKILL');
        else build.kill('SIGKILL');
    } catch {
        // Nothing is left of it.
    }
    process.exit(status);
}

build.on('error', () => end(1));
build.on('exit', status => end(status ?? 1));
setTimeout(() => end(Number(TOO_LONG)), seconds * 1000);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(1));
// Standard input stays open as long as the other process lives.
process.stdin.on('end', () => end(1)).on('error', () => end(1)).resume();
