import type { Rule } from "./engine/rule.ts";
import { aksApiRestricted } from "./rules/aks/aks-api-restricted.ts";
import { aksAzurePolicyAddon } from "./rules/aks/aks-azure-policy-addon.ts";
import { aksDefender } from "./rules/aks/aks-defender.ts";
import { aksEntraAzureRbac } from "./rules/aks/aks-entra-azure-rbac.ts";
import { aksKubernetesSupported } from "./rules/aks/aks-kubernetes-supported.ts";
import { aksLocalAccountsDisabled } from "./rules/aks/aks-local-accounts-disabled.ts";
import { aksMaintenanceWindows } from "./rules/aks/aks-maintenance-windows.ts";
import { aksMonitoring } from "./rules/aks/aks-monitoring.ts";
import { aksNetworkPolicy } from "./rules/aks/aks-network-policy.ts";
import { aksPoolVersionBehind } from "./rules/aks/aks-pool-version-behind.ts";
import { aksPoolVersionSkew } from "./rules/aks/aks-pool-version-skew.ts";
import { aksRunCommandDisabled } from "./rules/aks/aks-run-command-disabled.ts";
import { aksSlaTier } from "./rules/aks/aks-sla-tier.ts";
import { aksStableApiVersion } from "./rules/aks/aks-stable-api-version.ts";
import { aksUpgradeChannels } from "./rules/aks/aks-upgrade-channels.ts";
import { aksWorkloadIdentityOidc } from "./rules/aks/aks-workload-identity-oidc.ts";
import { aksZonesAndMinNodes } from "./rules/aks/aks-zones-and-min-nodes.ts";
import { authzCustomProvider } from "./rules/authz/authz-custom-provider.ts";
import { authzDefaultDeny } from "./rules/authz/authz-default-deny.ts";
import { fluxCanReconcile } from "./rules/flux/flux-can-reconcile.ts";
import { fluxPruneWaitOrder } from "./rules/flux/flux-prune-wait-order.ts";
import { fluxSourcePinnedAndPrivate } from "./rules/flux/flux-source-pinned-and-private.ts";
import { gatewayAddonSelector } from "./rules/gateway/gateway-addon-selector.ts";
import { gatewayOneServerPerCertificate } from "./rules/gateway/gateway-one-server-per-certificate.ts";
import { gatewayTlsAndHosts } from "./rules/gateway/gateway-tls-and-hosts.ts";
import { gatewayTlsComplete } from "./rules/gateway/gateway-tls-complete.ts";
import { gatewayapiBackendsExist } from "./rules/gatewayapi/gatewayapi-backends-exist.ts";
import { gatewayapiKindsRead } from "./rules/gatewayapi/gatewayapi-kinds-read.ts";
import { gatewayapiListenersValid } from "./rules/gatewayapi/gatewayapi-listeners-valid.ts";
import { gatewayapiOptionsAllowed } from "./rules/gatewayapi/gatewayapi-options-allowed.ts";
import { gatewayapiRevisionNamed } from "./rules/gatewayapi/gatewayapi-revision-named.ts";
import { gatewayapiRoutesAttach } from "./rules/gatewayapi/gatewayapi-routes-attach.ts";
import { istioAddonNames } from "./rules/istio/istio-addon-names.ts";
import { istioConfigConflicts } from "./rules/istio/istio-config-conflicts.ts";
import { istioTelemetryAllowedFields } from "./rules/istio/istio-telemetry-allowed-fields.ts";
import { meshAdvancedNetworkingConflict } from "./rules/mesh/mesh-advanced-networking-conflict.ts";
import { meshAlbExtensionConflict } from "./rules/mesh/mesh-alb-extension-conflict.ts";
import { meshApplicationNetworkConflict } from "./rules/mesh/mesh-application-network-conflict.ts";
import { meshApproutingGatewayConflict } from "./rules/mesh/mesh-approuting-gateway-conflict.ts";
import { meshBlockedCustomResources } from "./rules/mesh/mesh-blocked-custom-resources.ts";
import { meshEgressPrerequisites } from "./rules/mesh/mesh-egress-prerequisites.ts";
import { meshEnvoyfilterUnsupported } from "./rules/mesh/mesh-envoyfilter-unsupported.ts";
import { meshForeignIstioWebhook } from "./rules/mesh/mesh-foreign-istio-webhook.ts";
import { meshIngressGatewayModes } from "./rules/mesh/mesh-ingress-gateway-modes.ts";
import { meshManagedObjectsUntouched } from "./rules/mesh/mesh-managed-objects-untouched.ts";
import { meshNoExternalIngress } from "./rules/mesh/mesh-no-external-ingress.ts";
import { meshNoIstioControlPlane } from "./rules/mesh/mesh-no-istio-control-plane.ts";
import { meshNoIstioHelm } from "./rules/mesh/mesh-no-istio-helm.ts";
import { meshNoIstioOperatorOrCrds } from "./rules/mesh/mesh-no-istio-operator-or-crds.ts";
import { meshNoIstioSystemNamespace } from "./rules/mesh/mesh-no-istio-system-namespace.ts";
import { meshOsmConflict } from "./rules/mesh/mesh-osm-conflict.ts";
import { meshPluginCaComplete } from "./rules/mesh/mesh-plugin-ca-complete.ts";
import { meshPluginCaRotation } from "./rules/mesh/mesh-plugin-ca-rotation.ts";
import { meshRevisionCount } from "./rules/mesh/mesh-revision-count.ts";
import { meshRevisionGap } from "./rules/mesh/mesh-revision-gap.ts";
import { meshRevisionInCatalog } from "./rules/mesh/mesh-revision-in-catalog.ts";
import { meshRevisionKnown } from "./rules/mesh/mesh-revision-known.ts";
import { meshRevisionKubernetesCompat } from "./rules/mesh/mesh-revision-kubernetes-compat.ts";
import { meshRevisionOrder } from "./rules/mesh/mesh-revision-order.ts";
import { meshRevisionPatched } from "./rules/mesh/mesh-revision-patched.ts";
import { meshRevisionPinned } from "./rules/mesh/mesh-revision-pinned.ts";
import { meshRevisionSupported } from "./rules/mesh/mesh-revision-supported.ts";
import { meshSidecarScope } from "./rules/mesh/mesh-sidecar-scope.ts";
import { osmAddonMigration } from "./rules/mesh/osm-addon-migration.ts";
import { osmAddonRetired } from "./rules/mesh/osm-addon-retired.ts";
import { meshconfigAllowedFields } from "./rules/meshconfig/meshconfig-allowed-fields.ts";
import { meshconfigDiscoverySelectors } from "./rules/meshconfig/meshconfig-discovery-selectors.ts";
import { meshconfigNoLeftover } from "./rules/meshconfig/meshconfig-no-leftover.ts";
import { meshconfigPerRevision } from "./rules/meshconfig/meshconfig-per-revision.ts";
import { mtlsClientConflict } from "./rules/mtls/mtls-client-conflict.ts";
import { mtlsStrictNoConflict } from "./rules/mtls/mtls-strict-no-conflict.ts";
import { nsDefaultNotInMesh } from "./rules/ns/ns-default-not-in-mesh.ts";
import { nsMeshDecisionExplicit } from "./rules/ns/ns-mesh-decision-explicit.ts";
import { nsNoAksInternalLabels } from "./rules/ns/ns-no-aks-internal-labels.ts";
import { nsNoAmbient } from "./rules/ns/ns-no-ambient.ts";
import { nsNoLegacyInjectionLabel } from "./rules/ns/ns-no-legacy-injection-label.ts";
import { nsNoOsmMarkers } from "./rules/ns/ns-no-osm-markers.ts";
import { nsPodSecurityCompatible } from "./rules/ns/ns-pod-security-compatible.ts";
import { nsReservedPrefix } from "./rules/ns/ns-reserved-prefix.ts";
import { nsRevisionOnCluster } from "./rules/ns/ns-revision-on-cluster.ts";
import { nsSingleInjectionLabel } from "./rules/ns/ns-single-injection-label.ts";
import { nsSystemNotInjected } from "./rules/ns/ns-system-not-injected.ts";
import { podInjectLabelIneffective } from "./rules/pod/pod-inject-label-ineffective.ts";
import { podLinuxNodesOnly } from "./rules/pod/pod-linux-nodes-only.ts";
import { podNoHostNetwork } from "./rules/pod/pod-no-host-network.ts";
import { podNoInjectionOptout } from "./rules/pod/pod-no-injection-optout.ts";
import { podReservedUid } from "./rules/pod/pod-reserved-uid.ts";
import { podTrafficAnnotationsValid } from "./rules/pod/pod-traffic-annotations-valid.ts";
import { servicePortProtocol } from "./rules/service/service-port-protocol.ts";
import { serviceProbePath } from "./rules/service/service-probe-path.ts";
import { workloadAvailability } from "./rules/workload/workload-availability.ts";
import { workloadNoPlainSecrets } from "./rules/workload/workload-no-plain-secrets.ts";
import { workloadResourcesAndProbes } from "./rules/workload/workload-resources-and-probes.ts";
import { workloadRestrictedSecurity } from "./rules/workload/workload-restricted-security.ts";

