import { Command, Option } from "commander";
import { UsageError } from "../offline/errors.ts";
import { unansweredTokens } from "../offline/plan/notJudged.ts";
import type { Plan } from "../offline/plan/plan.ts";
import { preview } from "../offline/preview.ts";
import { nameOf } from "../offline/plan/urn.ts";
import { addStackOptions, collectValues, toPreviewOptions } from "./previewOptions.ts";
import type { PolicyFlags, PreviewDefaults, StackFlags } from "./previewOptions.ts";
import { toManifests } from "./manifests/manifests.ts";
import type { Manifest } from "./manifests/manifests.ts";
import { writeManifests } from "./manifests/manifestFiles.ts";
import { escapeMessage } from "./reports/foreignText.ts";
import { judgementOf } from "./reports/summary.ts";
import { toTerminalNotes } from "./reports/terminal.ts";
import { placesOf } from "./stackPlaces.ts";
import { WIDTH, stylesFor } from "./output/styles.ts";

interface RenderFlags extends StackFlags, PolicyFlags {
  readonly out: string;
  readonly allowIncomplete?: boolean;
}

const VIOLATION_EXIT_CODE = 1;

/** `aks-istio render`: the program's Kubernetes objects as plain YAML. */
export function renderCommand(defaults: PreviewDefaults): Command {
  const command = new Command("render").description(
    "Write the Kubernetes objects of a Pulumi program as plain YAML",
  );
  addStackOptions(command)
    .addOption(
      new Option(
        "--policy-pack [directory]",
        "apply the remediations of a policy pack (default: the pack of aks-istio) and refuse to write if a mandatory policy is violated; repeatable",
      )
        .default(false, "none")
        .argParser(collectValues),
    )
    .addOption(
      new Option(
        "--policy-pack-config <file>",
        "JSON configuration of a pack, one for each --policy-pack in the same order",
      )
        .default([], "none")
        .argParser(collectValues),
    )
    .option(
      "--allow-incomplete",
      "also write objects that have no name, or contain [secret] or [unknown]",
    )
    .requiredOption(
      "-o, --out <directory>",
      "the output directory; files of an earlier run are replaced",
    )
    .action(async (directory: string | undefined, flags: RenderFlags) => {
      const options = toPreviewOptions(defaults, directory, flags, flags);
      const plan = await preview(options);
      if (isForbidden(plan)) {
        process.exitCode = VIOLATION_EXIT_CODE;
        return;
      }
      process.stderr.write(
        toTerminalNotes(plan, judgementOf(plan, false), placesOf(plan, options), {
          styles: stylesFor(process.stderr),
          width: process.stderr.isTTY ? process.stderr.columns : WIDTH,
          details: false,
        }),
      );
      const { manifests, problems, notes } = toManifests(plan);
      if (problems.length > 0 && flags.allowIncomplete !== true) {
        throw new UsageError(
          [
            "Nothing was written, because these objects cannot be applied:",
            ...problems.map((problem) => `  ${problem}`),
            ...answersFor(plan),
            "Set their names and values in the program, or pass --allow-incomplete to write them anyway.",
          ].join("\n"),
        );
      }
      writeManifests(flags.out, manifests);
      for (const note of [...remediated(plan), ...notes, ...problems]) {
        process.stderr.write(escapeMessage(`${note}\n`));
      }
      process.stdout.write(summary(flags.out, manifests));
    });
  return command;
}

/** The part of an `--assume` file that would answer the program's unanswered calls. */
function answersFor({ notJudged }: Plan): readonly string[] {
  const tokens = unansweredTokens(notJudged);
  if (tokens.length === 0) return [];
  return [
    "Values from these calls become known if you answer them with --assume FILE (see docs/assumptions.md):",
    "  invokes:",
    ...tokens.flatMap((token) => [`    ${token}:`, "      - returns: { … }"]),
  ];
}

/** Reports the mandatory policies that would also block the deployment. */
function isForbidden({ violations }: Plan): boolean {
  const mandatory = violations.filter(({ enforcementLevel }) => enforcementLevel === "mandatory");
  if (mandatory.length === 0) return false;
  const policies = [...new Set(mandatory.map(({ policy }) => policy))].join(", ");
  process.stderr.write(
    escapeMessage(
      `Nothing was written, because mandatory policies are violated: ${policies}. Run aks-istio preview to see the violations.\n`,
    ),
  );
  return true;
}

function remediated({ remediations }: Plan): readonly string[] {
  return remediations.map(({ policy, urn, diagnostic }) =>
    diagnostic === undefined
      ? `${nameOf(urn)} was changed by ${policy} before writing.`
      : `${nameOf(urn)} could not be remediated by ${policy}: ${diagnostic}`,
  );
}

function summary(out: string, manifests: readonly Manifest[]): string {
  const patches = manifests.filter(({ path }) => /^(.*\/)?patches\//.test(path));
  const folders = [...new Set(patches.map(({ path }) => path.replace(/\/[^/]*$/, "")))];
  const objects = manifests.filter((manifest) => !patches.includes(manifest));
  const clusters = [...new Set(objects.map(({ path }) => path.split("/").slice(0, -1).join("/")))];
  return [
    `${counted(objects.length, "object", "objects")} written to ${out}`,
    ...(clusters.length > 1
      ? [`They belong to ${clusters.length} clusters, one folder each: ${clusters.join(", ")}`]
      : []),
    ...folders.map((folder) => {
      const count = patches.filter(({ path }) => path.startsWith(`${folder}/`)).length;
      return `${counted(count, "patch", "patches")} for objects that already exist in the cluster; apply afterwards: kubectl apply --server-side --field-manager=aks-istio --force-conflicts -k ${out}/${folder}`;
    }),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
