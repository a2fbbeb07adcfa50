import { basename, resolve } from "node:path";
import { UsageError, messageOf } from "../offline/errors.ts";
import type { Project } from "../offline/project/project.ts";
import { stackNamedBy } from "../offline/project/stackFile.ts";
import { projectOf } from "./previewOptions.ts";
import { LocatedError } from "./output/locatedError.ts";
import { locateProblems } from "./output/problems.ts";
import type { Failure } from "./reports/failure.ts";
import { failureToJson } from "./reports/json.ts";
import { failureToJunit } from "./reports/junit.ts";
import { failureToMarkdown } from "./reports/markdown.ts";
import { failureToSarif } from "./reports/sarif.ts";
import { pathInRepository } from "./repository/repository.ts";
import type { Format, Reports } from "./requestedReports.ts";
import { StackFilePositions } from "./stack/stackFilePositions.ts";

const FORMATS: Readonly<
  Record<Format, (failure: Failure, projectFile: string) => string | Promise<string>>
> = {
  json: failureToJson,
  markdown: failureToMarkdown,
  sarif: failureToSarif,
  junit: failureToJunit,
  html: async (failure) => (await import("./html/htmlReport.ts")).failureToHtml(failure),
};

/** What is known about a run that failed. */
export interface Attempt {
  readonly directory: string | undefined;
  readonly flags: { readonly stack?: string; readonly configFile?: string };
  readonly project?: Project | undefined;
  readonly stack?: string | undefined;
  /** Absolute. */
  readonly stackFile?: string | undefined;
}

/** Writes the requested reports for a failed run, and returns the error to throw. */
export async function reportFailure(
  error: unknown,
  attempt: Attempt,
  reports: Reports,
): Promise<unknown> {
  const { directory, stackFile } = attempt;
  const message = messageOf(error);
  const project = attempt.project ?? readableProject(directory);
  const root = project?.directory ?? resolve(directory ?? ".");
  const positions =
    stackFile === undefined ? undefined : StackFilePositions.of(stackFile, project?.name ?? "");
  const { text, problems } = locateProblems(message, {
    directory: root,
    programDirectory: project?.programDirectory ?? root,
    project: project?.name ?? "",
    ...(stackFile === undefined || positions === undefined
      ? {}
      : { stackFile: { file: stackFile, positions } }),
  });
  const failure = {
    project: project?.name ?? basename(root),
    stack: attempt.stack ?? stackOf(attempt, message),
    problems,
  };
  const projectFile = pathInRepository(project?.file ?? resolve(root, "Pulumi.yaml"));
  try {
    const piped = await reports.write((format) => FORMATS[format](failure, projectFile));
    if (piped !== undefined) process.stdout.write(piped);
  } catch (unwritten) {
    return new LocatedError(`${text}\n${messageOf(unwritten)}`);
  }
  return error instanceof UsageError ? new LocatedError(text) : error;
}

function readableProject(directory: string | undefined): Project | undefined {
  try {
    return projectOf(directory);
  } catch {
    return undefined;
  }
}

/** The stack whose file is invalid, as far as the flags and the message say. */
function stackOf({ flags: { stack, configFile } }: Attempt, message: string): string {
  if (stack !== undefined) return stack;
  if (configFile !== undefined) return stackNamedBy(configFile);
  const [, named] = /\bPulumi\.([\w.-]+)\.yaml\b/.exec(message) ?? [];
  return named ?? "dev";
}
