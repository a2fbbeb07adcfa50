import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Selector } from "./labels.ts";

/** Requests that a workload accepts in a namespace that denies requests by default. */
export interface Callers {
  /** The namespaces of the callers, or their identities. A request must come from one of them. */
  readonly from:
    | { readonly namespaces: readonly string[] }
    | { readonly serviceAccounts: readonly ServiceAccountName[] };
  /** Ports of the pods. */
  readonly ports: readonly number[];
  /** HTTP methods. @default - all */
  readonly methods?: readonly string[] | undefined;
  /** HTTP paths; one that ends with `*` is a prefix. @default - all */
  readonly paths?: readonly string[] | undefined;
}

/** The identity of a workload in the mesh. */
export interface ServiceAccountName {
  readonly namespace: pulumi.Input<string>;
  readonly name: string;
}

/**
 * Allows the callers of a workload, and so nobody else; nothing if there are none, since a rule without a source would
 * allow everyone.
 *
 * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/
 */
export function allowCallers(
  name: string,
  metadata: { readonly name: string; readonly namespace: pulumi.Input<string> },
  selector: Selector,
  callers: readonly Callers[],
  opts: pulumi.CustomResourceOptions,
): void {
  const rules = callers.filter(({ from }) => Object.values(from).flat().length > 0).map(rule);
  if (rules.length === 0) return;
  new k8s.apiextensions.CustomResource(
    `${name}-callers`,
    {
      apiVersion: "security.istio.io/v1",
      kind: "AuthorizationPolicy",
      metadata,
      spec: { selector: { matchLabels: selector }, action: "ALLOW", rules },
    },
    opts,
  );
}

function rule({ from, ports, methods, paths }: Callers) {
  const source =
    "namespaces" in from
      ? { namespaces: [...from.namespaces] }
      : { principals: from.serviceAccounts.map(principal) };
  const operation = {
    ports: ports.map(String),
    ...(methods === undefined ? {} : { methods: [...methods] }),
    ...(paths === undefined ? {} : { paths: [...paths] }),
  };
  return { from: [{ source }], to: [{ operation }] };
}

/** Istio treats cluster.local as an alias of the mesh's trust domain. */
function principal({ namespace, name }: ServiceAccountName): pulumi.Output<string> {
  return pulumi.interpolate`cluster.local/ns/${namespace}/sa/${name}`;
}
