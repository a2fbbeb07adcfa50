import { Calls } from "./calls.ts";
import { OTHER_CLUSTER } from "./cluster.ts";
import type { Cluster } from "./cluster.ts";
import type { ClusterModel } from "./clusterModel.ts";
import { Unknown } from "./cursor.ts";
import { Exceptions } from "./exceptions.ts";
import { Inventory } from "./inventory.ts";
import type { Resource, TargetKind, Target } from "./resource.ts";
import type { Scope } from "./scope.ts";
import type { Stack } from "./stack.ts";
import { Unjudged } from "./unjudged.ts";

/**
 * The stack while it is being made: the resources that the pack has been shown, with the inputs that the program gave.
 * They are remembered, because in a first preview a Kubernetes object has no properties at all by the time that the
 * stack as a whole is judged.
 */
export class PartialStack implements Stack {
  readonly complete = false;
  readonly model: ClusterModel;
  scope: Scope;
  exceptions = new Exceptions();
  unjudged = new Unjudged();
  calls = new Calls();
  #seen = new Inventory();
  readonly #clustersOf = new WeakMap<Resource, readonly Cluster[]>();
  #otherClusters = false;
  #whole = false;

  constructor(scope: Scope, model: ClusterModel) {
    this.scope = scope;
    this.model = model;
  }

  see(resource: Resource): void {
    if (this.#whole) this.#forget();
    this.#seen.add(resource);
    const { type, provider } = resource;
    if (provider !== undefined && this.model.isOtherCluster(type)) this.#otherClusters = true;
  }

  /** Nothing more comes: whatever is seen next belongs to another run of the program. */
  end(): void {
    this.#whole = true;
  }

  #forget(): void {
    this.#seen = new Inventory();
    this.exceptions = new Exceptions();
    this.unjudged = new Unjudged();
    this.calls = new Calls();
    this.#otherClusters = false;
    this.#whole = false;
  }

  find(type: string, urn: string): Resource | undefined {
    return this.#seen.find(type, urn);
  }

  all<Found extends Target>(subject: TargetKind<Found>): readonly Found[] {
    return this.#seen.all(subject);
  }

  /**
   * What a provider depends on is told only with the whole stack. Until then its kubeconfig has to tell: one that is
   * not known yet is being made by this deployment, so by one of its clusters, and one that is known names its server.
   */
  clustersOf(resource: Resource): readonly Cluster[] {
    const known = this.#clustersOf.get(resource);
    if (known !== undefined) return known;
    const found = this.#clustersSoFar(resource);
    // Its own cluster came before it, so that nothing seen later changes the answer.
    this.#clustersOf.set(resource, found);
    return found;
  }

  origins(): readonly never[] {
    return [];
  }

  showsParts(): boolean {
    return false;
  }

  comesAfter(): boolean {
    return false;
  }

  /** The clusters of which this deployment makes one, with those that are none of AKS. */
  among(own: readonly Cluster[]): readonly Cluster[] {
    return this.#otherClusters ? [...own, OTHER_CLUSTER] : own;
  }

  #clustersSoFar(resource: Resource): readonly Cluster[] {
    const kubeconfig = resource.provider?.inputs.at("kubeconfig").text();
    if (kubeconfig === undefined) return [];
    const seen = this.all(this.model.clusters);
    return kubeconfig instanceof Unknown
      ? this.among([...seen])
      : seen.filter((cluster) => cluster.isNamedBy(kubeconfig));
  }
}
