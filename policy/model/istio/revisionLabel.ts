import { AksCluster } from "../azure/cluster.ts";
import type { Cluster } from "../../engine/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Read } from "../../engine/cursor.ts";
import { kubernetesObjects } from "../kubernetes/objects.ts";
import type { Stack } from "../../engine/stack.ts";

/** Webhooks that AKS or a user creates to make a tag name a revision. */
const webhooks = kubernetesObjects(
  "admissionregistration.k8s.io/v1",
  "MutatingWebhookConfiguration",
);

/**
 * The effect of a label `istio.io/rev` on a cluster: `accepted` if it names a revision or a tag of the add-on, or if the
 * cluster does not have the add-on; `refused` if it names neither; `undecided` if AKS chooses the revisions and the
 * configuration does not name them.
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

/** Whether a label that is known only once it is deployed may be the revision that AKS chooses for the cluster. */
function isReadBack(cluster: Cluster): boolean {
  return cluster instanceof AksCluster && cluster.revisions === undefined;
}

/** The revisions of a cluster: its own or, if it leaves them to AKS, those that the configuration names. */
export function revisionsOf(cluster: Cluster, { scope }: Stack): Read<readonly Read<string>[]> {
  return cluster.revisions ?? (scope.revisions.length > 0 ? scope.revisions : undefined);
}

/** The revision of the clusters if they run only one. */
export function soleRevision(on: readonly Cluster[]): string | undefined {
  const [revision, ...others] = on.flatMap(({ revisions }) => revisions);
  return others.length === 0 && typeof revision === "string" ? revision : undefined;
}

/** The revision that a tag of the cluster names, from the configuration or a webhook in the stack. */
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
