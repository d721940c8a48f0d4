import { describe, expect, it } from '@jest/globals';

import { readMeasured } from './measured.ts';

const side = (cpu: number) => ({
  deliveries_per_second: { median: 8_000, min: 7_000, max: 9_000 },
  cpu_us_per_delivery: { median: cpu, min: cpu, max: cpu },
  peak_rss_mb: 400,
});
const RESULT = {
  product: side(100),
  throughput: { events: 1_000, deliveries_per_event: 1, event_bytes: 900 },
  fanout: { deliveries_per_event: 10, product: side(64) },
  machine: { cpu: 'Some CPU', cores: 2, memory_gb: 8, node: 'v24' },
};

describe('a bench result', () => {
  it('tells what an event costs apart from what its deliveries cost', () => {
    const measured = readMeasured(JSON.stringify(RESULT));
    expect(measured.eventCpuUs).toBeCloseTo(40, 6);
    expect(measured.deliveryCpuUs).toBeCloseTo(60, 6);
    expect(measured).toMatchObject({ eventBytes: 900, machine: 'Some CPU, 2 cores, 8 GB, Node v24' });
  });

  it('counts all of it as the delivery, where only one webhook an event was measured', () => {
    const { fanout: _, ...alone } = RESULT;
    expect(readMeasured(JSON.stringify(alone))).toMatchObject({ eventCpuUs: 0, deliveryCpuUs: 100 });
  });

  it('never makes an event cost less than nothing, or more than everything', () => {
    const costly = { ...RESULT, fanout: { deliveries_per_event: 10, product: side(130) } };
    expect(readMeasured(JSON.stringify(costly))).toMatchObject({ eventCpuUs: 0, deliveryCpuUs: 100 });
    const free = { ...RESULT, fanout: { deliveries_per_event: 10, product: side(1) } };
    expect(readMeasured(JSON.stringify(free))).toMatchObject({ eventCpuUs: 100, deliveryCpuUs: 0 });
  });

  it.each(['', '[]', '{"ratio":1}', JSON.stringify({ ...RESULT, product: undefined })])(
    'that lacks what is needed is refused, with the command that makes one: %s',
    (text) => {
      expect(() => readMeasured(text)).toThrow('npm run --silent bench -- --only throughput,fanout --json');
    },
  );
});
