import { createHash } from "node:crypto";

/** A GUID derived from a text, so reading a resource again returns the same value. */
export function guidOf(text: string): string {
  const hex = createHash("sha256").update(text.toLowerCase()).digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

/** The last part of a resource ID. */
export function lastOf(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

/** The first parts of a hash, in place of the random parts that Azure generates. */
export function suffixOf(text: string, length: number): string {
  return createHash("sha256").update(text.toLowerCase()).digest("hex").slice(0, length);
}
