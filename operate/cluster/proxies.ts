import { REVISION_LABEL } from "../../mesh/names.ts";
import { listAt, textAt } from "./clusterObject.ts";
import type { ClusterObject } from "./clusterObject.ts";
import { isActive } from "./workload.ts";

/**
 * How a pod runs its proxy: as a container next to the application's, as an init container that keeps running, or as a
 * gateway, which is nothing but a proxy.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-native-sidecar
 */
export type ProxyKind = "sidecar" | "native-sidecar" | "gateway";

/** The Istio proxy of a pod. */
export interface Proxy {
  readonly pod: ClusterObject;
  readonly kind: ProxyKind;
  /** The revision whose control plane configures it, such as `asm-1-30`; undefined if the pod does not say. */
  readonly revision: string | undefined;
  /** The image of its container. */
  readonly image: string;
  /** The Istio release of the image, such as `1.30.2`, by its tag; undefined if the tag does not say. */
  readonly version: string | undefined;
}

/**
 * The name of the container of a proxy.
 *
 * @see https://github.com/istio/istio/blob/master/pkg/kube/inject/inject.go
 */
const PROXY_CONTAINER = "istio-proxy";

/**
 * The annotation in which istiod records what it injected.
 *
 * @see https://istio.io/latest/docs/reference/config/annotations/#SidecarStatus
 */
const STATUS_ANNOTATION = "sidecar.istio.io/status";

/** The proxies of pods, in their order. Pods that have ended run none. */
export function proxiesOf(pods: readonly ClusterObject[]): readonly Proxy[] {
  return pods.filter(isActive).flatMap((pod) => proxyOf(pod) ?? []);
}

/**
 * The proxy of a pod; undefined if it has none.
 *
 * @see https://github.com/istio/istio/blob/master/manifests/charts/istio-control/istio-discovery/files/injection-template.yaml
 * @see https://github.com/istio/istio/blob/master/manifests/charts/istio-control/istio-discovery/files/kube-gateway.yaml
 */
export function proxyOf(pod: ClusterObject): Proxy | undefined {
  const isProxy = (container: unknown) => textAt(container, "name") === PROXY_CONTAINER;
  const native = listAt(pod, "spec", "initContainers").find(
    (container) => isProxy(container) && textAt(container, "restartPolicy") === "Always",
  );
  const container = native ?? listAt(pod, "spec", "containers").find(isProxy);
  if (container === undefined) return undefined;
  const isRouter = listAt(container, "args").includes("router");
  const image = textAt(container, "image") ?? "";
  return {
    pod,
    kind: isRouter ? "gateway" : native === undefined ? "sidecar" : "native-sidecar",
    revision: revisionOf(pod),
    image,
    version: istioVersion(image),
  };
}

/**
 * The revision of a pod's proxy. The pod's label `istio.io/rev` does not say it: its value may be a revision tag. The
 * annotation of the same name is set from a template, also on the pods of a Gateway API gateway, which have no status.
 *
 * @see https://github.com/istio/istio/blob/master/pkg/kube/inject/webhook.go
 */
function revisionOf({ metadata: { annotations } }: ClusterObject): string | undefined {
  return statusRevision(annotations?.[STATUS_ANNOTATION]) ?? annotations?.[REVISION_LABEL];
}

function statusRevision(status: string | undefined): string | undefined {
  if (status === undefined) return undefined;
  try {
    return textAt(JSON.parse(status), "revision");
  } catch {
    return undefined;
  }
}

/**
 * The Istio release of an image by its tag: `1.30.2` of `…/proxyv2:v1.30.2-distroless`; undefined if the tag does not
 * begin with one.
 */
export function istioVersion(image: string): string | undefined {
  return /:v?(\d+\.\d+\.\d+)(?![\d.])[^:/@]*(?:@[^@]*)?$/.exec(image)?.[1];
}
