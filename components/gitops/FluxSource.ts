import * as kubernetesconfiguration from "@pulumi/azure-native/kubernetesconfiguration";
import * as pulumi from "@pulumi/pulumi";
import type { MeshRevision } from "../../mesh/revision.ts";
import type { MeshCluster } from "../cluster/MeshCluster.ts";

/**
 * One directory that Flux applies.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/
 */
export interface FluxKustomization {
  /** A directory of the repository, such as `./gitops/apps/prod`. */
  readonly path: string;
  /**
   * The kustomizations that have to be ready before.
   * @default none
   */
  readonly dependsOn?: readonly string[] | undefined;
  /**
   * Values of variables that manifests write as `${name}`, beside `mesh_revision`.
   * @default none
   */
  readonly substitute?: Readonly<Record<string, string>> | undefined;
}

export interface FluxSourceArgs {
  /** Where Flux runs. */
  readonly cluster: MeshCluster;
  /** The `https://` or `ssh://` URL of the repository. */
  readonly url: string;
  /** What of it to follow: exactly one of these. */
  readonly reference: {
    readonly branch?: string | undefined;
    readonly tag?: string | undefined;
    readonly semver?: string | undefined;
    readonly commit?: string | undefined;
  };
  /** User of a private `https://` repository. */
  readonly httpsUser?: string | undefined;
  /** Password or token of that user; becomes a secret if it is none. */
  readonly httpsKey?: pulumi.Input<string> | undefined;
  /** Private key for an `ssh://` repository, in PEM form; becomes a secret if it is none. */
  readonly sshPrivateKey?: pulumi.Input<string> | undefined;
  /** The host's lines of a `known_hosts` file. */
  readonly sshKnownHosts?: string | undefined;
  /** Seconds between two looks at the repository, and at the cluster for what has drifted from it. */
  readonly intervalInSeconds: number;
  /** Seconds that a step may take until all it applied is ready. */
  readonly timeoutInSeconds: number;
  /** What Flux applies, by name. Each waits for what it applied, and removes what has left the repository. */
  readonly kustomizations: Readonly<Record<string, FluxKustomization>>;
  /** The revision that manifests write as `${mesh_revision}`. */
  readonly revision: pulumi.Input<MeshRevision>;
}

/**
 * Flux v2 on a cluster, following directories of a Git repository. It starts after what the component depends on.
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
        // A variable that nobody set stops the step; it would become an empty label otherwise.
        configurationSettings: { "kustomize-controller.strict-substitution-mode": "true" },
      },
      // Its controllers need nodes to run on, and again to clean up after themselves.
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
      // Also for the way back: an extension that goes before its configurations leaves their objects behind.
      { parent: this, dependsOn: extension, customTimeouts: SLOW },
    );
    this.configurationId = configuration.id;
    this.registerOutputs({ configurationId: this.configurationId });
  }
}

/** The namespace that AKS makes for Flux. */
const NAMESPACE = "flux-system";

/** Azure has taken more than half an hour. https://github.com/hashicorp/terraform-provider-azurerm/issues/25952 */
const SLOW: pulumi.CustomTimeouts = { create: "60m", update: "60m", delete: "60m" };

/** Where the manifests come from, with what is secret about it apart: ARM gives the one back and not the other. */
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
