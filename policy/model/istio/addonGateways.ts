import { INGRESS_GATEWAY_KINDS, ingressGatewayName } from "../../../mesh/ingressGateways.ts";
import { AksCluster } from "../azure/cluster.ts";
import type { Cluster } from "../../engine/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor, Read } from "../../engine/cursor.ts";
import { sameMap } from "../kubernetes/labelMaps.ts";
import { egressGateways } from "./egressGateways.ts";
import { ingressGateways } from "./ingressGateways.ts";
import type { IngressGateway } from "./ingressGateways.ts";
import type { KubernetesObject } from "../kubernetes/objects.ts";
import { leavesAlone } from "../../engine/resource.ts";
import type { Stack } from "../../engine/stack.ts";

/** The enabled add-on gateways of a cluster, each as the value of the label `istio` on its pods. */
export interface AddonGateways {
  /** Undefined if the stack does not show it: another stack declares the cluster, or something else manages them. */
  readonly ingress: Read<readonly string[]>;
  readonly egress: Read<readonly string[]>;
}

const INGRESS_PATH = "serviceMeshProfile.istio.components.ingressGateways";

/** The names of the add-on's ingress gateways. */
export const INGRESS_GATEWAYS: readonly string[] = INGRESS_GATEWAY_KINDS.map(ingressGatewayName);

/** The labels of a gateway's pods that contain its name. */
const NAMING = ["istio", "app"];

/** Other labels that its pods may have: those that Istio's charts and Kubernetes add, and any with a prefix. */
const POSSIBLE = /\/|^(?:chart|heritage|release|pod-template-hash)$/;

/** The place in a selector that names a gateway; the label `istio` if it has none. */
export function namingLabel(selector: Cursor): Cursor {
  const written = NAMING.find((label) => selector.at(label).read() !== undefined);
  return selector.at(written ?? "istio");
}

/** The labels of a selector that the pods of an add-on ingress gateway do not have, as far as they are known. */
export function foreignLabels(selector: Cursor, gateway: string): readonly Cursor[] {
  const labels = selector.keys();
  if (labels === undefined || labels instanceof Unknown) return [];
  return labels
    .filter((label) =>
      NAMING.includes(label)
        ? !isOrMayBe(selector.at(label).text(), gateway)
        : !POSSIBLE.test(label),
    )
    .map((label) => selector.at(label));
}

/** The add-on ingress gateway that all labels of a selector select, if there is one. */
export function selectedIngress(selector: Cursor): string | undefined {
  const name = namingLabel(selector).text();
  if (typeof name !== "string" || !INGRESS_GATEWAYS.includes(name)) return undefined;
  return foreignLabels(selector, name).length === 0 ? name : undefined;
}

/** Whether two selectors certainly select the pods of the same gateway. */
export function selectSameGateway(a: Cursor, b: Cursor): boolean {
  const ingress = selectedIngress(a);
  return sameMap(a, b) === true || (ingress !== undefined && ingress === selectedIngress(b));
}

function isOrMayBe(text: Read<string>, name: string): boolean {
  return text === name || text instanceof Unknown;
}

export function addonGateways(cluster: Cluster): AddonGateways {
  if (!(cluster instanceof AksCluster)) return { ingress: undefined, egress: undefined };
  return { ingress: ingress(cluster), egress: egress(cluster) };
}

/** Whether an Istio Gateway selects an egress gateway that its cluster declares. */
export function selectsEgress({ at, resource }: KubernetesObject, stack: Stack): boolean {
  const selected = at("spec", "selector", "istio").text();
  return stack.clustersOf(resource).some((cluster) => {
    const names = addonGateways(cluster).egress;
    return typeof selected === "string" && !(names instanceof Unknown) && names?.includes(selected);
  });
}

function ingress(cluster: AksCluster): Read<readonly string[]> {
  const declared = ingressGateways(cluster);
  if (declared instanceof Unknown || declared.length > 0) return namesOf(declared);
  // Gateways that the program omits stay as they are. Only the outputs show them.
  const present = ingressGateways(cluster, cluster.resource.outputs);
  if (!(present instanceof Unknown) && present.length > 0) return namesOf(present);
  return leavesAlone(cluster.resource, INGRESS_PATH) ? undefined : [];
}

function namesOf(all: readonly IngressGateway[] | Unknown): readonly string[] | Unknown {
  if (all instanceof Unknown) return all;
  const on = all.filter(({ enabled }) => enabled === true || enabled instanceof Unknown);
  const unknown = on
    .flatMap(({ enabled, mode }) => [enabled, mode])
    .find((value) => value instanceof Unknown);
  if (unknown !== undefined) return unknown;
  return INGRESS_GATEWAY_KINDS.filter((kind) => on.some(({ mode }) => mode === kind)).map(
    ingressGatewayName,
  );
}

function egress(cluster: AksCluster): readonly string[] | Unknown {
  const all = egressGateways(cluster);
  if (all instanceof Unknown) return all;
  const values = all.flatMap(({ enabled, name }) => [enabled === true ? undefined : enabled, name]);
  const unknown = values.find((value) => value instanceof Unknown);
  return unknown ?? values.filter((value) => typeof value === "string");
}
