import { manyWebhooks } from './data/workloads.ts';
import { EventValues } from './data/event-values.ts';
import { seedWebhooks } from './data/webhook-seed.ts';
import { drain } from './measure/drain.ts';
import { startBare, startProduct } from './scenarios/side.ts';
import { Lab } from './stack/lab.ts';

const t0 = performance.now();
const say = (line: string): void => console.error(`[${((performance.now() - t0) / 1000).toFixed(1)}] ${line}`);
const events = Number(process.argv[2] ?? 100_000);
const lab = await Lab.open(process.env);
say('lab open');
const types = lab.eventTypes();
const workload = manyWebhooks(types.all, types.calls, { kind: 'answer' });
await seedWebhooks(workload.webhooks, {
  mongodbUri: lab.mongodbUri,
  secretBox: lab.secretBox,
  origins: { origin: lab.receiver.origin, other_origin: lab.receiver.otherOrigin },
});
say('seeded');
const site = await lab.site('throughput');
say('topics');
const values = await EventValues.of(workload, lab.catalogue, lab.encoder);
say(`templates of ${values.meanBytes} bytes`);
await lab.writer.write(site.plan.events.name, values, 0, events);
say('produced');
const rounds = Number(process.argv[3] ?? 1);
const ratios: number[] = [];
for (let round = 0; round < rounds; round++) {
  const topic = { workload, events, limitMs: 120_000 };
  const bare = await drain(lab.receiver, { ...topic, start: () => startBare(lab, site, workload, 'dispatch') });
  const product = await drain(lab.receiver, { ...topic, start: () => startProduct(site) });
  ratios.push(product.deliveriesPerSecond / bare.deliveriesPerSecond);
  say(`bare ${JSON.stringify(bare)}`);
  say(`product ${JSON.stringify(product)}, not committed: ${await site.uncommitted()}`);
  await site.rewind();
}
console.log(JSON.stringify({ ratios }));
await site.close();
await lab.close();
say('closed');
