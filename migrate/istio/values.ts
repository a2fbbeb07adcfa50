import type { KeyPath } from "../../yaml/place.ts";
import { isRecord } from "../../manifests/manifest.ts";
import { blocker, note } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { VALUE_ADVICE } from "./valueAdvice.ts";

/**
 * What is said of the values of Istio's charts, which the add-on does not have. The MeshConfig among them is translated
 * elsewhere.
 *
 * @param at where the values are in the object
 */
export function valueFindings(values: unknown, at: KeyPath): readonly Finding[] {
  const leaves = leavesOf(values, []).filter(({ path }) => path[0] !== "meshConfig");
  const managed: string[] = [];
  const findings = leaves.flatMap(({ path, value }): readonly Finding[] => {
    const name = path.join(".");
    const advice = VALUE_ADVICE.find(({ of }) => of.test(name));
    if (advice === undefined) {
      return [
        blocker(
          [...at, ...path],
          `The add-on has no value ${name}, and what it does is not known here.`,
          "Find out whether workloads need it.",
        ),
      ];
    }
    if (advice.unless?.includes(String(value)) === true) return [];
    if (advice.fate === "managed") managed.push(name);
    if (advice.fate === "given" || advice.fate === "managed") return [];
    return advice.fate === "blocker"
      ? [blocker([...at, ...path], `${name}: ${advice.why}`, advice.fix)]
      : [note([...at, ...path], `${name}: ${advice.why}`, advice.fix)];
  });
  if (managed.length === 0) return findings;
  return [
    ...findings,
    note(
      at,
      `AKS determines images, resources, scheduling and scaling of the control plane and its gateways, so these values end: ${managed.join(", ")}.`,
      "To scale, patch minReplicas and maxReplicas of the HorizontalPodAutoscalers in aks-istio-system and aks-istio-ingress.",
    ),
  ];
}

interface Leaf {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** The values that say something, without empty ones. A list is one value. */
function leavesOf(value: unknown, path: readonly string[]): readonly Leaf[] {
  if (isRecord(value)) {
    return Object.entries(value).flatMap(([key, one]) => leavesOf(one, [...path, key]));
  }
  const isEmpty =
    value === undefined ||
    value === null ||
    value === "" ||
    (Array.isArray(value) && value.length === 0);
  return isEmpty || path.length === 0 ? [] : [{ path, value }];
}
