import type { Properties } from "../../offline/plan/values.ts";
import { textAt } from "./access.ts";
import { CALLER } from "./accounts.ts";
import { clusterOutputs } from "./clusterOutputs.ts";
import { guidOf, lastOf, suffixOf } from "./identifiers.ts";

/** A kind of Azure resource. */
export interface Kind {
  /** The resource ID, with the inputs that form it in braces. */
  readonly path: string;
  /** Properties whose change replaces the resource, in addition to those in the ID and `location`. */
  readonly immutable?: readonly string[];
  /** The outputs that Azure adds to the inputs. */
  readonly outputs?: (id: string, inputs: Properties, now: { readonly day: string }) => Properties;
}

const GROUP = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}";
const CLUSTER = `${GROUP}/providers/Microsoft.ContainerService/managedClusters/{resourceName}`;
const ON_CLUSTER = `${GROUP}/providers/{clusterRp}/{clusterResourceName}/{clusterName}/providers/Microsoft.KubernetesConfiguration`;

/**
 * The kinds of resources in programs for AKS. The provider replaces a resource if a property changes that cannot be
 * updated.
 *
 * @see https://github.com/pulumi/pulumi-azure-native/blob/master/provider/pkg/gen/replacement.go
 */
const KINDS: Readonly<Record<string, Kind>> = {
  "resources:ResourceGroup": { path: GROUP },
  "managedidentity:UserAssignedIdentity": {
    path: `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}`,
    outputs: (id) => ({
      principalId: guidOf(`principal of ${id}`),
      clientId: guidOf(`client of ${id}`),
      tenantId: CALLER.tenantId,
    }),
  },
  "managedidentity:FederatedIdentityCredential": {
    path: `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}/federatedIdentityCredentials/{federatedIdentityCredentialResourceName}`,
  },
  "authorization:RoleAssignment": {
    path: "/{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
    immutable: ["principalId"],
  },
  "network:VirtualNetwork": {
    path: `${GROUP}/providers/Microsoft.Network/virtualNetworks/{virtualNetworkName}`,
  },
  "network:Subnet": {
    path: `${GROUP}/providers/Microsoft.Network/virtualNetworks/{virtualNetworkName}/subnets/{subnetName}`,
  },
  "network:NatGateway": {
    path: `${GROUP}/providers/Microsoft.Network/natGateways/{natGatewayName}`,
  },
  "network:PublicIPAddress": {
    path: `${GROUP}/providers/Microsoft.Network/publicIPAddresses/{publicIpAddressName}`,
    immutable: ["publicIPAddressVersion", "publicIPPrefix", "sku"],
    outputs: (id) => ({ ipAddress: addressOf(id) }),
  },
  "containerservice:ManagedCluster": {
    path: CLUSTER,
    immutable: [
      ...["diskEncryptionSetID", "dnsPrefix", "fqdnSubdomain", "nodeResourceGroup"],
      ...["linuxProfile", "windowsProfile"],
      ...[
        "dnsServiceIP",
        "networkDataplane",
        "networkMode",
        "networkPlugin",
        "networkPluginMode",
      ].map(inNetworkProfile),
      ...["networkPolicy", "outboundType", "podCidr", "serviceCidr", "serviceCidrs"].map(
        inNetworkProfile,
      ),
    ],
    outputs: clusterOutputs,
  },
  "containerservice:AgentPool": {
    path: `${CLUSTER}/agentPools/{agentPoolName}`,
    immutable: ["gpuInstanceProfile", "vmSize"],
    outputs: (_, { orchestratorVersion }) => ({
      currentOrchestratorVersion: orchestratorVersion ?? null,
      nodeImageVersion: "AKSUbuntu-2204gen2containerd-202611.01.0",
      powerState: { code: "Running" },
    }),
  },
  "containerservice:MaintenanceConfiguration": {
    path: `${CLUSTER}/maintenanceConfigurations/{configName}`,
  },
  "kubernetesconfiguration:Extension": {
    path: `${ON_CLUSTER}/extensions/{extensionName}`,
    outputs: (id) => ({
      currentVersion: "1.19.5",
      identity: { type: "SystemAssigned", principalId: guidOf(`principal of ${id}`) },
      statuses: [],
    }),
  },
  "kubernetesconfiguration:FluxConfiguration": {
    path: `${ON_CLUSTER}/fluxConfigurations/{fluxConfigurationName}`,
    outputs: () => ({ complianceState: "Compliant", statuses: [] }),
  },
  "keyvault:Vault": {
    path: `${GROUP}/providers/Microsoft.KeyVault/vaults/{vaultName}`,
    outputs: (id, { properties }) => ({
      properties: {
        ...(properties as Properties),
        vaultUri: `https://${lastOf(id)}.vault.azure.net/`,
      },
    }),
  },
  "keyvault:Secret": {
    path: `${GROUP}/providers/Microsoft.KeyVault/vaults/{vaultName}/secrets/{secretName}`,
  },
  "features:SubscriptionFeatureRegistration": {
    path: "/subscriptions/{subscriptionId}/providers/Microsoft.Features/featureProviders/{providerNamespace}/subscriptionFeatureRegistrations/{featureName}",
    outputs: () => ({ properties: { state: "Registered" } }),
  },
  "operationalinsights:Workspace": {
    path: `${GROUP}/providers/Microsoft.OperationalInsights/workspaces/{workspaceName}`,
    outputs: (id) => ({ customerId: guidOf(`customer of ${id}`) }),
  },
  "applicationinsights:Component": {
    path: `${GROUP}/providers/Microsoft.Insights/components/{resourceName}`,
    outputs: (id, inputs) => {
      const key = guidOf(`key of ${id}`);
      return {
        instrumentationKey: key,
        appId: guidOf(`application of ${id}`),
        connectionString: `InstrumentationKey=${key};IngestionEndpoint=https://${textAt(inputs, "location")}-0.in.applicationinsights.azure.com/`,
      };
    },
  },
  "monitor:AzureMonitorWorkspace": {
    path: `${GROUP}/providers/Microsoft.Monitor/accounts/{azureMonitorWorkspaceName}`,
    outputs: (id, inputs) => ({
      accountId: guidOf(`account of ${id}`),
      metrics: {
        prometheusQueryEndpoint: `https://${lastOf(id)}-${suffixOf(id, 4)}.${textAt(inputs, "location")}.prometheus.monitor.azure.com`,
        internalId: `mac_${guidOf(id)}`,
      },
    }),
  },
  "monitor:DataCollectionEndpoint": {
    path: `${GROUP}/providers/Microsoft.Insights/dataCollectionEndpoints/{dataCollectionEndpointName}`,
    outputs: (id, inputs) => {
      const host = `${lastOf(id)}-${suffixOf(id, 4)}.${textAt(inputs, "location")}-1`;
      return {
        immutableId: `dce-${suffixOf(id, 32)}`,
        configurationAccess: { endpoint: `https://${host}.handler.control.monitor.azure.com` },
        logsIngestion: { endpoint: `https://${host}.ingest.monitor.azure.com` },
        metricsIngestion: { endpoint: `https://${host}.metrics.ingest.monitor.azure.com` },
      };
    },
  },
  "monitor:DataCollectionRule": {
    path: `${GROUP}/providers/Microsoft.Insights/dataCollectionRules/{dataCollectionRuleName}`,
    outputs: (id) => ({ immutableId: `dcr-${suffixOf(id, 32)}` }),
  },
  "monitor:DataCollectionRuleAssociation": {
    path: "/{resourceUri}/providers/Microsoft.Insights/dataCollectionRuleAssociations/{associationName}",
  },
  "monitor:DiagnosticSetting": {
    path: "/{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}",
  },
  "dashboard:Grafana": {
    path: `${GROUP}/providers/Microsoft.Dashboard/grafana/{workspaceName}`,
    outputs: (id, inputs) => ({
      identity: {
        type: "SystemAssigned",
        principalId: guidOf(`principal of ${id}`),
        tenantId: CALLER.tenantId,
      },
      properties: {
        ...(inputs["properties"] as Properties),
        endpoint: `https://${lastOf(id)}-${suffixOf(id, 4)}.${textAt(inputs, "location")}.grafana.azure.com`,
      },
    }),
  },
};

/** The kind of a type such as `azure-native:containerservice:ManagedCluster`, in any API version. */
export function kindOf(type: string): Kind {
  const { module, name } = partsOf(type);
  // All that is known is that it is in a resource group.
  const path = `${GROUP}/providers/Microsoft.${module}/${name}/{name}`;
  return KINDS[`${module}:${name}`] ?? { path };
}

/** Whether two types are the same, regardless of API version. */
export function isOfKind(type: string, kind: string): boolean {
  const { module, name } = partsOf(type);
  return `${module}:${name}` === kind;
}

/** The module and the name of a type, without its API version. */
export function partsOf(type: string): { readonly module: string; readonly name: string } {
  const [, versioned = "", name = ""] = type.split(":");
  return { module: versioned.split("/")[0] ?? "", name };
}

function inNetworkProfile(property: string): string {
  return `networkProfile.${property}`;
}

/** An address from a range that is reserved for documentation. */
function addressOf(id: string): string {
  return `203.0.113.${(Number.parseInt(suffixOf(id, 2), 16) % 254) + 1}`;
}
