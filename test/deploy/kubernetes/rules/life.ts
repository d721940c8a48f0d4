import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IProbe } from 'kubernetes-models/v1';
import { CHECK_TIMEOUT_MS, CLOSE_GRACE_MS } from '#libs/runtime';

import { root } from '../../../../deploy/local/places.ts';
import { DOCKERFILE, execForm, stagesOf } from '../../image/dockerfile.ts';
import { environmentOf, variablesOf } from '../environment.ts';
import type { Installation, Pods } from '../installation.ts';
import type { Rule } from '../rule.ts';

const PORT = 8080;
const { settings: IMAGE } = stagesOf(readFileSync(DOCKERFILE, 'utf8')).at(-1)!;
const IMAGE_STARTS_WITH = execForm(IMAGE['ENTRYPOINT'])?.join(' ');

function probeProblems(probe: IProbe | undefined, path: string, { app }: Pods): string[] {
  const port = app.ports?.find(({ name }) => name === probe?.httpGet?.port);
  if (probe?.httpGet?.path !== path) return [`not ${path}`];
  return port?.containerPort === PORT ? [] : [`${path} on another port`];
}

const eachApp = (check: (pods: Pods, installation: Installation) => string[]): Rule['problems'] => {
  return (installation) =>
    installation.apps().flatMap((pods) => check(pods, installation).map((what) => `${pods.name}: ${what}`));
};
const breakApp = (name: string, change: (app: Pods['app']) => void) => (installation: Installation) =>
  change(installation.podsOf(name).app);

export const lifeRules: readonly Rule[] = [
  {
    name: 'every container starts a program of the build, with the options of the image',
    problems: (installation) =>
      installation.pods().flatMap(({ name, app }) => {
        const [node] = app.command ?? [];
        const program = app.command?.at(-1) ?? '';
        const source = program.replace(/^dist\//, '').replace(/\.js$/, '.ts');
        const isStarted = node === 'node' && existsSync(join(root, source));
        const isAsInImage = app.command?.slice(0, -1).join(' ') === IMAGE_STARTS_WITH;
        return isStarted && isAsInImage ? [] : [`${name}: ${app.command?.join(' ')}`];
      }),
    broken: {
      'other options than the image': breakApp('delivery', (app) => {
        app.command = app.command!.toSpliced(1, 1);
      }),
      'a program that is not there': breakApp('config', (app) => {
        app.command = [...app.command!.slice(0, -1), 'dist/apps/konfig/src/main.js'];
      }),
      'no command': breakApp('retry', (app) => delete app.command),
    },
  },
  {
    name: 'every app is asked whether it has started, lives and is ready, where it answers',
    problems: eachApp((pods, installation) => {
      const { startupProbe, livenessProbe, readinessProbe } = pods.app;
      const port = pods.name === 'config' ? 'HTTP_PORT' : 'HEALTH_PORT';
      return [
        ...probeProblems(startupProbe, '/health/live', pods),
        ...probeProblems(livenessProbe, '/health/live', pods),
        ...probeProblems(readinessProbe, '/health/ready', pods),
        ...((readinessProbe?.timeoutSeconds ?? 1) * 1_000 > CHECK_TIMEOUT_MS ? [] : ['is not waited for']),
        ...(variablesOf(installation, pods).get(port) === String(PORT) ? [] : [`${port} is another`]),
      ];
    }),
    broken: {
      'no startup probe': breakApp('config', (app) => delete app.startupProbe),
      'no liveness probe': breakApp('retry', (app) => delete app.livenessProbe),
      'ready as soon as alive': breakApp('ledger', (app) => (app.readinessProbe!.httpGet!.path = '/health/live')),
      'a port that has no name': breakApp('config', (app) => (app.livenessProbe!.httpGet!.port = 'http')),
      'another port': breakApp('delivery', (app) => (app.ports![0]!.containerPort = 8081)),
      'an impatient probe': breakApp('delivery', (app) => (app.readinessProbe!.timeoutSeconds = 3)),
      'the app listens elsewhere': breakApp('ledger', (app) => app.env!.push({ name: 'HEALTH_PORT', value: '8083' })),
    },
  },
  {
    name: 'a pod is given the time that its app takes to finish',
    problems: eachApp((pods, installation) => {
      const pauseMs = (pods.app.lifecycle?.preStop?.sleep?.seconds ?? 0) * 1_000;
      const { DRAIN_LIMIT_MS } = environmentOf(installation, pods);
      const graceMs = (pods.spec.terminationGracePeriodSeconds ?? 30) * 1_000;
      return graceMs > pauseMs + DRAIN_LIMIT_MS + CLOSE_GRACE_MS ? [] : [`${graceMs} ms`];
    }),
    broken: {
      'a short grace period': (installation) => {
        installation.podsOf('delivery').spec.terminationGracePeriodSeconds = 20;
      },
      'a long drain': breakApp('delivery', (app) => app.env!.push({ name: 'DRAIN_LIMIT_MS', value: '60000' })),
      'a long pause': breakApp('config', (app) => (app.lifecycle!.preStop!.sleep!.seconds = 20)),
    },
  },
  {
    name: 'requests are still answered while a pod is taken out of its service',
    problems: (installation) =>
      (installation.podsOf('config').app.lifecycle?.preStop?.sleep?.seconds ?? 0) >= 3
        ? []
        : ['no pause before the signal'],
    broken: { 'no pause': breakApp('config', (app) => delete app.lifecycle) },
  },
];
