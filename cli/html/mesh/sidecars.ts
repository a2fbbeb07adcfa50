import { sidecarInjection } from "../../../mesh/injection.ts";
import type { InjectionSubject } from "../../../mesh/istiodInjection.ts";
import { LEGACY_INJECTION_LABEL, REVISION_LABEL } from "../../../mesh/names.ts";
import { isMeshRevision } from "../../../mesh/revision.ts";
import { isUnknownText } from "../../../manifests/unknownText.ts";
import type { Answer } from "../../../operate/explain/explanation.ts";
import type { ClusterObject } from "../../../operate/cluster/clusterObject.ts";
import { templateOf } from "../../../operate/explain/pod/subject.ts";
import type { Sidecar } from "./mesh.ts";

/** What decides about sidecars in a cluster. */
export interface Injecting {
  readonly addon: Answer;
  /** Undefined if the plan does not say; labels that name a revision of the add-on then count as served. */
  readonly revisions: readonly string[] | undefined;
}

type Pod = InjectionSubject["pod"];

const PLAIN_POD: Pod = { labels: {}, annotations: {}, hostNetwork: false };

/** The label of a namespace that decides: `istio.io/rev=asm-1-30`; undefined if it has none. */
export function decidingLabel({ metadata: { labels = {} } }: ClusterObject): string | undefined {
  const name = [LEGACY_INJECTION_LABEL, REVISION_LABEL].find((key) => Object.hasOwn(labels, key));
  if (name === undefined) return undefined;
  const value = labels[name] ?? "";
  return `${name}=${isUnknownText(value) ? "(not known)" : value}`;
}

/** What a new pod without labels of its own gets in a namespace. */
export function sidecarIn(
  name: string,
  namespace: ClusterObject | undefined,
  injecting: Injecting,
): Sidecar {
  return sidecarFor(PLAIN_POD, name, namespace, injecting);
}

/** What the pods of a workload get. */
export function sidecarOf(
  workload: ClusterObject,
  namespace: ClusterObject | undefined,
  injecting: Injecting,
): Sidecar {
  const { labels, annotations, hostNetwork } = templateOf(workload);
  const name = workload.metadata.namespace ?? "";
  return sidecarFor({ labels, annotations, hostNetwork }, name, namespace, injecting);
}

function sidecarFor(
  pod: Pod,
  name: string,
  namespace: ClusterObject | undefined,
  { addon, revisions }: Injecting,
): Sidecar {
  if (addon === "no") {
    return { outcome: "not-injected", reason: "The cluster does not have the Istio add-on." };
  }
  const labels = namespace?.metadata.labels ?? {};
  const served =
    revisions ??
    [labels[REVISION_LABEL], pod.labels[REVISION_LABEL]].filter(
      (one) => one !== undefined && isMeshRevision(one),
    );
  const verdictWith = (of: Pod["labels"]) =>
    sidecarInjection({ namespace: { name, labels: of }, pod }, { revisions: served, tags: {} });
  const unknown = (reason: string): Sidecar => ({ outcome: "unknown", reason });
  if (namespace === undefined) {
    // A pod that opts out gets no sidecar whatever the labels of its namespace are.
    const [revision = "asm-0-0"] = served;
    const hypothetical = sidecarInjection(
      { namespace: { name, labels: { [REVISION_LABEL]: revision } }, pod },
      { revisions: [...served, revision], tags: {} },
    );
    return hypothetical.outcome === "not-injected"
      ? hypothetical
      : unknown(`The plan does not contain the namespace ${name}, so its labels are not known.`);
  }
  const undecided = [
    ...[LEGACY_INJECTION_LABEL, REVISION_LABEL].map((key) => labels[key]),
    ...Object.values(pod.labels),
    ...Object.values(pod.annotations),
  ].some(isUnknownText);
  const verdict = verdictWith(labels);
  if (undecided) return unknown("A label or an annotation that decides is not known.");
  if (addon === "unknown" && verdict.outcome !== "not-injected") {
    return unknown(`${verdict.reason} The plan does not say whether the cluster has the add-on.`);
  }
  return verdict;
}
