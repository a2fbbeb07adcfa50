import type { Position } from "../yaml/positions.ts";

/** A Kubernetes object from a file, as the API server would receive it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  /** Absent if the API server chooses it (`generateName`). */
  readonly name: string | undefined;
  readonly object: Readonly<Record<string, unknown>>;
  readonly origin: Origin;
  /** The identity of the object of Flux that applies it; absent if others that it applies could not be read. */
  readonly source?: string;
  /** Where the Kustomization or the HelmRelease of Flux that applies it was written. */
  readonly appliedBy?: Origin;
}

/** Where an object was written. */
export interface Origin {
  /** As the user would open it; `-` for standard input. */
  readonly file: string;
  /** The place of a field, or of the closest field around it; without steps, of the object itself. */
  readonly at: (steps: readonly (string | number)[]) => Place;
  /** Where its own text is in the file; absent if the text is what a tool printed. */
  readonly within?: TextPart;
}

/** A value in one of the YAML documents of a text. */
export interface TextPart {
  /** The index of the document. */
  readonly document: number;
  /** The way to the value in the document: `items`, 0 for one of a list. */
  readonly path: readonly (string | number)[];
}

/** A position in a file. */
export interface Place extends Position {
  readonly file: string;
}

/** Something that could not be read as manifests. */
export interface Unread extends Partial<Position> {
  readonly file: string;
  /** Why, in a sentence. */
  readonly reason: string;
  readonly fix: string;
  /** Whether the file itself is wrong, so a deployment of it fails. */
  readonly broken: boolean;
}

/** @param inherited the API version and the kind that the items of a typed list leave out */
export function manifestOf(
  object: Readonly<Record<string, unknown>>,
  origin: Origin,
  inherited: { readonly apiVersion?: string; readonly kind?: string } = {},
): Manifest | undefined {
  const apiVersion = textOf(object["apiVersion"]) ?? inherited.apiVersion;
  const kind = textOf(object["kind"]) ?? inherited.kind;
  if (apiVersion === undefined || kind === undefined) return undefined;
  const metadata = isRecord(object["metadata"]) ? object["metadata"] : {};
  return {
    apiVersion,
    kind,
    namespace: textOf(metadata["namespace"]),
    name: textOf(metadata["name"]),
    object,
    origin,
  };
}

/** What distinguishes an object from the others in a cluster; undefined if it has no name. Versions do not count. */
export function identityOf({ apiVersion, kind, namespace, name }: Manifest): string | undefined {
  if (name === undefined) return undefined;
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  return [group, kind, namespace ?? "", name].join("|");
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
