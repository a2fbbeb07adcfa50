import { createInterface } from "node:readline/promises";
import { UsageError } from "../../offline/errors.ts";

/** A question on the terminal, and what is wrong with an answer, in words that complete "It …". */
export interface Question {
  readonly text: string;
  /** The answer that an empty line gives; without it, an answer is required. */
  readonly preset?: string;
  readonly problem: (answer: string) => string | undefined;
}

/** Asks one question after another, each until its answer can be used. */
export class Questions {
  readonly #output: NodeJS.WritableStream;
  readonly #close: () => void;
  readonly #lines: AsyncIterator<string>;

  constructor(input: NodeJS.ReadableStream, output: NodeJS.WritableStream) {
    // Lines that arrive before their question are kept.
    const terminal = createInterface({ input });
    this.#output = output;
    this.#lines = terminal[Symbol.asyncIterator]();
    this.#close = () => {
      terminal.close();
    };
  }

  /** @throws UsageError if the input ends first */
  async ask({ text, preset, problem }: Question): Promise<string> {
    for (;;) {
      const hint = preset === undefined ? "" : ` [${preset === "" ? "none" : preset}]`;
      this.#output.write(`${text}${hint}: `);
      const line = await this.#lines.next();
      if (line.done === true) {
        this.#output.write("\n");
        throw new UsageError("The input ended before the last answer. Nothing was done.");
      }
      const answer = line.value.trim() || preset;
      const wrong = answer === undefined ? "is required" : problem(answer);
      if (answer !== undefined && wrong === undefined) return answer;
      this.#output.write(`  It ${wrong ?? ""}.\n`);
    }
  }

  close(): void {
    this.#close();
  }
}
