import { CONTROL_PLANE_PARTS } from "../../../mesh/ownIstio.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import { workloads } from "../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";

export const meshNoIstioControlPlane = defineRule({
  name: "mesh-no-istio-control-plane",
  displayName: "The add-on runs the only Istio control plane",
  description:
    "No workload on a cluster with the Istio add-on is an Istio control plane: AKS does not support a second one.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Remove the workload and everything installed with it: its webhooks, CRDs and cluster roles prevent the add-on from working. Move its configuration to the shared ConfigMap of the revision.",
  url: "https://learn.microsoft.com/azure/aks/istio-about#limitations",
  tags: ["mesh"],
  about: workloads,
  unknown: "unjudged",
  wholeStack: true,
  *check(object, { stack }) {
    yield* onAddonClusters(object, stack, () => judged(object, object.template));
  },
});

function* judged(workload: KubernetesObject, template: Cursor["at"]): Iterable<Finding> {
  const namespace = workload.at("metadata", "namespace").text();
  if (typeof namespace === "string" && namespace.startsWith("aks-istio-")) return;
  const evidence = nameOf(workload) ?? labelOf(workload, template) ?? imageOf(template);
  if (evidence !== undefined) {
    yield `${evidence}, which identifies an Istio control plane, but the cluster has the add-on's control plane. Remove it.`;
  }
}

function nameOf({ name, at }: KubernetesObject): string | undefined {
  const is = CONTROL_PLANE_PARTS.some(({ names }) => names.includes(name ?? ""));
  return is ? `${at("metadata", "name").path} is ${name ?? ""}` : undefined;
}

function labelOf(workload: KubernetesObject, template: Cursor["at"]): string | undefined {
  return [workload.at, template]
    .flatMap((at) =>
      CONTROL_PLANE_PARTS.map(({ label: [key, value] }) => ({
        place: at("metadata", "labels", key),
        value,
      })),
    )
    .filter(({ place, value }) => place.text() === value)
    .map(({ place, value }) => `${place.path} is ${value}`)[0];
}

/** Other projects have images named pilot. Istio's has istio in its name, or runs with the argument discovery. */
function imageOf(template: Cursor["at"]): string | undefined {
  const containers = template("spec", "containers").items();
  if (containers === undefined || containers instanceof Unknown) return undefined;
  return containers
    .map((container) => {
      const place = container.at("image");
      const image = place.text();
      const is =
        typeof image === "string" &&
        /(?:^|\/)pilot(?:[:@]|$)/.test(image) &&
        (/istio/i.test(image) || container.at("args", 0).text() === "discovery");
      return is ? `${place.path} is ${image}` : undefined;
    })
    .find((evidence) => evidence !== undefined);
}
