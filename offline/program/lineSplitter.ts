/** Longer lines are split into pieces of about this size, so an endless line does not fill the memory. */
const MAX_LINE_CHARACTERS = 1_000_000;

/** Splits text that arrives in pieces into lines. */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  #pieces: string[] = [];
  #characters = 0;
  #cut = false;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(text: string): void {
    const [first = "", ...others] = text.split("\n");
    this.#continue(first);
    for (const line of others) {
      if (this.#characters > 0 || !this.#cut) this.#give();
      this.#cut = false;
      this.#continue(line);
    }
  }

  /** Emits a last line that has no line break. */
  end(): void {
    if (this.#characters > 0) this.#give();
  }

  #continue(text: string): void {
    this.#pieces.push(text);
    this.#characters += text.length;
    if (this.#characters < MAX_LINE_CHARACTERS) return;
    this.#give();
    this.#cut = true;
  }

  #give(): void {
    this.#onLine(this.#pieces.join(""));
    this.#pieces = [];
    this.#characters = 0;
  }
}
