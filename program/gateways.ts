import type * as pulumi from "@pulumi/pulumi";
import { certificateVault } from "../components/ingress/certificateVault.ts";
import { IngressGateway } from "../components/ingress/IngressGateway.ts";
import type { IngressGatewayArgs } from "../components/ingress/IngressGateway.ts";
import type { MeshCluster } from "../components/cluster/MeshCluster.ts";
import type { MeshNamespace } from "../components/mesh/MeshNamespace.ts";
import type { IngressGatewayKind } from "../mesh/ingressGateways.ts";
import { INGRESS_NAMESPACE } from "../mesh/names.ts";
import type { MeshRevision } from "../mesh/revision.ts";
import type { Settings } from "../settings/parse.ts";

type IngressSettings = Settings["gateways"]["ingress"];

const KINDS = ["Internal", "External"] as const;

/** The kinds that are gateways of the cluster's own, as opposed to those that the Gateway API makes. */
export function addOnGateways(ingress: IngressSettings): readonly IngressGatewayKind[] {
  return KINDS.filter((kind) => ingress[kind]?.api === "istio");
}

/** The namespaces in which ingress gateways run. */
export function ingressNamespaces(ingress: IngressSettings): readonly string[] {
  const namespaces = KINDS.flatMap((kind) => {
    const settings = ingress[kind];
    if (settings === undefined) return [];
    return [settings.api === "istio" ? INGRESS_NAMESPACE : (settings.namespace ?? "")];
  });
  return [...new Set(namespaces)];
}

export interface IngressSurroundings {
  readonly cluster: MeshCluster;
  /** The stack's namespaces by name. */
  readonly namespaces: ReadonlyMap<string, MeshNamespace>;
  /** The revisions that the cluster runs; none where they are left to AKS. */
  readonly revisions: readonly MeshRevision[];
  /** The availability zones of a public address. */
  readonly zones: readonly string[];
}

/** The ingress gateways of a stack, each by its kind in lower case. */
export function ingressGateways(
  { ingress, keyVaultId }: Pick<Settings["gateways"], "ingress" | "keyVaultId">,
  { cluster, namespaces, revisions, zones }: IngressSurroundings,
  opts: pulumi.ComponentResourceOptions,
): ReadonlyMap<string, IngressGateway> {
  const vault =
    keyVaultId === undefined ? undefined : certificateVault("gateways", cluster, keyVaultId);

  const argsOf = (kind: IngressGatewayKind): IngressGatewayArgs | undefined => {
    const settings = ingress[kind];
    if (settings === undefined) return undefined;
    const { annotations, replicas, externalTrafficPolicy } = settings;
    const hosts = Object.fromEntries(
      Object.entries(settings.hosts).map(([host, { namespace, ...answering }]) => [
        host,
        { ...answering, namespace: named(namespaces, namespace) },
      ]),
    );
    const common = { cluster, hosts, vault, annotations, replicas };
    const api =
      settings.api === "istio"
        ? ({ api: "istio", revisions, externalTrafficPolicy } as const)
        : ({
            api: "gateway-api",
            namespace: named(namespaces, settings.namespace ?? ""),
          } as const);
    if (kind === "Internal") return { ...common, ...api, kind };
    const staticIP = ingress.External?.staticIP === true ? { zones } : undefined;
    return { ...common, ...api, kind, staticIP };
  };

  const gateways = new Map<string, IngressGateway>();
  for (const kind of KINDS) {
    const args = argsOf(kind);
    const name = kind.toLowerCase();
    if (args !== undefined) gateways.set(name, new IngressGateway(name, args, opts));
  }
  return gateways;
}

/** @throws Error where the settings were not checked. */
export function named(namespaces: ReadonlyMap<string, MeshNamespace>, name: string): MeshNamespace {
  const found = namespaces.get(name);
  if (found === undefined) throw new Error(`There is no namespace ${name}.`);
  return found;
}
