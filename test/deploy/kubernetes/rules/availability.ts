import type { Installation, Pods } from '../installation.ts';
import type { Rule } from '../rule.ts';
import { selects } from '../network/selectors.ts';

const SPREAD_OVER = ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'];

function budgetProblems({ name, labels }: Pods, installation: Installation): string[] {
  const budgets = installation.all('PodDisruptionBudget').filter(({ spec }) => selects(spec?.selector, labels));
  const [budget] = budgets;
  if (budgets.length !== 1 || !budget) return [`${name}: ${budgets.length} budgets`];
  return budget.spec?.maxUnavailable === 1 ? [] : [`${name}: not one after the other`];
}

/** The keys whose values a pod brings itself do not narrow down what it is spread among beyond its own app and revision. */
function spreadProblems({ name, labels, spec }: Pods): string[] {
  return SPREAD_OVER.flatMap((topologyKey) => {
    const constraint = spec.topologySpreadConstraints?.find((given) => given.topologyKey === topologyKey);
    if (!constraint || constraint.maxSkew !== 1) return [`${name}: not over ${topologyKey}`];
    const own = selects(constraint.labelSelector, labels);
    return own && constraint.matchLabelKeys?.includes('app.kubernetes.io/name') ? [] : [`${name}: spread among others`];
  });
}

/** How many pods an app has at least. */
function fewest(installation: Installation, name: string): number {
  const scaler = installation.all('HorizontalPodAutoscaler').find(({ spec }) => spec?.scaleTargetRef.name === name);
  const object = installation.all('ScaledObject').find(({ spec }) => spec.scaleTargetRef.name === name);
  return (
    scaler?.spec?.minReplicas ??
    object?.spec.minReplicaCount ??
    installation.one('Deployment', name).spec?.replicas ??
    1
  );
}

export const availabilityRules: readonly Rule[] = [
  {
    name: 'every app has a second pod',
    problems: (installation) =>
      installation
        .apps()
        .filter(({ name }) => fewest(installation, name) < 2)
        .map(({ name }) => name),
    broken: {
      'config may shrink to one': (installation) => {
        installation.one('HorizontalPodAutoscaler', 'config').spec!.minReplicas = 1;
      },
      'delivery may shrink to none': (installation) => {
        installation.one('ScaledObject', 'delivery').spec.minReplicaCount = 0;
      },
      'one ledger': (installation) => {
        installation.one('Deployment', 'ledger').spec!.replicas = 1;
      },
    },
  },
  {
    name: 'pods of an app are evicted one after the other',
    problems: (installation) => installation.apps().flatMap((pods) => budgetProblems(pods, installation)),
    broken: {
      'no budget': (installation) => installation.remove('PodDisruptionBudget', 'ledger'),
      'the budget of another app': (installation) => {
        installation.one('PodDisruptionBudget', 'retry').spec!.selector!.matchLabels = {
          'app.kubernetes.io/name': 'delivery',
        };
      },
      'half at once': (installation) => {
        installation.one('PodDisruptionBudget', 'delivery').spec!.maxUnavailable = '50%';
      },
    },
  },
  {
    name: 'pods of an app are spread over zones and nodes',
    problems: (installation) => installation.apps().flatMap(spreadProblems),
    broken: {
      'not over zones': (installation) => {
        installation.podsOf('config').spec.topologySpreadConstraints!.shift();
      },
      'not over nodes': (installation) => {
        installation.podsOf('retry').spec.topologySpreadConstraints!.pop();
      },
      'all apps as one': (installation) => {
        delete installation.podsOf('ledger').spec.topologySpreadConstraints![0]!.matchLabelKeys;
      },
      'others than itself': (installation) => {
        installation.podsOf('ledger').spec.topologySpreadConstraints![1]!.labelSelector = { matchLabels: { app: 'x' } };
      },
    },
  },
  {
    name: 'a rollout takes no pod away before its successor is ready',
    problems: (installation) =>
      installation.all('Deployment').flatMap(({ metadata, spec }) => {
        const { type, rollingUpdate } = spec?.strategy ?? {};
        return type === 'RollingUpdate' && rollingUpdate?.maxUnavailable === 0 ? [] : [metadata.name];
      }),
    broken: {
      'all at once': (installation) => {
        installation.one('Deployment', 'delivery').spec!.strategy = { type: 'Recreate' };
      },
      'one less': (installation) => {
        installation.one('Deployment', 'config').spec!.strategy!.rollingUpdate!.maxUnavailable = 1;
      },
    },
  },
];
