import { meshCertificates, meshStack } from "./program/meshStack.ts";
import { readSettings } from "./program/readSettings.ts";

const settings = readSettings();
const { certificates } = settings;
// First the vault alone, where somebody else puts the CA into it: the cluster reads the CA when it is made.
const vault =
  certificates?.phase === "vault" ? meshCertificates(certificates, settings) : undefined;
const stack = vault === undefined ? meshStack(settings) : undefined;

export const resourceGroupName = stack?.resourceGroupName;
export const clusterName = stack?.clusterName;
export const kubeconfig = stack?.kubeconfig;
export const oidcIssuerUrl = stack?.oidcIssuerUrl;
export const kubeletIdentity = stack?.kubeletIdentity;
export const nodeResourceGroupName = stack?.nodeResourceGroupName;
export const nodeSubnetId = stack?.nodeSubnetId;
export const meshRevisions = stack?.meshRevisions;
export const sampleUrls = stack?.sampleUrls;
export const ingressAddresses = stack?.ingressAddresses;
export const egressAddresses = stack?.egressAddresses;
export const grafanaUrl = stack?.grafanaUrl;
export const azureMonitorWorkspaceId = stack?.azureMonitorWorkspaceId;
export const applicationInsightsConnectionString = stack?.applicationInsightsConnectionString;
export const certificateVault = (vault ?? stack?.certificates)?.vault ?? {};