/** Every rule of the pack, in the order of its areas. */
export const rules: readonly Rule[] = [
  aksApiRestricted,
  aksAzurePolicyAddon,
  aksDefender,
  aksEntraAzureRbac,
  aksKubernetesSupported,
  aksLocalAccountsDisabled,
  aksMaintenanceWindows,
  aksMonitoring,
  aksNetworkPolicy,
  aksPoolVersionBehind,
  aksPoolVersionSkew,
  aksRunCommandDisabled,
  aksSlaTier,
  aksStableApiVersion,
  aksUpgradeChannels,
  aksWorkloadIdentityOidc,
  aksZonesAndMinNodes,
  authzCustomProvider,
  authzDefaultDeny,
  fluxCanReconcile,
  fluxPruneWaitOrder,
  fluxSourcePinnedAndPrivate,
  gatewayAddonSelector,
  gatewayOneServerPerCertificate,
  gatewayTlsAndHosts,
  gatewayTlsComplete,
  gatewayapiBackendsExist,
  gatewayapiKindsRead,
  gatewayapiListenersValid,
  gatewayapiOptionsAllowed,
  gatewayapiRevisionNamed,
  gatewayapiRoutesAttach,
  istioAddonNames,
  istioConfigConflicts,
  istioTelemetryAllowedFields,
  meshAdvancedNetworkingConflict,
  meshAlbExtensionConflict,
  meshApplicationNetworkConflict,
  meshApproutingGatewayConflict,
  meshBlockedCustomResources,
  meshEgressPrerequisites,
  meshEnvoyfilterUnsupported,
  meshForeignIstioWebhook,
  meshIngressGatewayModes,
  meshManagedObjectsUntouched,
  meshNoExternalIngress,
  meshNoIstioControlPlane,
  meshNoIstioHelm,
  meshNoIstioOperatorOrCrds,
  meshNoIstioSystemNamespace,
  meshOsmConflict,
  meshPluginCaComplete,
  meshPluginCaRotation,
  meshRevisionCount,
  meshRevisionGap,
  meshRevisionInCatalog,
  meshRevisionKnown,
  meshRevisionKubernetesCompat,
  meshRevisionOrder,
  meshRevisionPatched,
  meshRevisionPinned,
  meshRevisionSupported,
  meshSidecarScope,
  osmAddonMigration,
  osmAddonRetired,
  meshconfigAllowedFields,
  meshconfigDiscoverySelectors,
  meshconfigNoLeftover,
  meshconfigPerRevision,
  mtlsClientConflict,
  mtlsStrictNoConflict,
  nsDefaultNotInMesh,
  nsMeshDecisionExplicit,
  nsNoAksInternalLabels,
  nsNoAmbient,
  nsNoLegacyInjectionLabel,
  nsNoOsmMarkers,
  nsPodSecurityCompatible,
  nsReservedPrefix,
  nsRevisionOnCluster,
  nsSingleInjectionLabel,
  nsSystemNotInjected,
  podInjectLabelIneffective,
  podLinuxNodesOnly,
  podNoHostNetwork,
  podNoInjectionOptout,
  podReservedUid,
  podTrafficAnnotationsValid,
  servicePortProtocol,
  serviceProbePath,
  workloadAvailability,
  workloadNoPlainSecrets,
  workloadResourcesAndProbes,
  workloadRestrictedSecurity,
];
