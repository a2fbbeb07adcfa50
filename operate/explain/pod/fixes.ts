import { sidecarInjection } from "../../../mesh/injection.ts";
import type { InjectionSubject } from "../../../mesh/istiodInjection.ts";
import {
  LEGACY_INJECTION_LABEL,
  REVISION_LABEL,
  SIDECAR_INJECT_LABEL,
} from "../../../mesh/names.ts";
import type { InjectionWebhook } from "./injectionWebhook.ts";

/** What to do, as a sentence, and the commands that do it. */
export interface Fix {
  readonly fix: string;
  readonly commands: readonly string[];
}

/** The restart of a workload, or what to do if there is no command for it. */
export function restartFix(restart: string | undefined, reason: string): Fix {
  return restart === undefined
    ? { fix: `Create the pod again: ${reason}.`, commands: [] }
    : { fix: `Restart it: ${reason}.`, commands: [restart] };
}

/**
 * How a pod that no webhook selects, or that istiod does not inject, gets a sidecar.
 *
 * @param restart the command that creates the pods again, if there is one
 */
export function injectionFix(
  { namespace, pod }: InjectionSubject,
  webhooks: readonly InjectionWebhook[],
  restart: string | undefined,
): Fix {
  const commands = (...of: readonly string[]) => [
    ...of,
    ...(restart === undefined ? [] : [restart]),
  ];
  const inject = pod.labels[SIDECAR_INJECT_LABEL] ?? pod.annotations[SIDECAR_INJECT_LABEL];
  if (inject === "false") {
    const where = pod.labels[SIDECAR_INJECT_LABEL] === undefined ? "annotation" : "label";
    return {
      fix: `Remove the ${where} ${SIDECAR_INJECT_LABEL} from the pod template.`,
      commands: [],
    };
  }
  if (pod.hostNetwork) return { fix: "Remove hostNetwork from the pod template.", commands: [] };
  const names = [...new Set(webhooks.flatMap(({ tag, revision }) => tag ?? revision ?? []))];
  const [name] = names;
  if (name === undefined) {
    return {
      fix: "Enable the add-on, or mend its webhooks: aks-istio verify says what is wrong.",
      commands: [],
    };
  }
  const label = `${REVISION_LABEL}=${name}`;
  const others = names.length > 1 ? ` The cluster has ${names.join(", ")}.` : "";
  const labelled = { ...namespace, labels: { [REVISION_LABEL]: name } };
  const wouldHelp =
    sidecarInjection({ namespace: labelled, pod }, { revisions: [name], tags: {} }).outcome ===
    "injected";
  if (!wouldHelp) return { fix: "Move the pod to another namespace.", commands: [] };
  const legacy =
    namespace.labels[LEGACY_INJECTION_LABEL] === undefined ? "" : ` ${LEGACY_INJECTION_LABEL}-`;
  return {
    fix: `Label the namespace ${label}${legacy === "" ? "" : `, and remove ${LEGACY_INJECTION_LABEL}`}.${others}`,
    commands: commands(`kubectl label namespace ${namespace.name} ${label}${legacy} --overwrite`),
  };
}
