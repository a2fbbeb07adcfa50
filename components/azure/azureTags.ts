import type * as pulumi from "@pulumi/pulumi";

/**
 * The Azure resources of this program that support tags. ARM rejects tags on others, such as subnets and role
 * assignments.
 *
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-support
 */
const TAGGED: ReadonlySet<string> = new Set([
  "azure-native:applicationinsights:Component",
  "azure-native:containerservice:AgentPool",
  "azure-native:containerservice:ManagedCluster",
  "azure-native:dashboard:Grafana",
  "azure-native:keyvault:Secret",
  "azure-native:keyvault:Vault",
  "azure-native:managedidentity:UserAssignedIdentity",
  "azure-native:monitor:AzureMonitorWorkspace",
  "azure-native:monitor:DataCollectionEndpoint",
  "azure-native:monitor:DataCollectionRule",
  "azure-native:network:NatGateway",
  "azure-native:network:PublicIPAddress",
  "azure-native:network:VirtualNetwork",
  "azure-native:operationalinsights:Workspace",
  "azure-native:resources:ResourceGroup",
]);

/**
 * Options that add the tags to all Azure resources of a component that support tags. Without tags the options are
 * empty, so tags set elsewhere stay unchanged.
 */
export function withTags(
  tags: Readonly<Record<string, string>>,
): Pick<pulumi.ComponentResourceOptions, "transformations"> {
  if (Object.keys(tags).length === 0) return {};
  const tag: pulumi.ResourceTransformation = ({ type, props, opts }) =>
    TAGGED.has(type) ? { props: { ...props, tags: { ...tags } }, opts } : undefined;
  return { transformations: [tag] };
}
