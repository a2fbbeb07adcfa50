import type { ClusterObject } from "../../cluster/clusterObject.ts";
import type { Answer, Step } from "../explanation.ts";

/** How proxies read the bytes of a connection. Policies about methods, paths and hosts apply only to HTTP. */
export type Protocol = "HTTP" | "TLS" | "TCP";

/** A request on its way. A route may rewrite the host and the path. */
export interface Call {
  readonly protocol: Protocol;
  /** The host that the client calls, without a port. */
  readonly host: string;
  /** The host in the request itself, with the port if the client sends it. */
  readonly authority: string;
  readonly port: number;
  /** Undefined for a request of which only the sender and the receiver are known. */
  readonly method: string | undefined;
  /** Without the query; undefined for such a request, and if a route rewrites it in a way that is not evaluated. */
  readonly path: string | undefined;
}

/** The authority of a request: clients leave out the port of the scheme. */
export function authorityOf({ host, port, protocol }: Omit<Call, "authority">): string {
  return port === (protocol === "TLS" ? 443 : 80) ? host : `${host}:${port}`;
}

/** Pods that send or receive a request, and are alike to policies. */
export interface Party {
  /** `Deployment shop/frontend`. */
  readonly label: string;
  /** Undefined for a client outside the cluster. */
  readonly namespace: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly serviceAccount: string;
  /** Whether its traffic passes a proxy of Istio; unknown if some pods have one and some do not. */
  readonly proxied: Answer;
  /** The revision of its proxies, if it is one. */
  readonly revision: string | undefined;
  /** Of a single pod. */
  readonly address: string | undefined;
  readonly pods: readonly ClusterObject[];
}

/** Where a route sends a share of the requests. */
export interface Target {
  /** A full name. */
  readonly host: string;
  /** Undefined for the port of the call, or the only port of the service. */
  readonly port: number | undefined;
  readonly subset: string | undefined;
  /** Relative to the other targets of the route. */
  readonly weight: number;
}

/** A request on its way from a sender to a service. */
export interface Sent {
  readonly sender: Party;
  readonly call: Call;
  readonly target: Target;
  /** Whether it left through the sender's proxy, and whether that knows the service. */
  readonly proxied: Answer;
  readonly isKnown: boolean;
  /** How many more gateways a request may pass: a loop of routes has no end. */
  readonly hops: number;
}

/** A step of a request. A step that is not passed says how the request ends, and what to do. */
export interface RequestStep extends Step {
  /** What the client sees: `denied: 403`. */
  readonly outcome?: string;
  readonly fix?: string;
}

/** A step that lets the request pass. */
export function passed(name: string, message: string, decidedBy?: string): RequestStep {
  return { name, answer: "yes", message, ...(decidedBy === undefined ? {} : { decidedBy }) };
}

/** A step at which the request ends. */
export function ended(
  name: string,
  outcome: string,
  { message, fix, by }: { readonly message: string; readonly fix: string; readonly by?: string },
): RequestStep {
  return {
    name,
    answer: "no",
    outcome,
    message,
    fix,
    ...(by === undefined ? {} : { decidedBy: by }),
  };
}

/** A step whose result depends on something that is not known. */
export function open(name: string, message: string, fix: string, decidedBy?: string): RequestStep {
  const by = decidedBy === undefined ? {} : { decidedBy };
  return { name, answer: "unknown", message, fix, ...by };
}
