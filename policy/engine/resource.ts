import { Cursor } from "./cursor.ts";

/** A resource of the stack, as the pack keeps it. */
export interface Resource {
  readonly type: string;
  readonly urn: string;
  readonly name: string;
  /** The program's inputs, or the actual state if the program only reads the resource. */
  readonly inputs: Cursor;
  /** The actual state. Empty for a Kubernetes object whose cluster is yet to be created. */
  readonly outputs?: Cursor;
  /** The paths of properties whose changes the program ignores (Pulumi's `ignoreChanges`). */
  readonly ignoreChanges: readonly string[];
  /** The provider that manages the resource. Components have none. */
  readonly provider?: Provider;
  /** Whether another resource of the stack creates it from a manifest, as a Flux configuration does. */
  readonly ofManifest: boolean;
}

/** A provider with its configuration. */
export interface Provider {
  readonly urn: string;
  readonly name: string;
  readonly inputs: Cursor;
}

/** The fields of a resource that every callback of the SDK passes. */
export interface ResourceArgs {
  readonly type: string;
  readonly urn: string;
  readonly name: string;
  readonly props: object;
  readonly opts?: { readonly ignoreChanges?: readonly string[] };
  readonly provider?: { readonly urn: string; readonly name: string; readonly props: object };
}

/** Converts a resource from the form in which the SDK passes it. */
export function resourceOf({ type, urn, name, props, opts, provider }: ResourceArgs): Resource {
  return {
    type,
    urn,
    name,
    inputs: new Cursor(labelOf(type, name), props, [], isOfAzure(type) ? "strict" : "lenient"),
    ignoreChanges: opts?.ignoreChanges ?? [],
    ofManifest: provider !== undefined && !PROVIDER.test(provider.urn),
    ...(provider && {
      provider: {
        urn: provider.urn,
        name: provider.name,
        inputs: new Cursor(`Provider "${provider.name}"`, provider.props),
      },
    }),
  };
}

/** The end of the URN of a provider. */
const PROVIDER = /[:$]pulumi:providers:[^:]+::.*$/;

function isOfAzure(type: string): boolean {
  return /^azure(?:-native)?:/.test(type);
}

/** The name of a resource in messages: `Namespace "shop"`. */
export function labelOf(type: string, name: string): string {
  return `${type.slice(type.lastIndexOf(":") + 1)} "${name}"`;
}

/** Whether the program ignores changes of a property, or of an object that contains it. */
export function leavesAlone({ ignoreChanges }: Resource, path: string): boolean {
  return ignoreChanges.some((ignored) => ignored === "*" || `${path}.`.startsWith(`${ignored}.`));
}

/** A resource, or a part of one, that rules judge. */
export interface Target {
  readonly resource: Resource;
  /** The name in messages. */
  readonly label: string;
}

/** A kind of target, and where to find its targets. */
export interface TargetKind<Found extends Target> {
  /** The best-known resource type of the kind. */
  readonly type: string;
  /** Whether resources of the type contain such targets. */
  readonly matches: (type: string) => boolean;
  /** The targets that a resource of such a type contains. */
  readonly in: (resource: Resource) => readonly Found[];
}

/** Combines several kinds into one. */
export function anyOf<Found extends Target>(
  ...subjects: [TargetKind<Found>, ...TargetKind<Found>[]]
): TargetKind<Found> {
  return {
    type: subjects[0].type,
    matches: (type) => subjects.some((subject) => subject.matches(type)),
    in: (resource) =>
      subjects.flatMap((subject) => (subject.matches(resource.type) ? subject.in(resource) : [])),
  };
}
