/** A step into a value: a key of a map, an index of a list, or the name of an item whose list is one of named items. */
export type Step = string | number | { readonly name: string };

export type PropertyPath = readonly Step[];

/** `spec.servers[0].hosts`, `metadata.labels["istio.io/rev"]`, `spec.containers[name=web].image`. */
export function pathText(path: PropertyPath): string {
  return path.map(stepText).join("").replace(/^\./, "");
}

function stepText(step: Step): string {
  if (typeof step === "number") return `[${step}]`;
  if (typeof step === "object") {
    return `[name=${/^[\w.-]+$/.test(step.name) ? step.name : JSON.stringify(step.name)}]`;
  }
  return /^[\w$-]+$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
}

/** A path in which `*` stands for any key, index or name. */
export type PathPattern = readonly (string | number)[];

const STEP = /([^.[\]"]+)|\[(\d+|\*)\]|\["((?:[^"\\]|\\.)*)"\]/g;

/**
 * Parses a path of the options `replaceOnChanges` and `ignoreChanges`.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/options/ignorechanges/#property-paths
 */
export function patternOf(text: string): PathPattern {
  return [...text.matchAll(STEP)].map(([, name, index, quoted]) => {
    if (name !== undefined) return name;
    if (quoted !== undefined) return quoted.replace(/\\(.)/g, "$1");
    return index === "*" ? "*" : Number(index);
  });
}

/** Whether a path is at or below what a pattern names. */
export function isWithin(path: PropertyPath, pattern: PathPattern): boolean {
  return path.length >= pattern.length && agree(path, pattern);
}

/** The same, or above it: a change of the whole is a change of its parts. */
export function concerns(path: PropertyPath, pattern: PathPattern): boolean {
  return agree(path, pattern);
}

/** Whether the steps that both have are the same. An item with a name may be at any index. */
function agree(path: PropertyPath, pattern: PathPattern): boolean {
  return path.slice(0, pattern.length).every((step, i) => {
    const wanted = pattern[i];
    if (wanted === "*") return true;
    return typeof step === "object" ? typeof wanted === "number" : step === wanted;
  });
}
