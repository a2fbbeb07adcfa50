import type { PlannedResource } from "../../offline/plan/plan.ts";
import { packageOf } from "../../offline/plan/urn.ts";
import { concerns, isWithin, patternOf } from "./propertyPath.ts";
import type { PathPattern, PropertyPath } from "./propertyPath.ts";

/** Why a change may replace its resource, as the end of "may replace it: …"; undefined if nothing is known about it. */
export function mayReplace(
  { type, options }: PlannedResource,
  path: PropertyPath,
): string | undefined {
  const [named] = options.replaceOnChanges.filter((text) => concerns(path, patternOf(text)));
  if (named !== undefined) return `replaceOnChanges names ${named}`;
  const provider = PROVIDERS[packageOf(type)];
  if (provider === undefined) return undefined;
  const isKnown = provider.patternsOf(type).some((pattern) => concerns(path, pattern));
  return isKnown ? provider.reason : undefined;
}

/** Whether the option ignoreChanges names a property, so that its change has no effect on an existing resource. */
export function isIgnored({ options }: PlannedResource, path: PropertyPath): boolean {
  return options.ignoreChanges.some((text) => isWithin(path, patternOf(text)));
}

interface Provider {
  readonly reason: string;
  readonly patternsOf: (type: string) => readonly PathPattern[];
}

/**
 * The properties whose changes make a provider replace a resource, as far as they are known here: those of AKS and of
 * common Kubernetes objects. Each list is from the source of its provider, which does not put it into its SDK.
 *
 * @see https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/provider/diff.go
 * @see https://github.com/pulumi/pulumi-azure-native/blob/master/provider/pkg/gen/replacement.go
 */
const PROVIDERS: Readonly<Record<string, Provider>> = {
  kubernetes: {
    reason: "the Kubernetes provider replaces an object in which it changes",
    patternsOf: (type) => {
      const [, version = "", kind = ""] = type.split(":");
      // A patch changes an object that something else has created.
      if (kind.endsWith("Patch") || version.startsWith("helm.sh/")) return [];
      const group = /^(.*)\/v\d+$/.exec(version)?.[1] ?? "";
      return [...IDENTITY, ...(OBJECTS[`${group}:${kind}`] ?? [])].map(patternOf);
    },
  },
  "azure-native": {
    reason: "the Azure Native provider replaces a resource in which it changes",
    patternsOf: (type) => {
      // `azure-native:containerservice/v20250901:ManagedCluster` has its version of the API.
      const [, module = "", name = ""] = type.split(":");
      const [service = ""] = module.split("/");
      return ["resourceGroupName", ...(AZURE[`${service}:${name}`] ?? [])].map(patternOf);
    },
  },
};

const IDENTITY = ["metadata.name", "metadata.namespace"];

const OBJECTS: Readonly<Record<string, readonly string[]>> = {
  "apps:Deployment": ["spec.selector"],
  "apps:StatefulSet": [
    "spec.podManagementPolicy",
    "spec.revisionHistoryLimit",
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
  ],
  "batch:Job": ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
  "core:ConfigMap": ["binaryData", "data"],
  "core:PersistentVolumeClaim": ["spec"],
  "core:Secret": ["type", "stringData", "data"],
  "core:Service": ["spec.clusterIP"],
  "rbac.authorization.k8s.io:ClusterRoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io:RoleBinding": ["roleRef"],
  "storage.k8s.io:StorageClass": ["parameters", "provisioner"],
};

const AZURE: Readonly<Record<string, readonly string[]>> = {
  "authorization:RoleAssignment": ["principalId", "scope"],
  "containerservice:AgentPool": ["gpuInstanceProfile", "vmSize"],
  "containerservice:ManagedCluster": [
    "diskEncryptionSetID",
    "dnsPrefix",
    "fqdnSubdomain",
    "linuxProfile",
    "location",
    "networkProfile.dnsServiceIP",
    "networkProfile.networkDataplane",
    "networkProfile.networkMode",
    "networkProfile.networkPlugin",
    "networkProfile.networkPluginMode",
    "networkProfile.networkPolicy",
    "networkProfile.outboundType",
    "networkProfile.podCidr",
    "networkProfile.serviceCidr",
    "networkProfile.serviceCidrs",
    "nodeResourceGroup",
    "windowsProfile",
  ],
  "network:PrivateEndpoint": ["subnet"],
  "network:PublicIPAddress": ["location", "publicIPAddressVersion", "publicIPPrefix", "sku"],
  "network:VirtualNetwork": ["location"],
  "resources:ResourceGroup": ["location"],
};
