import { UNKNOWN } from "../../offline/plan/values.ts";

export { UNKNOWN };

/** Properties as they travel to a policy: JSON, in which UNKNOWN stands for what is known only once it is deployed. */
export type Props = Readonly<Record<string, unknown>>;

/** The day on which tests judge what ends on a day: one on which the revisions of the fixtures are supported. */
export const TODAY = "2026-11-24";

/** A resource of a stack, compliant unless a test breaks it. */
export interface Fixture {
  readonly type: string;
  readonly name: string;
  /** What the program asks for. */
  readonly props: Props;
  /** What there is, as the preview knows it; by default what the program asks for. */
  readonly outputs?: Props;
  readonly provider?: Fixture;
  readonly parent?: Fixture;
  /** Paths of the properties whose changes the program ignores. */
  readonly ignoreChanges?: string[];
  /** The resources that each property comes from. */
  readonly from?: Readonly<Record<string, readonly Fixture[]>>;
  /** What else it waits for. */
  readonly dependsOn?: readonly Fixture[];
  /** The program reads it and does not declare it, so that no policy is shown its inputs. */
  readonly read?: true;
}

export function urnOf({ type, name, parent }: Fixture): string {
  const chain = parent === undefined ? "" : `${parent.type}$`;
  return `urn:pulumi:dev::orders::${chain}${type}::${name}`;
}

/** An AKS cluster with the add-on. `props` replace whole properties; undefined removes one. */
export function cluster(props: Props = {}, name = "orders"): Fixture {
  return {
    type: "azure-native:containerservice:ManagedCluster",
    name,
    props: defined({
      resourceName: name,
      resourceGroupName: name,
      dnsPrefix: name,
      kubernetesVersion: "1.34",
      serviceMeshProfile: { mode: "Istio", istio: { revisions: ["asm-1-30"] } },
      agentPoolProfiles: [{ name: "system", mode: "System", count: 3, vmSize: "Standard_D4s_v5" }],
      ...props,
    }),
  };
}

/** The same cluster from the classic provider. */
export function classicCluster(props: Props = {}, name = "orders"): Fixture {
  return {
    type: "azure:containerservice/kubernetesCluster:KubernetesCluster",
    name,
    props: defined({
      resourceGroupName: name,
      dnsPrefix: name,
      kubernetesVersion: "1.34",
      serviceMeshProfile: { mode: "Istio", revisions: ["asm-1-30"] },
      defaultNodePool: { name: "system", nodeCount: 3, vmSize: "Standard_D4s_v5" },
      ...props,
    }),
  };
}

/** The Kubernetes provider of a cluster, whose kubeconfig is not known before that is made. */
export function kubernetes(of: Fixture, kubeconfig: unknown = UNKNOWN): Fixture {
  return {
    type: "pulumi:providers:kubernetes",
    name: of.name,
    props: { kubeconfig },
    from: { kubeconfig: [of] },
  };
}

/** The kubeconfig of a cluster that exists. */
export function kubeconfigOf({ name }: Fixture): string {
  return `apiVersion: v1\nclusters:\n- cluster:\n    server: https://${name}-5x8k2ab1.hcp.northeurope.azmk8s.io:443\n  name: ${name}\n`;
}

/** A Kubernetes object. In a first preview, on a cluster that is not there yet, it has no properties. */
export function object(
  provider: Fixture | undefined,
  apiVersion: string,
  kind: string,
  props: Props,
  name = "shop",
): Fixture {
  return {
    type: `kubernetes:${apiVersion}:${kind}`,
    name,
    props,
    ...(provider && { provider }),
    ...(provider?.props["kubeconfig"] === UNKNOWN && { outputs: {} }),
  };
}

export function namespace(
  provider: Fixture | undefined,
  labels: unknown = { "istio.io/rev": "asm-1-30" },
  name = "shop",
): Fixture {
  return object(provider, "core/v1", "Namespace", { metadata: { name, labels } }, name);
}

/** A chart that has nothing to do with Istio, unless `props` say otherwise. */
export function helmRelease(provider: Fixture | undefined, props: Props = {}): Fixture {
  return object(provider, "helm.sh/v3", "Release", {
    chart: "podinfo",
    repositoryOpts: { repo: "https://stefanprodan.github.io/podinfo" },
    ...props,
  });
}

function defined(props: Props): Props {
  return Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined));
}
