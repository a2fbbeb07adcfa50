import { kubernetesMinor } from "./catalog.ts";
import type { Problem } from "./problem.ts";
import { addressAt, prefixLength } from "./ranges.ts";

/** How clients reach the API server of a cluster. */
export type ApiServerAccess = "public" | "vnet-integrated" | "private";

/** The properties of a cluster that are immutable, or change only step by step. */
export interface ClusterState {
  /** The Azure region. */
  readonly location: string;
  /** Name of the cluster; undefined if Pulumi generates it. */
  readonly name?: string | undefined;
  /** Name of an existing resource group; undefined if the program creates one. */
  readonly resourceGroup?: string | undefined;
  readonly kubernetesVersion: string;
  /** Whether AKS upgrades the version automatically, so deployments no longer set it. */
  readonly versionIsMoved: boolean;
  readonly apiServer: {
    readonly access: ApiServerAccess;
    readonly privateDnsZoneId?: string | undefined;
  };
  readonly network: {
    /** Range of the virtual network, if the program creates it. */
    readonly addressSpace?: string;
    /** Resource IDs of existing subnets. */
    readonly subnets?: { readonly nodes: string; readonly apiServer?: string | undefined };
    readonly podCidr: string;
    readonly serviceCidr: string;
    readonly outboundType: string;
  };
  readonly zones: readonly string[];
  /** The VM size of each pool, by the path of its setting. */
  readonly vmSizes: Readonly<Record<string, string>>;
  readonly nodeSecurity: {
    readonly secureBoot: boolean;
    readonly vTPM: boolean;
    readonly encryptionAtHost: boolean;
  };
  /** The names of the secrets in Key Vault that hold the mesh's CA, by part; undefined for Istio's self-signed CA. */
  readonly certificateAuthority: Readonly<Record<string, string>> | undefined;
  /** The API that defines each ingress gateway, by the gateway's name. */
  readonly ingressApis: Readonly<Record<string, string>>;
}

/** An immutable property of a cluster. */
interface Fixed {
  readonly path: string;
  readonly of: (state: ClusterState) => string | undefined;
  /** Why it is immutable, and what to do instead. */
  readonly why: string;
  readonly see: string;
}

const NEW_CLUSTER = "Undo it, or create a new cluster as a new stack.";

/** The immutable properties, each with its source. A property that is unset on one side is left to other checks. */
export const FIXED: readonly Fixed[] = [
  {
    path: "cluster.name",
    of: ({ name }) => name ?? "",
    why: `renames the cluster, which Azure does not support: Pulumi would replace the cluster. ${NEW_CLUSTER}`,
    see: "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules",
  },
  {
    path: "cluster.resourceGroup",
    of: ({ resourceGroup }) => resourceGroup?.toLowerCase() ?? "",
    why: `moves the cluster to another resource group, which AKS does not support: Pulumi would replace the cluster. ${NEW_CLUSTER}`,
    see: "https://learn.microsoft.com/azure/azure-resource-manager/management/move-support-resources#microsoftcontainerservice",
  },
  {
    path: "cluster.network.addressSpace",
    of: ({ network }) => network.addressSpace,
    why: `replaces the address space of the virtual network, but Azure cannot change subnets that are in use. ${NEW_CLUSTER}`,
    see: "https://learn.microsoft.com/azure/virtual-network/manage-virtual-network#add-or-remove-an-address-range",
  },
  {
    path: "cluster.network.subnets.nodes",
    of: ({ network }) => network.subnets?.nodes.toLowerCase(),
    why: `moves the nodes to another subnet, but the subnet of a node pool is immutable. ${NEW_CLUSTER}`,
    see: "https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/kubernetes_cluster_node_pool#vnet_subnet_id",
  },
  {
    path: "cluster.network.subnets.apiServer",
    of: ({ network }) => network.subnets?.apiServer?.toLowerCase(),
    why: `moves the API server to another subnet, but the subnet of an API server is immutable. ${NEW_CLUSTER}`,
    see: "https://learn.microsoft.com/azure/aks/api-server-vnet-integration",
  },
  {
    path: "cluster.network.serviceCidr",
    of: ({ network }) => network.serviceCidr,
    why: `sets another service CIDR, but the service CIDR is immutable. ${NEW_CLUSTER}`,
    see: "https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/kubernetes_cluster#service_cidr",
  },
  {
    path: "cluster.zones",
    of: ({ zones }) => [...zones].sort().join(", "),
    why: `moves the nodes to other zones, but the zones of a node pool are immutable. ${NEW_CLUSTER}`,
    see: "https://learn.microsoft.com/azure/aks/availability-zones",
  },
  {
    path: "cluster.nodeSecurity.encryptionAtHost",
    of: ({ nodeSecurity }) => String(nodeSecurity.encryptionAtHost),
    why: `switches encryption at host, which AKS supports only for new node pools. ${NEW_CLUSTER}`,
    see: "https://learn.microsoft.com/azure/aks/enable-host-encryption",
  },
];

