import { UsageError } from "../offline/errors.ts";
import { ReportFiles } from "./output/reportFiles.ts";

const FORMATS = ["json", "markdown", "sarif", "junit"] as const;

export type Format = (typeof FORMATS)[number];

/** The destination of each requested report: a file, or `-` for stdout. */
export type ReportFlags = Readonly<Partial<Record<Format, string>>>;

const STDOUT = "-";

/** The requested reports. */
export class Reports {
  readonly #asked: readonly (readonly [Format, string])[];
  readonly #files: ReportFiles;

  /** @throws UsageError if more than one goes to stdout, or a file is not writable */
  constructor(flags: ReportFlags) {
    this.#asked = FORMATS.flatMap((format) => {
      const file = flags[format];
      return file === undefined ? [] : [[format, file] as const];
    });
    if (this.#asked.filter(([, file]) => file === STDOUT).length > 1) {
      throw new UsageError(
        "Only one of --json, --markdown, --sarif and --junit can go to stdout. Pass a file for the others.",
      );
    }
    this.#files = new ReportFiles(this.#toFiles.map(([, file]) => file));
  }

  /**
   * Writes the reports that go to files, and returns the text of the one for stdout.
   *
   * @throws UsageError
   */
  write(textOf: (format: Format) => string): string | undefined {
    this.#files.write(this.#toFiles.map(([format]) => textOf(format)));
    const piped = this.#asked.find(([, file]) => file === STDOUT);
    return piped && textOf(piped[0]);
  }

  get #toFiles() {
    return this.#asked.filter(([, file]) => file !== STDOUT);
  }
}
