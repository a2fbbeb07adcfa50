import { sidecarInjection } from "../../mesh/injection.ts";
import type { JsonObject } from "../../yaml/json.ts";
import { textAt, valueAt } from "../cluster/clusterObject.ts";
import type { ClusterState } from "../cluster/clusterState.ts";
import { injectingRevisions } from "../cluster/controlPlanes.ts";
import type { KindName } from "../cluster/kinds.ts";
import { namespaceLabels } from "../cluster/namespaceLabels.ts";
import { listed } from "../wording.ts";

/** What decides whether a pod gets a sidecar. */
export const DECIDING_KINDS: readonly KindName[] = [
  "Namespace",
  "apps/Deployment",
  "admissionregistration.k8s.io/MutatingWebhookConfiguration",
];

/**
 * Why a cluster gave a pod no sidecar of a revision, with the fix.
 *
 * @param state with the deciding kinds
 */
export function whyNoSidecar(state: ClusterState, pod: JsonObject, revision: string): string {
  const [unread] = state.unread(DECIDING_KINDS);
  if (unread !== undefined) {
    return `no injector of ${revision} answers for it, and why is not known: ${unread.reason} ${unread.fix}`;
  }
  const running = injectingRevisions(state);
  if (!running.revisions.includes(revision)) {
    const others = listed(running.revisions);
    return others === ""
      ? `the cluster does not run ${revision}, nor any other revision of the add-on. Enable the add-on first.`
      : `the cluster does not run ${revision}, but ${others}. Name one of these with --revision.`;
  }
  const name = textAt(pod, "metadata", "namespace") ?? "";
  const namespace = state.all("Namespace").find((one) => one.metadata.name === name);
  const labels = (field: string) =>
    (valueAt(pod, "metadata", field) ?? {}) as Readonly<Record<string, string>>;
  const verdict = sidecarInjection(
    {
      namespace: { name, labels: namespace === undefined ? {} : namespaceLabels(namespace) },
      pod: {
        labels: labels("labels"),
        annotations: labels("annotations"),
        hostNetwork: valueAt(pod, "spec", "hostNetwork") === true,
      },
    },
    running,
  );
  if (verdict.outcome === "injected" && verdict.revision !== revision) {
    return `the namespace ${name} follows ${verdict.revision}, so its injector answers for the pods there. Name that revision, or use a saved configuration of ${revision} with --from.`;
  }
  if (verdict.outcome === "injected") {
    return `the injector of ${revision} left it out, although the labels select it. aks-istio explain says what its webhooks do.`;
  }
  return `${verdict.reason} Change that, or use a saved configuration with --from.`;
}
