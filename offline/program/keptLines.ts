import { LineSplitter } from "./lineSplitter.ts";
import type { SecretMask } from "../plan/secretMask.ts";

const MAX_KEPT_CHARACTERS = 1_000_000;

/**
 * The output of a process with secrets masked: all lines, or only the last ones if there are very many. Secrets are
 * masked before output is split, because a line or a piece may end in the middle of a secret.
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

  /** Adds text as it arrives. */
  add(text: string): void {
    this.#splitter.push(this.#masked.push(text));
  }

  /** Ends the text, so its last line is kept. */
  end(): void {
    this.#splitter.push(this.#masked.end());
    this.#splitter.end();
  }

  #keep(line: string): void {
    this.#lines.push(line);
    this.#characters += line.length + 1;
    // Not on every line, because removing the first items of an array is expensive.
    if (this.#characters > 2 * MAX_KEPT_CHARACTERS) this.#dropFirst();
  }

  /** The kept lines, preceded by a line that says how much was dropped. */
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
