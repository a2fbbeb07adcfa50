import { Cursor } from "./cursor.ts";

/** A resource of the stack, as the pack remembers it. */
export interface Resource {
  readonly type: string;
  readonly urn: string;
  readonly name: string;
  /** What the program asked for; what there is, where the program only reads the resource. */
  readonly inputs: Cursor;
  /** What there is. Empty for a Kubernetes object whose cluster is yet to be made. */
  readonly outputs?: Cursor;
  /** Paths of the properties whose changes the program ignores, because somebody else makes them. */
  readonly ignoreChanges: readonly string[];
  /** The provider that manages it. Components have none. */
  readonly provider?: Provider;
}

/** What a provider is configured with. */
export interface Provider {
  readonly urn: string;
  readonly name: string;
  readonly inputs: Cursor;
}

/** The parts that a resource has in common wherever the SDK hands it to a policy. */
interface Handed {
  readonly type: string;
  readonly urn: string;
  readonly name: string;
  readonly props: object;
  readonly opts?: { readonly ignoreChanges?: readonly string[] };
  readonly provider?: { readonly urn: string; readonly name: string; readonly props: object };
}

/** The resource as a policy is given it. */
export function resourceOf({ type, urn, name, props, opts, provider }: Handed): Resource {
  return {
    type,
    urn,
    name,
    inputs: new Cursor(labelOf(type, name), props, [], isOfAzure(type) ? "strict" : "lenient"),
    ignoreChanges: opts?.ignoreChanges ?? [],
    ...(provider && {
      provider: {
        urn: provider.urn,
        name: provider.name,
        inputs: new Cursor(`Provider "${provider.name}"`, provider.props),
      },
    }),
  };
}

function isOfAzure(type: string): boolean {
  return /^azure(?:-native)?:/.test(type);
}

/** How messages call a resource: `Namespace "shop"`. */
export function labelOf(type: string, name: string): string {
  return `${type.slice(type.lastIndexOf(":") + 1)} "${name}"`;
}

/** Whether the program leaves a property to somebody else: it, or what it is in. */
export function leavesAlone({ ignoreChanges }: Resource, path: string): boolean {
  return ignoreChanges.some((ignored) => ignored === "*" || `${path}.`.startsWith(`${ignored}.`));
}

/** Anything that rules judge: a resource, or a part of one. */
export interface Target {
  readonly resource: Resource;
  /** How messages call it. */
  readonly label: string;
}

/** A kind of thing, and where to find it. */
export interface TargetKind<Found extends Target> {
  /** The type of resource by which it is known best. */
  readonly type: string;
  /** Whether resources of the type hold such things. */
  readonly matches: (type: string) => boolean;
  /** The things that a resource of such a type holds. */
  readonly in: (resource: Resource) => readonly Found[];
}

/** The things of several subjects as one. */
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
