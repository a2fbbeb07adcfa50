import { closeSync, openSync, readSync } from "node:fs";
import { readManifestText } from "./manifestText.ts";
import type { ManifestText } from "./manifestText.ts";

const MB = 1024 * 1024;

/** In bytes; larger than the manifests of any cluster. A pipe or a device may never end. */
const LARGEST_FILE = 256 * MB;

/**
 * The objects of a file or, as `0`, of standard input. A file that cannot be read is said, and hides no others.
 *
 * @param name the file in messages
 */
export function readManifestFile(file: string | 0, name: string): ManifestText {
  const unreadable = (reason: string, fix: string): ManifestText => ({
    manifests: [],
    unread: [{ file: name, line: 1, column: 1, reason, fix, broken: true }],
  });
  try {
    const bytes = bytesOf(file);
    const text = textOf(bytes);
    if (text !== undefined) return readManifestText(text, name, { isNamed: file === 0 });
    return mayHaveObjects(bytes)
      ? unreadable("It is not text in UTF-8.", "Save it as UTF-8.")
      : { manifests: [], unread: [] };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return unreadable(`It cannot be read: ${message}.`, "Make it readable.");
  }
}

function bytesOf(file: string | 0): Buffer {
  const descriptor = file === 0 ? 0 : openSync(file, "r");
  try {
    const pieces: Buffer[] = [];
    for (let size = 0; ;) {
      const piece = Buffer.allocUnsafe(MB);
      const length = readSync(descriptor, piece);
      if (length === 0) return Buffer.concat(pieces);
      size += length;
      if (size > LARGEST_FILE) throw new Error(`it has more than ${LARGEST_FILE / MB} MB`);
      pieces.push(piece.subarray(0, length));
    }
  } finally {
    if (descriptor !== 0) closeSync(descriptor);
  }
}

/** Without the byte order mark; undefined if the encoding is none of those that YAML allows. */
function textOf(bytes: Buffer): string | undefined {
  const mark = bytes.subarray(0, 2).toString("hex");
  const encoding = mark === "fffe" ? "utf-16le" : mark === "feff" ? "utf-16be" : "utf-8";
  // Without a mark, UTF-16 looks like UTF-8 with zeros.
  if (encoding === "utf-8" && bytes.includes(0)) return undefined;
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Whether bytes in any encoding contain the key that every object has. */
function mayHaveObjects(bytes: Buffer): boolean {
  return bytes.toString("latin1").replaceAll("\0", "").includes("apiVersion");
}
