import { runApp } from '#libs/runtime';

import { startDelivery } from './start.ts';

await runApp('delivery', startDelivery);
