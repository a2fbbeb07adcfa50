import { existsSync, readFileSync } from "node:fs";
import type { Properties } from "../offline/plan/values.ts";

/** A resource as the engine describes it in its events. */
export interface EventResource {
  readonly urn: string;
  readonly type: string;
  /** Whether a provider manages it; components exist only in the program. */
  readonly custom: boolean;
  readonly parent: string;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly inputs: Properties;
}

interface StepMetadata {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly old: EventResource | null;
  readonly new: EventResource | null;
  /** The top-level properties that differ. */
  readonly diffs?: readonly string[] | null;
  /** The properties that differ, by path; absent if the provider does not say. */
  readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
}

/** A line of the engine's event log. */
export interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: StepMetadata };
  /** A step that succeeded. */
  readonly resOutputsEvent?: { readonly metadata: StepMetadata };
  readonly policyEvent?: {
    readonly resourceUrn?: string;
    readonly policyName: string;
    readonly enforcementLevel: string;
  };
  readonly diagnosticEvent?: { readonly severity: string; readonly message: string };
  readonly summaryEvent?: { readonly resourceChanges: Readonly<Record<string, number>> };
}

/** With these, the CLI writes its events to a file. Without the variable, it hides the option. */
export function eventLog(file: string): {
  readonly options: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
} {
  return { options: ["--event-log", file], environment: { PULUMI_DEBUG_COMMANDS: "true" } };
}

/** The events in a log; none if there is no log. */
export function readEvents(file: string): readonly EngineEvent[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.endsWith("}"))
    .map((line) => JSON.parse(line) as EngineEvent);
}

/** Whether a log has its end: the engine sums up each deployment. */
export function isComplete(events: readonly EngineEvent[]): boolean {
  return events.some(({ summaryEvent }) => summaryEvent !== undefined);
}

/** A change that the engine made. */
export interface EngineStep {
  /** `create`, `update`, `delete` or a part of a replacement, such as `create-replacement`. */
  readonly operation: string;
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** The new inputs, or the last inputs of a deleted resource. */
  readonly inputs: Properties;
  /** The paths of the properties that an update changed. */
  readonly properties: readonly string[];
}

/** The changes of a deployment in the order in which they finished, without components. */
export function stepsOf(events: readonly EngineEvent[]): readonly EngineStep[] {
  return events
    .flatMap(({ resOutputsEvent }) => resOutputsEvent?.metadata ?? [])
    .filter(({ op, old, new: made }) => op !== "same" && op !== "read" && (made ?? old)?.custom)
    .map(({ op, urn, type, old, new: made, diffs, detailedDiff }) => ({
      operation: op,
      type,
      name: urn.split("::").slice(3).join("::"),
      urn,
      inputs: (made ?? old)?.inputs ?? {},
      properties:
        Object.keys(detailedDiff ?? {}).length > 0
          ? Object.keys(detailedDiff ?? {})
          : [...(diffs ?? [])],
    }));
}
