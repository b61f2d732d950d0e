// What the official compiler says about many style sheets: one question a line on standard input, one
// answer a line on standard output. A question is a sheet as `StyleSheet` is written; an answer is null
// or why it is refused.
import readline from 'node:readline';
import StencilStyles from './node_modules/@bigcommerce/stencil-styles/lib/index.js';

console.log = console.error = () => {};

async function judge({ root, files, settings }) {
    const styles = new StencilStyles(console);
    styles.activateEngine('node-sass');
    const options = { data: files[root], files, dest: `/assets/css/${root}`, themeSettings: settings };
    try {
        await styles.compileCss('scss', options);
    } catch (error) {
        return String(error.message);
    }
    return null;
}

for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await judge(JSON.parse(line)))}\n`);
}
