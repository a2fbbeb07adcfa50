import { LineCounter, parseDocument, stringify } from "yaml";
import type { Document } from "yaml";
import { problemsOf, valueOf } from "../../yaml/documentProblems.ts";
import { goYamlOptions } from "../../yaml/goYaml.ts";
import { isRecord } from "../manifest.ts";
import type { Manifest } from "../manifest.ts";
import { isUnknownText, unknownText } from "../unknownText.ts";
import { closestObject } from "./closest.ts";
import { SubstitutionError, substitute as substituteText } from "./envsubst.ts";
import { recordsOf } from "./kustomization.ts";
import type { FluxKustomization } from "./kustomization.ts";

/** The variables of a Kustomization. */
export interface Variables {
  readonly values: ReadonlyMap<string, string>;
  /** The ConfigMaps and Secrets that may set others, but whose content is not known. */
  readonly unknownSources: readonly string[];
  /** Those whose values are secret. */
  readonly secretNames: ReadonlySet<string>;
}

/** An object after substitution. */
export interface Substituted {
  readonly object: Readonly<Record<string, unknown>>;
  /** What secret variables became in it. */
  readonly secrets: readonly string[];
}

/** A sealed or encrypted value, which only the cluster can read. */
const ENCRYPTED = "ENC[";

/**
 * The variables in `postBuild`; undefined if Flux substitutes none.
 *
 * @param known the objects that may be the ConfigMaps and Secrets with values
 * @param secrets texts that are secret wherever they occur, besides the values of Secrets
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
 */
export function variablesOf(
  { spec, namespace, manifest }: FluxKustomization,
  known: readonly Manifest[],
  secrets: readonly string[] = [],
): Variables | undefined {
  const { postBuild } = spec;
  if (isUnknownText(postBuild)) return allUnknown("postBuild");
  if (!isRecord(postBuild)) return undefined;
  const { substituteFrom, substitute, substituteStrategy } = postBuild;
  if (isUnknownText(substituteFrom)) return allUnknown("substituteFrom");
  const values = new Map<string, string>();
  const unknownSources: string[] = [];
  const secretNames = new Set<string>();
  const set = (key: string, value: string, isSecret: boolean) => {
    values.set(key, oneLine(value));
    if (isSecret || secrets.some((secret) => value.includes(secret))) secretNames.add(key);
    else secretNames.delete(key);
  };
  for (const { kind, name } of recordsOf(substituteFrom)) {
    if (typeof kind !== "string" || typeof name !== "string") continue;
    const data = dataOf(closestObject(known, { kind, namespace, name }, manifest));
    // Even an optional one that the tree does not contain may exist in the cluster.
    if (data === undefined) unknownSources.push(`${kind} ${name}`);
    else for (const [key, value] of data) set(key, value, kind === "Secret");
  }
  if (isUnknownText(substitute)) unknownSources.push("substitute");
  for (const [key, value] of Object.entries(isRecord(substitute) ? substitute : {})) {
    if (typeof value === "string") set(key, value, false);
  }
  const always = substituteStrategy === "Always";
  // Without any variable, Flux leaves the text alone.
  if (values.size === 0 && unknownSources.length === 0 && !always) return undefined;
  return { values, unknownSources, secretNames };
}

/** Anything may be a variable. */
function allUnknown(source: string): Variables {
  return { values: new Map(), unknownSources: [source], secretNames: new Set() };
}

/** As Flux does. */
function oneLine(value: string): string {
  return value.replaceAll("\n", "");
}

function dataOf(
  manifest: Manifest | undefined,
): readonly (readonly [string, string])[] | undefined {
  if (manifest === undefined) return undefined;
  const { kind, object } = manifest;
  if (isUnknownText(object["data"]) || isUnknownText(object["stringData"])) return undefined;
  const entries = (value: unknown) =>
    Object.entries(isRecord(value) ? value : {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    );
  const data = entries(object["data"]);
  const plain = entries(object["stringData"]);
  if ([...data, ...plain].some(([, value]) => value.startsWith(ENCRYPTED))) return undefined;
  if (kind !== "Secret") return data;
  const decoded = data.map(
    ([key, value]) => [key, isUnknownText(value) ? value : fromBase64(value)] as const,
  );
  return [...decoded, ...plain];
}

function fromBase64(text: string): string {
  return Buffer.from(text, "base64").toString("utf8");
}

const SWITCH = "kustomize.toolkit.fluxcd.io/substitute";

/**
 * An object after substitution. A variable that an unknown source may set becomes an unknown text.
 *
 * @throws SubstitutionError
 */
export function substituted(
  object: Readonly<Record<string, unknown>>,
  { values, unknownSources, secretNames }: Variables,
): Substituted {
  const metadata = isRecord(object["metadata"]) ? object["metadata"] : {};
  const isOff = ["labels", "annotations"].some((key) => {
    const map = metadata[key];
    return isRecord(map) && map[SWITCH] === "disabled";
  });
  if (isOff) return { object, secrets: [] };
  const text = stringify(object, { version: "1.1", lineWidth: 0, aliasDuplicateObjects: false });
  if (!text.includes("$")) return { object, secrets: [] };
  const secrets: string[] = [];
  const result = substituteText(
    text,
    (name) => values.get(name) ?? (unknownSources.length > 0 ? unknownText(name) : undefined),
    (name, used) => {
      if (secretNames.has(name)) secrets.push(used);
    },
  );
  return { object: objectIn(result), secrets };
}

/** In characters; an API server accepts objects of three million. */
const LARGEST_OBJECT = 10_000_000;

/**
 * The object of a text that variables are part of. A value that is not quoted may be anything in YAML.
 *
 * @throws SubstitutionError
 */
function objectIn(text: string): Readonly<Record<string, unknown>> {
  if (text.length > LARGEST_OBJECT) {
    throw new SubstitutionError("variables make it larger than 10 MB");
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { ...goYamlOptions(2), lineCounter: lines });
  const [problem] = problemsOf(document, lines, { repeatedKeysAllowed: true });
  const result = problem === undefined ? valueIn(document) : undefined;
  if (isRecord(result)) return result;
  throw new SubstitutionError(
    `with the values of its variables, it is not valid YAML${problem === undefined ? "" : `: ${problem.message}`}`,
  );
}

function valueIn(document: Document): unknown {
  try {
    return valueOf(document);
  } catch {
    // A merge with something other than maps, or a key that is no text.
    return undefined;
  }
}
