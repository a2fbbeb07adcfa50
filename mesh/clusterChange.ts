import { kubernetesMinor } from "./catalog.ts";
import type { Problem } from "./problem.ts";
import { addressAt, prefixLength } from "./ranges.ts";

/** How the API server of a cluster is reached. */
export type ApiServerAccess = "public" | "vnet-integrated" | "private";

/** What of a cluster it keeps for good, or changes only step by step. */
export interface ClusterState {
  /** The Azure region. */
  readonly location: string;
  /** Of the cluster; undefined for the program's own choice. */
  readonly name?: string | undefined;
  /** Its resource group; undefined for one that the program makes. */
  readonly resourceGroup?: string | undefined;
  readonly kubernetesVersion: string;
  /** Whether AKS moves the version by itself, so that a deployment no longer sets it. */
  readonly versionIsMoved: boolean;
  readonly apiServer: {
    readonly access: ApiServerAccess;
    readonly privateDnsZoneId?: string | undefined;
  };
  readonly network: {
    /** Of the virtual network, where the program makes it. */
    readonly addressSpace?: string;
    /** Subnets that are there already, by resource ID. */
    readonly subnets?: { readonly nodes: string; readonly apiServer?: string | undefined };
    readonly podCidr: string;
    readonly serviceCidr: string;
    readonly outboundType: string;
  };
  readonly zones: readonly string[];
  /** The size of the machines of each pool, by the path of its setting. */
  readonly vmSizes: Readonly<Record<string, string>>;
  readonly nodeSecurity: {
    readonly secureBoot: boolean;
    readonly vTPM: boolean;
    readonly encryptionAtHost: boolean;
  };
  /** The secrets in Key Vault that are the mesh's CA, by part; undefined where Istio makes one for itself. */
  readonly certificateAuthority: Readonly<Record<string, string>> | undefined;
  /** The API by which each ingress gateway is made, by the gateway's name. */
  readonly ingressApis: Readonly<Record<string, string>>;
}

/** A property that a cluster keeps for good. */
interface Fixed {
  readonly path: string;
  readonly of: (state: ClusterState) => string | undefined;
  /** Why it is fixed and what to do instead. */
  readonly why: string;
  readonly see: string;
}

const NEW_CLUSTER = "Undo it, or make a new cluster as a new stack.";

/**
 * The properties that no deployment changes, each with its source. One that is not set on either side is another one's
 * to judge.
 */
export const FIXED: readonly Fixed[] = [
  {
    path: "cluster.name",
    of: ({ name }) => name ?? "",
    why: `gives the cluster another name, and Azure renames nothing: Pulumi would replace the cluster. ${NEW_CLUSTER}`,
    see: "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules",
  },
  {
    path: "cluster.resourceGroup",
    of: ({ resourceGroup }) => resourceGroup?.toLowerCase() ?? "",
    why: `puts the cluster into another resource group, and AKS does not move clusters: Pulumi would replace it. ${NEW_CLUSTER}`,
    see: "https://learn.microsoft.com/azure/azure-resource-manager/management/move-support-resources#microsoftcontainerservice",
  },
  {
    path: "cluster.network.addressSpace",
    of: ({ network }) => network.addressSpace,
    why: `moves the virtual network to other addresses, and Azure changes no subnet that has machines in it. ${NEW_CLUSTER}`,
    see: "https://learn.microsoft.com/azure/virtual-network/manage-virtual-network#add-or-remove-an-address-range",
  },
  {
    path: "cluster.network.subnets.nodes",
    of: ({ network }) => network.subnets?.nodes.toLowerCase(),
    why: `moves the nodes to another subnet, and a pool keeps its subnet. ${NEW_CLUSTER}`,
    see: "https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/kubernetes_cluster_node_pool#vnet_subnet_id",
  },
  {
    path: "cluster.network.subnets.apiServer",
    of: ({ network }) => network.subnets?.apiServer?.toLowerCase(),
    why: `moves the API server to another subnet, and a cluster keeps the one that it began with. ${NEW_CLUSTER}`,
    see: "https://learn.microsoft.com/azure/aks/api-server-vnet-integration",
  },
  {
    path: "cluster.network.serviceCidr",
    of: ({ network }) => network.serviceCidr,
    why: `gives Services other addresses, and a cluster keeps the range that it began with. ${NEW_CLUSTER}`,
    see: "https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/kubernetes_cluster#service_cidr",
  },
  {
    path: "cluster.zones",
    of: ({ zones }) => [...zones].sort().join(", "),
    why: `places nodes in other zones, and a pool keeps the zones that it began with. ${NEW_CLUSTER}`,
    see: "https://learn.microsoft.com/azure/aks/availability-zones",
  },
  {
    path: "cluster.nodeSecurity.encryptionAtHost",
    of: ({ nodeSecurity }) => String(nodeSecurity.encryptionAtHost),
    why: `changes how the hosts of existing nodes encrypt, and AKS sets that only when it creates a pool. ${NEW_CLUSTER}`,
    see: "https://learn.microsoft.com/azure/aks/enable-host-encryption",
  },
];

