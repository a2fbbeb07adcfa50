import type { SupportPlan } from "../../mesh/catalog.ts";
import type { MeshRevision } from "../../mesh/revision.ts";

/** What a deployment asks of Azure. */
export interface Wanted {
  /** The Azure region, such as `westeurope`. */
  readonly location: string;
  /** The minor version, such as `1.35`. */
  readonly kubernetesVersion: string;
  readonly plan: SupportPlan;
  /** The revisions of the mesh; undefined if they are managed elsewhere. */
  readonly revisions: readonly MeshRevision[] | undefined;
  readonly pools: readonly WantedPool[];
  /** The availability zones of every pool; empty in a region without zones. */
  readonly zones: readonly string[];
  readonly encryptionAtHost: boolean;
  /** Whether nodes have secure boot or a virtual TPM. */
  readonly trustedLaunch: boolean;
  readonly services: readonly WantedService[];
  /** Preview features, as `az feature list` prints them. */
  readonly features: readonly string[];
  /** The existing resource group of the cluster; undefined if the deployment creates one. */
  readonly resourceGroup: string | undefined;
  /** Undefined if Pulumi generates the name. */
  readonly clusterName: string | undefined;
  /** The name of the cluster that the stack has created before, as the user says; undefined if it is not known. */
  readonly existingCluster: string | undefined;
  /** Resource IDs of existing resources on which the deployment assigns roles. */
  readonly grantsOn: readonly string[];
  readonly network: WantedNetwork;
  readonly administrators: Administrators;
}

/** A node pool at its maximum. */
export interface WantedPool {
  readonly name: string;
  readonly vmSize: string;
  readonly maxCount: number;
}

/** A resource provider, and what the deployment creates with it. */
export interface WantedService {
  /** Such as `Microsoft.Dashboard`. */
  readonly namespace: string;
  /** Resource types, such as `grafana`. */
  readonly types: readonly string[];
  /** The setting that needs it; undefined if every stack does. */
  readonly setting?: string;
  /** Whether its resources are in the resource group of the cluster. */
  readonly withCluster: boolean;
}

/** The address ranges of a cluster. */
export interface WantedNetwork {
  readonly podCidr: string;
  readonly serviceCidr: string;
  /** Existing subnets, by their resource IDs; undefined if the deployment creates a network. */
  readonly subnets: { readonly nodes: string; readonly apiServer?: string | undefined } | undefined;
}

/** An existing group in Entra ID, or one that the deployment creates with members, all by their object IDs. */
export type Administrators =
  | { readonly groupId: string }
  | { readonly groupName: string; readonly members: readonly string[] };
