const AZURE = "it is for Azure to say what comes of it, and nothing of Azure is here";
const AKS_WEBHOOKS =
  "AKS's own webhooks and controllers refuse or undo it, and they are closed source";
const NO_NODES = "nothing runs, so that nothing can fail";
const ABSENCE =
  "nothing heeds the object that it names, and what does not happen is not seen in what is pushed";
const FLUX_CONFIGURATION =
  "it is about the FluxConfiguration that Azure makes Kustomizations of; flux.test.ts shows what those do";

/** The rules whose harm these tests cannot show, and why. The AKS baseline concerns only Azure, so it is left out. */
export const unseen: Readonly<Record<string, string>> = {
  "flux-can-reconcile": FLUX_CONFIGURATION,
  "flux-prune-wait-order": FLUX_CONFIGURATION,
  "flux-source-pinned-and-private": FLUX_CONFIGURATION,
  "gateway-tls-complete":
    "the API server refuses the one half, and the other fails in a handshake, where nothing connects",
  "istio-addon-names": ABSENCE,
  "mesh-approuting-gateway-conflict": AZURE,
  "mesh-blocked-custom-resources": AKS_WEBHOOKS,
  "mesh-egress-prerequisites": AZURE,
  "mesh-envoyfilter-unsupported": "the add-on passes it on, and only its support ends",
  "mesh-ingress-gateway-modes": AZURE,
  "mesh-managed-objects-untouched": AKS_WEBHOOKS,
  "mesh-no-external-ingress": AZURE,
  "mesh-no-istio-helm": "what its charts bring is a second control plane, whose harm is shown",
  "mesh-no-istio-operator-or-crds":
    "two owners of one definition meet when AKS next upgrades the add-on",
  "mesh-no-istio-system-namespace":
    "what would be made in it is a second control plane, whose harm is shown",
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
  "meshconfig-no-leftover": "nothing reads a ConfigMap of a revision that does not run",
  "ns-default-not-in-mesh": "it is good practice: injection works there as anywhere",
  "ns-no-osm-markers": "Open Service Mesh is archived, and nobody should have to build it",
  "osm-addon-migration": AZURE,
  "osm-addon-retired": AZURE,
  "pod-linux-nodes-only": NO_NODES,
  "workload-availability": NO_NODES,
  "workload-restricted-security": NO_NODES,
};
