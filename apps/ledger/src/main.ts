import { runApp } from '#libs/runtime';

import { startLedger } from './start.ts';

await runApp('ledger', startLedger);
