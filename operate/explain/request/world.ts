import type { ClusterObject } from "../../cluster/clusterObject.ts";
import type { ClusterState } from "../../cluster/clusterState.ts";
import type { KindName } from "../../cluster/kinds.ts";
import type { NotRead } from "../../notRead.ts";
import { servicesFrom } from "./service.ts";
import type { MeshService } from "./service.ts";

/** Kinds that decide about every request. Without one of them, there is no verdict. */
const DECIDING = [
  "Namespace",
  "Pod",
  "Service",
  "networking.istio.io/VirtualService",
  "networking.istio.io/DestinationRule",
  "networking.istio.io/Gateway",
  "networking.istio.io/ServiceEntry",
  "networking.istio.io/Sidecar",
  "security.istio.io/PeerAuthentication",
  "security.istio.io/AuthorizationPolicy",
  "security.istio.io/RequestAuthentication",
  "gateway.networking.k8s.io/Gateway",
  "gateway.networking.k8s.io/HTTPRoute",
] as const satisfies readonly KindName[];

export type Deciding = (typeof DECIDING)[number];

/** The kinds that an explanation of a request reads. ConfigMaps and Secrets decide only about some requests. */
export const REQUEST_KINDS: readonly KindName[] = [
  ...DECIDING,
  "apps/Deployment",
  "ConfigMap",
  "Secret",
];

/** What decides about requests in a cluster. */
export class World {
  readonly state: ClusterState;
  readonly services: readonly MeshService[];

  constructor(state: ClusterState) {
    this.state = state;
    this.services = servicesFrom([
      ...this.all("Service"),
      ...this.all("networking.istio.io/ServiceEntry"),
    ]);
  }

  /** The objects of a kind; none if it was not read, which `unread` says. */
  all(kind: Deciding): readonly ClusterObject[] {
    return this.state.notRead(kind) === undefined ? this.state.all(kind) : [];
  }

  /** The deciding kinds that could not be read. */
  unread(): readonly NotRead[] {
    return this.state.unread(DECIDING);
  }

  /** Whether a Secret exists; undefined if Secrets were not read. */
  hasSecret(name: string, namespace: string): boolean | undefined {
    if (this.state.notRead("Secret") !== undefined) return undefined;
    return this.state
      .all("Secret")
      .some(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
  }
}
