/** All faults that may share a ground, one after the other. Those that make endpoints refuse come last: breakers stay open for a while. */
import '../burst.test.ts';
import '../ended-delivery-workers.test.ts';
import '../joining-and-leaving-workers.test.ts';
import '../mongodb-away.test.ts';
import '../new-webhook-and-rebalance.test.ts';
import '../poison-records.test.ts';
import '../registry-away.test.ts';
import '../kafka-away.test.ts';
import '../full-disk.test.ts';
import '../killed-delivery-workers.test.ts';
import '../clock-jumps.test.ts';
import '../flapping-endpoints.test.ts';
