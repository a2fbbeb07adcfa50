import { basename, resolve } from "node:path";
import { Command } from "commander";
import { UsageError, messageOf } from "../local/errors.ts";
import type { Plan } from "../local/plan.ts";
import { preview } from "../local/preview.ts";
import type { Project } from "../local/project.ts";
import { stackNamedBy } from "../local/stackFile.ts";
import {
  addPolicyOptions,
  addProgramOptions,
  projectOf,
  toPreviewOptions,
} from "./previewOptions.ts";
import type { PolicyFlags, ProgramFlags, ProgramOptions } from "./previewOptions.ts";
import { located, shownPath } from "./problems.ts";
import { Progress } from "./progress.ts";
import { ReportFiles } from "./reportFiles.ts";
import type { Failure } from "./reports/failure.ts";
import { failureToJson, toJson } from "./reports/json.ts";
import { failureToJunit, toJunit } from "./reports/junit.ts";
import { failureToMarkdown, toMarkdown } from "./reports/markdown.ts";
import { Places } from "./reports/places.ts";
import { failureToSarif, toSarif } from "./reports/sarif.ts";
import { judgementOf } from "./reports/summary.ts";
import type { Judgement } from "./reports/summary.ts";
import { toTerminal } from "./reports/terminal.ts";
import { pathInRepository } from "./repository.ts";
import { StackFilePositions } from "./stackFilePositions.ts";
import { stylesFor } from "./styles.ts";

type Format = "json" | "markdown" | "sarif" | "junit";

interface PreviewFlags
  extends ProgramFlags, PolicyFlags, Readonly<Partial<Record<Format, string>>> {
  readonly details?: boolean;
  readonly requireJudged?: boolean;
}

/** What reports are made of. */
interface Result {
  readonly plan: Plan;
  readonly judgement: Judgement;
  readonly places: Places;
  /** The path of Pulumi.yaml in its repository. */
  readonly projectFile: string;
}

const FORMATS: Readonly<
  Record<
    Format,
    {
      readonly of: (result: Result) => string;
      readonly ofFailure: (failure: Failure, projectFile: string) => string;
    }
  >
> = {
  json: { of: ({ plan, judgement }) => toJson(plan, judgement), ofFailure: failureToJson },
  markdown: {
    of: ({ plan, judgement, places }) => toMarkdown(plan, judgement, places),
    ofFailure: failureToMarkdown,
  },
  sarif: {
    of: ({ plan, judgement, places, projectFile }) => toSarif(plan, judgement, places, projectFile),
    ofFailure: failureToSarif,
  },
  junit: {
    of: ({ plan, judgement, places }) => toJunit(plan, judgement, places),
    ofFailure: failureToJunit,
  },
};

const STDOUT = "-";
const VIOLATION_EXIT_CODE = 1;

/** Of a line where nothing says how wide the screen is. */
const WIDTH = 120;

/** `aks-istio preview`: what a first deployment would make, judged by the policies. */
export function previewCommand(home: string): Command {
  const command = new Command("preview").description(
    "Preview a Pulumi program offline, from empty, with policies enforced",
  );
  addPolicyOptions(addProgramOptions(command))
    .option("--require-judged", "end with 1 also where something could not be judged")
    .option("--details", "show advice in full")
    .option("--json <file>", "write the plan in the shape of `pulumi preview --json`; - for stdout")
    .option("--markdown <file>", "write the plan as a pull-request comment; - for stdout")
    .option("--sarif <file>", "write what the policies found for code scanning; - for stdout")
    .option("--junit <file>", "write the policies as tests that passed or failed; - for stdout")
    .action(async (directory: string | undefined, flags: PreviewFlags) => {
      const started = performance.now();
      const reports = new Reports(flags);
      if (flags.requireJudged === true && flags.policyPack === false) {
        throw new UsageError("--require-judged needs a policy pack. Leave out --no-policy-pack.");
      }
      const told: { options?: ProgramOptions } = {};
      let plan: Plan;
      try {
        told.options = toPreviewOptions(home, directory, flags, flags);
        plan = await withProgress(told.options);
      } catch (error) {
        throw failed(error, { directory, flags, options: told.options }, reports);
      }

      const { project, stackFile } = told.options;
      const result = {
        plan,
        judgement: judgementOf(plan, flags.requireJudged === true),
        places: new Places(plan, positionsOf(project, stackFile)),
        projectFile: pathInRepository(project.file),
      };
      const piped = reports.write((format) => FORMATS[format].of(result));
      process.stdout.write(
        piped ??
          toTerminal(plan, result.judgement, result.places, {
            styles: stylesFor(process.stdout),
            width: process.stdout.isTTY ? process.stdout.columns : WIDTH,
            details: flags.details === true,
            seconds: (performance.now() - started) / 1000,
          }),
      );
      if (result.judgement.stops) process.exitCode = VIOLATION_EXIT_CODE;
    });
  return command;
}

