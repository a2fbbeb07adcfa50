const AZURE = "it is for Azure to say what comes of it, and nothing of Azure is here";
const AKS_WEBHOOKS =
  "AKS's own webhooks and controllers refuse or undo it, and they are closed source";
const NO_NODES = "nothing runs, so that nothing can fail";
const FLUX_CONFIGURATION =
  "it is about the FluxConfiguration that Azure makes Kustomizations of; flux.test.ts shows what those do";

/** The rules whose harm cannot be seen here, and why. The baseline for AKS, which all is of Azure's, is left out. */
export const unseen: Readonly<Record<string, string>> = {
  "flux-prune-wait-order": FLUX_CONFIGURATION,
  "flux-source-pinned-and-private": FLUX_CONFIGURATION,
  "mesh-approuting-gateway-conflict": AZURE,
  "mesh-blocked-custom-resources": AKS_WEBHOOKS,
  "mesh-egress-prerequisites": AZURE,
  "mesh-ingress-gateway-modes": AZURE,
  "mesh-managed-objects-untouched": AKS_WEBHOOKS,
  "mesh-no-istio-helm": "what its charts bring is a second control plane, whose harm is shown",
  "mesh-no-istio-operator-or-crds":
    "two owners of one definition meet when AKS next upgrades the add-on",
  "mesh-osm-conflict": AZURE,
  "mesh-plugin-ca-complete": AZURE,
  "mesh-revision-count": AZURE,
  "mesh-revision-gap": AZURE,
  "mesh-revision-known": AZURE,
  "mesh-revision-kubernetes-compat": AZURE,
  "mesh-revision-pinned": AZURE,
  "mesh-revision-supported": AZURE,
  "ns-no-osm-markers": "Open Service Mesh is archived, and nobody should have to build it",
  "osm-addon-retired": AZURE,
  "pod-linux-nodes-only": NO_NODES,
  "workload-availability": NO_NODES,
  "workload-restricted-security": NO_NODES,
};
