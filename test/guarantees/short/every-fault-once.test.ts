/** All faults, one after the other: those that may share a ground do. */
import '../burst.test.ts';
import '../clock-jumps.test.ts';
import '../ended-delivery-workers.test.ts';
import '../flapping-endpoints.test.ts';
import '../full-disk.test.ts';
import '../joining-and-leaving-workers.test.ts';
import '../kafka-away.test.ts';
import '../killed-delivery-workers.test.ts';
import '../mongodb-away.test.ts';
import '../new-webhook-and-rebalance.test.ts';
import '../poison-records.test.ts';
import '../registry-away.test.ts';
import '../killed-retry-and-ledger-workers.test.ts';
