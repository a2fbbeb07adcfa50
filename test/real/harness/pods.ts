import { REVISION_LABEL } from "../../../mesh/names.ts";
import type { Resource } from "./cluster.ts";

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly [field: string]: unknown;
}

export interface Pod extends Resource {
  readonly metadata: Resource["metadata"] & { readonly deletionTimestamp?: string };
  readonly spec: {
    readonly containers: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly [field: string]: unknown;
  };
  readonly status?: { readonly podIP?: string };
}

/** The revision of a pod's sidecar; undefined if it has none. More than one sidecar is an error. */
export function sidecarRevision(pod: Pod): string | undefined {
  const sidecars = sidecarsOf(pod);
  if (sidecars.length === 0) return undefined;
  // Two sources: istiod's annotation on the pod, and the istiod that the proxy connects to.
  const revision = pod.metadata.annotations?.[REVISION_LABEL];
  const asks = /"discoveryAddress":"istiod-([^."]+)\./.exec(proxyConfig(pod))?.[1];
  if (sidecars.length > 1 || revision === undefined || asks !== revision) {
    throw new Error(
      `${pod.metadata.name} has ${sidecars.length} sidecars: annotated ${String(revision)}, asks ${String(asks)}`,
    );
  }
  return revision;
}

/** Sidecars are containers, or init containers that keep running. */
export function sidecarsOf(pod: Pod): Container[] {
  return [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].filter(
    ({ name }) => name === "istio-proxy",
  );
}

/** The bootstrap configuration of a pod's proxy, as JSON. */
export function proxyConfig(pod: Pod): string {
  const [sidecar] = sidecarsOf(pod);
  return sidecar?.env?.find(({ name }) => name === "PROXY_CONFIG")?.value ?? "";
}

/** Whether all traffic of a pod in one direction, or that of one of its containers, bypasses its sidecar. */
export function passesBy({ spec }: Pod): boolean {
  const redirection = spec.initContainers?.find(({ name }) => name === "istio-init")?.args;
  if (redirection === undefined) return true;
  const option = (flag: string) => redirection[redirection.indexOf(flag) + 1] ?? "";
  const [inboundPorts, outboundRanges, excludedRanges, user] = ["-b", "-i", "-x", "-u"].map(option);
  const users = [spec, ...spec.containers.filter(({ name }) => name !== "istio-proxy")].map(
    ({ securityContext }) => (securityContext as { runAsUser?: number } | undefined)?.runAsUser,
  );
  return (
    inboundPorts === "" ||
    outboundRanges === "" ||
    excludedRanges?.split(",").some((range) => range.endsWith("/0")) === true ||
    users.some((one) => String(one) === user)
  );
}

/** Whether an application's probe is rewritten to a port of the sidecar. */
export function asksItself(pod: Pod): boolean {
  const [sidecar] = sidecarsOf(pod);
  const probes = sidecar?.env?.find(({ name }) => name === "ISTIO_KUBE_APP_PROBERS")?.value;
  return /"port":(15020|15021|15090)\b/.test(probes ?? "");
}
