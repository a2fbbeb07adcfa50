import { CONTROL_PLANE_NAMESPACE, INGRESS_NAMESPACE, REVISION_LABEL } from "../../../mesh/names.ts";
import { AksCluster } from "../../model/azure/cluster.ts";
import { Cursor, Unknown } from "../../engine/cursor.ts";
import { NotJudged } from "../../engine/finding.ts";
import type { Finding } from "../../engine/finding.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Stack } from "../../engine/stack.ts";
import { addonGateways } from "../../model/istio/addonGateways.ts";
import { egressGateways } from "../../model/istio/egressGateways.ts";
import { istioObjects } from "../../model/istio/istioConfig.ts";
import { discoverySelectorsOf } from "../../model/istio/discoverySelectors.ts";
import { joinsMesh, nameOf } from "../../model/istio/meshNamespaces.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { MESH_CONFIG_KEY, sharedConfigMaps } from "../../model/istio/sharedConfigMaps.ts";
import type { SharedConfigMap } from "../../model/istio/sharedConfigMaps.ts";
import { selects } from "../../model/kubernetes/labelSelectors.ts";
import { namespaceOf, onOneCluster } from "../../model/kubernetes/objectNamespace.ts";
import { isPatch, namespaces } from "../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";

/** Label that Kubernetes sets on every namespace, with its name. */
const NAME_LABEL = "kubernetes.io/metadata.name";

export const meshconfigDiscoverySelectors = defineRule({
  name: "meshconfig-discovery-selectors",
  displayName: "discoverySelectors include every namespace of the mesh",
  description:
    "If the MeshConfig has discoverySelectors, at least one selects each namespace of the mesh, of the gateways and of the control plane. istiod ignores the objects of other namespaces and does not create istio-ca-root-cert there, which the pods need to start.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Add a selector for the namespace, or add a label that one selects. For namespaces that AKS creates, select the label kubernetes.io/metadata.name, which Kubernetes sets on every namespace.",
  url: "https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-discovery_selectors",
  tags: ["meshconfig"],
  about: sharedConfigMaps,
  unknown: "unjudged",
  wholeStack: true,
  *check(configMap, { stack }) {
    if (!stack.complete) return;
    yield* onAddonClusters(configMap, stack, () => judged(configMap, stack));
  },
});

function* judged(configMap: SharedConfigMap, stack: Stack): Iterable<Finding> {
  const selectors = discoverySelectorsOf(configMap);
  if (selectors instanceof Unknown) yield selectors;
  if (selectors === undefined || selectors instanceof Unknown || selectors.length === 0) return;
  const declared = stack.all(namespaces).filter((one) => onOneCluster(one, configMap, stack));
  const own = declared.filter((one) => !isPatch(one)).map(nameOf);
  for (const [name, why] of neededNamespaces(configMap, declared, stack)) {
    const selected = isSelected(name, labelsOf(name, declared, stack), selectors);
    if (selected === true) continue;
    const select = `matchLabels: { ${NAME_LABEL}: ${name} }`;
    if (!own.includes(name)) {
      yield new NotJudged(
        `${placeOf(configMap)} does not select the namespace ${name}, ${why}, by a label that the stack shows. If it has no label that one selects, add ${select}.`,
      );
    } else if (selected instanceof Unknown) yield selected;
    else {
      yield `${placeOf(configMap)} does not select the namespace ${name}, ${why}, so istiod ignores its objects, and pods with sidecars do not start there. Add a selector such as ${select}, or add a label that one selects.`;
    }
  }
}

function placeOf({ at }: SharedConfigMap): string {
  return `${at("data", MESH_CONFIG_KEY).path} (discoverySelectors)`;
}

/** Whether one of the selectors selects a namespace with some labels, of which some may be unknown. */
function isSelected(
  name: string,
  { known, hidden }: ReturnType<typeof labelsOf>,
  selectors: readonly Cursor[],
): boolean | Unknown {
  const labels = new Cursor(name, known);
  const answers = selectors.map((selector) => selects(selector, labels));
  if (answers.includes(true)) return true;
  return hidden ?? answers.find((answer) => answer instanceof Unknown) ?? false;
}

/** The labels of a namespace, from Kubernetes, the stack and the configuration. */
function labelsOf(name: string, declared: readonly KubernetesObject[], { scope }: Stack) {
  const revision = Object.hasOwn(scope.namespaces, name) ? scope.namespaces[name] : undefined;
  const known: Record<string, unknown> = {
    [NAME_LABEL]: name,
    ...(revision !== undefined && { [REVISION_LABEL]: revision }),
  };
  let hidden: Unknown | undefined;
  for (const { at } of declared.filter((one) => nameOf(one) === name)) {
    const given = at("metadata", "labels");
    const keys = given.keys();
    if (keys instanceof Unknown) hidden = keys;
    else for (const key of keys ?? []) known[key] = given.at(key).text();
  }
  return { known, hidden };
}

/** The namespaces that istiod must know, each with the reason as a relative clause. */
function neededNamespaces(
  configMap: SharedConfigMap,
  declared: readonly KubernetesObject[],
  stack: Stack,
): ReadonlyMap<string, string> {
  const forWholeMesh = stack
    .all(istioObjects)
    .some(
      (one) =>
        namespaceOf(one, stack).name === CONTROL_PLANE_NAMESPACE &&
        onOneCluster(one, configMap, stack),
    );
  return new Map([
    ...(forWholeMesh
      ? [[CONTROL_PLANE_NAMESPACE, "which contains Istio objects for the whole mesh"] as const]
      : []),
    ...gatewayNamespaces(configMap, stack).map(
      (name) => [name, "in which a gateway of the add-on runs"] as const,
    ),
    ...[
      ...declared.filter((one) => joinsMesh(one, stack)).map(nameOf),
      ...Object.keys(stack.scope.namespaces),
    ].map((name) => [name, "which is in the mesh"] as const),
  ]);
}

function gatewayNamespaces({ resource }: SharedConfigMap, stack: Stack): readonly string[] {
  return stack
    .clustersOf(resource)
    .flatMap((cluster) => {
      const { ingress } = addonGateways(cluster);
      const egress = cluster instanceof AksCluster ? egressGateways(cluster) : [];
      return [
        ...(Array.isArray(ingress) && ingress.length > 0 ? [INGRESS_NAMESPACE] : []),
        ...(egress instanceof Unknown ? [] : egress.map(({ namespace }) => namespace)),
      ];
    })
    .filter((name) => typeof name === "string");
}
