import type { Properties } from "../offline/plan/values.ts";

/** A resource in the terms of the engine. */
export interface Subject {
  readonly type: string;
  readonly name: string;
}

/** The result of checking a program's inputs. */
export interface Checked {
  readonly inputs: Properties;
  /** Why the resource is invalid; empty if it is valid. */
  readonly problems: readonly string[];
}

/** A resource after an operation. */
export interface State {
  readonly id: string;
  readonly outputs: Properties;
}

/**
 * The remote side of one provider: it keeps the resources that were created, and refuses what the real one refuses. An
 * error that it throws becomes the error of the operation, word for word.
 */
export interface StandIn {
  /** The package of its resources, such as `azure-native`. */
  readonly packageName: string;
  /** Receives the configuration of the provider, once for each run of a program. */
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
  /** Whether a change at a path, such as `networkProfile.serviceCidr`, replaces the resource. */
  replaces(subject: Subject, path: string): boolean;
  /** The outputs that are known before the resource is created or changed. */
  preview(subject: Subject, inputs: Properties): Properties;
  create(subject: Subject, inputs: Properties): State | Promise<State>;
  /** Undefined if no resource has that ID. */
  read(subject: Subject, id: string): State | undefined | Promise<State | undefined>;
  update(subject: Subject, id: string, news: Properties): State | Promise<State>;
  delete(subject: Subject, id: string): void | Promise<void>;
  invoke(token: string, args: Properties): Properties;
}
