import { UsageError } from "../offline/errors.ts";
import { ReportFiles } from "./output/reportFiles.ts";

const FORMATS = ["json", "markdown", "sarif", "junit"] as const;

export type Format = (typeof FORMATS)[number];

/** Where each report goes that is asked for: a file, or `-` for stdout. */
export type ReportFlags = Readonly<Partial<Record<Format, string>>>;

const STDOUT = "-";

/** The reports that are asked for. */
export class Reports {
  readonly #asked: readonly (readonly [Format, string])[];
  readonly #files: ReportFiles;

  /** @throws UsageError where more than one would go to stdout, or one cannot be written */
  constructor(flags: ReportFlags) {
    this.#asked = FORMATS.flatMap((format) => {
      const file = flags[format];
      return file === undefined ? [] : [[format, file] as const];
    });
    if (this.#asked.filter(([, file]) => file === STDOUT).length > 1) {
      throw new UsageError(
        "Only one of --json, --markdown, --sarif and --junit can go to stdout. Give the others a file.",
      );
    }
    this.#files = new ReportFiles(this.#toFiles.map(([, file]) => file));
  }

  /**
   * Writes all that go to files, and returns the one for stdout.
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
