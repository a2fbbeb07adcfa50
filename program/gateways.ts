import { withTags } from "../components/azure/azureTags.ts";
import type { MeshCluster } from "../components/cluster/MeshCluster.ts";
import { EgressGateway } from "../components/egress/EgressGateway.ts";
import { IngressGateway } from "../components/ingress/IngressGateway.ts";
import type { IngressGatewayArgs } from "../components/ingress/IngressGateway.ts";
import { grantVaultReader } from "../components/ingress/certificateVault.ts";
import type { MeshConfiguration } from "../components/mesh/MeshConfiguration.ts";
import { INGRESS_GATEWAY_KINDS } from "../mesh/ingressGateways.ts";
import type { IngressGatewayKind } from "../mesh/ingressGateways.ts";
import { INGRESS_NAMESPACE } from "../mesh/names.ts";
import type { MeshPlan } from "../mesh/upgrade.ts";
import type { Settings } from "../settings/schema.ts";
import { inCluster } from "./inCluster.ts";
import { requireNamespace } from "./namespaces.ts";
import type { MeshNamespaces } from "./namespaces.ts";

type IngressSettings = Settings["gateways"]["ingress"];

/** The kinds of the add-on's gateways, without those that Istio creates from the Gateway API. */
export function addOnGateways(ingress: IngressSettings): readonly IngressGatewayKind[] {
  return INGRESS_GATEWAY_KINDS.filter((kind) => ingress[kind]?.api === "istio");
}

/** The namespaces in which ingress gateways run. */
export function ingressNamespaces(ingress: IngressSettings): readonly string[] {
  const namespaces = INGRESS_GATEWAY_KINDS.flatMap((kind) => {
    const settings = ingress[kind];
    if (settings === undefined) return [];
    return [settings.api === "istio" ? INGRESS_NAMESPACE : settings.namespace];
  });
  return [...new Set(namespaces)];
}

/** The ingress gateways of a stack, each by its kind in lower case. */
export function ingressGateways(
  { cluster: { zones }, gateways: { ingress, keyVaultId }, tags }: Settings,
  plan: MeshPlan | undefined,
  cluster: MeshCluster,
  mesh: MeshConfiguration,
  namespaces: MeshNamespaces,
): ReadonlyMap<string, IngressGateway> {
  const vault =
    keyVaultId === undefined ? undefined : grantVaultReader("gateways", cluster, keyVaultId);

  const argsOf = (kind: IngressGatewayKind): IngressGatewayArgs | undefined => {
    const settings = ingress[kind];
    if (settings === undefined) return undefined;
    const { annotations, replicas } = settings;
    const hosts = Object.fromEntries(
      Object.entries(settings.hosts).map(([host, { namespace, ...answering }]) => [
        host,
        { ...answering, namespace: requireNamespace(namespaces, namespace) },
      ]),
    );
    const common = { cluster, hosts, vault, annotations, replicas };
    const api =
      settings.api === "istio"
        ? ({
            api: "istio",
            revisions: plan?.revisions ?? [],
            externalTrafficPolicy: settings.externalTrafficPolicy,
          } as const)
        : ({
            api: "gateway-api",
            namespace: requireNamespace(namespaces, settings.namespace),
          } as const);
    if (kind === "Internal") return { ...common, ...api, kind };
    const staticIP = ingress.External?.staticIP === true ? { zones } : undefined;
    return { ...common, ...api, kind, staticIP };
  };

  const opts = { ...withTags(tags), provider: cluster.provider, dependsOn: mesh };
  const gateways = new Map<string, IngressGateway>();
  for (const kind of INGRESS_GATEWAY_KINDS) {
    const args = argsOf(kind);
    const name = kind.toLowerCase();
    if (args !== undefined) gateways.set(name, new IngressGateway(name, args, opts));
  }
  return gateways;
}

/** The egress gateways of a stack, by name. */
export function egressGateways(
  settings: Settings,
  cluster: MeshCluster,
  mesh: MeshConfiguration,
  namespaces: MeshNamespaces,
): ReadonlyMap<string, EgressGateway> {
  const opts = { ...inCluster(cluster, settings), dependsOn: mesh };
  return new Map(
    Object.entries(settings.gateways.egress).map(([name, { namespace, ...rest }]) => {
      const args = { ...rest, cluster, namespace: requireNamespace(namespaces, namespace) };
      return [name, new EgressGateway(name, args, opts)];
    }),
  );
}
