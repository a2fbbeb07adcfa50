import { CONTROL_PLANE_NAMESPACE } from "../../../mesh/names.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Finding } from "../../engine/finding.ts";
import type { ConfigSchema } from "../../engine/metadata.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Stack } from "../../engine/stack.ts";
import { discoverySelectorsOf } from "../../model/istio/discoverySelectors.ts";
import { sidecars } from "../../model/istio/istioConfig.ts";
import { sharedConfigMapsOf } from "../../model/istio/meshConfigs.ts";
import { joinsMesh, meshNamespaces } from "../../model/istio/meshNamespaces.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { namespaceOf, onOneCluster } from "../../model/kubernetes/objectNamespace.ts";
import { isPatch, namespaces } from "../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import { inDoubt, unseenSources } from "../../model/opaque.ts";

interface Config {
  readonly namespaces: number;
}

const config: ConfigSchema<Config> = {
  namespaces: {
    type: "integer",
    minimum: 1,
    maximum: 1000,
    default: 25,
    description:
      "Number of namespaces of the mesh without a Sidecar from which the rule reports the mesh. The default is an estimate: neither Istio nor Microsoft names a number.",
  },
};

const FIX = `Add a Sidecar to ${CONTROL_PLANE_NAMESPACE} that limits egress.hosts, one to each namespace, or discoverySelectors to the shared ConfigMaps.`;

export const meshSidecarScope = defineRule<KubernetesObject, Config>({
  name: "mesh-sidecar-scope",
  displayName: "A large mesh limits what its sidecars know",
  description:
    "A mesh of many namespaces has Sidecars or discoverySelectors. Otherwise, istiod keeps every Service of the cluster in memory and sends all of them to every sidecar: one user measured 7.7 GiB for 1,400 Services and 2,000 pods, while istiod requests 2 GiB (issue 5838 of Azure/AKS).",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    "Add a Sidecar to aks-istio-system with egress.hosts such as ./* and aks-istio-system/*, which applies to every namespace without one. Add Sidecars to namespaces that call others. Or set discoverySelectors in the shared ConfigMaps, so istiod ignores namespaces outside the mesh.",
  url: "https://learn.microsoft.com/azure/aks/istio-scale",
  tags: ["mesh"],
  about: namespaces,
  unknown: "nothing",
  wholeStack: true,
  config,
  *check(namespace, { config: { namespaces: limit }, stack }) {
    if (!stack.complete || !isFirst(namespace, stack)) return;
    yield* onAddonClusters(namespace, stack, () => judged(namespace, limit, stack));
  },
});

/** The namespaces of all meshes in the order of their URNs, by the namespaces of a stack, which are read only once. */
const membersInOrder = new WeakMap<readonly KubernetesObject[], readonly KubernetesObject[]>();

/** Whether it is the first namespace of its mesh, which alone reports the mesh. */
function isFirst(namespace: KubernetesObject, stack: Stack): boolean {
  const all = stack.all(namespaces);
  const members =
    membersInOrder.get(all) ??
    all
      .filter((one) => !isPatch(one) && joinsMesh(one, stack))
      .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  membersInOrder.set(all, members);
  const first = members.find((one) => onOneCluster(one, namespace, stack));
  return first !== undefined && keyOf(first) === keyOf(namespace);
}

function keyOf({ resource, label }: KubernetesObject): string {
  return `${resource.urn} ${label}`;
}

function* judged(namespace: KubernetesObject, limit: number, stack: Stack): Iterable<Finding> {
  const members = meshNamespaces(namespace, stack);
  if (members.length < limit || discovers(namespace, stack)) return;
  const scoped = stack
    .all(sidecars)
    .filter((one) => appliesToNamespace(one) && onOneCluster(one, namespace, stack))
    .map((one) => namespaceOf(one, stack).name);
  if (scoped.includes(CONTROL_PLANE_NAMESPACE) || scoped.includes(undefined)) return;
  const open = members.filter((member) => !scoped.includes(member));
  if (open.length < limit) return;
  const unseen = unseenSources(namespace, [CONTROL_PLANE_NAMESPACE, ...open], stack);
  yield unseen.length > 0
    ? inDoubt(unseen, `a Sidecar that applies to the ${open.length} namespaces of the mesh`, FIX)
    : `its mesh has ${open.length} namespaces without a Sidecar, and no discoverySelectors, so istiod sends every Service of the cluster to every sidecar. One user measured 7.7 GiB of memory for 1,400 Services and 2,000 pods, and istiod requests 2 GiB. ${FIX}`;
}

/** Whether istiod ignores some namespaces, or may because the MeshConfig is not known. */
function discovers(namespace: KubernetesObject, stack: Stack): boolean {
  return sharedConfigMapsOf(namespace, stack).some((map) => {
    const selectors = discoverySelectorsOf(map);
    return selectors instanceof Unknown || (selectors?.length ?? 0) > 0;
  });
}

function appliesToNamespace({ at }: KubernetesObject): boolean {
  return at("spec", "workloadSelector").read() === undefined;
}
