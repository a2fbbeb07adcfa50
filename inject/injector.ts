import { SIDECAR_INJECT_LABEL } from "../mesh/names.ts";
import { objectIn } from "../yaml/json.ts";
import type { JsonObject } from "../yaml/json.ts";
import type { Injection } from "./addition.ts";

/** A pod gets no sidecar. The message is a sentence with the fix. */
export class NotInjected extends Error {}

/** What adds sidecars to pods: that of a cluster, or a saved one. */
export interface Injector {
  readonly revision: string;
  /** @throws NotInjected */
  readonly inject: (pod: JsonObject) => Promise<Injection>;
}

/** The same pod with the label that keeps every injector from it. */
export function optedOut(pod: JsonObject): JsonObject {
  const labels = { ...objectIn(pod, "metadata", "labels"), [SIDECAR_INJECT_LABEL]: "false" };
  return { ...pod, metadata: { ...objectIn(pod, "metadata"), labels } };
}
