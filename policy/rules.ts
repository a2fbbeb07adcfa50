import type { Rule } from "./lib/rule.ts";
import { meshApproutingGatewayConflict } from "./rules/mesh/mesh-approuting-gateway-conflict.ts";
import { meshBlockedCustomResources } from "./rules/mesh/mesh-blocked-custom-resources.ts";
import { meshEgressPrerequisites } from "./rules/mesh/mesh-egress-prerequisites.ts";
import { meshForeignIstioWebhook } from "./rules/mesh/mesh-foreign-istio-webhook.ts";
import { meshIngressGatewayModes } from "./rules/mesh/mesh-ingress-gateway-modes.ts";
import { meshManagedObjectsUntouched } from "./rules/mesh/mesh-managed-objects-untouched.ts";
import { meshNoIstioControlPlane } from "./rules/mesh/mesh-no-istio-control-plane.ts";
import { meshNoIstioHelm } from "./rules/mesh/mesh-no-istio-helm.ts";
import { meshNoIstioOperatorOrCrds } from "./rules/mesh/mesh-no-istio-operator-or-crds.ts";
import { meshOsmConflict } from "./rules/mesh/mesh-osm-conflict.ts";
import { meshPluginCaComplete } from "./rules/mesh/mesh-plugin-ca-complete.ts";
import { meshRevisionCount } from "./rules/mesh/mesh-revision-count.ts";
import { meshRevisionGap } from "./rules/mesh/mesh-revision-gap.ts";
import { meshRevisionKnown } from "./rules/mesh/mesh-revision-known.ts";
import { meshRevisionKubernetesCompat } from "./rules/mesh/mesh-revision-kubernetes-compat.ts";
import { meshRevisionPinned } from "./rules/mesh/mesh-revision-pinned.ts";
import { meshRevisionSupported } from "./rules/mesh/mesh-revision-supported.ts";
import { osmAddonRetired } from "./rules/mesh/osm-addon-retired.ts";
import { nsMeshDecisionExplicit } from "./rules/ns/ns-mesh-decision-explicit.ts";
import { nsNoAmbient } from "./rules/ns/ns-no-ambient.ts";
import { nsNoLegacyInjectionLabel } from "./rules/ns/ns-no-legacy-injection-label.ts";
import { nsNoOsmMarkers } from "./rules/ns/ns-no-osm-markers.ts";
import { nsPodSecurityCompatible } from "./rules/ns/ns-pod-security-compatible.ts";
import { nsRevisionOnCluster } from "./rules/ns/ns-revision-on-cluster.ts";
import { nsSingleInjectionLabel } from "./rules/ns/ns-single-injection-label.ts";
import { nsSystemNotInjected } from "./rules/ns/ns-system-not-injected.ts";

/** Every rule of the pack, in the order of its areas. */
export const rules: readonly Rule[] = [
  meshApproutingGatewayConflict,
  meshBlockedCustomResources,
  meshEgressPrerequisites,
  meshForeignIstioWebhook,
  meshIngressGatewayModes,
  meshManagedObjectsUntouched,
  meshNoIstioControlPlane,
  meshNoIstioHelm,
  meshNoIstioOperatorOrCrds,
  meshOsmConflict,
  meshPluginCaComplete,
  meshRevisionCount,
  meshRevisionGap,
  meshRevisionKnown,
  meshRevisionKubernetesCompat,
  meshRevisionPinned,
  meshRevisionSupported,
  osmAddonRetired,
  nsMeshDecisionExplicit,
  nsNoAmbient,
  nsNoLegacyInjectionLabel,
  nsNoOsmMarkers,
  nsPodSecurityCompatible,
  nsRevisionOnCluster,
  nsSingleInjectionLabel,
  nsSystemNotInjected,
];
