import type { PolicyResource } from "@pulumi/policy";
import { clusters } from "./cluster.ts";
import type { AksCluster, Cluster } from "./cluster.ts";
import { Unknown } from "./cursor.ts";
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
  /** The clusters of which an unknown kubeconfig may be. */
  readonly #possible: readonly Cluster[];
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
    this.#possible = soFar.among(this.#clusters);
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

  origins<Found extends Thing>(
    resource: Resource,
    property: string,
    subject: Subject<Found>,
  ): readonly Found[] {
    const node = this.#nodes.get(resource.urn);
    if (node === undefined) return [];
    return this.#originsOf(node, property, ({ type }) => subject.matches(type)).flatMap(
      ({ type, urn }) => {
        const origin = this.#present.find(type, urn);
        return origin === undefined ? [] : subject.in(origin);
      },
    );
  }

  showsParts({ urn }: Resource): boolean {
    const node = this.#nodes.get(urn);
    return node !== undefined && this.#children.has(node);
  }

  comesAfter(resource: Resource, other: Resource): boolean {
    const visited = new Set<PolicyResource>();
    let level = this.#nodes.get(resource.urn)?.dependencies ?? [];
    while (level.length > 0) {
      if (level.some(({ urn }) => urn === other.urn)) return true;
      for (const node of level) visited.add(node);
      const next = level.flatMap((node) => this.#before(node));
      level = [...new Set(next)].filter((node) => !visited.has(node));
    }
    return false;
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
    if (origins.length === 0) {
      return this.#isMade(provider) && this.#possible.length > 0
        ? this.#possible
        : this.#configured;
    }
    const urns = new Set(origins.map(({ urn }) => urn));
    return this.#clusters.filter((cluster) => urns.has(cluster.resource.urn));
  }

  /**
   * Whether a kubeconfig is known later, and nothing says from where: the SDK forgets what the result of a function
   * depends on while an argument of it is unknown, as the name of a cluster is that is still to be made.
   */
  #isMade(provider: PolicyResource): boolean {
    const sources = provider.propertyDependencies["kubeconfig"] ?? [];
    const kubeconfig = resourceOf(provider).inputs.at("kubeconfig").text();
    return sources.length === 0 && kubeconfig instanceof Unknown;
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
      const next = level.flatMap((node) => this.#before(node));
      level = [...new Set(next)].filter((node) => !visited.has(node));
    }
    return [];
  }

  /** What a resource, or a component with all that it is made of, waits for. */
  #before(node: PolicyResource): readonly PolicyResource[] {
    const parts = node.provider === undefined ? (this.#children.get(node) ?? []) : [];
    return [...node.dependencies, ...parts];
  }

  #everyCluster(): readonly Cluster[] {
    return [...this.#clusters, ...this.#configured];
  }
}
