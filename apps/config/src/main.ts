import { runApp } from '#libs/runtime';

import { startConfig } from './start.ts';

await runApp('config', startConfig);
