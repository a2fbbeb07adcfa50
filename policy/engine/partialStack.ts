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
 * The stack while the program runs: the resources that the pack has seen so far, with the program's inputs. It keeps
 * them, because in a first preview Kubernetes objects no longer have any properties when the whole stack is judged.
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
  #ended = false;

  constructor(scope: Scope, model: ClusterModel) {
    this.scope = scope;
    this.model = model;
  }

  see(resource: Resource): void {
    if (this.#ended) this.#forget();
    this.#seen.add(resource);
    const { type, provider } = resource;
    if (provider !== undefined && this.model.isOtherCluster(type)) this.#otherClusters = true;
  }

  /** Ends the run: the next resource belongs to another run of the program. */
  end(): void {
    this.#ended = true;
  }

  #forget(): void {
    this.#seen = new Inventory();
    this.exceptions = new Exceptions();
    this.unjudged = new Unjudged();
    this.calls = new Calls();
    this.#otherClusters = false;
    this.#ended = false;
  }

  find(type: string, urn: string): Resource | undefined {
    return this.#seen.find(type, urn);
  }

  all<Found extends Target>(subject: TargetKind<Found>): readonly Found[] {
    return this.#seen.all(subject);
  }

  /**
   * The dependencies of a provider are known only with the whole stack. Until then, its kubeconfig decides: an unknown
   * one comes from a cluster that this deployment creates, and a known one names its server.
   */
  clustersOf(resource: Resource): readonly Cluster[] {
    const known = this.#clustersOf.get(resource);
    if (known !== undefined) return known;
    const found = this.#clustersSoFar(resource);
    // Its own cluster was registered first, so later resources do not change the answer.
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

  /** Adds the placeholder for clusters of another kind, if this deployment has any. */
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
