import { selects } from "../../mesh/labelSelector.ts";
import { labelOf, valueAt } from "../../operate/cluster/clusterObject.ts";
import type { ClusterObject } from "../../operate/cluster/clusterObject.ts";
import { entryOf } from "../report.ts";
import type { Entry } from "../report.ts";
import { withValue } from "./changed.ts";
import { istioObject, objectName } from "./istioObjects.ts";
import type { OsmMesh } from "./osmMesh.ts";
import type { Service } from "./services.ts";
import { textsOf } from "./workloads.ts";
import type { Labels } from "./workloads.ts";

/** The PeerAuthentication by which the pods of a Service accept plain text on a port. Services with the same pods share its name. */
export function plainTextOn(mesh: OsmMesh, service: Service, port: number): ClusterObject {
  const { namespace, selector } = service;
  const first = mesh.services.find(
    (one) => one.namespace === namespace && keyOf(one.selector) === keyOf(selector),
  );
  return istioObject(
    "PeerAuthentication",
    namespace,
    objectName("ingress", (first ?? service).name),
    {
      selector: { matchLabels: selector },
      mtls: { mode: "STRICT" },
      portLevelMtls: { [port]: { mode: "PERMISSIVE" } },
    },
  );
}

/** Of several PeerAuthentications for the same pods, only one counts, so those with the same name become one. */
export function withOnePerPods(objects: readonly ClusterObject[]): readonly ClusterObject[] {
  const ports = (object: ClusterObject) => valueAt(object, "spec", "portLevelMtls") as object;
  const peers = new Map<string, ClusterObject>();
  for (const object of objects.filter(isPeer)) {
    const before = peers.get(labelOf(object));
    const all = { ...(before === undefined ? {} : ports(before)), ...ports(object) };
    peers.set(labelOf(object), withValue(object, ["spec", "portLevelMtls"], all));
  }
  // The policies come first, so no port is open before they say to whom.
  return [...objects.filter((object) => !isPeer(object)), ...peers.values()];
}

/**
 * The workloads whose pods several PeerAuthentications select by different labels.
 *
 * @see https://istio.io/latest/docs/concepts/security/#peer-authentication
 */
export function rivalPeers(mesh: OsmMesh, objects: readonly ClusterObject[]): readonly Entry[] {
  const peers = objects.filter(isPeer);
  return mesh.workloads.flatMap(({ manifest, namespace, labels }) => {
    const rivals = peers.filter(
      (peer) =>
        peer.metadata.namespace === namespace &&
        selects({ matchLabels: textsOf(valueAt(peer, "spec", "selector", "matchLabels")) }, labels),
    );
    if (rivals.length < 2) return [];
    const message =
      "Services that select its pods by different labels are backends. Of the PeerAuthentications that select its pods, Istio applies only one, so plain text to the others' ports is refused.";
    const fix =
      "Let the Services have the same selector, or merge the ports into one PeerAuthentication.";
    return [entryOf(manifest, "untranslated", message, { becomes: rivals, fix })];
  });
}

function isPeer({ kind }: ClusterObject): boolean {
  return kind === "PeerAuthentication";
}

function keyOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