/**
 * The problems of changing a cluster from one state to another in one deployment, with paths from the keys of the
 * stack. Changes that no rule here covers count as legal; the caller reports them.
 */
export function judgeClusterChange(before: ClusterState, after: ClusterState): readonly Problem[] {
  return [
    ...region(before, after),
    ...kubernetes(before, after),
    ...FIXED.flatMap(({ path, of, why }) => {
      const [was, will] = [of(before), of(after)];
      const differs = was !== undefined && will !== undefined && was !== will;
      return differs ? refuse(path, why) : [];
    }),
    ...whoseNetwork(before, after),
    ...podRange(before, after),
    ...outbound(before, after),
    ...access(before, after),
    ...pools(before, after),
    ...trustedLaunch(before, after),
    ...certificateAuthority(before, after),
    ...ingress(before, after),
  ];
}

/** A stack belongs to one region. */
function region(before: ClusterState, after: ClusterState): readonly Problem[] {
  if (before.location.toLowerCase() === after.location.toLowerCase()) return [];
  return refuse(
    "azure-native:location",
    `moves from ${before.location} to ${after.location}, which Azure does not support: Pulumi would delete the cluster and create a new one. Undo it, or create a new stack.`,
  );
}

/** @see https://learn.microsoft.com/azure/aks/upgrade-aks-cluster#kubernetes-version-upgrades */
function kubernetes(before: ClusterState, after: ClusterState): readonly Problem[] {
  const [was, will] = [before.kubernetesVersion, after.kubernetesVersion];
  const steps = (kubernetesMinor(will) ?? 0) - (kubernetesMinor(was) ?? 0);
  if (after.versionIsMoved || steps === 0 || steps === 1) return [];
  if (steps < 0) {
    return refuse(
      "cluster.kubernetesVersion",
      `goes back from ${was} to ${will}, but AKS does not downgrade a cluster. Leave kubernetesVersion at ${was}.`,
    );
  }
  const next = was.replace(/\d+$/, (minor) => String(Number(minor) + 1));
  return refuse(
    "cluster.kubernetesVersion",
    `goes from ${was} to ${will}, but AKS upgrades one minor version at a time. Set kubernetesVersion to ${next} first.`,
  );
}

/** A change between a network that the program creates and an existing one. */
function whoseNetwork(before: ClusterState, after: ClusterState): readonly Problem[] {
  const [was, will] = [before, after].map(({ network }) => network.subnets !== undefined);
  if (was === will) return [];
  return refuse(
    "cluster.network.subnets",
    `moves the nodes to another network, but the subnet of a node pool is immutable. ${NEW_CLUSTER}`,
  );
}

/** @see https://learn.microsoft.com/azure/aks/azure-cni-overlay-pod-cidr */
function podRange(before: ClusterState, after: ClusterState): readonly Problem[] {
  const [was, will] = [before.network.podCidr, after.network.podCidr];
  if (was === will) return [];
  const path = "cluster.network.podCidr";
  const expands =
    addressAt(was, 0) === addressAt(will, 0) && prefixLength(will) < prefixLength(was);
  return expands
    ? warn(
        path,
        `expands the pod CIDR from ${was} to ${will}. This is a preview feature of AKS that requires certain Kubernetes versions: try it on a test cluster first.`,
      )
    : refuse(
        path,
        `replaces the pod CIDR ${was} with ${will}. AKS can only expand it, with the same first address. ${NEW_CLUSTER}`,
      );
}

/** @see https://learn.microsoft.com/azure/aks/egress-outboundtype#updating-outboundtype-after-cluster-creation */
function outbound(before: ClusterState, after: ClusterState): readonly Problem[] {
  const [was, will] = [before.network.outboundType, after.network.outboundType];
  if (was === will) return [];
  return warn(
    "cluster.network.outboundType",
    `goes from ${was} to ${will}, which interrupts connections and changes the cluster's outbound addresses. Allow the new ones in every firewall and in apiServer.authorizedIPRanges first.`,
  );
}

/**
 * VNet integration of the API server is permanent. A cluster with VNet integration can switch between public and
 * private.
 *
 * @see https://learn.microsoft.com/azure/aks/api-server-vnet-integration#convert-an-existing-aks-cluster-to-api-server-vnet-integration
 * @see https://learn.microsoft.com/azure/aks/private-clusters#configure-a-private-dns-zone
 */
