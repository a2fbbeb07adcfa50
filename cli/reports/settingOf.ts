import type { PlannedResource } from "../../offline/plan/plan.ts";
import type { Urn } from "../../offline/plan/urn.ts";
import type { Step } from "../../settings/core/path.ts";
import { fieldsIn } from "../../yaml/fieldPath.ts";

/** A setting of the project's own program: a top-level key and the path into its value. */
export type Setting = readonly [string, ...Step[]];

/** The setting behind each component of this project's program, by the component's type and name. */
export const COMPONENTS: Readonly<Record<string, (name: string) => Setting>> = {
  ClusterAccess: () => ["access"],
  EgressGateway: (name) => ["gateways", "egress", name],
  FluxSource: () => ["gitops"],
  IngressGateway: (name) => [
    "gateways",
    "ingress",
    `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`,
  ],
  LogWorkspace: () => ["observability", "logs"],
  MeshCertificates: () => ["certificates"],
  MeshCluster: () => ["cluster"],
  MeshConfiguration: () => ["mesh"],
  MeshNamespace: (name) => ["namespaces", name],
  MeshObservability: () => ["observability"],
  SampleWorkload: (name) => ["workloads", name],
};

/** The setting behind each property of the cluster, by the start of its path; the first match wins. */
export const CLUSTER_PROPERTIES: readonly (readonly [string, Setting])[] = [
  ["serviceMeshProfile.istio.revisions", ["mesh", "revision"]],
  ["serviceMeshProfile.istio.components.ingressGateways", ["gateways", "ingress"]],
  ["serviceMeshProfile.istio.components.egressGateways", ["gateways", "egress"]],
  ["serviceMeshProfile.istio.certificateAuthority", ["certificates"]],
  ["serviceMeshProfile", ["mesh"]],
  ["kubernetesVersion", ["cluster", "kubernetesVersion"]],
  ["supportPlan", ["cluster", "supportPlan"]],
  ["sku.tier", ["cluster", "tier"]],
  ["apiServerAccessProfile.authorizedIPRanges", ["cluster", "apiServer", "authorizedIPRanges"]],
  ["apiServerAccessProfile", ["cluster", "apiServer"]],
  ["agentPoolProfiles", ["cluster", "systemPool"]],
  ["networkProfile", ["cluster", "network"]],
  ["autoUpgradeProfile", ["cluster", "autoUpgrade"]],
  ["securityProfile.defender", ["cluster", "defender"]],
  ["securityProfile.azureKeyVaultKms", ["cluster", "kms"]],
  ["azureMonitorProfile", ["observability", "enabled"]],
];

const NAMESPACE = "aks-istio:index:";

/**
 * The settings that a finding may come from, most specific first; none for a resource that no component of this
 * project's program created. Findings name the property they are about.
 */
export function settingsBehind(
  resources: ReadonlyMap<Urn, PlannedResource>,
  urn: Urn | undefined,
  message: string,
): readonly Setting[] {
  for (
    let resource = urn === undefined ? undefined : resources.get(urn), made = resource;
    resource !== undefined;
    resource = resources.get(resource.parent)
  ) {
    const component = resource.type.startsWith(NAMESPACE)
      ? COMPONENTS[resource.type.slice(NAMESPACE.length)]
      : undefined;
    if (component === undefined) continue;
    return [
      ...(made === undefined ? [] : closer(resource, made, message)),
      component(resource.name),
    ];
  }
  return [];
}

function closer(
  component: PlannedResource,
  { type, name }: PlannedResource,
  message: string,
): readonly Setting[] {
  if (type.endsWith(":FluxConfiguration")) {
    const [[field, ...steps] = []] = fieldsIn(message);
    const own: Setting =
      name === component.name
        ? ["gitops"]
        : ["gitops", "configurations", name.slice(component.name.length + 1)];
    return [
      ...(field === "kustomizations" ? [[...own, field, ...steps] as const] : []),
      ...(name === component.name ? [] : [own]),
    ];
  }
  if (component.type !== `${NAMESPACE}MeshCluster`) return [];
  if (type.endsWith(":AgentPool") && name.startsWith(`${component.name}-`)) {
    return [["cluster", "userPools", name.slice(component.name.length + 1)]];
  }
  if (!type.endsWith(":ManagedCluster")) return [];
  const property = CLUSTER_PROPERTIES.find(([start]) =>
    message.split(/[\s"]+/).some((word) => word.startsWith(start)),
  );
  return property === undefined ? [] : [property[1]];
}
