import { z } from "zod";
import type { Cloud } from "../../../rehearsal/azure/cloud.ts";
import { isOfKind } from "../../../rehearsal/azure/kinds.ts";
import type { Done } from "../../../rehearsal/resourceProvider.ts";
import type { Cluster, Resource } from "../../real/harness/cluster.ts";
import type { Flux } from "../../real/harness/flux.ts";
import { ROOT } from "./stack.ts";

/** The parts of a FluxConfiguration that become objects. */
const configuration = z.object({
  namespace: z.string(),
  gitRepository: z.object({
    url: z.string(),
    repositoryRef: z.record(z.string(), z.string()),
    syncIntervalInSeconds: z.number(),
    timeoutInSeconds: z.number(),
  }),
  kustomizations: z.record(
    z.string(),
    z.object({
      path: z.string(),
      dependsOn: z.array(z.string()).default([]),
      prune: z.boolean(),
      wait: z.boolean(),
      force: z.boolean(),
      syncIntervalInSeconds: z.number(),
      retryIntervalInSeconds: z.number(),
      timeoutInSeconds: z.number(),
      postBuild: z.object({ substitute: z.record(z.string(), z.string()) }),
    }),
  ),
});

const COMMIT = `main@sha1:${"1".padStart(40, "0")}`;

/**
 * The agent of the `microsoft.flux` extension: creates Flux's objects for a FluxConfiguration. It does not delete them,
 * because the program's configurations are deleted with their cluster. Every repository contains this project's tree
 * `gitops/`.
 *
 * @see https://learn.microsoft.com/azure/azure-arc/kubernetes/conceptual-gitops-flux2
 */
export class FluxExtension {
  readonly #cluster: Cluster;
  readonly #flux: Flux;

  constructor(cluster: Cluster, flux: Flux) {
    this.#cluster = cluster;
    this.#flux = flux;
  }

  /** Applies a request to Azure. */
  async follow(
    { operation, subject: { type }, id, error }: Done,
    cloud: Pick<Cloud, "find">,
  ): Promise<void> {
    if (error !== undefined || !isOfKind(type, "kubernetesconfiguration:FluxConfiguration")) return;
    if (operation !== "create" && operation !== "update") return;
    const [source, ...kustomizations] = objectsOf(id, cloud.find(id)?.inputs);
    await this.#flux.publish(ROOT, COMMIT, source);
    await this.#cluster.applyAll(kustomizations);
  }
}

/** The source and the kustomizations. Their names begin with the name of the configuration. */
function objectsOf(id: string, inputs: unknown): readonly [Resource, ...Resource[]] {
  const { namespace, gitRepository, kustomizations } = configuration.parse(inputs);
  const name = id.split("/").at(-1) ?? "";
  const source = {
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "GitRepository",
    metadata: { name, namespace },
    spec: {
      url: gitRepository.url,
      ref: gitRepository.repositoryRef,
      interval: `${gitRepository.syncIntervalInSeconds}s`,
      timeout: `${gitRepository.timeoutInSeconds}s`,
    },
  };
  const rest = Object.entries(kustomizations).map(([step, spec]) => ({
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name: `${name}-${step}`, namespace },
    spec: {
      sourceRef: { kind: source.kind, name },
      path: spec.path,
      dependsOn: spec.dependsOn.map((other) => ({ name: `${name}-${other}` })),
      prune: spec.prune,
      wait: spec.wait,
      force: spec.force,
      interval: `${spec.syncIntervalInSeconds}s`,
      retryInterval: `${spec.retryIntervalInSeconds}s`,
      timeout: `${spec.timeoutInSeconds}s`,
      postBuild: spec.postBuild,
    },
  }));
  return [source, ...rest];
}
