import { beforeAll, describe, expect, it } from '@jest/globals';

import type { Installation } from './kubernetes/installation.ts';
import { type Component, type Overlay, render } from './kubernetes/kustomize.ts';
import { rules } from './kubernetes/rules.ts';
import { schemaProblems } from './kubernetes/schemas.ts';

const OVERLAYS: readonly Overlay[] = ['dev', 'production'];
const CHOICES: ReadonlyArray<readonly Component[]> = [[], ['keda'], ['strimzi'], ['keda', 'strimzi']];
const rendered = OVERLAYS.flatMap((overlay) =>
  CHOICES.map((components) => ({ title: [overlay, ...components].join(' + '), overlay, components })),
);

describe.each(rendered)('$title', ({ overlay, components }) => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await render(overlay, components);
  });

  it('is what Kubernetes, KEDA and Strimzi take, without a field that they do not know', async () => {
    expect(await schemaProblems(installation)).toEqual([]);
  });

  it.each(rules)('$name', ({ problems }) => {
    expect(problems(installation)).toEqual([]);
  });
});

describe('what is wrong is noticed', () => {
  let production: Installation;

  beforeAll(async () => {
    production = await render('production', ['keda', 'strimzi']);
  });

  describe.each(rules)('$name', ({ problems, broken }) => {
    it.each(Object.entries(broken))('%s', (_, breakIt) => {
      const installation = production.copy();
      breakIt(installation);
      expect(problems(installation)).not.toEqual([]);
    });
  });

  it.each<[string, (installation: Installation) => object, string]>([
    ['a field of a container', (given) => given.podsOf('config').app, 'readOnly'],
    ['a field of a pod', (given) => given.podsOf('retry').spec, 'terminationGracePeriod'],
    ['a field of a Deployment', (given) => given.one('Deployment', 'ledger').spec!, 'replica'],
    ['a field of a network policy', (given) => given.one('NetworkPolicy', 'names').spec!, 'egres'],
    ['a field of a scaler', (given) => given.one('ScaledObject', 'delivery').spec, 'maxReplicas'],
    ['a field of a topic', (given) => given.one('KafkaTopic', 'resource-events').spec, 'replication'],
    ['a field of a user', (given) => given.one('KafkaUser', 'webhooks').spec!, 'acls'],
  ])('an unknown name: %s', async (_, place, name) => {
    const installation = production.copy();
    Object.assign(place(installation), { [name]: 1 });
    expect(await schemaProblems(installation)).toEqual([expect.stringContaining(name)]);
  });

  it.each<[string, (installation: Installation) => object, object]>([
    ['a port', (given) => given.podsOf('config').app.ports![0]!, { containerPort: 'http' }],
    [
      'a way of spreading',
      (given) => given.podsOf('ledger').spec.topologySpreadConstraints![0]!,
      { whenUnsatisfiable: 'No' },
    ],
    ['partitions', (given) => given.one('KafkaTopic', 'resource-events').spec, { partitions: 0 }],
    ['a quantity', (given) => given.podsOf('config').app.resources!, { requests: { cpu: 'much', memory: '1Gi' } }],
    ['a version', (given) => given.one('KafkaTopic', 'resource-events'), { apiVersion: 'kafka.strimzi.io/v1alpha9' }],
  ])('a wrong value: %s', async (_, place, value) => {
    const installation = production.copy();
    Object.assign(place(installation), value);
    await expect(schemaProblems(installation).catch(String)).resolves.not.toEqual([]);
  });
});
