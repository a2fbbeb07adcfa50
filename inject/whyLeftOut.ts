import { istiodExemption } from "../mesh/istiodInjection.ts";
import { SIDECAR_INJECT_LABEL } from "../mesh/names.ts";
import { objectIn, textIn, valueIn } from "../yaml/json.ts";
import type { JsonObject } from "../yaml/json.ts";

/** Why a pod gets no sidecar from any injector, as a sentence; undefined if it gets one. */
export function whyLeftOut(pod: JsonObject): string | undefined {
  const labels = texts(pod, "labels");
  if (labels[SIDECAR_INJECT_LABEL] === "false") {
    return `The pod's label ${SIDECAR_INJECT_LABEL}=false opts it out.`;
  }
  return istiodExemption({
    namespace: { name: textIn(pod, "metadata", "namespace") ?? "", labels: {} },
    pod: {
      labels,
      annotations: texts(pod, "annotations"),
      hostNetwork: valueIn(pod, "spec", "hostNetwork") === true,
    },
  });
}

function texts(pod: JsonObject, field: string): Readonly<Record<string, string>> {
  const values = Object.entries(objectIn(pod, "metadata", field));
  return Object.fromEntries(
    values.flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );
}
