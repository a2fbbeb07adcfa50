import type { Config } from "../project/config.ts";
import { formsOf } from "./secretForms.ts";
import type { SecretForm } from "./secretForms.ts";

const SHOWN = "[secret]";

/** The minimum length of a form. */
const START_LENGTH = 3;

/**
 * Replaces secrets by `[secret]`, in every form that `secretForms.ts` lists, which includes all that the Pulumi CLI
 * masks. Mask a text before truncating it, because part of a secret is not recognized.
 *
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/go/common/util/logging/log.go
 */
export class SecretMask {
  readonly #secrets: readonly string[];
  /** The forms by their start, longest first. */
  readonly #byStart = new Map<string, SecretForm[]>();
  /** Hashes of the starts of all forms, to skip most of a text fast. */
  readonly #starts = new Uint8Array(1 << 16);
  /** The length of the longest form; 0 if there are no secrets. */
  readonly longest: number;

  /** Masks the secrets of configurations of a stack. */
  static ofConfig(...configs: readonly Config[]): SecretMask {
    return new SecretMask(
      configs
        .flatMap((config) => [...config.values()])
        .flatMap(({ value, secret, plaintexts }) => (secret ? (plaintexts ?? [value]) : [])),
    );
  }

  constructor(secrets: readonly string[]) {
    this.#secrets = secrets;
    const forms = new Map<string, SecretForm>();
    for (const form of new Set(secrets.flatMap(formsOf))) {
      // A form that matches anywhere also matches as a word.
      if (forms.get(form.text)?.wordOnly !== false) forms.set(form.text, form);
    }
    const longestFirst = [...forms.values()].sort((a, b) => b.text.length - a.text.length);
    this.longest = longestFirst[0]?.text.length ?? 0;
    for (const form of longestFirst) {
      const start = form.text.slice(0, START_LENGTH);
      this.#starts[startHash(form.text, 0)] = 1;
      this.#byStart.set(start, [...(this.#byStart.get(start) ?? []), form]);
    }
  }

  /** A mask for more secrets. A single pass masks overlapping secrets, which two passes would leave in parts. */
  withSecrets(secrets: readonly string[]): SecretMask {
    return secrets.length === 0 ? this : new SecretMask([...this.#secrets, ...secrets]);
  }

  hide(text: string): string {
    const masked = this.stream();
    return masked.push(text) + masked.end();
  }

  /** A mask for text that arrives in pieces. */
  stream(): MaskedStream {
    return new MaskedStream(this);
  }

  /** Whether a form may start at a position. */
  mayBeAt(text: string, place: number): boolean {
    return this.#starts[startHash(text, place)] === 1;
  }

  /** The length of the longest form at a position, given the preceding character; 0 if there is none. */
  lengthAt(text: string, place: number, before: string): number {
    const found = this.#byStart
      .get(text.slice(place, place + START_LENGTH))
      ?.find(
        (form) =>
          text.startsWith(form.text, place) &&
          !(form.wordOnly && isInsideWord(before, text.charAt(place + form.text.length))),
      );
    return found?.text.length ?? 0;
  }
}

/** Masks secrets in text that arrives in pieces, including secrets split between pieces. */
class MaskedStream {
  readonly #mask: SecretMask;
  /** Text that may start a secret. */
  #rest = "";
  /** The character before it. */
  #before = "";
  /** How many of its characters belong to a secret that is already masked. */
  #covered = 0;

  constructor(mask: SecretMask) {
    this.#mask = mask;
  }

  /** Adds text, and returns the part that is now final. */
  push(text: string): string {
    if (this.#mask.longest === 0) return text;
    const all = this.#rest + text;
    return this.#upTo(Math.max(0, all.length - this.#mask.longest), all);
  }

  /** Returns the remaining text. */
  end(): string {
    return this.#upTo(this.#rest.length, this.#rest);
  }

  /** If secrets overlap, masks everything they cover. */
  #upTo(end: number, text: string): string {
    const shown: string[] = [];
    let from = 0;
    for (let i = 0; i < end; i++) {
      const length = this.#mask.mayBeAt(text, i)
        ? this.#mask.lengthAt(text, i, i === 0 ? this.#before : text.charAt(i - 1))
        : 0;
      if (this.#covered === 0) {
        if (length === 0) continue;
        shown.push(text.slice(from, i), SHOWN);
      }
      this.#covered = Math.max(this.#covered, length) - 1;
      from = i + 1;
    }
    if (this.#covered === 0) shown.push(text.slice(from, end));
    if (end > 0) this.#before = text.charAt(end - 1);
    this.#rest = text.slice(end);
    return shown.join("");
  }
}

function startHash(text: string, place: number): number {
  return (
    (text.charCodeAt(place) ^
      (text.charCodeAt(place + 1) << 5) ^
      (text.charCodeAt(place + 2) << 10)) &
    0xffff
  );
}

function isInsideWord(before: string, after: string): boolean {
  return /\w/.test(before) || /\w/.test(after);
}
