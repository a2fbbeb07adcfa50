import { UsageError } from "../offline/errors.ts";
import type { Subject } from "./standIn.ts";

/** What an engine asks of a provider that changes something, or reads it back. */
export type Operation = "create" | "read" | "update" | "delete";

interface Fault {
  /** `lost` operations are carried out, and only their answer never arrives. */
  readonly operation: Operation | "lost";
  /** The type's last part, or the logical name; `*` is all. */
  readonly subject: string;
  /** How often it strikes each resource. */
  readonly times: number;
  readonly error: string;
}

const FAULT = /^(create|read|update|delete|lost):([^:]+)(?::(once|always|\d+)(?::(.+))?)?$/s;

/** What Azure answers a caller that asks too often. @see https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling */
const UNAVAILABLE = 'Status=503 Code="ServiceUnavailable" Message="The service is unavailable."';

/** Operations that fail on purpose. */
export class Faults {
  readonly #faults: readonly Fault[];
  /** How often each fault has struck each resource. */
  readonly #struck = new Map<string, number>();

  constructor(faults: readonly Fault[] = []) {
    this.#faults = faults;
  }

  /**
   * Reads faults such as `create:ManagedCluster:once` or `update:mesh:2:Status=409 …`.
   *
   * @throws UsageError
   */
  static parse(texts: readonly string[]): Faults {
    return new Faults(
      texts.map((text) => {
        const [, operation, subject, often = "once", error = UNAVAILABLE] = FAULT.exec(text) ?? [];
        if (operation === undefined || subject === undefined) {
          throw new UsageError(
            `${JSON.stringify(text)} is no fault. Write OPERATION:RESOURCE[:TIMES[:ERROR]], as in create:ManagedCluster:once: OPERATION is create, read, update, delete, or lost (carried out, but the answer is lost); RESOURCE is a type such as ManagedCluster, a logical name, or *; TIMES is once, always or a number.`,
          );
        }
        const times = often === "once" ? 1 : often === "always" ? Infinity : Number(often);
        return { operation: operation as Fault["operation"], subject, times, error };
      }),
    );
  }

  /** @throws Error where the operation is to fail before it has begun. */
  before(operation: Operation, subject: Subject): void {
    this.#strike(operation, subject);
  }

  /** @throws Error where the operation is done, and its answer is to be lost. */
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
