import { closest } from "../../text/suggest.ts";
import { isEmptyMap } from "./path.ts";

/** A key of the project's own, with its value; what is no JSON stays the text that it is. */
export interface OwnKey {
  readonly key: string;
  readonly value: unknown;
  /** As it is in the stack file. */
  readonly fullKey: string;
  /** The part of it before the colon: the project's name, or one that looks mistyped for it. */
  readonly namespace: string;
}

/** What a stack can do without; what it says of one of them has to be complete. */
const OPTIONAL = ["gitops", "certificates"];

/** The project's own keys by name, with those whose namespace only looks like the project's where there is no other. */
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
    // A key that nobody set is an empty map, by the default in Pulumi.yaml.
    if (!OPTIONAL.includes(own.key) || !isEmptyMap(own.value)) found.set(own.key, own);
  }
  for (const stray of all.filter(({ fullKey }) => isStray(fullKey, project))) {
    const own = found.get(stray.key);
    if (own === undefined || isEmptyMap(own.value)) found.set(stray.key, stray);
  }
  return found;
}

/** A line for each key that no program reads, because its namespace is mistyped. */
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
