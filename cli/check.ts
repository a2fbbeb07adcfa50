import { join } from "node:path";
import { Command } from "commander";
import { UsageError } from "../offline/errors.ts";
import { check } from "../check/check.ts";
import { contextOf, hasCluster } from "../check/context.ts";
import type { Tree } from "../manifests/tree.ts";
import { dependencyProblems } from "../manifests/flux/dependencies.ts";
import { clustersOf } from "../manifests/variants.ts";
import { checkSettings, parseKubernetes, parseRevisions } from "./check/settings.ts";
import type { ContextFlags } from "./check/settings.ts";
import { planOf } from "./check/checkPlan.ts";
import { plannedParts } from "./check/planContext.ts";
import type { PlanFlags } from "./check/planContext.ts";
import { readSources } from "./manifests/readSources.ts";
import { sourceName } from "./manifests/sourceName.ts";
import { WIDTH, stylesFor } from "./output/styles.ts";
import { toJson } from "./reports/json.ts";
import { toJunit } from "./reports/junit.ts";
import { toCheckMarkdown } from "./reports/markdown.ts";
import { Places } from "./reports/places.ts";
import { toSarif } from "./reports/sarif.ts";
import { judgementOf, pluralize } from "./reports/summary.ts";
import type { Judgement } from "./reports/summary.ts";
import { toTerminalCheck } from "./reports/terminal.ts";
import { pathInRepository } from "./repository/repository.ts";
import { Reports } from "./requestedReports.ts";
import type { Format, ReportFlags } from "./requestedReports.ts";
import type { Plan } from "../offline/plan/plan.ts";
import { SecretMask } from "../offline/plan/secretMask.ts";

/** A page would need more of the objects than the check keeps. */
type CheckFormat = Exclude<Format, "html">;

interface CheckFlags extends ContextFlags, PlanFlags, ReportFlags<CheckFormat> {
  readonly details?: boolean;
  readonly requireJudged?: boolean;
}

interface Result {
  readonly plan: Plan;
  readonly judgement: Judgement;
  readonly places: Places;
  /** A file of the current directory, by its path within the repository. */
  readonly here: string;
}

const FORMATS: Readonly<Record<CheckFormat, (result: Result) => string>> = {
  json: ({ plan, judgement, places }) => toJson(plan, judgement, places),
  markdown: ({ plan, judgement, places }) => toCheckMarkdown(plan, judgement, places),
  sarif: ({ plan, judgement, places, here }) => toSarif(plan, judgement, places, here),
  junit: ({ plan, judgement, places }) => toJunit(plan, judgement, places),
};

const VIOLATION_EXIT_CODE = 1;

/** `aks-istio check`: judges manifests with the policies, without a program. */
export function checkCommand(): Command {
  return new Command("check")
    .description("Check Kubernetes manifests against the policies, without a Pulumi program")
    .argument(
      "[paths...]",
      "files and directories with manifests; - for standard input (default: the current directory)",
    )
    .option(
      "--revision <revisions>",
      "the add-on's revisions on the cluster, such as asm-1-30 or asm-1-29,asm-1-30",
      parseRevisions,
    )
    .option(
      "--kubernetes <version>",
      "the cluster's Kubernetes version, such as 1.35",
      parseKubernetes,
    )
    .option(
      "-s, --stack <name>",
      "judge the manifests for the cluster of a stack of the Pulumi project here, by its preview",
    )
    .option("--plan <file>", "the same for a plan that preview --json has written")
    .option(
      "--policy-pack-config <file>",
      "JSON configuration of the policies, as in preview; see policy/profiles",
    )
    .option("--require-judged", "also exit with 1 if anything could not be judged")
    .option("--details", "show advisory findings in full")
    .option("--json <file>", "write the findings in the format of preview --json; - for stdout")
    .option("--markdown <file>", "write the findings as a pull request comment; - for stdout")
    .option("--sarif <file>", "write the findings as SARIF for code scanning; - for stdout")
    .option("--junit <file>", "write one JUnit test for each policy; - for stdout")
    .action(async (paths: readonly string[], flags: CheckFlags) => {
      const reports = new Reports<CheckFormat>(flags);
      const context = contextOf(await plannedParts(flags));
      const settings = await checkSettings(flags, hasCluster(context));
      const sources = paths.length === 0 ? ["."] : paths;
      const tree = await read(sources);
      const clusters = clustersOf(tree.units);
      const checked = check(clusters, settings.configOf, context);
      const unread = [
        ...tree.unread,
        ...clusters.flatMap((cluster) => dependencyProblems(cluster, false)),
      ];
      const plan = planOf(sources, checked, unread, settings, new SecretMask(tree.secrets));
      const result = {
        plan,
        judgement: judgementOf(plan, flags.requireJudged === true),
        places: new Places(plan),
        here: pathInRepository(join(process.cwd(), "manifests")),
      };
      const piped = await reports.write((format) => FORMATS[format](result));
      process.stdout.write(
        piped ??
          toTerminalCheck(plan, result.judgement, result.places, {
            styles: stylesFor(process.stdout),
            width: process.stdout.isTTY ? process.stdout.columns : WIDTH,
            details: flags.details === true,
            // Since the start of the process.
            seconds: performance.now() / 1000,
            passedOver: tree.passedOver,
          }),
      );
      if (result.judgement.stops) process.exitCode = VIOLATION_EXIT_CODE;
    });
}

/** @throws UsageError if there is nothing to judge */
async function read(sources: readonly string[]): Promise<Tree> {
  const tree = await readSources(sources);
  const { units, unread, passedOver } = tree;
  if (units.some(({ manifests }) => manifests.length > 0) || unread.some(({ broken }) => broken)) {
    return tree;
  }
  const where = sources.map(sourceName).join(", ");
  throw new UsageError(
    [
      `Nothing was checked: ${where} has no Kubernetes objects${passedOver === 0 ? "" : ` (${pluralize(passedOver, "file")} without any)`}.`,
      ...unread.map(({ file, reason, fix }) => `${file}: ${reason} ${fix}`),
    ].join("\n"),
  );
}
