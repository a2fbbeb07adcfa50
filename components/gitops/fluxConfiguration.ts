import type * as kubernetesconfiguration from "@pulumi/azure-native/kubernetesconfiguration";
import type * as pulumi from "@pulumi/pulumi";
import type { MeshRevision } from "../../mesh/revision.ts";
import type { MeshCluster } from "../cluster/MeshCluster.ts";
import { sourceInputs } from "./fluxSourceKinds.ts";
import type { Source } from "./fluxSourceKinds.ts";

/**
 * A directory that Flux applies.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/
 */
export interface FluxKustomization {
  /** A directory of the source, such as `./gitops/apps/prod`. */
  readonly path: string;
  /**
   * The kustomizations that must be ready first.
   * @default none
   */
  readonly dependsOn?: readonly string[] | undefined;
  /**
   * Values for `${name}` variables in manifests, in addition to `mesh_revision`.
   * @default none
   */
  readonly substitute?: Readonly<Record<string, string>> | undefined;
}

/** A source, and what Flux applies of it. */
export type FluxConfigurationArgs = Source & {
  /** Seconds between checks of the source, and of the cluster for drift. */
  readonly intervalInSeconds: number;
  /** Seconds that a step may take until everything it applied is ready. */
  readonly timeoutInSeconds: number;
  /**
   * Seconds that a deployment waits until everything is applied and ready; then it fails.
   * @default - it does not wait
   */
  readonly waitInSeconds?: number | undefined;
  /**
   * The kustomizations, by name. Each waits until its objects are ready, and prunes objects that were removed from the
   * source.
   */
  readonly kustomizations: Readonly<Record<string, FluxKustomization>>;
};

/** The inputs of a configuration apart from its place. */
export function configurationInputs(
  args: FluxConfigurationArgs,
  revision: pulumi.Input<MeshRevision>,
  kubelet: MeshCluster["kubeletIdentity"],
) {
  const { intervalInSeconds, timeoutInSeconds, waitInSeconds } = args;
  const timing = { syncIntervalInSeconds: intervalInSeconds, timeoutInSeconds };
  return {
    ...sourceInputs(args, timing, kubelet),
    kustomizations: kustomizations(args, revision, timing),
    ...(waitInSeconds !== undefined && {
      waitForReconciliation: true,
      reconciliationWaitDuration: `PT${waitInSeconds}S`,
    }),
  } satisfies Partial<kubernetesconfiguration.FluxConfigurationArgs>;
}

function kustomizations(
  args: FluxConfigurationArgs,
  revision: pulumi.Input<MeshRevision>,
  timing: { readonly syncIntervalInSeconds: number; readonly timeoutInSeconds: number },
) {
  const common = { prune: true, wait: true, force: false, retryIntervalInSeconds: 60, ...timing };
  return Object.fromEntries(
    Object.entries(args.kustomizations).map(([name, { path, dependsOn = [], substitute }]) => [
      name,
      {
        ...common,
        path,
        ...(dependsOn.length > 0 && { dependsOn: [...dependsOn] }),
        postBuild: { substitute: { ...substitute, mesh_revision: revision } },
      },
    ]),
  );
}
