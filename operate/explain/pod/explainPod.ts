import { proxyOf } from "../../cluster/proxies.ts";
import { isActive, restartCommand, workloadOf } from "../../cluster/workload.ts";
import { labelOf } from "../../cluster/clusterObject.ts";
import type { ClusterObject } from "../../cluster/clusterObject.ts";
import type { ClusterState } from "../../cluster/clusterState.ts";
import { namespaceLabels } from "../../cluster/namespaceLabels.ts";
import type { KindName } from "../../cluster/kinds.ts";
import type { Explanation, Step, Verdict } from "../explanation.ts";
import { injectionFix, restartFix } from "./fixes.ts";
import type { Fix } from "./fixes.ts";
import { foundIn, proxyRevision } from "./found.ts";
import { injectionWebhooks } from "./injectionWebhook.ts";
import type { PodInQuestion } from "./podInQuestion.ts";
import { predictInjection } from "./prediction.ts";
import type { Prediction } from "./prediction.ts";
import { templateOf } from "./subject.ts";

const WEBHOOKS = "admissionregistration.k8s.io/MutatingWebhookConfiguration";

/** The kinds without which nothing can be said. */
const REQUIRED: readonly KindName[] = [WEBHOOKS, "Service"];

/** The kinds that an explanation reads. Only the webhooks and Services are required. */
export const POD_KINDS: readonly KindName[] = [
  ...REQUIRED,
  "Namespace",
  "Pod",
  "apps/Deployment",
  "ConfigMap",
];

/** Why a pod has its sidecar, or none: the webhooks one by one, istiod's checks, what was found, and what to do. */
export function explainPod(question: PodInQuestion, state: ClusterState): Explanation {
  const { object, namespace, pods } = question;
  const about = { subject: labelOf(object), from: state.from };
  const missing = [
    ...state.unread(REQUIRED),
    ...(namespace === undefined ? [unknownNamespace(object, state)] : []),
  ];
  const alive = pods?.filter(isActive);
  if (missing.length > 0 || namespace === undefined) {
    return {
      ...about,
      steps: [
        ...missing.map(({ reason }): Step => ({
          name: "webhook",
          answer: "unknown",
          message: reason,
        })),
        ...(alive ?? []).map((pod) => foundIn(pod, undefined, namespace)),
      ],
      verdict: {
        answer: "unknown",
        outcome: "unknown",
        message: "What decides about the sidecar could not be read.",
        fix: missing.map(({ fix }) => fix).join(" "),
      },
    };
  }
  const { name } = namespace.metadata;
  const labels = namespaceLabels(namespace);
  const subject = { namespace: { name, labels }, pod: templateOf(object) };
  const prediction = predictInjection(subject, state);
  const restart = restartOf(object);
  const expected = prediction.outcome === "injected" ? prediction.revision : undefined;
  return {
    ...about,
    steps: [...prediction.steps, ...(alive ?? []).map((pod) => foundIn(pod, expected, namespace))],
    verdict: verdictOf(prediction, alive ?? [], {
      restart: restartFix(restart, "a pod gets its sidecar only at creation"),
      inject: injectionFix(subject, injectionWebhooks(state.all(WEBHOOKS)), restart),
    }),
  };
}

function unknownNamespace({ metadata }: ClusterObject, state: ClusterState) {
  return (
    state.notRead("Namespace") ?? {
      reason: `The namespace ${metadata.namespace ?? ""} does not exist.`,
      fix: `Create the namespace, or name another with --namespace.`,
    }
  );
}

function restartOf(object: ClusterObject): string | undefined {
  const { kind, metadata } = object;
  const workload = kind === "Pod" ? workloadOf(object) : { kind, namespace: "", ...metadata };
  return workload === undefined ? undefined : restartCommand(workload);
}

/** The verdict on new pods, and on those that exist. */
function verdictOf(
  { outcome, revision = "", reason }: Prediction,
  pods: readonly ClusterObject[],
  fixes: { readonly restart: Fix; readonly inject: Fix },
): Verdict {
  switch (outcome) {
    case "unknown":
      return {
        answer: "unknown",
        outcome,
        message: reason,
        fix: "Remove what makes the result unknown, or look at a pod that exists.",
      };
    case "refused":
      return {
        answer: "no",
        outcome: "rejected at creation",
        message: reason,
        fix: `Run ${revision} again, or point the label or the revision tag to a revision that runs.`,
      };
    case "not-injected": {
      const proxied = pods.filter((pod) => proxyOf(pod) !== undefined);
      const lost =
        proxied.length === 0
          ? ""
          : ` ${countOf(proxied)} a proxy from before, and will lose it at the next restart.`;
      return { answer: "no", outcome: "no sidecar", message: reason + lost, ...fixes.inject };
    }
    case "injected": {
      const wrong = pods.filter((pod) => proxyRevision(pod) !== revision);
      if (wrong.length === 0) {
        return { answer: "yes", outcome: `sidecar of ${revision}`, message: reason };
      }
      const which = wrong.map(({ metadata }) => metadata.name).join(", ");
      return {
        answer: "no",
        outcome: `a new pod gets a sidecar of ${revision}, which ${which} has not`,
        message: reason,
        ...fixes.restart,
      };
    }
  }
}

function countOf(pods: readonly ClusterObject[]): string {
  const [pod] = pods;
  return pods.length === 1 && pod !== undefined
    ? `${labelOf(pod)} has`
    : `${pods.length} pods have`;
}
