import type { ProxyRedirection } from "../../../mesh/redirection.ts";
import type { Cluster } from "../../engine/cluster.ts";
import { addonProfiles } from "./addonProfiles.ts";
import { enumerated } from "./armEnumeration.ts";
import { azureNative } from "./azureNative.ts";
import { Unknown, firstSet } from "../../engine/cursor.ts";
import type { Cursor, Read } from "../../engine/cursor.ts";
import type { Resource, TargetKind, Target } from "../../engine/resource.ts";

/**
 * Paths of the cluster fields that the rules read: azure-native, and the classic azure. A field that the classic
 * provider does not have is looked up under its native name, and so is absent. The classic provider renamed many fields:
 * the name in version 6 comes first, then those in 5 and 4.
 */
const FIELDS = {
  name: { native: "resourceName", classic: "name" },
  kubernetesVersion: { native: "kubernetesVersion", classic: "kubernetesVersion" },
  supportPlan: { native: "supportPlan", classic: "supportPlan" },
  dnsPrefix: { native: "dnsPrefix", classic: "dnsPrefix" },
  meshMode: { native: "serviceMeshProfile.mode", classic: "serviceMeshProfile.mode" },
  revisions: {
    native: "serviceMeshProfile.istio.revisions",
    classic: "serviceMeshProfile.revisions",
  },
  egressGateways: { native: "serviceMeshProfile.istio.components.egressGateways" },
  redirection: { native: "serviceMeshProfile.istio.components.proxyRedirectionMechanism" },
  pluginCa: {
    native: "serviceMeshProfile.istio.certificateAuthority.plugin",
    classic: "serviceMeshProfile.certificateAuthority",
  },
  skuName: { native: "sku.name" },
  appRoutingGateway: {
    native: "ingressProfile.webAppRouting.gatewayAPIImplementations.appRoutingIstio.mode",
  },
  advancedNetworking: { native: "networkProfile.advancedNetworking" },
  /** With NGINX. The classic provider enables it with the block. */
  appRouting: { native: "ingressProfile.webAppRouting.enabled", classic: "webAppRouting" },
  gatewayApi: { native: "ingressProfile.gatewayAPI.installation" },
  /** How the load balancer probes Services with externalTrafficPolicy: Cluster. */
  probeMode: {
    native: "networkProfile.loadBalancerProfile.clusterServiceLoadBalancerHealthProbeMode",
  },
  staticEgressGateway: { native: "networkProfile.staticEgressGatewayProfile.enabled" },
  skuTier: { native: "sku.tier", classic: "skuTier" },
  localAccountsDisabled: { native: "disableLocalAccounts", classic: "localAccountDisabled" },
  rbac: {
    native: "enableRBAC",
    classic: ["roleBasedAccessControlEnabled", "roleBasedAccessControl.enabled"],
  },
  entra: {
    native: "aadProfile",
    classic: [
      "azureActiveDirectoryRoleBasedAccessControl",
      "roleBasedAccessControl.azureActiveDirectory",
    ],
  },
  azureRbac: {
    native: "aadProfile.enableAzureRBAC",
    classic: [
      "azureActiveDirectoryRoleBasedAccessControl.azureRbacEnabled",
      "roleBasedAccessControl.azureActiveDirectory.azureRbacEnabled",
    ],
  },
  privateCluster: {
    native: "apiServerAccessProfile.enablePrivateCluster",
    classic: "privateClusterEnabled",
  },
  authorizedIpRanges: {
    native: "apiServerAccessProfile.authorizedIPRanges",
    classic: ["apiServerAccessProfile.authorizedIpRanges", "apiServerAuthorizedIpRanges"],
  },
  networkPlugin: {
    native: "networkProfile.networkPlugin",
    classic: "networkProfile.networkPlugin",
  },
  networkPolicy: {
    native: "networkProfile.networkPolicy",
    classic: "networkProfile.networkPolicy",
  },
  networkDataplane: {
    native: "networkProfile.networkDataplane",
    classic: ["networkProfile.networkDataPlane", "networkProfile.ebpfDataPlane"],
  },
  upgradeChannel: {
    native: "autoUpgradeProfile.upgradeChannel",
    classic: ["automaticUpgradeChannel", "automaticChannelUpgrade"],
  },
  nodeOsUpgradeChannel: {
    native: "autoUpgradeProfile.nodeOSUpgradeChannel",
    classic: ["nodeOsUpgradeChannel", "nodeOsChannelUpgrade"],
  },
  oidcIssuer: { native: "oidcIssuerProfile.enabled", classic: "oidcIssuerEnabled" },
  workloadIdentity: {
    native: "securityProfile.workloadIdentity.enabled",
    classic: "workloadIdentityEnabled",
  },
} as const satisfies Readonly<
  Record<string, { readonly native: string; readonly classic?: string | readonly string[] }>
>;

const NATIVE = azureNative("containerservice", "ManagedCluster");
const CLASSIC = "azure:containerservice/kubernetesCluster:KubernetesCluster";

/** An AKS cluster, declared by either provider. */
export class AksCluster implements Cluster, Target {
  readonly resource: Resource;
  readonly label: string;
  readonly provider: "native" | "classic";
  #addon: boolean | Unknown | undefined;

