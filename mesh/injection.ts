import { istiodExemption } from "./istiodInjection.ts";
import type { InjectionSubject } from "./istiodInjection.ts";
import { LEGACY_INJECTION_LABEL, REVISION_LABEL, SIDECAR_INJECT_LABEL } from "./names.ts";

/** The revision tag that serves the labels of an Istio without revisions, if it exists. */
const DEFAULT_TAG = "default";

/** The revisions that a cluster runs, and the revision that each revision tag points to. */
export interface InjectingRevisions {
  readonly revisions: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The result of injection for a pod. `reason` is a sentence. `refused` means that the pod is not created, because the
 * webhook of a tag calls an istiod that no longer exists, and its failure policy is `Fail`.
 */
export type InjectionVerdict =
  | { readonly outcome: "injected"; readonly revision: string; readonly reason: string }
  | { readonly outcome: "not-injected"; readonly reason: string }
  | { readonly outcome: "refused"; readonly revision: string; readonly reason: string };

/**
 * Whether a pod gets a sidecar, from which revision, and why. Evaluates the selectors of the injection webhooks first,
 * then the checks in istiod itself.
 *
 * @see https://github.com/istio/istio/blob/master/manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml
 * @see https://github.com/istio/istio/blob/master/manifests/charts/istio-control/istio-discovery/templates/revision-tags-mwc.yaml
 * @see https://github.com/istio/istio/blob/master/pkg/kube/inject/inject.go
 */
export function sidecarInjection(
  subject: InjectionSubject,
  running: InjectingRevisions,
): InjectionVerdict {
  const selection = selectedWebhook(subject, running);
  if (selection.revision === undefined) return notInjected(selection.reason);
  const { revision, name } = selection;
  if (!running.revisions.includes(revision)) {
    return {
      outcome: "refused",
      revision,
      reason: `The tag ${name} points to ${revision}, which the cluster does not run, so its webhook fails and the pod is not created.`,
    };
  }
  const exempt = istiodExemption(subject);
  if (exempt !== undefined) return notInjected(exempt);
  const via = revision === name ? revision : `${revision} (by its tag ${name})`;
  return { outcome: "injected", revision, reason: `${selection.reason} selects ${via}.` };
}

/** The selected webhook: its revision, the revision or tag that names it, and the label that selects it. */
type Selection =
  | { readonly revision: string; readonly name: string; readonly reason: string }
  | { readonly revision: undefined; readonly reason: string };

/** Finds the webhook that the API server calls for the pod, or the reason why it calls none. */
function selectedWebhook(subject: InjectionSubject, running: InjectingRevisions): Selection {
  const { namespace, pod } = subject;
  const legacy = namespace.labels[LEGACY_INJECTION_LABEL];
  const inject = pod.labels[SIDECAR_INJECT_LABEL];
  const none = (reason: string): Selection => ({ revision: undefined, reason });
  const byLabel = (name: string, label: string, otherwise: string): Selection => {
    const revision = namedRevision(name, running);
    return revision === undefined ? none(otherwise) : { revision, name, reason: label };
  };

  if (inject === "false") return none(`The pod's label ${SIDECAR_INJECT_LABEL}=false opts it out.`);
  if (legacy !== undefined) {
    const skipped = `The namespace has the label ${LEGACY_INJECTION_LABEL}=${legacy}. With that label, regardless of its value, the webhooks of a revision skip it.`;
    return legacy === "enabled"
      ? byLabel(DEFAULT_TAG, `The namespace's label ${LEGACY_INJECTION_LABEL}`, skipped)
      : none(skipped);
  }
  const ofNamespace = namespace.labels[REVISION_LABEL];
  const wanted = ofNamespace ?? pod.labels[REVISION_LABEL];
  if (wanted !== undefined) {
    const label = `The ${ofNamespace === undefined ? "pod" : "namespace"}'s label ${REVISION_LABEL}`;
    return byLabel(
      wanted,
      label,
      `${label}=${wanted} names no revision or tag of the cluster, so no webhook is called.`,
    );
  }
  const unlabelled = `Neither the namespace nor the pod has the label ${REVISION_LABEL}`;
  return inject === "true"
    ? byLabel(
        DEFAULT_TAG,
        `The pod's label ${SIDECAR_INJECT_LABEL}`,
        `${unlabelled}, and ${SIDECAR_INJECT_LABEL}=true does not select a revision.`,
      )
    : none(`${unlabelled}.`);
}

/** The revision that a label's value names, directly or through a tag; undefined if it names none. */
export function namedRevision(
  name: string,
  { revisions, tags }: InjectingRevisions,
): string | undefined {
  if (revisions.includes(name)) return name;
  return Object.hasOwn(tags, name) ? tags[name] : undefined;
}

function notInjected(reason: string): InjectionVerdict {
  return { outcome: "not-injected", reason };
}
