import type { Properties } from "../offline/plan/values.ts";

/** A resource as the engine speaks of it. */
export interface Subject {
  readonly type: string;
  readonly name: string;
}

/** What a check makes of the inputs of a program. */
export interface Checked {
  readonly inputs: Properties;
  /** Why the resource cannot be; empty where it can. */
  readonly problems: readonly string[];
}

/** A resource as it is once an operation is over. */
export interface State {
  readonly id: string;
  readonly outputs: Properties;
}

/**
 * What stands in for the far side of one provider: it keeps what was made, and refuses what the real one refuses. What
 * it throws is the error of the operation, as it reads.
 */
export interface StandIn {
  /** The package whose resources it has, such as `azure-native`. */
  readonly packageName: string;
  /** The configuration of the provider, once for each program that runs. */
  configure(config: Properties): void;
  /**
   * Fills in what the provider fills in: names, locations. Properties may be unknown.
   *
   * @param seed Random text for names.
   */
  check(
    subject: Subject,
    news: Properties,
    asked: { readonly olds: Properties | undefined; readonly seed: string },
  ): Checked;
  /** Whether another value at a path, such as `networkProfile.serviceCidr`, is another resource. */
  replaces(subject: Subject, path: string): boolean;
  /** The outputs as far as they are known before the resource is made or changed. */
  preview(subject: Subject, inputs: Properties): Properties;
  create(subject: Subject, inputs: Properties): State | Promise<State>;
  /** Undefined where there is nothing of that ID. */
  read(subject: Subject, id: string): State | undefined | Promise<State | undefined>;
  update(subject: Subject, id: string, news: Properties): State | Promise<State>;
  delete(subject: Subject, id: string): void | Promise<void>;
  invoke(token: string, args: Properties): Properties;
}
