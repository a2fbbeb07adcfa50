import { closest } from "../../text/suggest.ts";
import { isEmptyMap } from "./path.ts";

/** One of the project's keys with its value: parsed if it is JSON, and otherwise the text. */
export interface OwnKey {
  readonly key: string;
  readonly value: unknown;
  /** The key as in the stack file. */
  readonly fullKey: string;
  /** The part before the colon: the project's name, or a probable typo of it. */
  readonly namespace: string;
}

/** Keys that a stack may omit as a whole. If present, they must be complete. */
const OPTIONAL = ["gitops", "certificates"];

/** The project's keys, by name. A key with a mistyped namespace counts if the right one is missing. */
export function ownKeys(
  values: Readonly<Record<string, string>>,
  project: string,
): ReadonlyMap<string, OwnKey> {
  const all = Object.entries(values).map(([fullKey, text]): OwnKey => {
    const colon = fullKey.indexOf(":");
    const [namespace, key] = [fullKey.slice(0, colon), fullKey.slice(colon + 1)];
    return { key, value: parsedJson(text), fullKey, namespace };
  });
  const found = new Map<string, OwnKey>();
  for (const own of all.filter(({ namespace }) => namespace === project)) {
    // Pulumi.yaml's default for an unset key is an empty map.
    if (!OPTIONAL.includes(own.key) || !isEmptyMap(own.value)) found.set(own.key, own);
  }
  for (const stray of all.filter(({ fullKey }) => isStray(fullKey, project))) {
    const own = found.get(stray.key);
    if (own === undefined || isEmptyMap(own.value)) found.set(stray.key, stray);
  }
  return found;
}

/** A line for each key that the program does not read because its namespace is mistyped. */
export function strayKeyProblems(
  values: Readonly<Record<string, string>>,
  project: string,
): readonly string[] {
  return Object.keys(values)
    .filter((fullKey) => isStray(fullKey, project))
    .map(
      (fullKey) =>
        `${fullKey}: nothing reads this key; did you mean ${project}${fullKey.slice(fullKey.indexOf(":"))}?`,
    );
}

function isStray(fullKey: string, project: string): boolean {
  const namespace = fullKey.slice(0, fullKey.indexOf(":"));
  return namespace !== project && closest(namespace, [project]) !== undefined;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
