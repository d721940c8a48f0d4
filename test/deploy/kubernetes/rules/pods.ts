import type { IPodSpec } from 'kubernetes-models/v1';

import type { Installation, Pods } from '../installation.ts';
import type { Rule } from '../rule.ts';

/** What the levels "baseline" and "restricted" of Kubernetes' Pod Security Standards allow as volumes. */
const VOLUMES = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);
const PROFILES = new Set(['RuntimeDefault', 'Localhost']);
/** The user `node` of the image. */
const UID = 1000;

/** A line for each of a pod's properties that the level "restricted" refuses (Kubernetes, Pod Security Standards). */
function refused({ spec, app }: Pods): string[] {
  const pod = spec.securityContext ?? {};
  const container = app.securityContext ?? {};
  const checks: ReadonlyArray<readonly [refused: boolean, what: string]> = [
    [spec.hostNetwork === true || spec.hostPID === true || spec.hostIPC === true, 'shares a namespace of the host'],
    [container.privileged === true, 'is privileged'],
    [container.allowPrivilegeEscalation !== false, 'may gain privileges'],
    [container.capabilities?.drop?.includes('ALL') !== true, 'keeps capabilities'],
    [(container.capabilities?.add ?? []).some((name) => name !== 'NET_BIND_SERVICE'), 'adds capabilities'],
    [(container.runAsNonRoot ?? pod.runAsNonRoot) !== true, 'may run as root'],
    [(container.runAsUser ?? pod.runAsUser) === 0, 'runs as root'],
    [!PROFILES.has((container.seccompProfile ?? pod.seccompProfile)?.type ?? ''), 'has no seccomp profile'],
    [(container.procMount ?? 'Default') !== 'Default', 'sees more of /proc'],
    [(pod.sysctls ?? []).length > 0, 'sets kernel parameters'],
    [(app.ports ?? []).some(({ hostPort }) => hostPort !== undefined), 'takes a port of the host'],
    [
      (spec.volumes ?? []).some((volume) => volumeKinds(volume).some((kind) => !VOLUMES.has(kind))),
      'mounts what it must not',
    ],
    [
      (spec.initContainers ?? []).length + (spec.ephemeralContainers ?? []).length > 0,
      'has containers that nobody looked at',
    ],
  ];
  return checks.flatMap(([wrong, what]) => (wrong ? [what] : []));
}

const volumeKinds = (volume: object): string[] => Object.keys(volume).filter((key) => key !== 'name');

/** A line for each of the pods that a check finds wrong. */
function eachPod(check: (pods: Pods, installation: Installation) => string[]): Rule['problems'] {
  return (installation) =>
    installation.pods().flatMap((pods) => check(pods, installation).map((what) => `${pods.name}: ${what}`));
}

const breakPod = (name: string, change: (spec: IPodSpec) => void) => (installation: Installation) =>
  change(installation.podsOf(name).spec);
const breakApp = (name: string, change: (app: Pods['app']) => void) => (installation: Installation) =>
  change(installation.podsOf(name).app);

