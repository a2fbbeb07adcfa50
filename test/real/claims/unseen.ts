const AZURE = "the effect depends on Azure, which is not available here";
const AKS_WEBHOOKS =
  "AKS's own webhooks and controllers reject or revert it, and they are closed source";
const OTHER_NODES = "it needs a Windows node or a virtual node, which is not available here";
const OTHER_BUNDLE =
  "the API server here has the definitions of one version of the Gateway API, and istiod is of one release";
const FLUX_CONFIGURATION =
  "it concerns the FluxConfiguration, which Azure converts to Kustomizations; flux.test.ts covers those";

/** The rules whose harm neither configuration nor traffic can show here, and why. The AKS baseline concerns only Azure, so it is left out. */
export const unseen: Readonly<Record<string, string>> = {
  "flux-can-reconcile": FLUX_CONFIGURATION,
  "flux-prune-wait-order": FLUX_CONFIGURATION,
  "flux-source-pinned-and-private": FLUX_CONFIGURATION,
  "gatewayapi-kinds-read": OTHER_BUNDLE,
  "gatewayapi-options-allowed": AKS_WEBHOOKS,
  "gatewayapi-revision-named": "the owner changes only when a second revision starts",
  "istio-telemetry-allowed-fields": AKS_WEBHOOKS,
  "mesh-advanced-networking-conflict": AZURE,
  "mesh-alb-extension-conflict": AZURE,
  "mesh-application-network-conflict": AZURE,
  "mesh-approuting-gateway-conflict": AZURE,
  "mesh-blocked-custom-resources": AKS_WEBHOOKS,
  "mesh-egress-prerequisites": AZURE,
  "mesh-envoyfilter-unsupported": "the add-on accepts it, but without support",
  "mesh-ingress-gateway-modes": AZURE,
  "mesh-managed-objects-untouched": AKS_WEBHOOKS,
  "mesh-no-external-ingress": AZURE,
  "mesh-no-istio-helm": "its charts install a second control plane, whose harm another claim shows",
  "mesh-no-istio-operator-or-crds":
    "two owners of one definition conflict only when AKS upgrades the add-on",
  "mesh-no-istio-system-namespace":
    "it would contain a second control plane, whose harm another claim shows",
  "mesh-osm-conflict": AZURE,
  "mesh-plugin-ca-complete": AZURE,
  "mesh-plugin-ca-rotation": AZURE,
  "mesh-revision-count": AZURE,
  "mesh-revision-gap": AZURE,
  "mesh-revision-in-catalog": AZURE,
  "mesh-revision-known": AZURE,
  "mesh-revision-kubernetes-compat": AZURE,
  "mesh-revision-order": AZURE,
  "mesh-revision-patched": AZURE,
  "mesh-revision-pinned": AZURE,
  "mesh-revision-supported": AZURE,
  "mesh-sidecar-scope": "istiod's memory is a matter of the size of the mesh",
  "meshconfig-no-leftover": "nothing reads a ConfigMap of a revision that does not run",
  "ns-default-not-in-mesh": "it is good practice: injection works there as in any namespace",
  "ns-no-aks-internal-labels": AKS_WEBHOOKS,
  "ns-no-osm-markers": "Open Service Mesh is archived, so building it is not worth it",
  "ns-reserved-prefix": "the prefixes are reserved for names that AKS may use later",
  "osm-addon-migration": AZURE,
  "osm-addon-retired": AZURE,
  "pod-linux-nodes-only": OTHER_NODES,
  "service-probe-path": AZURE,
  "workload-no-plain-secrets": "the workload runs the same: the harm is who can read the secret",
};
