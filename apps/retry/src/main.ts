import { runApp } from '#libs/runtime';

import { startRetry } from './start.ts';

await runApp('retry', startRetry);
