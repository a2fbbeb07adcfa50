import { UsageError } from "../offline/errors.ts";
import type { Subject } from "./standIn.ts";

/** An operation that changes a resource or reads it back. */
export type Operation = "create" | "read" | "update" | "delete";

interface Fault {
  /** `lost` operations succeed, but their response never arrives. */
  readonly operation: Operation | "lost";
  /** The last part of the type, or the logical name; `*` matches all. */
  readonly subject: string;
  /** How often it affects each resource. */
  readonly times: number;
  readonly error: string;
}

const FAULT = /^(create|read|update|delete|lost):([^:]+)(?::(once|always|\d+)(?::(.+))?)?$/s;

/**
 * Azure's response to a caller that sends too many requests. @see
 * https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling
 */
const UNAVAILABLE = 'Status=503 Code="ServiceUnavailable" Message="The service is unavailable."';

/** Operations that fail on purpose. */
export class Faults {
  readonly #faults: readonly Fault[];
  /** How often each fault has affected each resource. */
  readonly #struck = new Map<string, number>();

  constructor(faults: readonly Fault[] = []) {
    this.#faults = faults;
  }

  /**
   * Parses faults such as `create:ManagedCluster:once` or `update:mesh:2:Status=409 …`.
   *
   * @throws UsageError
   */
  static parse(texts: readonly string[]): Faults {
    return new Faults(
      texts.map((text) => {
        const [, operation, subject, often = "once", error = UNAVAILABLE] = FAULT.exec(text) ?? [];
        if (operation === undefined || subject === undefined) {
          throw new UsageError(
            `${JSON.stringify(text)} is not a valid fault. Write OPERATION:RESOURCE[:TIMES[:ERROR]], as in create:ManagedCluster:once: OPERATION is create, read, update, delete, or lost (it succeeds, but its response is lost); RESOURCE is a type such as ManagedCluster, a logical name, or *; TIMES is once, always or a number.`,
          );
        }
        const times = often === "once" ? 1 : often === "always" ? Infinity : Number(often);
        return { operation: operation as Fault["operation"], subject, times, error };
      }),
    );
  }

  /** @throws Error if the operation must fail before it begins. */
  before(operation: Operation, subject: Subject): void {
    this.#strike(operation, subject);
  }

  /** @throws Error if the operation is complete, but its response must be lost. */
  after(operation: Operation, subject: Subject): void {
    if (operation === "create") this.#strike("lost", subject);
  }

  #strike(operation: Fault["operation"], subject: Subject): void {
    this.#faults.forEach((fault, index) => {
      if (fault.operation !== operation || !concerns(fault.subject, subject)) return;
      const key = `${index} ${subject.type} ${subject.name}`;
      const struck = this.#struck.get(key) ?? 0;
      if (struck >= fault.times) return;
      this.#struck.set(key, struck + 1);
      throw new Error(fault.error);
    });
  }
}

function concerns(wanted: string, { type, name }: Subject): boolean {
  return wanted === "*" || wanted === name || type.endsWith(`:${wanted}`);
}
