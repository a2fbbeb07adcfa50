import type { Properties } from "../offline/plan/values.ts";

/** A resource, as the engine identifies it. */
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
 * The service behind one provider: it stores the created resources, and rejects the requests that the real service
 * rejects. The operation fails with the exact message of an error that it throws.
 */
export interface StandIn {
  /** The package of its resources, such as `azure-native`. */
  readonly packageName: string;
  /** Receives the provider's configuration, once per run of a program. */
  configure(config: Properties): void;
  /**
   * Fills in the provider's defaults: names and locations. Properties may be unknown.
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
