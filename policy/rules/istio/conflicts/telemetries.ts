import type { Cursor } from "../../../engine/cursor.ts";
import { telemetries } from "../../../model/istio/istioConfig.ts";
import { workloads } from "../../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../../model/kubernetes/objects.ts";
import { holds } from "../../../model/kubernetes/labelMaps.ts";
import { inNamespaceOf, namespaceOf } from "../../../model/kubernetes/objectNamespace.ts";
import type { Finding } from "../../../engine/finding.ts";
import type { Stack } from "../../../engine/stack.ts";
import { rivalsOf } from "./claims.ts";
import type { Claims } from "./claims.ts";

/** The namespaces that Telemetries without a selector apply to, and those in which other Telemetries select workloads. */
const wholeNamespaces: Claims = { kind: telemetries, of: claimed((one) => !isSelective(one)) };
const workloadsIn: Claims = { kind: telemetries, of: claimed(hasSelector) };

/**
 * Reports Telemetries that apply to the same workloads, of which Istio uses only one.
 *
 * @see https://istio.io/latest/docs/reference/config/analysis/ist0159/
 * @see https://istio.io/latest/docs/reference/config/analysis/ist0160/
 */
export function* checkTelemetries(telemetry: KubernetesObject, stack: Stack): Iterable<Finding> {
  for (const { claim, by } of rivalsOf(telemetry, wholeNamespaces, stack)) {
    yield `it has no selector, and neither does ${by.label}. Both apply to all workloads of ${claim}, but only one of the two takes effect. Merge them into one Telemetry.`;
  }
  for (const { by } of rivalsOf(telemetry, workloadsIn, stack)) {
    const both = inNamespaceOf(telemetry, workloads, stack).find(
      ({ template }) =>
        holds(template("metadata", "labels"), selectorOf(telemetry)) === true &&
        holds(template("metadata", "labels"), selectorOf(by)) === true,
    );
    if (both === undefined) continue;
    yield `${selectorOf(telemetry).path} selects ${both.label}, and so does ${by.label}, but only one of the two takes effect. Merge them into one Telemetry, or make them select different workloads.`;
  }
}

function claimed(fits: (telemetry: KubernetesObject) => boolean): Claims["of"] {
  return (telemetry, stack) => {
    const { name } = namespaceOf(telemetry, stack);
    return name !== undefined && fits(telemetry) ? [name] : [];
  };
}

function isSelective({ at }: KubernetesObject): boolean {
  return ["selector", "targetRef", "targetRefs"].some(
    (one) => at("spec", one).read() !== undefined,
  );
}

function hasSelector(telemetry: KubernetesObject): boolean {
  const pairs = selectorOf(telemetry).keys();
  return Array.isArray(pairs) && pairs.length > 0;
}

function selectorOf({ at }: KubernetesObject): Cursor {
  return at("spec", "selector", "matchLabels");
}
