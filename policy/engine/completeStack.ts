import { OTHER_CLUSTER } from "./cluster.ts";
import type { Cluster } from "./cluster.ts";
import type { ClusterModel, DeclaredCluster } from "./clusterModel.ts";
import { Unknown } from "./cursor.ts";
import { Inventory } from "./inventory.ts";
import { resourceOf } from "./resource.ts";
import type { Resource, ResourceArgs, TargetKind, Target } from "./resource.ts";
import { configuredCluster } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type { Stack } from "./stack.ts";
import type { PartialStack } from "./partialStack.ts";

/** A resource with its relations, as the SDK passes it with the whole stack. */
export interface StackNode extends ResourceArgs {
  readonly parent?: StackNode;
  readonly dependencies: readonly StackNode[];
  readonly propertyDependencies: Readonly<Record<string, readonly StackNode[]>>;
}

/** The clusters that a provider's objects are deployed to. */
export interface Landing {
  /** The clusters that rules judge the objects by. */
  readonly clusters: readonly Cluster[];
  /** Why they are uncertain: the cluster belongs to another stack, or only some of several clusters have the add-on. */
  readonly doubt: "elsewhere" | "several" | undefined;
  readonly candidates: readonly Cluster[];
  /** The object that proves, with the revision that it names, that the cluster has the add-on. */
  readonly evidence: string | undefined;
}

/** The stack after every resource has been seen, with outputs and dependencies. */
export class CompleteStack implements Stack {
  readonly complete = true;
  readonly scope: Scope;
  readonly #present = new Inventory();
  readonly #declared = new Inventory();
  readonly #nodes: ReadonlyMap<string, StackNode>;
  readonly #children = new Map<StackNode, StackNode[]>();
  readonly #model: ClusterModel;
  readonly #clusters: readonly DeclaredCluster[];
  readonly #configured: readonly Cluster[];
  /** The clusters that an unknown kubeconfig may belong to. */
  readonly #possible: readonly Cluster[];
  readonly #landingOfProvider = new Map<string, Landing>();

  constructor(nodes: readonly StackNode[], partialStack: PartialStack) {
    partialStack.end();
    this.scope = partialStack.scope;
    this.#model = partialStack.model;
    for (const node of nodes) {
      const handed = resourceOf(node);
      const seen = partialStack.find(node.type, node.urn);
      const resource = { ...(seen ?? handed), outputs: handed.inputs };
      this.#present.add(resource);
      if (seen !== undefined) this.#declared.add(resource);
    }
    this.#nodes = new Map(nodes.map((node) => [node.urn, node]));
    this.#clusters = this.all(this.#model.clusters);
    this.#possible = partialStack.among(this.#clusters);
    const configured = configuredCluster(this.scope);
    this.#configured = configured === undefined ? [] : [configured];
    for (const node of nodes) {
      if (node.parent === undefined) continue;
      const siblings = this.#children.get(node.parent);
      if (siblings === undefined) this.#children.set(node.parent, [node]);
      else siblings.push(node);
    }
  }

  /** The resources that the program declares. The program cannot fix resources that it only reads. */
  declared(subject: Pick<TargetKind<Target>, "matches">): readonly Resource[] {
    return this.#declared.holding(subject);
  }

  all<Found extends Target>(subject: TargetKind<Found>): readonly Found[] {
    return this.#present.all(subject);
  }

  has(urn: string): boolean {
    return this.#nodes.has(urn);
  }

  clustersOf(resource: Resource): readonly Cluster[] {
    return this.landingOf(resource).clusters;
  }

