import { meshesOf } from "../../../cli/html/mesh/meshOf.ts";
import type { Mesh } from "../../../cli/html/mesh/mesh.ts";
import { partOf } from "../../../cli/check/planContext.ts";
import type { PlannedResource } from "../../../offline/plan/plan.ts";
import type { Properties, Value } from "../../../offline/plan/values.ts";
import { resource } from "../../support/plan.ts";

export const CLUSTER = resource({
  type: "azure-native:containerservice:ManagedCluster",
  name: "shop",
  inputs: {
    serviceMeshProfile: {
      mode: "Istio",
      istio: {
        revisions: ["asm-1-30"],
        components: { ingressGateways: [{ mode: "External", enabled: true }] },
      },
    },
  },
});

/** A Kubernetes object of a plan: `security.istio.io/v1`, `AuthorizationPolicy`, `shop/backend`. */
export function object(
  apiVersion: string,
  kind: string,
  path: string,
  spec: Properties | undefined,
  metadata: Properties = {},
): PlannedResource {
  const [name = "", namespace] = path.split("/").reverse();
  const group = apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`;
  return resource({
    type: `kubernetes:${group}:${kind}`,
    name: path.replace("/", "-"),
    inputs: {
      ...{ apiVersion, kind },
      metadata: { name, ...(namespace === undefined ? {} : { namespace }), ...metadata },
      ...(spec === undefined ? {} : { spec }),
    },
  });
}

export const namespace = (name: string, labels: Properties) =>
  object("v1", "Namespace", name, undefined, { labels });

/** A Deployment and its Service. */
export function app(path: string): readonly PlannedResource[] {
  const name = path.split("/").at(-1) ?? "";
  const labels = { app: name };
  return [
    object("apps/v1", "Deployment", path, {
      template: { metadata: { labels }, spec: { serviceAccountName: name, containers: [] } },
    }),
    object("v1", "Service", path, {
      selector: labels,
      ports: [{ name: "http", port: 80, targetPort: 8080 }],
    }),
  ];
}

export const allow = (path: string, rules: Value | undefined, selector?: string) =>
  object("security.istio.io/v1", "AuthorizationPolicy", path, {
    ...(selector === undefined ? {} : { selector: { matchLabels: { app: selector } } }),
    ...(rules === undefined ? {} : { rules }),
  });

export const strict = object(
  "security.istio.io/v1",
  "PeerAuthentication",
  "aks-istio-system/default",
  { mtls: { mode: "STRICT" } },
);

/** The only mesh of a plan. */
export function meshOf(...resources: readonly PlannedResource[]): Mesh {
  const [mesh, ...others] = meshesOf(resources.map(partOf));
  if (mesh === undefined || others.length > 0) throw new Error("The plan has not one mesh.");
  return mesh;
}
