import { istiodExemption } from "../../../mesh/istiodInjection.ts";
import type { InjectionSubject } from "../../../mesh/istiodInjection.ts";
import { numberAt } from "../../cluster/clusterObject.ts";
import type { ClusterState } from "../../cluster/clusterState.ts";
import type { Step } from "../explanation.ts";
import { injectionWebhooks, whyNotSelected } from "./injectionWebhook.ts";
import type { InjectionWebhook } from "./injectionWebhook.ts";
import { injectorPolicyOf } from "./injectorPolicy.ts";

/** What happens to a new pod. `refused`: the API server rejects it, because the webhook that selects it does not answer. */
export type Outcome = "injected" | "not-injected" | "refused" | "unknown";

/** What happens to a new pod, and the steps that decide it. */
export interface Prediction {
  readonly outcome: Outcome;
  /** The revision of the sidecar, or of the istiod that does not answer. */
  readonly revision?: string;
  /** A sentence. */
  readonly reason: string;
  readonly steps: readonly Step[];
}

/**
 * What the API server and istiod do with a new pod: the selectors of the cluster's own webhooks, then istiod's checks.
 * The webhooks and Services must have been read.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
 */
export function predictInjection(subject: InjectionSubject, state: ClusterState): Prediction {
  const webhooks = injectionWebhooks(
    state.all("admissionregistration.k8s.io/MutatingWebhookConfiguration"),
  );
  const rows = webhooks.map((webhook) => ({
    webhook,
    unmet: whyNotSelected(webhook, subject.namespace.labels, subject.pod.labels),
  }));
  const steps = rows.map(({ webhook, unmet }) => stepOf(webhook, unmet));
  const [first, ...others] = rows.filter(({ unmet }) => unmet === undefined);
  if (first === undefined) {
    const reason =
      webhooks.length === 0
        ? "The cluster has no webhook that injects sidecars."
        : "No webhook that injects sidecars selects the pod.";
    return { outcome: "not-injected", reason, steps };
  }
  const unknown = (reason: string): Prediction => ({ outcome: "unknown", reason, steps });
  if (others.length > 0) {
    const names = [first, ...others].map(({ webhook }) => webhook.place).join(" and ");
    return unknown(`More than one webhook selects the pod, so the last one decides: ${names}.`);
  }
  const { webhook } = first;
  if (webhook.matchConditions.length > 0) {
    return unknown(`${webhook.place} has matchConditions, which are not evaluated here.`);
  }
  const { revision } = webhook;
  if (revision === undefined) return unknown(`${webhook.place} names no revision.`);
  const absent = whyNoIstiod(webhook, state);
  if (absent !== undefined) {
    const { isRequired } = webhook;
    const effect = isRequired
      ? "so the API server rejects the pod"
      : "and its failurePolicy is Ignore, so the pod gets no sidecar";
    const reason = `${webhook.place} selects the pod, but ${absent}, ${effect}.`;
    const message = `${absent.charAt(0).toUpperCase()}${absent.slice(1)}, ${effect}.`;
    const step: Step = { name: "istiod", answer: "no", decidedBy: webhook.place, message };
    const outcome = isRequired ? "refused" : "not-injected";
    return { outcome, revision, reason, steps: [...steps, step] };
  }
  if (webhook.service === undefined) {
    return unknown(`${webhook.place} calls a URL, and whether that answers is not known.`);
  }
  const { policy, place } = injectorPolicyOf(revision, state);
  const exempt = istiodExemption(subject, policy);
  const step: Step = {
    name: "istiod",
    answer: exempt === undefined ? "yes" : "no",
    decidedBy: place ?? `Service ${webhook.service.namespace}/${webhook.service.name}`,
    message: exempt ?? `istiod of ${revision} injects the pod.`,
  };
  const all = [...steps, step];
  if (exempt !== undefined) {
    return { outcome: "not-injected", revision, reason: exempt, steps: all };
  }
  const via = webhook.tag === undefined ? "" : ` by its tag ${webhook.tag}`;
  const reason = `${webhook.place} selects the pod${via}, and istiod of ${revision} injects it.`;
  return { outcome: "injected", revision, reason, steps: all };
}

function stepOf({ name, place, revision, tag }: InjectionWebhook, unmet: string | undefined): Step {
  const whose = `${revision ?? "an unknown revision"}${tag === undefined ? "" : `, tag ${tag}`}`;
  return {
    name: "webhook",
    answer: unmet === undefined ? "yes" : "no",
    decidedBy: `${place} (${name})`,
    message:
      unmet === undefined
        ? `Selects the pod for ${whose}.`
        : `Does not select the pod for ${whose}: ${unmet}.`,
  };
}

/** Why no istiod answers a webhook, as text; undefined if one does, or may. */
function whyNoIstiod({ service }: InjectionWebhook, state: ClusterState): string | undefined {
  if (service === undefined) return undefined;
  const isIt = ({ metadata }: { readonly metadata: { name: string; namespace?: string } }) =>
    metadata.name === service.name && metadata.namespace === service.namespace;
  const path = `${service.namespace}/${service.name}`;
  if (!state.all("Service").some(isIt)) return `the Service ${path} that it calls does not exist`;
  if (state.notRead("apps/Deployment") !== undefined) return undefined;
  // AKS gives both the same name.
  const deployment = state.all("apps/Deployment").find(isIt);
  return deployment !== undefined && (numberAt(deployment, "status", "readyReplicas") ?? 0) === 0
    ? `the Deployment ${path} has no ready pod`
    : undefined;
}