export const podRules: readonly Rule[] = [
  {
    name: 'the namespace admits pods of the level "restricted" only',
    problems: (installation) =>
      installation.all('Namespace').length === 1
        ? installation.all('Namespace').flatMap(({ metadata }) => {
            const level = metadata.labels?.['pod-security.kubernetes.io/enforce'];
            return level === 'restricted' ? [] : [`${metadata.name}: ${level}`];
          })
        : ['there is not one namespace'],
    broken: {
      'the level is "baseline"': (installation) => {
        installation.one('Namespace', 'webhooks').metadata.labels!['pod-security.kubernetes.io/enforce'] = 'baseline';
      },
      'there is no namespace': (installation) => installation.remove('Namespace', 'webhooks'),
    },
  },
  {
    name: 'every object lies in that namespace',
    problems: (installation) => {
      const names = new Set(installation.all('Namespace').map(({ metadata }) => metadata.name));
      return installation.objects.flatMap(({ kind, metadata }) =>
        kind === 'Namespace' || names.has(metadata.namespace ?? '') ? [] : [`${kind} ${metadata.name}`],
      );
    },
    broken: {
      'a budget lies elsewhere': (installation) => {
        installation.one('PodDisruptionBudget', 'retry').metadata.namespace = 'default';
      },
    },
  },
  {
    name: 'every pod is of the level "restricted"',
    problems: eachPod(refused),
    broken: {
      'the host is shared': breakPod('delivery', (spec) => (spec.hostNetwork = true)),
      'a folder of the host is mounted': breakPod('retry', (spec) => {
        spec.volumes = [{ name: 'host', hostPath: { path: '/' } }];
      }),
      'root is not excluded': breakPod('config', (spec) => delete spec.securityContext!.runAsNonRoot),
      'it runs as root': breakPod('ledger', (spec) => (spec.securityContext!.runAsUser = 0)),
      'no seccomp profile': breakPod('prepare', (spec) => delete spec.securityContext!.seccompProfile),
      'seccomp unconfined': breakPod('prepare', (spec) => (spec.securityContext!.seccompProfile!.type = 'Unconfined')),
      'a kernel parameter': breakPod('config', (spec) => {
        spec.securityContext!.sysctls = [{ name: 'kernel.shm_rmid_forced', value: '1' }];
      }),
      'another container': breakPod('config', (spec) => (spec.initContainers = [{ name: 'other' }])),
      privileged: breakApp('delivery', (app) => (app.securityContext!.privileged = true)),
      'privileges may be gained': breakApp('delivery', (app) => delete app.securityContext!.allowPrivilegeEscalation),
      'capabilities are kept': breakApp('retry', (app) => (app.securityContext!.capabilities = {})),
      'a capability is added': breakApp('retry', (app) => (app.securityContext!.capabilities!.add = ['SYS_ADMIN'])),
      'all of /proc': breakApp('ledger', (app) => (app.securityContext!.procMount = 'Unmasked')),
      'a port of the host': breakApp('ledger', (app) => (app.ports![0]!.hostPort = 8080)),
    },
  },
  {
    name: 'every pod runs as the user of the image, and writes nothing into it',
    problems: eachPod(({ spec, app }) => [
      ...(spec.securityContext?.runAsUser === UID ? [] : ['another user']),
      ...(app.securityContext?.readOnlyRootFilesystem === true ? [] : ['a root file system that can be written']),
    ]),
    broken: {
      'another user': breakPod('ledger', (spec) => (spec.securityContext!.runAsUser = 1001)),
      'a root file system that can be written': breakApp('config', (app) => {
        app.securityContext!.readOnlyRootFilesystem = false;
      }),
    },
  },
  {
    name: 'every pod has a service account of its own, without a token',
    problems: eachPod(({ name, spec }, installation) => {
      const account = installation.all('ServiceAccount').find(({ metadata }) => metadata.name === name);
      return [
        ...(spec.serviceAccountName === name && account ? [] : ['not its own account']),
        ...(spec.automountServiceAccountToken === false && account?.automountServiceAccountToken === false
          ? []
          : ['a token']),
      ];
    }),
    broken: {
      'the account of another': breakPod('retry', (spec) => (spec.serviceAccountName = 'delivery')),
      'the account is not there': (installation) => installation.remove('ServiceAccount', 'prepare'),
      'a token for the pod': breakPod('config', (spec) => delete spec.automountServiceAccountToken),
      'a token for the account': (installation) => {
        installation.one('ServiceAccount', 'config').automountServiceAccountToken = true;
      },
    },
  },
  {
    name: 'every container says what it needs, and how much memory it may take',
    problems: eachPod(({ app }) => {
      const { requests, limits } = app.resources ?? {};
      return [
        ...(requests?.['cpu'] === undefined ? ['no CPU is asked for'] : []),
        ...(requests?.['memory'] === undefined ? ['no memory is asked for'] : []),
        ...(limits?.['memory'] === undefined ? ['memory without a limit'] : []),
      ];
    }),
    broken: {
      'no CPU': breakApp('delivery', (app) => delete app.resources!.requests!['cpu']),
      'no memory': breakApp('config', (app) => delete app.resources!.requests!['memory']),
      'no limit': breakApp('prepare', (app) => delete app.resources!.limits),
    },
  },
  {
    name: 'all run one image, whose version is named',
    problems: (installation) => {
      const images = new Set(installation.pods().map(({ app }) => app.image ?? ''));
      const [image = ''] = images;
      const named = /(@sha256:[0-9a-f]{64}|:(?!latest$)[\w.-]+)$/.test(image);
      return [...(images.size === 1 ? [] : [`images: ${[...images].join(', ')}`]), ...(named ? [] : [`"${image}"`])];
    },
    broken: {
      'the newest of all': (installation) => {
        for (const { app } of installation.pods()) app.image = 'kafka-webhooks:latest';
      },
      'no version': (installation) => {
        for (const { app } of installation.pods()) app.image = 'kafka-webhooks';
      },
      'two images': breakApp('ledger', (app) => (app.image = 'registry.example.com/kafka-webhooks:0.0.1')),
    },
  },
];
