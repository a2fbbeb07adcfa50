import type { SupportLevel } from "./meshConfigFields.ts";
import { closest } from "../text/suggest.ts";

/** The parts of a Telemetry that configure telemetry. Each is a list of objects. */
export type TelemetryPart = keyof typeof telemetryFields;

/**
 * The fields of a Telemetry below `accessLogging` and `metrics`. Microsoft's table lists the supported and allowed ones
 * and says that any other field is blocked. It allows everything below `tracing`.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-telemetry#telemetry-api-support-scope
 * @see https://istio.io/latest/docs/reference/config/telemetry/
 */
export const telemetryFields = {
  accessLogging: {
    disabled: "supported",
    match: "supported",
    providers: "allowed",

    filter: "blocked",
  },
  metrics: {
    overrides: "supported",
    providers: "allowed",

    reportingInterval: "blocked",
  },
} as const satisfies Record<string, Readonly<Record<string, SupportLevel>>>;

/**
 * The fields that a Telemetry may have in its `spec`. `selector`, `targetRef` and `targetRefs` are not in Microsoft's
 * table, which is about telemetry itself, but its page recommends Telemetry for settings of single workloads.
 */
const SPEC = [...Object.keys(telemetryFields), "tracing", "selector", "targetRef", "targetRefs"];

/** Why the add-on does not accept a field in the `spec` of a Telemetry, with the fix; undefined if it does. */
export function telemetrySpecProblem(field: string): string | undefined {
  return SPEC.includes(field) ? undefined : unknownField(field, SPEC);
}

/** Why the add-on does not accept a field of an item below `accessLogging` or `metrics`; undefined if it does. */
export function telemetryFieldProblem(part: TelemetryPart, field: string): string | undefined {
  const fields: Readonly<Record<string, SupportLevel>> = telemetryFields[part];
  const level = Object.hasOwn(fields, field) ? fields[field] : undefined;
  if (level === "blocked") {
    return `The add-on blocks the field ${part}.${field} of Istio's Telemetry. Remove it.`;
  }
  if (level !== undefined) return undefined;
  const accepted = Object.keys(fields).filter((name) => fields[name] !== "blocked");
  return unknownField(field, accepted);
}

function unknownField(field: string, accepted: readonly string[]): string {
  const meant = closest(field, accepted);
  const fix = meant === undefined ? "Remove it." : `Did you mean ${meant}?`;
  return `${field === "" ? '""' : field} is not a field of Telemetry that the add-on accepts. ${fix}`;
}
