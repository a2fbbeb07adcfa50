import { INGRESS_GATEWAY_KINDS, ingressGatewayName } from "../../../mesh/ingressGateways.ts";
import { AksCluster } from "../azure/cluster.ts";
import type { Cluster } from "../../engine/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor, Read } from "../../engine/cursor.ts";
import { egressGateways } from "./egressGateways.ts";
import { ingressGateways } from "./ingressGateways.ts";
import type { IngressGateway } from "./ingressGateways.ts";
import type { KubernetesObject } from "../kubernetes/objects.ts";
import { leavesAlone } from "../../engine/resource.ts";
import type { Stack } from "../../engine/stack.ts";

/** The add-on's gateways on a cluster that are on, each by the value of the label `istio` of its pods. */
export interface AddonGateways {
  /** Undefined where the stack does not say: another one declares the cluster, or leaves them to somebody else. */
  readonly ingress: Read<readonly string[]>;
  readonly egress: Read<readonly string[]>;
}

const INGRESS_PATH = "serviceMeshProfile.istio.components.ingressGateways";

/** What the add-on calls its ingress gateways. */
export const INGRESS_GATEWAYS: readonly string[] = INGRESS_GATEWAY_KINDS.map(ingressGatewayName);

/** The labels of a gateway's pods that carry its name. */
const NAMING = ["istio", "app"];

/** What else its pods may carry: what Istio's charts and Kubernetes add, and anything with a prefix. */
const POSSIBLE = /\/|^(?:chart|heritage|release|pod-template-hash)$/;

/** The place of a selector that names a gateway; its label `istio` where it has neither. */
export function namingLabel(selector: Cursor): Cursor {
  const written = NAMING.find((label) => selector.at(label).read() !== undefined);
  return selector.at(written ?? "istio");
}

/** The labels of a selector that the pods of one of the add-on's ingress gateways do not carry, as far as they are known. */
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

/** The ingress gateway of the add-on that a selector selects by all of its labels, if it is one. */
export function selectedIngress(selector: Cursor): string | undefined {
  const name = namingLabel(selector).text();
  if (typeof name !== "string" || !INGRESS_GATEWAYS.includes(name)) return undefined;
  return foreignLabels(selector, name).length === 0 ? name : undefined;
}

function isOrMayBe(text: Read<string>, name: string): boolean {
  return text === name || text instanceof Unknown;
}

export function addonGateways(cluster: Cluster): AddonGateways {
  if (!(cluster instanceof AksCluster)) return { ingress: undefined, egress: undefined };
  return { ingress: ingress(cluster), egress: egress(cluster) };
}

/** Whether an Istio Gateway selects one of the egress gateways that its cluster declares. */
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
  // One that the program leaves out stays as it is, which only the outputs show.
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
