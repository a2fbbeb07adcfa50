import { existsSync, readFileSync } from "node:fs";

/** A resource as the engine has it in its events. */
export interface EventResource {
  readonly urn: string;
  readonly type: string;
  readonly parent: string;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly inputs: Readonly<Record<string, unknown>>;
}

interface Step {
  readonly new: EventResource | null;
}

/** One line of the engine's event log, as far as it is looked at. */
export interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: Step };
  readonly policyEvent?: {
    readonly resourceUrn?: string;
    readonly policyName: string;
    readonly enforcementLevel: string;
  };
  readonly diagnosticEvent?: { readonly severity: string; readonly message: string };
  readonly summaryEvent?: { readonly resourceChanges: Readonly<Record<string, number>> };
}

export function readEvents(file: string): readonly EngineEvent[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.endsWith("}"))
    .map((line) => JSON.parse(line) as EngineEvent);
}

/** How many resources were made, changed, left as they are. */
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