/**
 * What is wrong with going from one state of a cluster to another in one deployment, with paths from the keys
 * of the stack. What no rule here knows, it takes for legal: the caller says what else has changed.
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

/** Everything of a stack is in its region, and nothing moves. */
function region(before: ClusterState, after: ClusterState): readonly Problem[] {
  if (before.location.toLowerCase() === after.location.toLowerCase()) return [];
  return refuse(
    "azure-native:location",
    `moves from ${before.location} to ${after.location}, and Azure moves nothing: it would delete the cluster and make a new one. Undo it, or make a new stack.`,
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
      `goes back from ${was} to ${will}, and AKS does not downgrade a cluster. Leave kubernetesVersion at ${was}.`,
    );
  }
  const next = was.replace(/\d+$/, (minor) => String(Number(minor) + 1));
  return refuse(
    "cluster.kubernetesVersion",
    `goes from ${was} to ${will}, and AKS upgrades one minor version at a time. Set kubernetesVersion to ${next} first.`,
  );
}

/** Whether the network is the program's own or one that is there already. */
function whoseNetwork(before: ClusterState, after: ClusterState): readonly Problem[] {
  const [was, will] = [before, after].map(({ network }) => network.subnets !== undefined);
  if (was === will) return [];
  return refuse(
    "cluster.network.subnets",
    `moves the nodes to another network, and a pool keeps its subnet. ${NEW_CLUSTER}`,
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
        `expands the range of pods from ${was} to ${will}. AKS offers that as a preview feature, with limits on the Kubernetes version: try it on a cluster that may break.`,
      )
    : refuse(
        path,
        `replaces the range of pods, ${was}, by ${will}. AKS can only expand it, from the same first address on. ${NEW_CLUSTER}`,
      );
}

/** @see https://learn.microsoft.com/azure/aks/egress-outboundtype#updating-outboundtype-after-cluster-creation */
function outbound(before: ClusterState, after: ClusterState): readonly Problem[] {
  const [was, will] = [before.network.outboundType, after.network.outboundType];
  if (was === will) return [];
  return warn(
    "cluster.network.outboundType",
    `goes from ${was} to ${will}, which interrupts connections and gives the cluster other outbound addresses. Let these through every firewall first, and through apiServer.authorizedIPRanges.`,
  );
}

