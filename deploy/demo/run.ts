import { runOnStack } from '../local/run-on-stack.ts';

await runOnStack({ name: 'demo', main: 'deploy/demo/main.js', args: process.argv.slice(2), stopLimitMs: 30_000 });
