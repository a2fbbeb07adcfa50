import type { Urn } from "../../../offline/plan/urn.ts";
import type { Answer } from "../../../operate/explain/explanation.ts";
import type { PeerMode } from "../../../operate/explain/request/peerMode.ts";
import type { MeshPlan } from "../../../mesh/upgrade.ts";

/** The mesh of a cluster, as a plan describes it. */
export interface Mesh {
  /** `ManagedCluster "mesh"`. */
  readonly name: string;
  /** The resource of the cluster, if the plan has it and it is one. */
  readonly urn: Urn | undefined;
  /** Whether the cluster has the add-on. */
  readonly addon: Answer;
  /** Undefined if the plan does not say. */
  readonly revisions: readonly string[] | undefined;
  readonly phase: MeshPlan["phase"] | undefined;
  /** The revisions with a shared ConfigMap. */
  readonly configMaps: readonly string[];
  /** What workloads without a rule of their own accept. */
  readonly mtls: Mode;
  readonly gateways: readonly MeshGateway[];
  /** By name. */
  readonly namespaces: readonly MeshNamespace[];
  /** What the picture does not show, as sentences. */
  readonly notShown: readonly string[];
}

/** A mutual TLS mode; `not known` if it depends on a value that the plan does not know. */
export type Mode = PeerMode["mode"];

/** A sidecar, or the reason why there is none. */
export interface Sidecar {
  readonly outcome: "injected" | "not-injected" | "refused" | "unknown";
  /** Of the sidecar. */
  readonly revision?: string;
  /** A sentence. */
  readonly reason: string;
}

export interface MeshNamespace {
  readonly name: string;
  /** Undefined if the plan does not contain the namespace. */
  readonly urn: Urn | undefined;
  /** The label that decides about sidecars: `istio.io/rev=asm-1-30`; undefined if it has none. */
  readonly label: string | undefined;
  /** What a new pod without labels of its own gets. */
  readonly sidecar: Sidecar;
  readonly mtls: Mode;
  readonly workloads: readonly MeshWorkload[];
  readonly services: readonly MeshService[];
}

export interface MeshWorkload {
  /** `Deployment shop/frontend`. */
  readonly label: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly urn: Urn;
  readonly sidecar: Sidecar;
  readonly mtls: Mode;
}

export interface MeshService {
  /** `Service shop/frontend`. */
  readonly label: string;
  readonly name: string;
  readonly namespace: string;
  readonly urn: Urn | undefined;
  /** `80 http`. */
  readonly ports: readonly string[];
  /** The labels of the workloads that it selects. */
  readonly workloads: readonly string[];
  /** Whether any workload of the mesh, and any pod without a sidecar, may call it. */
  readonly anyInMesh: Answer;
  readonly anyOutside: Answer;
  /** The workloads and gateways of the plan that may call it. */
  readonly callers: readonly Caller[];
  /** Why there are no callers to show, if the answers are not known. */
  readonly unknown: string | undefined;
}

/** Someone whose requests reach a service: all of them, or with `unknown` some, or perhaps none. */
export interface Caller {
  /** The label of a workload, or of a gateway. */
  readonly label: string;
  readonly answer: Exclude<Answer, "no">;
  /** What the answer depends on; empty for yes. */
  readonly because: string;
}

export interface MeshGateway {
  /** `aks-istio-ingressgateway-external`. */
  readonly label: string;
  readonly name: string;
  readonly direction: "ingress" | "egress";
  readonly hosts: readonly GatewayHost[];
}

/** A host that a gateway serves on a port. */
export interface GatewayHost {
  readonly host: string;
  readonly port: number;
  readonly tls: "none" | "terminated" | "passthrough";
  /** The object that opens it: `Gateway shop/web`. */
  readonly openedBy: string;
  readonly urn: Urn | undefined;
  readonly routes: readonly GatewayRoute[];
}

/** Where a gateway sends requests for a host. */
export interface GatewayRoute {
  /** The object with the route. */
  readonly place: string;
  readonly urn: Urn | undefined;
  /** The label of the service; undefined if the gateway answers itself or the destination is no service of the plan. */
  readonly service: string | undefined;
  /** `frontend.shop.svc.cluster.local:9898`, or what the gateway does with the request. */
  readonly what: string;
  /** Whether the requests arrive. */
  readonly answer: Answer;
  /** Why they do not, or what it depends on; empty for yes. */
  readonly because: string;
}