function access(before: ClusterState, after: ClusterState): readonly Problem[] {
  const [was, will] = [before.apiServer, after.apiServer];
  const path = "cluster.apiServer.access";
  if (was.access === will.access) {
    return was.access !== "private" ||
      was.privateDnsZoneId?.toLowerCase() === will.privateDnsZoneId?.toLowerCase()
      ? []
      : refuse(
          "cluster.apiServer.privateDnsZoneId",
          `moves the API server to another private DNS zone, which AKS does not support. ${NEW_CLUSTER}`,
        );
  }
  if (will.access === "public") {
    const instead = was.access === "private" ? "Set access to vnet-integrated" : "Undo it";
    return refuse(
      path,
      `takes the API server out of the virtual network, which AKS does not support. ${instead}, or create a new cluster as a new stack.`,
    );
  }
  if (was.access === "public" && will.access === "private") {
    return refuse(
      path,
      "makes a public API server private in one deployment. AKS requires VNet integration first: set access to vnet-integrated.",
    );
  }
  if (was.access === "public") {
    return warn(
      path,
      "moves the API server into the virtual network permanently. Its address changes, every node gets a new image, and you must restart the cluster right after the deployment: az aks stop, then az aks start.",
    );
  }
  return will.access === "vnet-integrated"
    ? warn(
        path,
        "opens a private API server to the internet, which is a preview feature of AKS. Register the feature, or leave access at private.",
      )
    : warn(
        path,
        "makes the API server private: only clients in its virtual network, or in a connected one, can reach the cluster. This includes pulumi up.",
      );
}

/** @see https://learn.microsoft.com/azure/aks/manage-node-pools#limitations */
function pools(before: ClusterState, after: ClusterState): readonly Problem[] {
  return Object.entries(before.vmSizes).flatMap(([path, was]) => {
    const will = after.vmSizes[path];
    if (will === undefined || will === was) return [];
    const instead = path.startsWith("cluster.systemPool")
      ? NEW_CLUSTER
      : "Add a pool with another name, move the workloads to it, then remove this one.";
    return refuse(
      path,
      `resizes the nodes of a pool from ${was} to ${will}, but the VM size of a node pool is immutable. ${instead}`,
    );
  });
}

/** @see https://learn.microsoft.com/azure/aks/use-trusted-launch#enable-vtpm-or-secure-boot-on-an-existing-trusted-launch-node-pool */
function trustedLaunch(before: ClusterState, after: ClusterState): readonly Problem[] {
  const has = ({ nodeSecurity: { secureBoot, vTPM } }: ClusterState) => secureBoot || vTPM;
  if (has(before) || !has(after)) return [];
  return refuse(
    after.nodeSecurity.secureBoot ? "cluster.nodeSecurity.secureBoot" : "cluster.nodeSecurity.vTPM",
    `enables trusted launch, which AKS cannot add to an existing node pool. ${NEW_CLUSTER}`,
  );
}

/** @see https://learn.microsoft.com/azure/aks/istio-plugin-ca */
function certificateAuthority(before: ClusterState, after: ClusterState): readonly Problem[] {
  const [was, will] = [before.certificateAuthority, after.certificateAuthority];
  const rule = "AKS accepts a CA only when it creates the mesh";
  if (was === undefined && will !== undefined) {
    return refuse(
      "certificates",
      `adds a plug-in CA to a mesh that was created without one, but ${rule}: Pulumi would replace the cluster. ${NEW_CLUSTER}`,
    );
  }
  if (was !== undefined && will === undefined) {
    return refuse(
      "certificates",
      `removes the plug-in CA of a mesh, but ${rule}: Pulumi would replace the cluster. ${NEW_CLUSTER}`,
    );
  }
  const parts = Object.keys(will ?? {}).filter((part) => was?.[part] !== will?.[part]);
  return parts.flatMap((part) =>
    refuse(
      `certificates.objectNames.${part}`,
      `reads a part of the CA from another secret, but ${rule}: Pulumi would replace the cluster. To renew the CA, write new values into the same secrets.`,
    ),
  );
}

/** Each API creates its own gateway, with its own Service and load balancer address. */
function ingress(before: ClusterState, after: ClusterState): readonly Problem[] {
  return Object.entries(before.ingressApis).flatMap(([name, was]) => {
    const will = after.ingressApis[name];
    if (will === undefined || will === was) return [];
    return warn(
      `gateways.ingress.${name}.api`,
      `removes the ${was} gateway before it creates the ${will} gateway. In between, no host is reachable, and the new gateway has another address unless it has a static IP. Lower the TTL of the DNS records first.`,
    );
  });
}

function refuse(path: string, why: string): readonly Problem[] {
  return [{ severity: "error", path, message: `This change ${why}` }];
}

function warn(path: string, what: string): readonly Problem[] {
  return [{ severity: "warning", path, message: `This change ${what}` }];
}
