import { isUnknownText } from "../../../manifests/unknownText.ts";
import { labelOf, valueAt } from "../../../operate/cluster/clusterObject.ts";
import type { ClusterObject } from "../../../operate/cluster/clusterObject.ts";
import { ClusterState } from "../../../operate/cluster/clusterState.ts";
import type { WhyNotRead } from "../../../operate/cluster/clusterState.ts";
import { nameOf } from "../../../operate/cluster/kinds.ts";
import type { KindName } from "../../../operate/cluster/kinds.ts";
import { pathText } from "../../change/propertyPath.ts";
import type { PropertyPath } from "../../change/propertyPath.ts";
import { REQUEST_KINDS, World } from "../../../operate/explain/request/world.ts";

/** The parts of objects that decide about requests, by kind. Of kinds with none, the whole specification does. */
const DECIDING_PARTS: Readonly<Partial<Record<KindName, readonly (readonly string[])[]>>> = {
  Namespace: [["metadata", "labels"]],
  Service: [
    ["spec", "selector"],
    ["spec", "ports"],
  ],
  Pod: [
    ["metadata", "labels"],
    ["spec", "serviceAccountName"],
  ],
  "apps/Deployment": [],
  ConfigMap: [],
};

/**
 * What decides about requests in a cluster once the plan is deployed, for the explanations of `explain request`. A kind
 * with a value that the plan does not know counts as not read, so that nothing is said by it.
 *
 * @param pods those of workloads and gateways
 */
export function plannedWorld(
  objects: readonly ClusterObject[],
  pods: readonly ClusterObject[],
): World {
  const all = [...objects, ...pods];
  const kinds = REQUEST_KINDS.filter((kind) => kind !== "Secret").map((name) => {
    const found = all.filter(({ apiVersion, kind }) => nameOf(apiVersion, kind) === name);
    return [name, whyUnknown(name, found) ?? found] as const;
  });
  return new World(new ClusterState("the plan", kinds));
}

function whyUnknown(kind: KindName, objects: readonly ClusterObject[]): WhyNotRead | undefined {
  const parts = DECIDING_PARTS[kind] ?? [["spec"]];
  for (const object of objects) {
    const place = parts.flatMap((part) => unknownIn(valueAt(object, ...part), part)).at(0);
    if (place === undefined) continue;
    const where = `${place} of ${labelOf(object)}`;
    return () => ({
      reason: `The plan does not know ${where}.`,
      fix: "Assume a value: see docs/assumptions.md.",
    });
  }
  return undefined;
}

/** The names of certificates decide about connections, not about who may call whom. */
const CERTIFICATE = "credentialName";

/** The paths of unknown values. */
function unknownIn(value: unknown, path: PropertyPath): readonly string[] {
  if (isUnknownText(value)) return path.at(-1) === CERTIFICATE ? [] : [pathText(path)];
  if (typeof value !== "object" || value === null) return [];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([step, below]) => unknownIn(below, [...path, step]));
}