  constructor(resource: Resource) {
    this.resource = resource;
    this.label = resource.inputs.owner;
    this.provider = resource.type === CLASSIC ? "classic" : "native";
  }

  at(field: keyof typeof FIELDS): Cursor {
    return this.#in(this.resource.inputs, field);
  }

  get addon(): boolean | Unknown {
    return (this.#addon ??= this.#readAddon());
  }

  /** Whether it is an AKS Automatic cluster, for which AKS preconfigures many settings. */
  get automatic(): boolean | Unknown {
    const sku = enumerated(this.at("skuName"), ["Automatic"]);
    return sku instanceof Unknown ? sku : sku === "Automatic";
  }

  get kubernetesVersion(): Read<string> {
    return this.at("kubernetesVersion").text();
  }

  get revisions(): Read<readonly Read<string>[]> {
    return texts(this.at("revisions")) ?? this.#known("revisions");
  }

  /** How it redirects traffic, if the program sets it or the existing cluster shows it. */
  get redirection(): Read<ProxyRedirection> {
    const { inputs, outputs } = this.resource;
    const said = redirectionIn(this.#in(inputs, "redirection"));
    if (said !== undefined || outputs === undefined) return said;
    const present = redirectionIn(this.#in(outputs, "redirection"));
    return present instanceof Unknown ? undefined : present;
  }

  /** Whether it already exists, as far as its outputs show it. */
  get exists(): boolean {
    return typeof this.resource.outputs?.at("currentKubernetesVersion").text() === "string";
  }

  /** The fields with which the program enables or disables the Open Service Mesh add-on. */
  get osmSwitches(): readonly Cursor[] | Unknown {
    return this.#osmSwitchesIn(this.resource.inputs);
  }

  /** The same fields of the existing cluster, if they are known and enable the add-on. */
  get osmSwitchesOn(): readonly Cursor[] {
    const { outputs } = this.resource;
    const switches = outputs === undefined ? [] : this.#osmSwitchesIn(outputs);
    return switches instanceof Unknown ? [] : switches.filter((on) => on.flag() === true);
  }

  /** Whether a kubeconfig points to this cluster: the host of its API server starts with the DNS prefix. */
  isNamedBy(kubeconfig: string): boolean {
    const prefix = this.at("dnsPrefix").text();
    return typeof prefix === "string" && kubeconfig.includes(`https://${prefix.toLowerCase()}-`);
  }

  #readAddon(): boolean | Unknown {
    const mode = enumerated(this.at("meshMode"), ["Istio"]);
    return mode instanceof Unknown ? mode : mode === "Istio";
  }

  #osmSwitchesIn(properties: Cursor): readonly Cursor[] | Unknown {
    if (this.provider === "classic") {
      return [
        firstSet(properties, ["openServiceMeshEnabled", "addonProfile.openServiceMesh.enabled"]),
      ];
    }
    const profiles = addonProfiles(properties, "openServiceMesh");
    return profiles instanceof Unknown
      ? profiles
      : profiles.map((profile) => profile.at("enabled"));
  }

  #in(properties: Cursor, field: keyof typeof FIELDS): Cursor {
    const paths: { readonly native: string; readonly classic?: string | readonly string[] } =
      FIELDS[field];
    return firstSet(properties, paths[this.provider] ?? paths.native);
  }

  #known(field: "revisions"): readonly Read<string>[] | undefined {
    const { outputs } = this.resource;
    const list = outputs && texts(this.#in(outputs, field));
    return list instanceof Unknown ? undefined : list;
  }
}

/** Kept because every object in a cluster asks for the cluster. */
const made = new WeakMap<Resource, AksCluster>();

export const clusters: TargetKind<AksCluster> = {
  type: "azure-native:containerservice:ManagedCluster",
  matches: (type) => type === CLASSIC || NATIVE.test(type),
  in: (resource) => {
    const cluster = made.get(resource) ?? new AksCluster(resource);
    made.set(resource, cluster);
    return [cluster];
  },
};

/** Words in the types of Kubernetes clusters. Databases have clusters too. */
const RUNS_KUBERNETES = /(?:kube|container|eks|gke|k8s|k3s|openshift|lke|rancher).*Cluster$/i;

export function isOtherCluster(type: string): boolean {
  // Objects in a cluster are not clusters.
  return !clusters.matches(type) && !type.startsWith("kubernetes:") && RUNS_KUBERNETES.test(type);
}

/** Whether all of the clusters have the add-on; absent if there are no clusters. */
export function allUseAddon(among: readonly Cluster[]): Read<boolean> {
  const uses = among.map(({ addon }) => addon);
  if (uses.includes(false)) return false;
  return uses.find((use) => use instanceof Unknown) ?? uses[0];
}

const REDIRECTIONS: readonly ProxyRedirection[] = ["CNIChaining", "InitContainers"];

function redirectionIn(place: Cursor): Read<ProxyRedirection> {
  const said = enumerated(place, REDIRECTIONS);
  return said instanceof Unknown ? said : REDIRECTIONS.find((one) => one === said);
}

/** A list of strings, some of which may be unknown; absent if it is empty. */
function texts(place: Cursor): Read<readonly Read<string>[]> {
  const items = place.items();
  if (items === undefined || items instanceof Unknown) return items;
  return items.length === 0 ? undefined : items.map((item) => item.text());
}
