import * as kubernetesconfiguration from "@pulumi/azure-native/kubernetesconfiguration";
import * as pulumi from "@pulumi/pulumi";
import type { MeshRevision } from "../../mesh/revision.ts";
import type { MeshCluster } from "../cluster/MeshCluster.ts";
import { blobReaders } from "./blobReaders.ts";
import { configurationInputs } from "./fluxConfiguration.ts";
import type { FluxConfigurationArgs } from "./fluxConfiguration.ts";
import { extensionSettings, federatedControllers } from "./fluxExtension.ts";
import type { FluxExtensionArgs } from "./fluxExtension.ts";
import { createFluxIdentity } from "./fluxIdentity.ts";

/** The platform's own configuration, in the namespace of Flux and with rights on the whole cluster, and the others. */
export type FluxSourceArgs = FluxConfigurationArgs & {
  /** The cluster that runs Flux. */
  readonly cluster: MeshCluster;
  /** Value of `${mesh_revision}` in manifests. */
  readonly revision: pulumi.Input<MeshRevision>;
  /** The extension that runs all configurations. @default - the defaults of each of its settings */
  readonly extension?: FluxExtensionArgs | undefined;
  /** Further configurations, by name. @default none */
  readonly configurations?: Readonly<Record<string, TenantArgs>> | undefined;
};

/** A configuration with a namespace of its own. */
export type TenantArgs = FluxConfigurationArgs & {
  /**
   * The namespace of its objects of Flux, and of the service account that applies its manifests. AKS creates it if it
   * does not exist.
   */
  readonly namespace: pulumi.Input<string>;
  /** Whether it may change only its namespace or the whole cluster. */
  readonly scope: "namespace" | "cluster";
};

/**
 * Flux v2 on a cluster, following directories of Git repositories, buckets or containers of blobs. Its resources depend on
 * the component's `dependsOn`.
 *
 * @see https://learn.microsoft.com/azure/azure-arc/kubernetes/conceptual-gitops-flux2
 */
export class FluxSource extends pulumi.ComponentResource {
  /** Resource ID of the platform's own configuration. */
  readonly configurationId: pulumi.Output<string>;
  /** Whether the cluster has what each configuration says, by name; as of the last deployment or refresh. */
  readonly complianceStates: pulumi.Output<Readonly<Record<string, string>>>;
  /** Object ID of the controllers' managed identity, to which roles can be granted; absent without workload identity. */
  readonly principalId: pulumi.Output<string> | undefined;

  constructor(name: string, args: FluxSourceArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, revision, extension: settings = {}, configurations = {}, ...own } = args;
    super("aks-istio:index:FluxSource", name, { url: addressOf(own), revision }, opts);
    const onCluster = {
      resourceGroupName: cluster.resourceGroupName,
      clusterName: cluster.cluster.name,
      clusterRp: "Microsoft.ContainerService",
      clusterResourceName: "managedClusters",
    };
    // Not for all children: the identity and the roles are outside the cluster, and would be left behind.
    const inCluster = { parent: this, deletedWith: cluster.cluster };
    const federated =
      settings.workloadIdentity === true
        ? createFluxIdentity(
            name,
            { cluster, controllers: federatedControllers(settings), namespace: NAMESPACE },
            { parent: this },
          )
        : undefined;
    this.principalId = federated?.identity.principalId;

    const extension = new kubernetesconfiguration.Extension(
      `${name}-extension`,
      {
        ...onCluster,
        extensionName: "flux",
        extensionType: "microsoft.flux",
        autoUpgradeMinorVersion: true,
        releaseTrain: "Stable",
        scope: { cluster: { releaseNamespace: NAMESPACE } },
        configurationSettings: {
          ...extensionSettings(settings),
          "workloadIdentity.enable": String(federated !== undefined),
          ...(federated !== undefined && {
            "workloadIdentity.azureClientId": federated.identity.clientId,
            "workloadIdentity.azureTenantId": federated.identity.tenantId,
          }),
        },
      },
      // Its controllers need nodes to run on, also to clean up on deletion.
      pulumi.mergeOptions(
        { dependsOn: opts?.dependsOn ?? [] },
        {
          ...inCluster,
          dependsOn: [cluster, ...(federated?.credentials ?? [])],
          customTimeouts: timeouts(),
        },
      ),
    );
    const tenants = Object.entries(configurations);
    const readers = blobReaders(name, [own, ...Object.values(configurations)], cluster, {
      parent: this,
    });
    const configured = (
      logicalName: string,
      fluxConfigurationName: string,
      { namespace, scope, ...configuration }: TenantArgs,
    ) =>
      new kubernetesconfiguration.FluxConfiguration(
        logicalName,
        {
          ...onCluster,
          fluxConfigurationName,
          namespace,
          scope,
          ...configurationInputs(configuration, revision, cluster.kubeletIdentity),
        },
        {
          ...inCluster,
          // Also for deletion: if the extension is deleted first, the objects of its configurations are
          // left behind.
          dependsOn: [extension, ...readers(configuration)],
          customTimeouts: timeouts(configuration.waitInSeconds),
        },
      );
    const platform = configured(name, name, { ...own, namespace: NAMESPACE, scope: "cluster" });
    const all = [
      [name, platform] as const,
      ...tenants.map(
        ([tenant, tenantArgs]) =>
          [tenant, configured(`${name}-${tenant}`, tenant, tenantArgs)] as const,
      ),
    ];
    this.configurationId = platform.id;
    this.complianceStates = pulumi.output(
      Object.fromEntries(all.map(([key, { complianceState }]) => [key, complianceState])),
    );
    this.registerOutputs({
      configurationId: this.configurationId,
      complianceStates: this.complianceStates,
      principalId: this.principalId,
    });
  }
}

/** The namespace that AKS creates for Flux. */
const NAMESPACE = "flux-system";

/** Azure has taken more than half an hour. https://github.com/hashicorp/terraform-provider-azurerm/issues/25952 */
function timeouts(waitInSeconds = 0): pulumi.CustomTimeouts {
  const minutes = `${60 + Math.ceil(waitInSeconds / 60)}m`;
  return { create: minutes, update: minutes, delete: "60m" };
}

function addressOf({ url, bucket, azureBlob }: FluxConfigurationArgs): string {
  return url ?? bucket?.url ?? azureBlob?.url ?? "";
}
