import { sidecarInjection } from "../../mesh/injection.ts";
import type { InjectionVerdict } from "../../mesh/injection.ts";
import { valueAt } from "../cluster/clusterObject.ts";
import type { ClusterObject } from "../cluster/clusterObject.ts";
import type { ClusterState } from "../cluster/clusterState.ts";
import { injectingRevisions } from "../cluster/controlPlanes.ts";
import { proxyOf } from "../cluster/proxies.ts";
import type { Proxy } from "../cluster/proxies.ts";
import { isActive, workloadLabel } from "../cluster/workload.ts";

/** A pod, the proxy that it has, and what injection would do if it were created now. */
export interface MeshPod {
  readonly pod: ClusterObject;
  readonly proxy: Proxy | undefined;
  readonly verdict: InjectionVerdict;
}

/** The pods of a workload, as users name it. */
export interface MeshWorkload {
  readonly label: string;
  readonly pods: readonly [MeshPod, ...MeshPod[]];
}

/**
 * The namespaces of pods that are not among the Namespaces, so that whether their pods belong to the mesh is not known.
 * Reads Namespaces and Pods.
 */
export function unknownNamespaces(state: ClusterState): readonly string[] {
  const known = new Set(state.all("Namespace").map(({ metadata }) => metadata.name));
  const used = new Set(state.all("Pod").map(({ metadata }) => metadata.namespace ?? ""));
  return [...used].filter((name) => !known.has(name)).sort();
}

/**
 * The workloads with pods that run, or will, except gateways, whose proxies are not injected as sidecars. Reads
 * Namespaces, Pods, Deployments and mutating webhooks.
 */
export function meshWorkloads(state: ClusterState): readonly MeshWorkload[] {
  const running = injectingRevisions(state);
  const labelsOf = new Map(
    state.all("Namespace").map(({ metadata: { name, labels = {} } }) => [name, labels]),
  );
  const workloads = new Map<string, [MeshPod, ...MeshPod[]]>();
  for (const pod of state.all("Pod")) {
    const { namespace = "", labels = {}, annotations = {}, deletionTimestamp } = pod.metadata;
    const proxy = proxyOf(pod);
    if (!isActive(pod) || deletionTimestamp !== undefined || proxy?.kind === "gateway") continue;
    const hostNetwork = valueAt(pod, "spec", "hostNetwork") === true;
    const subject = {
      namespace: { name: namespace, labels: labelsOf.get(namespace) ?? {} },
      pod: { labels, annotations, hostNetwork },
    };
    const found = { pod, proxy, verdict: sidecarInjection(subject, running) };
    const label = workloadLabel(pod);
    const others = workloads.get(label);
    if (others === undefined) workloads.set(label, [found]);
    else others.push(found);
  }
  return [...workloads].map(([label, pods]) => ({ label, pods }));
}
