import { labelOf } from "../operate/cluster/clusterObject.ts";
import type { ClusterObject } from "../operate/cluster/clusterObject.ts";
import type { Manifest, Place } from "../manifests/manifest.ts";

/**
 * What becomes of an object of another mesh. `translated`: the new objects do the same. `approximated`: they do almost the
 * same, and never allow more, unless the message says so. `untranslated`: somebody must act. `unneeded`: it had no effect,
 * or the add-on does the same by itself.
 */
export type Fate = "translated" | "approximated" | "untranslated" | "unneeded";

/** What becomes of an object, or of a part of one. */
export interface Entry {
  readonly fate: Fate;
  /** `TrafficTarget bookstore/bookstore`, or with a part: `HTTPRouteGroup bookstore/routes, match buy-a-book`. */
  readonly subject: string;
  readonly place: Place;
  /** The objects that do it from now on: `AuthorizationPolicy bookstore/bookstore`. */
  readonly becomes: readonly string[];
  /** Sentences: what differs, or why it could not be translated. */
  readonly message: string;
  /** A sentence with what to do; present if it is untranslated. */
  readonly fix?: string;
}

/** A step of a migration. The steps of a report are in the order in which to act. */
export interface Step {
  /** An imperative sentence without a full stop: `Disable the OSM add-on`. */
  readonly title: string;
  /** Sentences: what happens, and what to look out for. */
  readonly about: string;
  /** Commands that do it, one a line of a shell. */
  readonly commands: readonly string[];
}

export interface MigrationReport {
  readonly entries: readonly Entry[];
  /** The number of objects that need no change. */
  readonly untouched: number;
  readonly steps: readonly Step[];
}

/** What a translation yields: new objects, and what became of the old ones. */
export interface Translation {
  readonly objects: readonly ClusterObject[];
  readonly entries: readonly Entry[];
}

/** The exit code of a migration: 1 if somebody must act on what could not be translated. */
export function exitCodeOf({ entries }: Pick<MigrationReport, "entries">): number {
  return entries.some(({ fate }) => fate === "untranslated") ? 1 : 0;
}

/** An object of a manifest as users name it: `TrafficTarget bookstore/bookstore`; its kind if it has no name. */
export function subjectOf({ kind, namespace, name }: Manifest): string {
  if (name === undefined) return kind;
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

/** An entry about an object, or about the field at some steps of it. */
export function entryOf(
  manifest: Manifest,
  fate: Fate,
  message: string,
  more: {
    readonly becomes?: readonly ClusterObject[];
    readonly fix?: string;
    readonly part?: string;
    readonly steps?: readonly (string | number)[];
  } = {},
): Entry {
  const { becomes = [], fix, part, steps = [] } = more;
  return {
    fate,
    subject: subjectOf(manifest) + (part === undefined ? "" : `, ${part}`),
    place: manifest.origin.at(steps),
    becomes: [...new Set(becomes.map(labelOf))],
    message,
    ...(fix === undefined ? {} : { fix }),
  };
}

export function merged(translations: readonly Translation[]): Translation {
  return {
    objects: translations.flatMap(({ objects }) => objects),
    entries: translations.flatMap(({ entries }) => entries),
  };
}
