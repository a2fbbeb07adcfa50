import { AksCluster } from "../azure/cluster.ts";
import type { Cluster } from "../../engine/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Read } from "../../engine/cursor.ts";
import { kubernetesObjects } from "../kubernetes/objects.ts";
import type { Stack } from "../../engine/stack.ts";

/** Webhooks that AKS or a person sets up so that a tag stands for a revision. */
const webhooks = kubernetesObjects(
  "admissionregistration.k8s.io/v1",
  "MutatingWebhookConfiguration",
);

/**
 * What becomes of a label `istio.io/rev` on a cluster: `accepted` where it names a revision or a tag of the add-on, or
 * where the cluster does not have the add-on and the label is none of its concern; `refused` where it names neither;
 * `undecided` where the revisions are left to AKS and nobody has said which those are.
 */
export type LabelOutcome = "accepted" | "refused" | "undecided" | Unknown;

export function outcomeOfLabel(
  label: string | Unknown,
  cluster: Cluster,
  stack: Stack,
): LabelOutcome {
  if (cluster.addon !== true) return cluster.addon instanceof Unknown ? cluster.addon : "accepted";
  const revisions = revisionsOf(cluster, stack);
  if (label instanceof Unknown) return isReadBack(cluster) ? "undecided" : label;
  if (revisions instanceof Unknown) return revisions;
  if (revisions === undefined) return "undecided";
  if (revisions.includes(label)) return "accepted";
  const tagged = taggedRevision(label, cluster, stack);
  if (tagged instanceof Unknown) return tagged;
  if (tagged !== undefined && revisions.includes(tagged)) return "accepted";
  return revisions.find((revision) => revision instanceof Unknown) ?? "refused";
}

/** Whether a label that is known only once it is deployed may be what AKS, to which the program leaves it, has chosen. */
function isReadBack(cluster: Cluster): boolean {
  return cluster instanceof AksCluster && cluster.revisions === undefined;
}

/** The revisions of a cluster: its own, or those that the configuration names where it leaves them to AKS. */
export function revisionsOf(cluster: Cluster, { scope }: Stack): Read<readonly Read<string>[]> {
  return cluster.revisions ?? (scope.revisions.length > 0 ? scope.revisions : undefined);
}

/** The revision that can only be meant, because the clusters run no other. */
export function soleRevision(on: readonly Cluster[]): string | undefined {
  const [revision, ...others] = on.flatMap(({ revisions }) => revisions);
  return others.length === 0 && typeof revision === "string" ? revision : undefined;
}

/** The revision that a tag of the cluster stands for, as the configuration or a webhook in the stack says. */
export function taggedRevision(tag: string, cluster: Cluster, stack: Stack): Read<string> {
  const { revisionTags } = stack.scope;
  if (Object.hasOwn(revisionTags, tag)) return revisionTags[tag];
  return stack
    .all(webhooks)
    .find(
      (webhook) =>
        webhook.at("metadata", "labels", "istio.io/tag").text() === tag &&
        stack.clustersOf(webhook.resource).includes(cluster),
    )
    ?.at("metadata", "labels", "istio.io/rev")
    .text();
}
