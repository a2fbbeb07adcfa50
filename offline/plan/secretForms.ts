import { inspect } from "node:util";
import { parse } from "yaml";
import { goJson } from "../project/goJson.ts";
import { isUnknown } from "./values.ts";

/** Shorter texts are not hidden: every line would be full of holes, and the holes would give them away. */
const MIN_LENGTH = 3;
/** A part of a secret that is shorter is also a word of other texts, such as the `Config` of a kubeconfig. */
const MIN_LENGTH_INSIDE_WORDS = 8;
/** From this length on, a line gives a good part of its secret away. */
const MIN_LINE_LENGTH = 16;
/** A piece of base64 that is shorter turns up by chance. */
const MIN_BASE64_LENGTH = 8;
/** How many bytes of a Buffer `console.log` shows. */
const INSPECTED_BYTES = 50;

/** A text that gives a secret away. */
export interface SecretForm {
  readonly text: string;
  /** Whether it counts only where no letter, digit or underscore adjoins it. */
  readonly wordOnly: boolean;
}

/**
 * The texts that give a secret away: the secret itself, its long lines, and its members, which are the values in JSON,
 * YAML or a connection string and the text behind base64. Each counts as it is, in quotation marks, and encoded for a
 * URL, in base64 and in hexadecimal digits.
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
  // The first and the last line of a PEM are the same for everybody.
  return lines.length === 1
    ? []
    : lines.filter((line) => line.length >= MIN_LINE_LENGTH && !line.startsWith("-----"));
}

/** What a program takes out of a secret to use it by itself, and what it takes out of that. */
function membersOf(text: string): readonly string[] {
  return [...structuredValues(text), ...connectionValues(text), ...decoded(text)].flatMap(
    (member) => [member, ...membersOf(member)],
  );
}

/** The values in JSON or YAML, such as a kubeconfig. */
function structuredValues(text: string): readonly string[] {
  if (!/[:{[]/.test(text)) return [];
  try {
    // Values as they are written, whatever their type.
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

/** The text that a secret is the base64 of. */
function decoded(text: string): readonly string[] {
  const base64 = text.trim();
  if (base64.length < MIN_LINE_LENGTH || !/^[\w+/-]+={0,2}$/.test(base64)) return [];
  const plain = Buffer.from(base64, "base64").toString();
  // Anything else than text decodes to letters that nobody writes.
  return /^[^\p{Cc}\p{Cn}\ufffd]*$/u.test(plain.replace(/[\t\r\n]/g, "")) ? [plain] : [];
}

/** With its letters: between quotation marks of Go, JSON, JSON in JSON or `console.log` of an object, and in a URL. */
function written(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1);
  return [
    text,
    goJson(text).slice(1, -1),
    json,
    JSON.stringify(json).slice(1, -1),
    inspect(text, { breakLength: Infinity, maxStringLength: null }).slice(1, -1),
    // Which throws at half a letter.
    encodeURIComponent(Buffer.from(text).toString()),
    new URLSearchParams([["", text]]).toString().slice(1),
  ];
}

/** As bytes that are written in other letters. */
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

/** What base64 makes of the bytes wherever they follow others, of which the offset is the number modulo three. */
function insideBase64(bytes: Buffer, offset: number, encoding: "base64" | "base64url"): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString(encoding);
  const shared = Math.ceil((offset * 8) / 6);
  return text.slice(shared, Math.floor(((offset + bytes.length) * 8) / 6));
}