async function withProgress(options: ProgramOptions): Promise<Plan> {
  const progress = new Progress(process.stderr);
  try {
    return await preview({
      ...options,
      onResource: (resource) => {
        progress.planned(resource);
      },
    });
  } finally {
    progress.done();
  }
}

/** The reports that are asked for. */
class Reports {
  readonly #asked: readonly (readonly [Format, string])[];
  readonly #files: ReportFiles;

  /** @throws UsageError where more than one would go to stdout, or one cannot be written */
  constructor(flags: PreviewFlags) {
    this.#asked = (["json", "markdown", "sarif", "junit"] as const).flatMap((format) => {
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

/** What is known of a preview that failed. */
interface Attempt {
  readonly directory: string | undefined;
  readonly flags: PreviewFlags;
  readonly options: ProgramOptions | undefined;
}

/** Writes the reports of a preview that failed, and returns the error to end with. */
function failed(error: unknown, { directory, flags, options }: Attempt, reports: Reports): unknown {
  const message = messageOf(error);
  const project = options?.project ?? readableProject(directory);
  const root = project?.directory ?? resolve(directory ?? ".");
  const positions =
    options?.stackFile === undefined
      ? undefined
      : StackFilePositions.of(options.stackFile, options.project.name);
  const { text, problems } = located(message, {
    directory: root,
    programDirectory: project?.programDirectory ?? root,
    project: project?.name ?? "",
    ...(options?.stackFile === undefined || positions === undefined
      ? {}
      : { stackFile: { file: options.stackFile, positions } }),
  });
  const failure = {
    project: project?.name ?? basename(root),
    stack: options?.stack ?? stackOf(flags, message),
    problems,
  };
  const projectFile = pathInRepository(project?.file ?? resolve(root, "Pulumi.yaml"));
  try {
    const piped = reports.write((format) => FORMATS[format].ofFailure(failure, projectFile));
    if (piped !== undefined) process.stdout.write(piped);
  } catch (unwritten) {
    return new UsageError(`${text}\n${messageOf(unwritten)}`);
  }
  return error instanceof UsageError ? new UsageError(text) : error;
}

function readableProject(directory: string | undefined): Project | undefined {
  try {
    return projectOf(directory);
  } catch {
    return undefined;
  }
}

/** The stack whose file could not be used, as far as the flags and the message tell. */
function stackOf({ stack, configFile }: PreviewFlags, message: string): string {
  if (stack !== undefined) return stack;
  if (configFile !== undefined) return stackNamedBy(configFile);
  const [, named] = /\bPulumi\.([\w.-]+)\.yaml\b/.exec(message) ?? [];
  return named ?? "dev";
}

function positionsOf({ directory, name }: Project, stackFile: string | undefined) {
  const positions = stackFile === undefined ? undefined : StackFilePositions.of(stackFile, name);
  if (stackFile === undefined || positions === undefined) return undefined;
  return { file: shownPath(directory, stackFile), positions };
}
