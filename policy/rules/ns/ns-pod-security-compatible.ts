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

/** Standards that reject the capabilities of the init container that redirects traffic. */
const REJECTING: readonly string[] = ["baseline", "restricted"];

interface Config {
  readonly proxyRedirectionMechanism?: ProxyRedirection;
}

const config: ConfigSchema<Config> = {
  proxyRedirectionMechanism: {
    type: "string",
    enum: ["CNIChaining", "InitContainers"],
    description:
      "The value of serviceMeshProfile.istio.components.proxyRedirectionMechanism, if the program does not show it. Without this setting, the rule assumes init containers for a mesh with a revision before asm-1-30, and accepts a newer mesh, because the program does not show which mechanism it started with.",
  },
};

export const nsPodSecurityCompatible = defineRule({
  name: "ns-pod-security-compatible",
  displayName: "The pod security standard allows sidecars",
  description:
    "A namespace of the mesh enforces a pod security standard that its sidecars meet. The init containers that redirect traffic need NET_ADMIN and NET_RAW, so baseline and restricted reject every pod with one.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Switch the mesh to Istio CNI (az aks mesh proxy-redirection-mechanism --mechanism CNIChaining) and restart the workloads. Until then, enforce privileged, and warn and audit with restricted. If the program does not show that the mesh uses Istio CNI, set proxyRedirectionMechanism of this rule.",
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
  if (enforced === undefined || !REJECTING.includes(enforced)) return;
  const clusters = stack.clustersOf(namespace.resource);
  const redirections = clusters.map((cluster) =>
    redirectionOf(cluster, stack, { otherwise, wanted }),
  );
  const unknown = redirections.find((redirection) => redirection instanceof Unknown);
  if (redirections.every((redirection) => redirection === "InitContainers")) {
    const names = clusters.map(({ label }) => label).join(" and ");
    yield `${place.path} is ${enforced}, which rejects the init containers that redirect traffic on ${names}, so no pod starts. Switch the mesh to Istio CNI, or set the label to privileged until then.`;
  } else if (unknown !== undefined) yield unknown;
}
