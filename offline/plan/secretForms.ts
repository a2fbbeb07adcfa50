import { inspect } from "node:util";
import { parse } from "yaml";
import { goJson } from "../project/goJson.ts";
import { isUnknown } from "./values.ts";

/** Shorter texts are not masked: they occur in every line, and the gaps would reveal them. */
const MIN_LENGTH = 3;
/** A shorter part of a secret may be an ordinary word, such as `Config` in a kubeconfig. */
const MIN_LENGTH_INSIDE_WORDS = 8;
/** A line of at least this length reveals a significant part of its secret. */
const MIN_LINE_LENGTH = 16;
/** A shorter piece of base64 may occur by chance. */
const MIN_BASE64_LENGTH = 8;
/** Number of bytes of a Buffer that `console.log` shows. */
const INSPECTED_BYTES = 50;

/** A text that reveals a secret. */
export interface SecretForm {
  readonly text: string;
  /** Whether it matches only as a word, without an adjacent letter, digit or underscore. */
  readonly wordOnly: boolean;
}

/**
 * The texts that reveal a secret: the secret itself, its long lines, and its members, which are the values in JSON,
 * YAML or a connection string and the text encoded as base64. Each is recognized verbatim, quoted, and encoded for a
 * URL, in base64 and in hexadecimal.
 */
export function formsOf(secret: string): readonly SecretForm[] {
  const whole = [secret, secret.trim()];
  const members = membersOf(secret);
  return [
    ...whole.map((text) => ({ text, wordOnly: false })),
    ...members.map((text) => ({ text, wordOnly: text.length < MIN_LENGTH_INSIDE_WORDS })),
    ...[secret, ...members].flatMap(longLines).map((text) => ({ text, wordOnly: false })),
  ]
    .filter(({ text }) => isRecognizable(text))
    .flatMap(({ text, wordOnly }) => [
      ...written(text).map((form) => ({ text: form, wordOnly })),
      ...encoded(text).map((form) => ({ text: form, wordOnly: false })),
    ]);
}

function isRecognizable(text: string): boolean {
  return text.length >= MIN_LENGTH && !isUnknown(text) && !/^(true|false)$/i.test(text);
}

/** `console.log` of an object prints a key line by line. */
function longLines(text: string): readonly string[] {
  const lines = text.split("\n").map((line) => line.trim());
  // The first and last line of a PEM are not secret.
  return lines.length === 1
    ? []
    : lines.filter((line) => line.length >= MIN_LINE_LENGTH && !line.startsWith("-----"));
}

/** The parts of a secret that a program may extract, recursively. */
function membersOf(text: string): readonly string[] {
  return [...structuredValues(text), ...connectionValues(text), ...decoded(text)].flatMap(
    (member) => [member, ...membersOf(member)],
  );
}

/** The values in JSON or YAML, such as a kubeconfig. */
function structuredValues(text: string): readonly string[] {
  if (!/[:{[]/.test(text)) return [];
  try {
    // Values as written, regardless of type.
    const value: unknown = parse(text, {
      schema: "failsafe",
      logLevel: "error",
      uniqueKeys: false,
    });
    return typeof value === "object" ? leavesOf(value) : [];
  } catch {
    return [];
  }
}

function leavesOf(value: unknown): readonly string[] {
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(leavesOf);
  return typeof value === "string" && value !== "null" ? [value] : [];
}

/** The password in `postgres://user:password@host`, and the values in `AccountName=shop;AccountKey=…`. */
function connectionValues(text: string): readonly string[] {
  const password = URL.canParse(text) ? new URL(text).password : "";
  const pairs = text.includes(";") ? text.split(";") : [];
  return [
    ...(password === "" ? [] : [password, ...percentDecoded(password)]),
    ...pairs.flatMap((pair) => /^[^=]+=(.+)$/s.exec(pair)?.[1] ?? []),
  ];
}

function percentDecoded(text: string): readonly string[] {
  try {
    const plain = decodeURIComponent(text);
    return plain === text ? [] : [plain];
  } catch {
    return [];
  }
}

/** The text that a base64 secret encodes. */
function decoded(text: string): readonly string[] {
  const base64 = text.trim();
  if (base64.length < MIN_LINE_LENGTH || !/^[\w+/-]+={0,2}$/.test(base64)) return [];
  const plain = Buffer.from(base64, "base64").toString();
  // Base64 of anything but text decodes to unprintable characters.
  return /^[^\p{Cc}\p{Cn}\ufffd]*$/u.test(plain.replace(/[\t\r\n]/g, "")) ? [plain] : [];
}

/** The text verbatim, quoted as in Go, JSON, JSON in JSON or `console.log` of an object, and encoded for a URL. */
function written(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1);
  return [
    text,
    goJson(text).slice(1, -1),
    json,
    JSON.stringify(json).slice(1, -1),
    inspect(text, { breakLength: Infinity, maxStringLength: null }).slice(1, -1),
    // encodeURIComponent throws on an unpaired surrogate.
    encodeURIComponent(Buffer.from(text).toString()),
    new URLSearchParams([["", text]]).toString().slice(1),
  ];
}

/** The bytes of the text in hexadecimal and base64. */
function encoded(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  const hex = bytes.toString("hex");
  return [
    hex,
    hex.toUpperCase(),
    bytes.subarray(0, INSPECTED_BYTES).toString("hex").replace(/..\B/g, "$& "),
    ...(["base64", "base64url"] as const).flatMap((encoding) => [
      bytes.toString(encoding),
      // Without padding.
      bytes.toString(encoding).replace(/=+$/, ""),
      ...[0, 1, 2]
        .map((offset) => insideBase64(bytes, offset, encoding))
        .filter((form) => form.length >= MIN_BASE64_LENGTH),
    ]),
  ];
}

/**
 * The base64 text of the bytes inside a longer text, where the offset is the number of preceding bytes modulo three.
 */
function insideBase64(bytes: Buffer, offset: number, encoding: "base64" | "base64url"): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString(encoding);
  const shared = Math.ceil((offset * 8) / 6);
  return text.slice(shared, Math.floor(((offset + bytes.length) * 8) / 6));
}
