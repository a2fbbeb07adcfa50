import type { PolicyResource } from "@pulumi/policy";
import { clusters } from "./cluster.ts";
import type { AksCluster, Cluster } from "./cluster.ts";
import { Inventory } from "./inventory.ts";
import { resourceOf } from "./resource.ts";
import type { Resource, Subject, Thing } from "./resource.ts";
import { configuredCluster } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type { Stack } from "./stack.ts";
import type { StackSoFar } from "./stackSoFar.ts";

/** The stack once every resource has been seen: with what there is, and with what depends on what. */
export class WholeStack implements Stack {
  readonly complete = true;
  readonly scope: Scope;
  readonly #present = new Inventory();
  readonly #declared = new Inventory();
  readonly #nodes: ReadonlyMap<string, PolicyResource>;
  readonly #children = new Map<PolicyResource, PolicyResource[]>();
  readonly #clusters: readonly AksCluster[];
  readonly #configured: readonly Cluster[];
  readonly #clustersOfProvider = new Map<string, readonly Cluster[]>();

  constructor(nodes: readonly PolicyResource[], soFar: StackSoFar) {
    soFar.end();
    this.scope = soFar.scope;
    for (const node of nodes) {
      const handed = resourceOf(node);
      const seen = soFar.find(node.type, node.urn);
      const resource = { ...(seen ?? handed), outputs: handed.inputs };
      this.#present.add(resource);
      if (seen !== undefined) this.#declared.add(resource);
    }
    this.#nodes = new Map(nodes.map((node) => [node.urn, node]));
    this.#clusters = this.all(clusters);
    const configured = configuredCluster(this.scope);
    this.#configured = configured === undefined ? [] : [configured];
    for (const node of nodes) {
      if (node.parent === undefined) continue;
      const siblings = this.#children.get(node.parent);
      if (siblings === undefined) this.#children.set(node.parent, [node]);
      else siblings.push(node);
    }
  }

  /** The resources that the program declares; what it only reads is not its to mend. */
  declared(subject: Pick<Subject<Thing>, "matches">): readonly Resource[] {
    return this.#declared.holding(subject);
  }

  all<Found extends Thing>(subject: Subject<Found>): readonly Found[] {
    return this.#present.all(subject);
  }

  clustersOf(resource: Resource): readonly Cluster[] {
    const provider = resource.provider?.urn ?? this.#providerOfChildren(resource.urn);
    if (provider === undefined) return this.#everyCluster();
    const known = this.#clustersOfProvider.get(provider);
    if (known !== undefined) return known;
    const found = this.#clustersBehind(provider);
    this.#clustersOfProvider.set(provider, found);
    return found;
  }

  /** A chart or another component lands where its children do. */
  #providerOfChildren(urn: string): string | undefined {
    const node = this.#nodes.get(urn);
    const children = node === undefined ? [] : (this.#children.get(node) ?? []);
    return children.find(({ provider }) => provider !== undefined)?.provider?.urn;
  }

  #clustersBehind(providerUrn: string): readonly Cluster[] {
    const provider = this.#nodes.get(providerUrn);
    // Nobody says where a default provider leads; most likely to the cluster that the stack is about.
    if (provider === undefined || /^default(_|$)/.test(provider.name)) return this.#everyCluster();
    const origins = this.#originsOf(provider, "kubeconfig", (node) => clusters.matches(node.type));
    if (origins.length === 0) return this.#configured;
    const urns = new Set(origins.map(({ urn }) => urn));
    return this.#clusters.filter((cluster) => urns.has(cluster.resource.urn));
  }

  /**
   * The resources of a sort from which a property comes: those reached by the fewest dependencies. Components are
   * looked into, because what they return may come from any of their children.
   */
  #originsOf(
    from: PolicyResource,
    property: string,
    wanted: (node: PolicyResource) => boolean,
  ): readonly PolicyResource[] {
    const visited = new Set([from]);
    let level = from.propertyDependencies[property] ?? from.dependencies;
    while (level.length > 0) {
      const found = level.filter(wanted);
      if (found.length > 0) return found;
      for (const node of level) visited.add(node);
      const next = level.flatMap((node) => [
        ...node.dependencies,
        ...(node.provider === undefined ? (this.#children.get(node) ?? []) : []),
      ]);
      level = [...new Set(next)].filter((node) => !visited.has(node));
    }
    return [];
  }

  #everyCluster(): readonly Cluster[] {
    return [...this.#clusters, ...this.#configured];
  }
}
