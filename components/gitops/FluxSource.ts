import * as kubernetesconfiguration from "@pulumi/azure-native/kubernetesconfiguration";
import * as pulumi from "@pulumi/pulumi";
import type { MeshRevision } from "../../mesh/revision.ts";
import type { MeshCluster } from "../cluster/MeshCluster.ts";

/**
 * A directory that Flux applies.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/
 */
export interface FluxKustomization {
  /** A directory of the repository, such as `./gitops/apps/prod`. */
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

/** A branch, a tag, the newest tag in a range of versions, or a commit by its full SHA. */
export type GitReference =
  | { readonly branch: string }
  | { readonly tag: string }
  | { readonly semver: string }
  | { readonly commit: string };

export interface FluxSourceArgs {
  /** The cluster that runs Flux. */
  readonly cluster: MeshCluster;
  /** The `https://` or `ssh://` URL of the repository. */
  readonly url: string;
  /** The Git reference to follow. */
  readonly reference: GitReference;
  /** User name for a private `https://` repository. */
  readonly httpsUser?: string | undefined;
  /** Password or token of that user; marked as secret if it is not already. */
  readonly httpsKey?: pulumi.Input<string> | undefined;
  /** Private key for an `ssh://` repository, in PEM format; marked as secret if it is not already. */
  readonly sshPrivateKey?: pulumi.Input<string> | undefined;
  /** The `known_hosts` lines of the host. */
  readonly sshKnownHosts?: string | undefined;
  /** Seconds between checks of the repository, and of the cluster for drift. */
  readonly intervalInSeconds: number;
  /** Seconds that a step may take until everything it applied is ready. */
  readonly timeoutInSeconds: number;
  /**
   * The kustomizations, by name. Each waits until its objects are ready, and prunes objects that were removed from the
   * repository.
   */
  readonly kustomizations: Readonly<Record<string, FluxKustomization>>;
  /** Value of `${mesh_revision}` in manifests. */
  readonly revision: pulumi.Input<MeshRevision>;
}

/**
 * Flux v2 on a cluster, following directories of a Git repository. Its resources depend on the component's `dependsOn`.
 *
 * @see https://learn.microsoft.com/azure/azure-arc/kubernetes/conceptual-gitops-flux2
 */
export class FluxSource extends pulumi.ComponentResource {
  /** Resource ID of the Flux configuration. */
  readonly configurationId: pulumi.Output<string>;

  constructor(name: string, args: FluxSourceArgs, opts?: pulumi.ComponentResourceOptions) {
    const { url, revision } = args;
    super("aks-istio:index:FluxSource", name, { url, revision }, opts);
    const cluster = {
      resourceGroupName: args.cluster.resourceGroupName,
      clusterName: args.cluster.cluster.name,
      clusterRp: "Microsoft.ContainerService",
      clusterResourceName: "managedClusters",
    };

    const extension = new kubernetesconfiguration.Extension(
      `${name}-extension`,
      {
        ...cluster,
        extensionName: "flux",
        extensionType: "microsoft.flux",
        autoUpgradeMinorVersion: true,
        releaseTrain: "Stable",
        scope: { cluster: { releaseNamespace: NAMESPACE } },
        // Fails on an undefined variable, which would otherwise become an empty label.
        configurationSettings: { "kustomize-controller.strict-substitution-mode": "true" },
      },
      // Its controllers need nodes to run on, also to clean up on deletion.
      pulumi.mergeOptions(
        { dependsOn: opts?.dependsOn ?? [] },
        { parent: this, dependsOn: args.cluster, customTimeouts: SLOW },
      ),
    );
    const configuration = new kubernetesconfiguration.FluxConfiguration(
      name,
      {
        ...cluster,
        fluxConfigurationName: name,
        namespace: NAMESPACE,
        scope: "cluster",
        sourceKind: "GitRepository",
        ...repository(args),
        kustomizations: kustomizations(args),
      },
      // Also for deletion: if the extension is deleted first, the objects of its configurations are
      // left behind.
      { parent: this, dependsOn: extension, customTimeouts: SLOW },
    );
    this.configurationId = configuration.id;
    this.registerOutputs({ configurationId: this.configurationId });
  }
}

/** The namespace that AKS creates for Flux. */
const NAMESPACE = "flux-system";

/** Azure has taken more than half an hour. https://github.com/hashicorp/terraform-provider-azurerm/issues/25952 */
const SLOW: pulumi.CustomTimeouts = { create: "60m", update: "60m", delete: "60m" };

/** The Git repository, with its secrets in a separate property, which ARM does not return. */
function repository(args: FluxSourceArgs) {
  const { url, reference, intervalInSeconds, timeoutInSeconds } = args;
  const { httpsUser, httpsKey, sshPrivateKey, sshKnownHosts } = args;
  return {
    gitRepository: {
      url,
      repositoryRef: reference,
      syncIntervalInSeconds: intervalInSeconds,
      timeoutInSeconds,
      ...(httpsUser === undefined ? {} : { httpsUser }),
      ...(sshKnownHosts === undefined ? {} : { sshKnownHosts: base64(sshKnownHosts) }),
    },
    ...(httpsKey === undefined && sshPrivateKey === undefined
      ? {}
      : {
          configurationProtectedSettings: {
            ...(httpsKey === undefined ? {} : { httpsKey: secretBase64(httpsKey) }),
            ...(sshPrivateKey === undefined ? {} : { sshPrivateKey: secretBase64(sshPrivateKey) }),
          },
        }),
  };
}

function kustomizations(args: FluxSourceArgs) {
  const common = {
    prune: true,
    wait: true,
    force: false,
    syncIntervalInSeconds: args.intervalInSeconds,
    retryIntervalInSeconds: 60,
    timeoutInSeconds: args.timeoutInSeconds,
  };
  return Object.fromEntries(
    Object.entries(args.kustomizations).map(([name, { path, dependsOn = [], substitute }]) => [
      name,
      {
        ...common,
        path,
        ...(dependsOn.length > 0 && { dependsOn: [...dependsOn] }),
        postBuild: { substitute: { ...substitute, mesh_revision: args.revision } },
      },
    ]),
  );
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

function secretBase64(text: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.secret(text).apply(base64);
}
