/** The faults that need a ground of their own. */
import '../killed-retry-and-ledger-workers.test.ts';
