import { egressGatewayEntries } from "../../mesh/egressPhases.ts";
import { INGRESS_GATEWAY_KINDS, ingressGatewayName } from "../../mesh/ingressGateways.ts";
import { INGRESS_NAMESPACE } from "../../mesh/names.ts";
import { planMesh } from "../../mesh/upgrade.ts";
import type { WantedMesh } from "../../operate/verify/wantedMesh.ts";
import { meshNamespaces } from "../../settings/namespaces/schema.ts";
import type { Settings } from "../../settings/schema.ts";

/** The mesh that the settings of a stack describe, once they are deployed. */
export function wantedMesh(stack: string, settings: Settings): WantedMesh {
  const { mesh, namespaces, gateways, observability, gitops } = settings;
  const plan =
    mesh.revisions === "external"
      ? undefined
      : planMesh({ settings: mesh.revisions, namespaces: meshNamespaces(namespaces) });
  const named = (isInside: boolean) =>
    Object.entries(namespaces)
      .filter(([, namespace]) => namespace.mesh === isInside)
      .map(([name]) => name);
  return {
    stack,
    plan,
    configMaps: Object.keys(mesh.meshConfig).length === 0 ? [] : (plan?.configMaps ?? []),
    namespaces: { inside: named(true), outside: named(false) },
    gateways: [
      ...INGRESS_GATEWAY_KINDS.filter((kind) => gateways.ingress[kind]?.api === "istio").map(
        (kind) => ({
          name: ingressGatewayName(kind),
          namespace: INGRESS_NAMESPACE,
          isIngress: true,
        }),
      ),
      ...egressGatewayEntries(gateways.egress)
        .filter(({ enabled }) => enabled)
        .map(({ name, namespace }) => ({ name, namespace, isIngress: false })),
    ],
    metrics: observability.enabled,
    gitops: gitops !== undefined,
  };
}