  landingOf(resource: Resource): Landing {
    const provider = resource.provider?.urn ?? this.#providerOfChildren(resource.urn);
    if (provider === undefined) return certain(this.#everyCluster());
    const known = this.#landingOfProvider.get(provider);
    if (known !== undefined) return known;
    const found = this.#landingBehind(provider);
    this.#landingOfProvider.set(provider, found);
    return found;
  }

  origins<Found extends Target>(
    resource: Resource,
    property: string,
    subject: TargetKind<Found>,
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
    const visited = new Set<StackNode>();
    let level = this.#nodes.get(resource.urn)?.dependencies ?? [];
    while (level.length > 0) {
      if (level.some(({ urn }) => urn === other.urn)) return true;
      for (const node of level) visited.add(node);
      const next = level.flatMap((node) => this.#dependenciesOf(node));
      level = [...new Set(next)].filter((node) => !visited.has(node));
    }
    return false;
  }

  /** A chart or another component is deployed to the cluster of its children. */
  #providerOfChildren(urn: string): string | undefined {
    const node = this.#nodes.get(urn);
    const children = node === undefined ? [] : (this.#children.get(node) ?? []);
    return children.find(({ provider }) => provider !== undefined)?.provider?.urn;
  }

  #landingBehind(providerUrn: string): Landing {
    const provider = this.#nodes.get(providerUrn);
    // The cluster of a default provider is unknown, but it is most likely the cluster of the stack.
    if (provider === undefined || /^default(_|$)/.test(provider.name)) {
      return this.#among(this.#everyCluster(), providerUrn);
    }
    const maker = this.#present.find(provider.type, provider.urn);
    const named = maker && this.#model.clustersNamedBy(maker, this);
    if (named !== undefined) {
      return this.#among(named.length === 0 ? this.#configured : named, providerUrn);
    }
    const isCluster = ({ type }: StackNode) => this.#model.clusters.matches(type);
    let origins = this.#originsOf(provider, "kubeconfig", isCluster);
    if (origins.length === 0) origins = provider.dependencies.filter(isCluster);
    if (origins.length === 0) {
      // A component whose type only looks like a cluster's is not a cluster.
      const isOther = (node: StackNode) =>
        node.provider !== undefined && this.#model.isOtherCluster(node.type);
      const others = this.#originsOf(provider, "kubeconfig", isOther);
      if (others.length > 0) return certain([OTHER_CLUSTER]);
      const pending = this.#isKubeconfigPending(provider) && this.#possible.length > 0;
      return this.#among(pending ? this.#possible : this.#configured, providerUrn);
    }
    const urns = new Set(origins.map(({ urn }) => urn));
    return certain(this.#clusters.filter((cluster) => urns.has(cluster.resource.urn)));
  }

  /**
   * Chooses among the clusters that a provider may lead to: an object whose label names a revision of the add-on is
   * meant for a cluster with the add-on.
   */
  #among(candidates: readonly Cluster[], provider: string): Landing {
    const withAddon = candidates.filter(({ addon }) => addon !== false);
    const several = withAddon.length > 0 && withAddon.length < candidates.length;
    if (candidates.length > 0 && !several) return certain(candidates);
    const evidence = this.#model.evidenceOfAddon(this, provider);
    const assumed: Cluster = {
      label: "the cluster of another stack",
      addon: true,
      revisions: undefined,
    };
    const meant = several ? withAddon : [assumed];
    return {
      clusters: evidence === undefined ? candidates : meant,
      doubt: several ? "several" : "elsewhere",
      candidates,
      evidence,
    };
  }

  /**
   * Whether a kubeconfig is still unknown and has no known source: the SDK drops the dependencies of a function's result
   * while one of its arguments is unknown, such as the name of a cluster that is yet to be created.
   */
  #isKubeconfigPending(provider: StackNode): boolean {
    const sources = provider.propertyDependencies["kubeconfig"] ?? [];
    const kubeconfig = resourceOf(provider).inputs.at("kubeconfig").text();
    return sources.length === 0 && kubeconfig instanceof Unknown;
  }

  /**
   * The nearest resources of a kind that a property comes from, by number of dependencies. The search includes the
   * children of components, because an output of a component may come from any of them.
   */
  #originsOf(
    from: StackNode,
    property: string,
    wanted: (node: StackNode) => boolean,
  ): readonly StackNode[] {
    const visited = new Set([from]);
    let level = from.propertyDependencies[property] ?? from.dependencies;
    while (level.length > 0) {
      const found = level.filter(wanted);
      if (found.length > 0) return found;
      for (const node of level) visited.add(node);
      const next = level.flatMap((node) => this.#dependenciesOf(node));
      level = [...new Set(next)].filter((node) => !visited.has(node));
    }
    return [];
  }

  /** The resources that a resource, or a component with its children, depends on. */
  #dependenciesOf(node: StackNode): readonly StackNode[] {
    const parts = node.provider === undefined ? (this.#children.get(node) ?? []) : [];
    return [...node.dependencies, ...parts];
  }

  #everyCluster(): readonly Cluster[] {
    // A configured cluster without the add-on says nothing about the clusters that the stack creates.
    const others = this.#configured.filter(({ addon }) => addon !== false);
    return this.#clusters.length === 0 ? this.#configured : [...this.#clusters, ...others];
  }
}

function certain(on: readonly Cluster[]): Landing {
  return { clusters: on, doubt: undefined, candidates: on, evidence: undefined };
}