/**
 * Integration into the virtual network is for good; whether a cluster that has it is private is not.
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
          `registers the API server in another private DNS zone, which AKS does not do. ${NEW_CLUSTER}`,
        );
  }
  if (will.access === "public") {
    const instead = was.access === "private" ? "Set access to vnet-integrated" : "Undo it";
    return refuse(
      path,
      `takes the API server out of the virtual network, and AKS cannot. ${instead}, or make a new cluster as a new stack.`,
    );
  }
  if (was.access === "public" && will.access === "private") {
    return refuse(
      path,
      "makes a public API server private in one deployment. AKS does that only for one in the virtual network: set access to vnet-integrated first.",
    );
  }
  if (was.access === "public") {
    return warn(
      path,
      "puts the API server into the virtual network, for good. It gets another address, every node gets a new image, and the cluster has to be restarted by hand right after the deployment: az aks stop, then az aks start.",
    );
  }
  return will.access === "vnet-integrated"
    ? warn(
        path,
        "opens a private API server to the internet, which AKS offers as a preview feature. Register it, or leave access at private.",
      )
    : warn(
        path,
        "makes the API server private: whoever is not in its virtual network, or in one connected to it, no longer reaches the cluster, pulumi up included.",
      );
}

/** @see https://learn.microsoft.com/azure/aks/manage-node-pools#limitations */
function pools(before: ClusterState, after: ClusterState): readonly Problem[] {
  return Object.entries(before.vmSizes).flatMap(([path, was]) => {
    const will = after.vmSizes[path];
    if (will === undefined || will === was) return [];
    const instead = path.startsWith("cluster.systemPool")
      ? NEW_CLUSTER
      : "Add a pool with another name, move the workloads to it, and then remove this one.";
    return refuse(
      path,
      `resizes the machines of a pool from ${was} to ${will}, which keeps the size that it began with. ${instead}`,
    );
  });
}

/** @see https://learn.microsoft.com/azure/aks/use-trusted-launch#enable-vtpm-or-secure-boot-on-an-existing-trusted-launch-node-pool */
function trustedLaunch(before: ClusterState, after: ClusterState): readonly Problem[] {
  const has = ({ nodeSecurity: { secureBoot, vTPM } }: ClusterState) => secureBoot || vTPM;
  if (has(before) || !has(after)) return [];
  return refuse(
    after.nodeSecurity.secureBoot ? "cluster.nodeSecurity.secureBoot" : "cluster.nodeSecurity.vTPM",
    `asks for trusted launch, and AKS adds it to no pool that began without it. ${NEW_CLUSTER}`,
  );
}

/** @see https://learn.microsoft.com/azure/aks/istio-plugin-ca */
function certificateAuthority(before: ClusterState, after: ClusterState): readonly Problem[] {
  const [was, will] = [before.certificateAuthority, after.certificateAuthority];
  const rule = "AKS takes a CA only when it creates the mesh";
  if (was === undefined && will !== undefined) {
    return refuse(
      "certificates",
      `gives a CA of your own to a mesh that began without one, and ${rule}: Pulumi would replace the cluster. ${NEW_CLUSTER}`,
    );
  }
  if (was !== undefined && will === undefined) {
    return refuse(
      "certificates",
      `takes its CA from a mesh that began with it, and ${rule}: Pulumi would replace the cluster. ${NEW_CLUSTER}`,
    );
  }
  const parts = Object.keys(will ?? {}).filter((part) => was?.[part] !== will?.[part]);
  return parts.flatMap((part) =>
    refuse(
      `certificates.objectNames.${part}`,
      `reads a part of the CA from another secret, and ${rule}: Pulumi would replace the cluster. To renew the CA, write new values into the same secrets.`,
    ),
  );
}

/** The two APIs make gateways of their own, each with a Service and a load balancer's address of its own. */
function ingress(before: ClusterState, after: ClusterState): readonly Problem[] {
  return Object.entries(before.ingressApis).flatMap(([name, was]) => {
    const will = after.ingressApis[name];
    if (will === undefined || will === was) return [];
    return warn(
      `gateways.ingress.${name}.api`,
      `removes the gateway that ${was} made before it makes one by ${will}: no host is reached in between, and the new gateway has another address unless it has a static IP. Lower the DNS records' time to live first.`,
    );
  });
}

function refuse(path: string, why: string): readonly Problem[] {
  return [{ severity: "error", path, message: `This change ${why}` }];
}

function warn(path: string, what: string): readonly Problem[] {
  return [{ severity: "warning", path, message: `This change ${what}` }];
}
