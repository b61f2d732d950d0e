// The official tool's `push` or `download` for one channel of a store: a JSON object {job, channel, bundle} on standard
// input. It works in the current folder, where its settings and secrets lie.
import fs from 'node:fs';
import download from './node_modules/@bigcommerce/stencil-cli/lib/stencil-download.js';
import push from './node_modules/@bigcommerce/stencil-cli/lib/stencil-push.js';

console.log = () => {};
const { job, channel, bundle } = JSON.parse(fs.readFileSync(0, 'utf8'));
const jobs = {
    push: () => new Promise((resolve, reject) => {
        const done = error => (error ? reject(error) : resolve());
        push({ activate: true, channelIds: [channel], bundleZipPath: bundle }, done);
    }),
    download: () => download({ channelId: channel, exclude: ['parsed', 'manifest.json'] }),
};
await jobs[job]();
