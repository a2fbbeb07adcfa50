import type { InjectingRevisions } from "../../../mesh/injection.ts";
import { CONTROL_PLANE_NAMESPACE, REVISION_LABEL } from "../../../mesh/names.ts";
import type { Cluster } from "./cluster.ts";

const TAG_LABEL = "istio.io/tag";

/** The revisions and revision tags of a cluster, according to its injection webhooks. */
export async function installedRevisions(cluster: Cluster): Promise<InjectingRevisions> {
  const webhooks = await cluster.list(
    "admissionregistration.k8s.io/v1",
    "MutatingWebhookConfiguration",
    { labels: REVISION_LABEL },
  );
  const all = webhooks.map(({ metadata: { name, labels } }) => ({
    name,
    revision: labels?.[REVISION_LABEL] ?? "",
    tag: labels?.[TAG_LABEL],
  }));
  return {
    revisions: all
      .filter(({ name }) => name.startsWith("istio-sidecar-injector-asm-"))
      .filter(({ name }) => name.endsWith(CONTROL_PLANE_NAMESPACE))
      .map(({ revision }) => revision)
      .sort(),
    tags: Object.fromEntries(
      all.flatMap(({ tag, revision }) => (tag === undefined ? [] : [[tag, revision]])),
    ),
  };
}
