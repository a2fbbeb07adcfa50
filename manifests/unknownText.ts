/** Characters that no manifest contains. */
const MARK = "\uE000";

/** A text whose value only the cluster knows, such as that of a variable from a Secret. */
export function unknownText(name: string): string {
  return `${MARK}${name}${MARK}`;
}

/** Whether any part of a text is unknown. */
export function isUnknownText(value: unknown): boolean {
  return typeof value === "string" && value.includes(MARK);
}
