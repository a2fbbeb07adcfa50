import { isIstioGroup } from "../../mesh/ownIstio.ts";
import { entryOf } from "../report.ts";
import type { Entry } from "../report.ts";
import { isTranslated, whyUnread } from "./apis.ts";
import { groupOf, isOfOsm } from "./osmMesh.ts";
import type { OsmMesh } from "./osmMesh.ts";

/** What to do about kinds that cannot be translated. */
const REASONS: Readonly<Record<string, readonly [message: string, fix: string]>> = {
  MeshRootCertificate: [
    "The add-on issues certificates with a CA of its own, or with yours from Azure Key Vault; not with Vault or cert-manager.",
    "To keep a root of your own, enable the add-on with a plug-in CA from Key Vault: https://learn.microsoft.com/azure/aks/istio-plugin-ca. It cannot be added later.",
  ],
  ExtensionService: [
    "Istio has extensionProviders of the mesh instead, which Azure allows without support.",
    "Add it to extensionProviders in the shared ConfigMap.",
  ],
  MultiClusterService: [
    "The mesh of the add-on is within one cluster.",
    "Call the other cluster through its ingress gateway.",
  ],
  TrafficMetrics: [
    "It is an API that a tool serves, not configuration.",
    "Query Istio's metrics in Prometheus.",
  ],
};

/** Objects of SMI and OSM of all other kinds, and those that cannot be read. */
export function otherEntries({ manifests }: OsmMesh): readonly Entry[] {
  return manifests.filter(isOfOsm).flatMap((manifest) => {
    const why = whyUnread(manifest);
    if (why !== undefined) {
      const fix = "Correct it, or export it from the cluster.";
      return entryOf(manifest, "untranslated", `Nothing of it is translated. ${why}`, { fix });
    }
    if (isTranslated(manifest.kind)) return [];
    const [message, fix] = REASONS[manifest.kind] ?? [
      "Its kind is not known here.",
      "Find out what it does.",
    ];
    return entryOf(manifest, "untranslated", message, { fix });
  });
}

/** Objects of Istio, which Open Service Mesh ignored: an AuthorizationPolicy may allow what the new ones do not. */
export function istioEntries({ manifests }: OsmMesh): readonly Entry[] {
  return manifests
    .filter(({ apiVersion }) => isIstioGroup(groupOf(apiVersion)))
    .map((manifest) =>
      entryOf(manifest, "untranslated", "OSM ignored it, and the add-on applies it.", {
        fix: "Read it together with the new objects, and remove it if it allows or routes what they do not.",
      }),
    );
}
