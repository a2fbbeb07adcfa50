import type { EngineEvent, EventResource } from "../../../rehearsal/engineEvents.ts";

/** How many resources were created, updated and unchanged. */
export function changesOf(events: readonly EngineEvent[]): Readonly<Record<string, number>> {
  return events.findLast(({ summaryEvent }) => summaryEvent)?.summaryEvent?.resourceChanges ?? {};
}

/** The resources of a preview. */
export function plannedOf(events: readonly EngineEvent[]): readonly EventResource[] {
  return events.flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata.new ?? []);
}

export function findingsOf(events: readonly EngineEvent[]): readonly string[] {
  return events
    .flatMap(({ policyEvent }) => policyEvent ?? [])
    .map(
      ({ policyName, resourceUrn = "", enforcementLevel }) =>
        `${enforcementLevel} ${policyName}: ${titleOf(resourceUrn)}`,
    )
    .sort();
}

export function warningsOf(events: readonly EngineEvent[]): readonly string[] {
  return events
    .flatMap(({ diagnosticEvent }) => diagnosticEvent ?? [])
    .filter(({ severity }) => severity === "warning" || severity === "error")
    .map(({ message }) => message.trim());
}

/** The last part of the type, and the name. */
export function titleOf(urn: string): string {
  const [types = "", ...name] = urn.split("::").slice(2);
  return `${types.slice(types.lastIndexOf(":") + 1)} ${name.join("::")}`;
}
