import { CompleteStack } from "../policy/engine/completeStack.ts";
import { PartialStack } from "../policy/engine/partialStack.ts";
import { resourceOf } from "../policy/engine/resource.ts";
import { scopeFrom } from "../policy/engine/scope.ts";
import { Unknown } from "../policy/engine/cursor.ts";
import type { Read } from "../policy/engine/cursor.ts";
import type { Cluster } from "../policy/engine/cluster.ts";
import { AksCluster, allUseAddon, clusters } from "../policy/model/azure/cluster.ts";
import { addonGateways } from "../policy/model/istio/addonGateways.ts";
import { meshModel } from "../policy/model/meshModel.ts";
import { contextOf } from "./context.ts";
import type { PlannedPart } from "./context.ts";

/** A cluster that a plan describes, with the objects that are deployed to it. What the plan does not say is undefined. */
export interface PlannedCluster {
  /** `ManagedCluster "mesh"`. If objects may land on one of several, all of them. */
  readonly label: string;
  /** The resources that are the cluster; none if another stack declares it. */
  readonly urns: readonly string[];
  /** Whether it has the Istio add-on. */
  readonly addon: boolean | undefined;
  /** The revisions of the add-on. */
  readonly revisions: readonly string[] | undefined;
  /** The names of the add-on's gateways that are enabled. */
  readonly ingress: readonly string[] | undefined;
  readonly egress: readonly string[] | undefined;
  readonly objects: readonly PlannedPart[];
}

const ELSEWHERE = "A cluster that the plan does not contain";

/** The clusters of a plan, as the rules see them: those that it declares first. */
export function plannedClusters(parts: readonly PlannedPart[]): readonly PlannedCluster[] {
  const nodes = contextOf(parts);
  const seen = new PartialStack(scopeFrom({}), meshModel);
  for (const node of nodes) seen.see(resourceOf(node));
  const stack = new CompleteStack(nodes, seen);
  const groups = new Map<string, { readonly among: readonly Cluster[]; objects: PlannedPart[] }>();
  for (const cluster of stack.all(clusters)) groups.set(keyOf([cluster]), group([cluster]));
  const byUrn = new Map(nodes.map((node) => [node.urn, node]));
  for (const part of parts) {
    const node = byUrn.get(part.urn);
    if (node === undefined || !/^kubernetes:[^:]+:[^:]+$/.test(part.type)) continue;
    const among = stack.clustersOf(resourceOf(node));
    const key = keyOf(among);
    const found = groups.get(key) ?? group(among);
    groups.set(key, found);
    found.objects.push(part);
  }
  return [...groups.values()].map(({ among, objects }) => ({ ...factsOf(among), objects }));
}

function group(among: readonly Cluster[]) {
  return { among, objects: [] as PlannedPart[] };
}

function keyOf(among: readonly Cluster[]): string {
  return among.map((one) => (one instanceof AksCluster ? one.resource.urn : one.label)).join("\n");
}

function factsOf(among: readonly Cluster[]): Omit<PlannedCluster, "objects"> {
  const gateways = among.map(addonGateways);
  return {
    label: among.length === 0 ? ELSEWHERE : among.map(({ label }) => label).join(" or "),
    urns: among.flatMap((one) => (one instanceof AksCluster ? [one.resource.urn] : [])),
    addon: known(allUseAddon(among)),
    revisions: agreed(among.map(({ revisions }) => texts(revisions))),
    ingress: agreed(gateways.map(({ ingress }) => known(ingress))),
    egress: agreed(gateways.map(({ egress }) => known(egress))),
  };
}

function texts(list: Cluster["revisions"]): readonly string[] | undefined {
  const all = known(list)?.map(known);
  return all?.every((one) => one !== undefined) === true ? all : undefined;
}

function known<T>(value: Read<T>): T | undefined {
  return value instanceof Unknown ? undefined : value;
}

/** What all clusters say; undefined if they differ or one does not say. */
function agreed<T>(values: readonly (readonly T[] | undefined)[]): readonly T[] | undefined {
  const [first] = values;
  const same = values.every((one) => JSON.stringify(one) === JSON.stringify(first));
  return same ? first : undefined;
}
