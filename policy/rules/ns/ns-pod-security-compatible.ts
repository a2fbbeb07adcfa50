import { REVISION_LABEL } from "../../../mesh/names.ts";
import type { ProxyRedirection } from "../../../mesh/redirection.ts";
import { Unknown } from "../../engine/cursor.ts";
import { namespaces } from "../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import { redirectionOf } from "../../model/istio/meshRedirection.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { defineRule } from "../../engine/rule.ts";
import type { ConfigSchema } from "../../engine/metadata.ts";
import type { Finding } from "../../engine/finding.ts";
import type { Stack } from "../../engine/stack.ts";

/** Standards that refuse the capabilities of the container that redirects traffic. */
const REFUSING: readonly string[] = ["baseline", "restricted"];

interface Config {
  readonly proxyRedirectionMechanism?: ProxyRedirection;
}

const config: ConfigSchema<Config> = {
  proxyRedirectionMechanism: {
    type: "string",
    enum: ["CNIChaining", "InitContainers"],
    description:
      "The value of serviceMeshProfile.istio.components.proxyRedirectionMechanism where the cluster does not show it. Left out, meshes with a revision before asm-1-30 have init containers; what a newer mesh began with nobody sees, and it passes.",
  },
};

export const nsPodSecurityCompatible = defineRule({
  name: "ns-pod-security-compatible",
  displayName: "The pod security standard allows sidecars",
  description:
    "A namespace of the mesh enforces a pod security standard that its sidecars meet: init containers need NET_ADMIN and NET_RAW, so baseline and restricted both reject every pod that has them.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Let the mesh redirect traffic by Istio CNI (az aks mesh proxy-redirection-mechanism --mechanism CNIChaining) and restart the workloads; until then enforce privileged, and warn and audit by restricted. Where the program does not show that the mesh has CNI, set proxyRedirectionMechanism for this rule.",
  url: "https://learn.microsoft.com/azure/aks/istio-cni",
  tags: ["ns"],
  about: namespaces,
  unknown: "unjudged",
  wholeStack: true,
  config,
  *check(namespace, { config: { proxyRedirectionMechanism }, stack }) {
    yield* onAddonClusters(namespace, stack, () =>
      judged(namespace, proxyRedirectionMechanism, stack),
    );
  },
});

function* judged(
  namespace: KubernetesObject,
  otherwise: ProxyRedirection | undefined,
  stack: Stack,
): Iterable<Finding> {
  const labels = namespace.at("metadata", "labels");
  const place = labels.at("pod-security.kubernetes.io/enforce");
  const enforced = place.text();
  const wanted = labels.at(REVISION_LABEL).text();
  if (wanted === undefined) return;
  if (enforced instanceof Unknown) {
    yield enforced;
    return;
  }
  if (enforced === undefined || !REFUSING.includes(enforced)) return;
  const clusters = stack.clustersOf(namespace.resource);
  const redirections = clusters.map((cluster) =>
    redirectionOf(cluster, stack, { otherwise, wanted }),
  );
  const unknown = redirections.find((redirection) => redirection instanceof Unknown);
  if (redirections.every((redirection) => redirection === "InitContainers")) {
    const names = clusters.map(({ label }) => label).join(" and ");
    yield `${place.path} is ${enforced}, which refuses the init containers by which ${names} ${clusters.length === 1 ? "redirects" : "redirect"} traffic, so that no pod starts. Switch the mesh to Istio CNI, or set it to privileged until then.`;
  } else if (unknown !== undefined) yield unknown;
}
