import type { ClusterObject } from "../../../../operate/cluster/clusterObject.ts";
import type { KindName } from "../../../../operate/cluster/kinds.ts";
import type { Explanation } from "../../../../operate/explain/explanation.ts";
import {
  explainIngress,
  explainRequest,
} from "../../../../operate/explain/request/explainRequest.ts";
import { partyOf } from "../../../../operate/explain/request/parties.ts";
import { authorityOf } from "../../../../operate/explain/request/request.ts";
import type { Call } from "../../../../operate/explain/request/request.ts";
import { World } from "../../../../operate/explain/request/world.ts";
import { clusterOf } from "../clusterOf.ts";

type Labels = Readonly<Record<string, string>>;

/** How a pod runs its proxy. */
export type Mesh = "sidecar" | "gateway" | "none";

export interface PodShape {
  readonly mesh?: Mesh;
  readonly labels?: Labels;
  readonly annotations?: Labels;
  readonly account?: string;
  readonly ready?: boolean;
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
}

/** A pod that runs, named after its app. */
export function pod(namespace: string, app: string, shape: PodShape = {}): ClusterObject {
  const { mesh = "sidecar", labels, annotations, account = app, ready = true, ports = [] } = shape;
  const proxy = {
    name: "istio-proxy",
    image: "proxyv2:1.30.1",
    restartPolicy: "Always",
    args: ["proxy", mesh === "gateway" ? "router" : "sidecar"],
  };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: app,
      namespace,
      labels: { app, ...labels },
      annotations: { ...annotations, ...(mesh !== "none" && { "istio.io/rev": "asm-1-30" }) },
    },
    spec: {
      serviceAccountName: account,
      containers: [...(mesh === "gateway" ? [proxy] : [{ name: "app", ports }])],
      ...(mesh === "sidecar" && { initContainers: [proxy] }),
    },
    status: {
      podIP: "10.0.0.7",
      conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
    },
  };
}

/** A Service of the pods of an app, with one port. */
export function service(
  namespace: string,
  app: string,
  {
    port = 80,
    name = "http",
    targetPort = 8080,
  }: { readonly port?: number; readonly name?: string; readonly targetPort?: number | string } = {},
): ClusterObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: app, namespace },
    spec: { selector: { app }, ports: [{ name, port, targetPort }] },
  };
}

const GROUPS: Readonly<Record<string, string>> = {
  VirtualService: "networking.istio.io/v1",
  DestinationRule: "networking.istio.io/v1",
  ServiceEntry: "networking.istio.io/v1",
  Sidecar: "networking.istio.io/v1",
  Gateway: "networking.istio.io/v1",
  PeerAuthentication: "security.istio.io/v1",
  AuthorizationPolicy: "security.istio.io/v1",
  RequestAuthentication: "security.istio.io/v1",
  HTTPRoute: "gateway.networking.k8s.io/v1",
};

/** An object of Istio or the Gateway API. */
export function config(kind: string, namespace: string, name: string, spec: object): ClusterObject {
  return { apiVersion: GROUPS[kind] ?? "v1", kind, metadata: { name, namespace }, spec };
}

/** The client and the server of most tests, both in the mesh. */
export const CLIENT = pod("front", "client");
export const SERVER = pod("shop", "server");
export const BASE: readonly ClusterObject[] = [CLIENT, SERVER, service("shop", "server")];

export const CALL: Call = {
  protocol: "HTTP",
  host: "server.shop.svc.cluster.local",
  authority: "server.shop.svc.cluster.local",
  port: 80,
  method: "GET",
  path: "/",
};

function called(call: Partial<Call> = {}): Call {
  const whole = { ...CALL, ...call };
  return { ...whole, authority: authorityOf(whole) };
}

export interface Asked {
  readonly from?: ClusterObject;
  readonly call?: Partial<Call>;
  readonly unread?: readonly KindName[];
}

/** The explanation of a request from a pod. */
export function explained(
  objects: readonly ClusterObject[],
  { from = CLIENT, call, unread }: Asked = {},
): Explanation {
  const world = new World(clusterOf(objects, unread));
  return explainRequest(partyOf(from, [from]), called(call), world);
}

/** The explanation of a request from outside the cluster. */
export function entered(objects: readonly ClusterObject[], call: Partial<Call>): Explanation {
  return explainIngress(undefined, called(call), new World(clusterOf(objects)));
}
