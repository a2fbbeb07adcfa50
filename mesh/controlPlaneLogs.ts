/**
 * The log categories of an AKS control plane.
 *
 * @see https://learn.microsoft.com/azure/azure-monitor/reference/supported-logs/microsoft-containerservice-managedclusters-logs
 */
export const CONTROL_PLANE_LOGS = [
  "cloud-controller-manager",
  "cluster-autoscaler",
  "csi-azuredisk-controller",
  "csi-azurefile-controller",
  "csi-snapshot-controller",
  "fleet-mcs-controller-manager",
  "fleet-member-agent",
  "fleet-member-net-controller-manager",
  "guard",
  "karpenter-events",
  "kube-apiserver",
  "kube-audit",
  "kube-audit-admin",
  "kube-controller-manager",
  "kube-scheduler",
] as const;

export type ControlPlaneLog = (typeof CONTROL_PLANE_LOGS)[number];

/** The categories that are worth their price to everybody. */
export const AUDIT_LOGS: readonly ControlPlaneLog[] = [
  "kube-audit-admin",
  "guard",
  "kube-controller-manager",
  "cluster-autoscaler",
];
