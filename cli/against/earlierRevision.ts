import { existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { GitTrees } from "../../offline/contents/gitTrees.ts";
import { UsageError, messageOf } from "../../offline/errors.ts";
import { preview } from "../../offline/preview.ts";
import { loadProject } from "../../offline/project/project.ts";
import type { Project } from "../../offline/project/project.ts";
import { loadStackFile, stacksOf } from "../../offline/project/stackFile.ts";
import type { StackFile } from "../../offline/project/stackFile.ts";
import { loadAssumptions } from "../../offline/stackOptions.ts";
import { onEnd } from "../../processes/onEnd.ts";
import { nothing, sideOf } from "../change/side.ts";
import { givenTrees } from "../gitTrees.ts";
import type { PreviewDefaults, ProgramOptions } from "../previewOptions.ts";
import { escapeMessage } from "../reports/foreignText.ts";
import { judgementOf } from "../reports/summary.ts";
import { checkOut, differsFrom, repositoryRoot } from "../repository/checkout.ts";
import { provideDependencies } from "./dependencies.ts";
import type { Earlier, EarlierSide } from "./earlier.ts";
import { relocated } from "./relocated.ts";

/** What the preview of an earlier revision shares with the current one, besides the stack and its policies. */
export interface EarlierOptions extends Pick<PreviewDefaults, "configOf"> {
  /** The file of answers. */
  readonly assume?: string | undefined;
  readonly gitops: readonly string[];
  readonly requireJudged: boolean;
  /** Called with a message about a step that may take long. */
  readonly onStep: (message: string) => void;
}

/** Why an earlier revision has no plan. */
export class EarlierRevisionError extends UsageError {}

interface Checkout {
  /** The root of the user's repository. */
  readonly root: string;
  /** The root of the checkout. */
  readonly before: string;
}

/**
 * A project at a commit of Git. Its stacks are previewed with the answers, the policy packs and the configuration of
 * the packs of now: the question is what changes about the plan.
 */
export class EarlierRevision implements Earlier {
  readonly name: string;
  readonly commit: string;
  readonly #options: EarlierOptions;
  #home: string | undefined;
  #checkout: Promise<Checkout> | undefined;
  #provided: Promise<void> | undefined;

  constructor(name: string, commit: string, options: EarlierOptions) {
    this.name = name;
    this.commit = commit;
    this.#options = options;
  }

  async sideOf(now: ProgramOptions): Promise<EarlierSide> {
    try {
      this.#checkout ??= this.#checkOut(now.project.directory);
      return await this.#sideIn(await this.#checkout, now);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      const inside = `${join(this.#home ?? "", "checkout")}/`;
      const message = error.message.replaceAll(inside, `${this.name}:`);
      throw new EarlierRevisionError(`--against ${this.name} cannot be previewed: ${message}`);
    }
  }

  async #checkOut(directory: string): Promise<Checkout> {
    this.#home = temporaryHome();
    const root = realpathSync(await repositoryRoot(directory));
    const before = join(this.#home, "checkout");
    await checkOut(root, this.commit, before);
    return { root, before };
  }

  async #sideIn({ root, before }: Checkout, now: ProgramOptions): Promise<EarlierSide> {
    const then = (path: string) => {
      const inside = pathWithin(root, path);
      return inside === undefined ? path : join(before, inside);
    };
    const isNew = (what: string) => ({
      side: nothing(now.project.name, now.stack),
      notes: [`${this.name} does not have ${what}, so everything is added.`],
    });
    const directory = then(now.project.directory);
    if (!["Pulumi.yaml", "Pulumi.yml"].some((file) => existsSync(join(directory, file)))) {
      return isNew("this project");
    }
    const project = loadProject(directory);
    const stack = stackThen(project, now.stack, now.stackFile && then(now.stackFile));
    if (stack === undefined) return isNew(`the file of the stack ${now.stack}`);

    this.#provided ??= this.#provide({ root, before }, project);
    await this.#provided;
    const assumptions = loadAssumptions(this.#options.assume);
    const config = this.#options.configOf(project, stack, assumptions);
    const trees = givenTrees(this.#options.gitops).map((tree) => ({
      ...tree,
      directory: then(tree.directory),
    }));
    const plan = await preview({
      ...now,
      project,
      config,
      assumptions,
      gitTrees: new GitTrees(project.directory, trees),
      // The current preview shows its own.
      warnings: [],
      onResource: () => undefined,
    });
    const moved = relocated(plan, before, root);
    return {
      side: sideOf(moved, judgementOf(moved, this.#options.requireJudged)),
      config,
      notes: [...(await this.#packNotes(root, now)), ...this.#projectNotes(project, now.project)],
    };
  }

  #provide({ root, before }: Checkout, { programDirectory }: Project): Promise<void> {
    const directory = relative(before, programDirectory);
    return provideDependencies({ now: root, before }, directory, (lockfile, command) => {
      this.#options.onStep(
        `Installing the packages of ${this.name}, whose ${lockfile} differs: ${command}. To compare without them, pass --against a file that --json has written there.`,
      );
    });
  }

  /** Findings begin and cease because of the plan, unless the pack has changed. */
  async #packNotes(root: string, { policyPacks }: ProgramOptions): Promise<readonly string[]> {
    const notes: string[] = [];
    for (const { directory } of policyPacks) {
      const path = pathWithin(root, directory);
      if (path === undefined || !(await differsFrom(root, this.commit, path))) continue;
      notes.push(`The policy pack ${path} has changed, too. The current one judges both plans.`);
    }
    return notes;
  }

  #projectNotes(before: Project, after: Project): readonly string[] {
    if (before.name === after.name) return [];
    return [
      `At ${this.name}, the project was named ${before.name}. For Pulumi, its stacks are others, and a deployment removes nothing from them.`,
    ];
  }
}

/** A directory that is removed when this process ends, and has ended what may still write into it. */
function temporaryHome(): string {
  const home = created(join(tmpdir(), "aks-istio-against-"));
  onEnd(() => {
    try {
      // A process that was just killed may still finish a write.
      rmSync(home, { recursive: true, force: true, maxRetries: 10 });
    } catch (error) {
      process.stderr.write(escapeMessage(`${home} cannot be removed: ${messageOf(error)}\n`));
    }
  });
  return home;
}

function created(prefix: string): string {
  try {
    return realpathSync(mkdtempSync(prefix));
  } catch (error) {
    throw new UsageError(
      `The directory ${dirname(prefix)} for temporary files cannot be used: ${messageOf(error)}. Set TMPDIR to another one.`,
    );
  }
}

/** The path of something in a directory; undefined if it is elsewhere. */
function pathWithin(root: string, path: string): string | undefined {
  const inside = relative(root, existsSync(path) ? realpathSync(path) : path);
  if (isAbsolute(inside) || inside.split(sep)[0] === "..") return undefined;
  return inside === "" ? "." : inside;
}

/** The file of the stack in an earlier state of its project; undefined if the stack is new. */
function stackThen(
  project: Project,
  stack: string,
  file: string | undefined,
): StackFile | undefined {
  if (file !== undefined && existsSync(file)) {
    return loadStackFile(project, { stack, configFile: file });
  }
  const present = stacksOf(project);
  if (present.includes(stack)) return loadStackFile(project, { stack });
  // A program may need no file.
  return file === undefined && present.length === 0 ? { stack, config: {} } : undefined;
}
