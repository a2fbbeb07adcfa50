import { UsageError } from "../offline/errors.ts";
import { OutputFiles } from "./output/outputFiles.ts";

const FORMATS = ["json", "markdown", "sarif", "junit", "html"] as const;

export type Format = (typeof FORMATS)[number];

/** The destination of each requested report: a file, or `-` for stdout. A command may have some of the formats only. */
export type ReportFlags<Of extends Format = Format> = Readonly<Partial<Record<Of, string>>>;

const STDOUT = "-";

/** The requested reports. */
export class Reports<Of extends Format = Format> {
  readonly #asked: readonly (readonly [Format, string])[];
  readonly #files: OutputFiles;

  /** @throws UsageError if more than one goes to stdout, or a file is not writable */
  constructor(flags: ReportFlags<Of>) {
    this.#asked = FORMATS.flatMap((format) => {
      const { [format]: file }: ReportFlags = flags;
      return file === undefined ? [] : [[format, file] as const];
    });
    if (this.#asked.filter(([, file]) => file === STDOUT).length > 1) {
      throw new UsageError(
        "Only one of --json, --markdown, --sarif, --junit and --html can go to stdout. Pass a file for the others.",
      );
    }
    this.#files = new OutputFiles(this.#toFiles.map(([, file]) => file));
  }

  /**
   * Writes the reports that go to files, and returns the text of the one for stdout.
   *
   * @throws UsageError
   */
  async write(textOf: (format: Of) => string | Promise<string>): Promise<string | undefined> {
    const texts: string[] = [];
    for (const [format] of this.#toFiles) texts.push(await textOf(format as Of));
    this.#files.write(texts);
    const piped = this.#asked.find(([, file]) => file === STDOUT);
    return piped && textOf(piped[0] as Of);
  }

  get #toFiles() {
    return this.#asked.filter(([, file]) => file !== STDOUT);
  }
}
