import type { Properties } from "../../../offline/plan/values.ts";
import type { Checked, StandIn, State, Subject } from "../../../rehearsal/standIn.ts";

/** Stands in for any other provider: accepts everything unchanged. */
export class Plain implements StandIn {
  readonly packageName: string;
  readonly #states = new Map<string, State>();

  constructor(packageName: string) {
    this.packageName = packageName;
  }

  configure(): void {
    // No functions are implemented.
  }

  check(_: Subject, inputs: Properties): Checked {
    return { inputs, problems: [] };
  }

  replaces(): boolean {
    return false;
  }

  preview(_: Subject, inputs: Properties): Properties {
    return inputs;
  }

  create({ name }: Subject, inputs: Properties): State {
    return this.update({ type: "", name }, name, inputs);
  }

  read(_: Subject, id: string): State | undefined {
    return this.#states.get(id);
  }

  update(_: Subject, id: string, outputs: Properties): State {
    this.#states.set(id, { id, outputs });
    return { id, outputs };
  }

  delete(_: Subject, id: string): void {
    this.#states.delete(id);
  }

  invoke(token: string): Properties {
    throw new Error(`${token} has no stand-in.`);
  }
}
