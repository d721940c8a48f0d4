import type { IScaledObject, ITriggerAuthentication } from '@kubernetes-models/keda/keda.sh/v1alpha1';
import type { IKafkaTopic, IKafkaUser } from '@kubernetes-models/strimzi-kafka-operator/kafka.strimzi.io/v1';
import type { IDeployment } from 'kubernetes-models/apps/v1';
import type { IHorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import type { IJob } from 'kubernetes-models/batch/v1';
import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1';
import type {
  IConfigMap,
  IContainer,
  INamespace,
  IPodSpec,
  ISecret,
  IService,
  IServiceAccount,
} from 'kubernetes-models/v1';

interface Kinds {
  ConfigMap: IConfigMap;
  Deployment: IDeployment;
  HorizontalPodAutoscaler: IHorizontalPodAutoscaler;
  Job: IJob;
  KafkaTopic: IKafkaTopic;
  KafkaUser: IKafkaUser;
  Namespace: INamespace;
  NetworkPolicy: INetworkPolicy;
  PodDisruptionBudget: IPodDisruptionBudget;
  ScaledObject: IScaledObject;
  Secret: ISecret;
  Service: IService;
  ServiceAccount: IServiceAccount;
  TriggerAuthentication: ITriggerAuthentication;
}
export type Kind = keyof Kinds;

/** An object of Kubernetes as kustomize renders it. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string> };
}

/** The pods that a Deployment or a Job makes. */
export interface Pods {
  readonly owner: 'Deployment' | 'Job';
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: IPodSpec;
  /** Its only container. */
  readonly app: IContainer;
}

/** Everything that an overlay makes. */
export class Installation {
  readonly objects: KubernetesObject[];

  constructor(objects: readonly KubernetesObject[]) {
    this.objects = [...objects];
  }

  /** Shares nothing with this one. */
  copy(): Installation {
    return new Installation(structuredClone(this.objects));
  }

  all<K extends Kind>(kind: K): Array<Kinds[K] & KubernetesObject> {
    return this.objects.filter((object): object is Kinds[K] & KubernetesObject => object.kind === kind);
  }

  /** @throws Error when there is none */
  one<K extends Kind>(kind: K, name: string): Kinds[K] & KubernetesObject {
    const found = this.all(kind).find(({ metadata }) => metadata.name === name);
    if (!found) throw new Error(`no ${kind} ${name}`);
    return found;
  }

  remove(kind: Kind, name: string): void {
    this.objects.splice(this.objects.indexOf(this.one(kind, name)), 1);
  }

  pods(): Pods[] {
    return [...this.all('Deployment'), ...this.all('Job')].map(({ kind, metadata, spec }) => {
      const template = spec?.template;
      const [app, ...others] = template?.spec?.containers ?? [];
      if (!template?.spec || !app || others.length > 0)
        throw new Error(`${kind} ${metadata.name} has no one container`);
      return {
        owner: kind === 'Job' ? 'Job' : 'Deployment',
        name: metadata.name,
        labels: template.metadata?.labels ?? {},
        spec: template.spec,
        app,
      };
    });
  }

  /** The pods of the Deployments. */
  apps(): Pods[] {
    return this.pods().filter(({ owner }) => owner === 'Deployment');
  }

  podsOf(name: string): Pods {
    const found = this.pods().find((pods) => pods.name === name);
    if (!found) throw new Error(`no pods ${name}`);
    return found;
  }
}
