import type { Config } from "../project/config.ts";
import { formsOf } from "./secretForms.ts";
import type { SecretForm } from "./secretForms.ts";

const SHOWN = "[secret]";

/** No form is shorter. */
const START_LENGTH = 3;

/**
 * Replaces secrets by `[secret]`, in every form of `secretForms.ts`, which includes all that the Pulumi CLI hides.
 * Mask a text before it is cut or shortened: part of a secret is not recognized.
 *
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/go/common/util/logging/log.go
 */
export class SecretMask {
  readonly #secrets: readonly string[];
  /** Of forms that begin alike the longest comes first. */
  readonly #byStart = new Map<string, SecretForm[]>();
  /** Whether any form begins with letters of that hash, to pass over most of a text fast. */
  readonly #starts = new Uint8Array(1 << 16);
  /** The length of the longest form; 0 where nothing is hidden. */
  readonly longest: number;

  /** Hides the secrets of a stack's configuration. */
  static ofConfig(config: Config): SecretMask {
    return new SecretMask(
      [...config.values()].flatMap(({ value, secret, plaintexts }) =>
        secret ? (plaintexts ?? [value]) : [],
      ),
    );
  }

  constructor(secrets: readonly string[]) {
    this.#secrets = secrets;
    const forms = new Map<string, SecretForm>();
    for (const form of new Set(secrets.flatMap(formsOf))) {
      // What is hidden anywhere is hidden as a word, too.
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

  /** Hides more secrets, in one go: one after the other would leave parts of those that overlap. */
  and(secrets: readonly string[]): SecretMask {
    return secrets.length === 0 ? this : new SecretMask([...this.#secrets, ...secrets]);
  }

  hide(text: string): string {
    const masked = this.stream();
    return masked.push(text) + masked.end();
  }

  /** For text that comes in pieces. */
  stream(): MaskedStream {
    return new MaskedStream(this);
  }

  /** Whether a form may begin at a place. */
  mayBeAt(text: string, place: number): boolean {
    return this.#starts[startHash(text, place)] === 1;
  }

  /** The length of the longest form at a place, of which the letter before is given; 0 where there is none. */
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

/** Hides secrets in text that comes in pieces, also those that pieces divide. */
class MaskedStream {
  readonly #mask: SecretMask;
  /** What may be the beginning of a secret. */
  #rest = "";
  /** The letter before it. */
  #before = "";
  /** How much of it belongs to a secret that is hidden already. */
  #covered = 0;

  constructor(mask: SecretMask) {
    this.#mask = mask;
  }

  /** Everything of the text so far that is decided and has not been returned before. */
  push(text: string): string {
    if (this.#mask.longest === 0) return text;
    const all = this.#rest + text;
    return this.#upTo(Math.max(0, all.length - this.#mask.longest), all);
  }

  /** The remainder. */
  end(): string {
    return this.#upTo(this.#rest.length, this.#rest);
  }

  /** Where secrets overlap, all that they cover is hidden. */
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
