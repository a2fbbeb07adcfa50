import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cluster, Resource } from "./cluster.ts";
import type { Flux } from "./flux.ts";
import { waitFor } from "./waitFor.ts";

const TREE = join(__dirname, "../../../gitops");

/** The Kustomization that `flux bootstrap` creates. Everything else comes from the tree. */
const root: Resource = {
  apiVersion: "kustomize.toolkit.fluxcd.io/v1",
  kind: "Kustomization",
  metadata: { name: "flux-system", namespace: "flux-system" },
  spec: {
    interval: "10m",
    path: "./gitops/clusters/dev",
    prune: true,
    sourceRef: { kind: "GitRepository", name: "flux-system" },
  },
};

/** In the order in which Flux reconciles them. */
const KUSTOMIZATIONS = ["flux-system", "infra-controllers", "infra-configs", "apps"];

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
  readonly observedGeneration: number;
}

interface Kustomization extends Resource {
  readonly metadata: Resource["metadata"] & { readonly generation: number };
  readonly status?: {
    readonly lastAppliedRevision?: string;
    readonly lastAttemptedRevision?: string;
    readonly conditions?: readonly Condition[];
  };
}

/** A repository with the tree `gitops/`, and the dev cluster that is reconciled from it. */
export class Repository {
  readonly #cluster: Cluster;
  readonly #flux: Flux;
  readonly #directory: string;
  readonly #leftOut: readonly string[];
  #commits = 0;

  /**
   * @param directory For a copy of the tree.
   * @param leftOut Apps of the tree that the copy does not have.
   */
  constructor(cluster: Cluster, flux: Flux, directory: string, leftOut: readonly string[] = []) {
    this.#leftOut = leftOut;
    this.#cluster = cluster;
    this.#flux = flux;
    this.#directory = mkdtempSync(join(directory, "gitops-"));
    this.restore();
  }

  /** Reverts all changes, so the next commit has the original tree. */
  restore(): void {
    cpSync(TREE, join(this.#directory, "gitops"), { recursive: true });
    for (const app of this.#leftOut) this.edit("apps/base/kustomization.yaml", `  - ${app}\n`, "");
  }

  /** The path of a file of the tree. */
  path(file: string): string {
    return join(this.#directory, "gitops", file);
  }

  /** Edits a file of the tree. @throws Error if the text to replace is not in the file */
  edit(file: string, from: string | RegExp, to: string): void {
    const path = this.path(file);
    const before = readFileSync(path, "utf8");
    const after = before.replace(from, to);
    if (after === before) throw new Error(`${file} does not contain ${String(from)}`);
    writeFileSync(path, after);
  }

  /** Publishes the tree as a commit, and resolves to its revision. */
  async commit(): Promise<string> {
    this.#commits += 1;
    const revision = `main@sha1:${this.#commits.toString(16).padStart(40, "0")}`;
    await this.#flux.publish(this.#directory, revision);
    return revision;
  }

  /** Starts reconciling the cluster from the repository. */
  async follow(): Promise<void> {
    await this.#cluster.apply(root);
  }

  /**
   * The condition Ready of a kustomization, and the last revision that it applied.
   *
   * @throws Error while Flux has not reconciled its current spec: at a new commit, Flux may apply a kustomization with the
   * variables of the previous one, and once more after it has updated them
   */
  async ready(name: string): Promise<Condition & { readonly applied: string | undefined }> {
    const now = await this.#find(name);
    const condition = now?.status?.conditions?.find(({ type }) => type === "Ready");
    if (condition === undefined) throw new Error(`${name} has no condition Ready`);
    if (condition.observedGeneration !== now?.metadata.generation) {
      throw new Error(`${name} has a spec that is not yet reconciled`);
    }
    return { ...condition, applied: now.status?.lastAppliedRevision };
  }

  /** Resolves once everything of a revision is applied and ready. */
  async reconciled(revision: string): Promise<void> {
    for (const name of KUSTOMIZATIONS) {
      await waitFor(`${name} to be ready at ${revision}`, async () => {
        const { status, message, applied } = await this.ready(name);
        if (status === "True" && applied === revision) return true;
        throw new Error(`${status}, ${String(applied)}: ${message}`);
      });
    }
  }

  /** Resolves to the reason once a kustomization has failed at a revision. */
  async failed(name: string, revision: string): Promise<string> {
    return await waitFor(`${name} to fail at ${revision}`, async () => {
      const now = await this.#find(name);
      const condition = await this.ready(name);
      return (
        now?.status?.lastAttemptedRevision === revision &&
        condition.status === "False" &&
        condition.message
      );
    });
  }

  /** Ends the reconciliation. The applied objects remain. */
  async remove(): Promise<void> {
    for (const name of KUSTOMIZATIONS) {
      // Otherwise, Flux would first delete all objects that each of them applied.
      const object = { ...root, metadata: { ...root.metadata, name } };
      if ((await this.#find(name)) === undefined) continue;
      await this.#cluster.merge(object, { spec: { suspend: true } });
      await this.#cluster.remove(object);
      await waitFor(`${name} to be gone`, async () => (await this.#find(name)) === undefined);
    }
    rmSync(this.#directory, { recursive: true });
  }

  async #find(name: string): Promise<Kustomization | undefined> {
    const { apiVersion, kind, metadata } = root;
    return await this.#cluster.find<Kustomization>(apiVersion, kind, name, metadata.namespace);
  }
}
