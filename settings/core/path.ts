/** A step into a value: a key of a map or an index of a list. */
export type Step = string | number;

/** The path with the namespace of its key. */
export function pathText(namespace: string, steps: readonly Step[]): string {
  return `${namespace}:${stepsText(steps)}`;
}

/** The path in the syntax of `pulumi config set --path`. */
export function stepsText(steps: readonly Step[]): string {
  const written = steps.map((step, index) => {
    if (typeof step === "number") return `[${step}]`;
    if (!/^[\w-]+$/.test(step)) return `[${JSON.stringify(step)}]`;
    return index === 0 ? step : `.${step}`;
  });
  return written.join("");
}

/** Whether the value is a map, not a list, a text, a number, or missing. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isEmptyMap(value: unknown): boolean {
  return isMap(value) && Object.keys(value).length === 0;
}

/** The value at a path; undefined if there is none. */
export function valueAt(value: unknown, steps: readonly Step[]): unknown {
  return steps.reduce<unknown>((inner, step) => {
    if (Array.isArray(inner)) return typeof step === "number" ? inner[step] : undefined;
    return isMap(inner) && Object.hasOwn(inner, step) ? inner[String(step)] : undefined;
  }, value);
}

/** A URL with credentials before its host, or with a query. */
const URL_WITH_CREDENTIALS = /:\/\/([^/\s]*@|.*\?)/;

/** A description of the found value: texts in quotes, maps and lists by type, and no secrets. */
export function foundText(value: unknown, secret: boolean): string {
  if (value === undefined) return "missing";
  if (secret || (typeof value === "string" && URL_WITH_CREDENTIALS.test(value))) {
    return "found (secret)";
  }
  if (Array.isArray(value)) return value.length === 0 ? "found an empty list" : "found a list";
  if (isMap(value)) return Object.keys(value).length === 0 ? "found an empty map" : "found a map";
  const text = JSON.stringify(value);
  // Both ends of a resource ID identify it.
  return `found ${text.length > 80 ? `${text.slice(0, 39)}…${text.slice(-40)}` : text}`;
}
