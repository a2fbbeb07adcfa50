import type { WriteStream } from "node:tty";
import type { PlannedResource } from "../../offline/plan/plan.ts";
import { escapeForTerminalLine, escapeMessage } from "../reports/foreignText.ts";

const REDRAW_MS = 80;
const CLEAR_LINE = "\r\u001b[2K";

/** Shows progress: one line that is redrawn on a terminal, plain lines elsewhere. */
export class Progress {
  readonly #stream: WriteStream;
  #count = 0;
  #drawn = 0;

  constructor(stream: WriteStream) {
    this.#stream = stream;
  }

  start(): void {
    this.#count = 0;
    this.#say("Starting the program and the policy packs");
  }

  /** Says something that stays. */
  note(text: string): void {
    this.#stream.write(`${this.#stream.isTTY ? CLEAR_LINE : ""}${escapeMessage(text)}\n`);
  }

  planned(resource: PlannedResource): void {
    this.#count++;
    if (!this.#stream.isTTY || performance.now() - this.#drawn < REDRAW_MS) return;
    this.#drawn = performance.now();
    this.#say(`${this.#planned}: ${escapeForTerminalLine(resource.name)}`);
  }

  done(): void {
    if (this.#stream.isTTY) this.#stream.write(CLEAR_LINE);
    else this.#say(this.#planned);
  }

  get #planned(): string {
    return `Planned ${this.#count} ${this.#count === 1 ? "resource" : "resources"}`;
  }

  #say(text: string): void {
    this.#stream.write(
      this.#stream.isTTY ? CLEAR_LINE + text.slice(0, this.#stream.columns - 1) : `${text}\n`,
    );
  }
}
