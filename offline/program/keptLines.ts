import { LineSplitter } from "./lineSplitter.ts";
import type { SecretMask } from "../plan/secretMask.ts";

const MAX_KEPT_CHARACTERS = 1_000_000;

/**
 * What a process printed, without the secrets in it: all lines or, of very much output, the last ones. Secrets are
 * hidden before anything is cut, as a line and a piece of one may end in the middle of a secret.
 */
export class KeptLines {
  readonly #masked: ReturnType<SecretMask["stream"]>;
  readonly #splitter = new LineSplitter((line) => {
    this.#keep(line);
  });
  #lines: string[] = [];
  #characters = 0;
  #dropped = 0;

  constructor(mask: SecretMask) {
    this.#masked = mask.stream();
  }

  /** Takes text as it arrives. */
  add(text: string): void {
    this.#splitter.push(this.#masked.push(text));
  }

  /** Ends the text, so that its last line is kept, too. */
  end(): void {
    this.#splitter.push(this.#masked.end());
    this.#splitter.end();
  }

  #keep(line: string): void {
    this.#lines.push(line);
    this.#characters += line.length + 1;
    // Not with every line, as an array does not give up its first items for nothing.
    if (this.#characters > 2 * MAX_KEPT_CHARACTERS) this.#dropFirst();
  }

  /** The lines that are kept, after one that says how much came before them. */
  get lines(): readonly string[] {
    return this.#dropped === 0
      ? this.#lines
      : [
          `[${this.#dropped.toLocaleString("en")} earlier characters of output are not shown]`,
          ...this.#lines,
        ];
  }

  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  #dropFirst(): void {
    const before = this.#characters;
    let first = 0;
    while (this.#characters > MAX_KEPT_CHARACTERS && first < this.#lines.length - 1) {
      this.#characters -= (this.#lines[first++]?.length ?? 0) + 1;
    }
    this.#lines = this.#lines.slice(first);
    this.#dropped += before - this.#characters;
  }
}
