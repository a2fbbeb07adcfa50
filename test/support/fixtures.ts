import { UNKNOWN } from "../../offline/plan/values.ts";

export { UNKNOWN };

/** Properties as a policy receives them: JSON, with UNKNOWN for values that are known only after deployment. */
export type Props = Readonly<Record<string, unknown>>;

/** The fixed day for tests of support status: the revisions of the fixtures are supported on it. */
export const TODAY = "2026-11-24";

/** A resource of a stack, compliant unless a test breaks it. */
export interface Fixture {
  readonly type: string;
  readonly name: string;
  /** Inputs from the program. */
  readonly props: Props;
  /** Outputs in the preview; by default the inputs. */
  readonly outputs?: Props;
  readonly provider?: Fixture;
  readonly parent?: Fixture;
  /** Paths in `ignoreChanges`. */
  readonly ignoreChanges?: string[];
  /** The resources that each property depends on. */
  readonly from?: Readonly<Record<string, readonly Fixture[]>>;
  /** Further dependencies. */
  readonly dependsOn?: readonly Fixture[];
  /** Whether the program only reads it, so policies do not see its inputs. */
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

/** The Kubernetes provider of a cluster, with a kubeconfig that is unknown until the cluster exists. */
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

/** A Kubernetes object. In a first preview, on a cluster that does not exist yet, it has no properties. */
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

/** A chart that is unrelated to Istio, unless `props` say otherwise. */
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
