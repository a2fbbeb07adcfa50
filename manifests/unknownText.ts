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

/** The text with the name of each unknown part as a variable: `${name}`. */
export function shownText(text: string): string {
  return text.replace(
    new RegExp(`${MARK}([^${MARK}]*)${MARK}`, "g"),
    (_, name: string) => `\${${name}}`,
  );
}
