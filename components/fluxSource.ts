import * as kubernetesconfiguration from "@pulumi/azure-native/kubernetesconfiguration";
import * as pulumi from "@pulumi/pulumi";
import type { MeshRevision } from "../mesh/revision.ts";
import type { MeshCluster } from "./meshCluster.ts";

export interface FluxSourceArgs {
  /** Where Flux runs. */
  readonly cluster: MeshCluster;
  /** The `https://` or `ssh://` URL of the repository that holds the tree `gitops/`. */
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
  /** The directory below `gitops/apps` to run, such as `dev`. */
  readonly environment: string;
  /** The revision that manifests write as `${mesh_revision}`. */
  readonly revision: pulumi.Input<MeshRevision>;
}

/**
 * Flux v2 on a cluster, following the tree `gitops/` of a Git repository: first `infrastructure`, and once that is
 * ready `apps`. It starts after what the component depends on.
 *
 * @see https://learn.microsoft.com/azure/azure-arc/kubernetes/conceptual-gitops-flux2
 */
export class FluxSource extends pulumi.ComponentResource {
  /** Resource ID of the Flux configuration. */
  readonly configurationId: pulumi.Output<string>;

  constructor(name: string, args: FluxSourceArgs, opts?: pulumi.ComponentResourceOptions) {
    const { url, environment, revision } = args;
    super("aks-istio:index:FluxSource", name, { url, environment, revision }, opts);
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

/** The steps, in order. Both wait for what they applied and take away what has left the repository. */
function kustomizations(args: FluxSourceArgs) {
  const step = {
    prune: true,
    wait: true,
    force: false,
    syncIntervalInSeconds: args.intervalInSeconds,
    retryIntervalInSeconds: 60,
    timeoutInSeconds: args.timeoutInSeconds,
    postBuild: { substitute: { mesh_revision: args.revision } },
  };
  return {
    infrastructure: { ...step, path: "./gitops/infrastructure" },
    // A pod gets its sidecar when it is made: the namespaces have to be there, with their revision.
    apps: { ...step, path: `./gitops/apps/${args.environment}`, dependsOn: ["infrastructure"] },
  };
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

function secretBase64(text: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.secret(text).apply(base64);
}
