import { Command, Option } from "commander";
import { UsageError } from "../offline/errors.ts";
import { unansweredTokens } from "../offline/plan/notJudged.ts";
import type { Plan } from "../offline/plan/plan.ts";
import { preview } from "../offline/preview.ts";
import { nameOf } from "../offline/plan/urn.ts";
import { addStackOptions, several, toPreviewOptions } from "./previewOptions.ts";
import type { PolicyFlags, StackFlags } from "./previewOptions.ts";
import { toManifests } from "./manifests/manifests.ts";
import type { Manifest } from "./manifests/manifests.ts";
import { writeManifests } from "./manifests/manifestFiles.ts";
import { inMessage } from "./reports/foreignText.ts";
import { judgementOf } from "./reports/summary.ts";
import { asideFromPlan } from "./reports/terminal.ts";
import { placesOf } from "./stackPlaces.ts";
import { WIDTH, stylesFor } from "./output/styles.ts";

interface RenderFlags extends StackFlags, PolicyFlags {
  readonly out: string;
  readonly allowIncomplete?: boolean;
}

const VIOLATION_EXIT_CODE = 1;

/** `aks-istio render`: the program's Kubernetes objects as plain YAML. */
export function renderCommand(home: string): Command {
  const command = new Command("render").description(
    "Write the Kubernetes objects of a Pulumi program as plain YAML",
  );
  addStackOptions(command)
    .addOption(
      new Option(
        "--policy-pack [directory]",
        "apply what a policy pack remediates, by default that of aks-istio, and write nothing that it forbids; may be repeated",
      )
        .default(false, "none")
        .argParser(several),
    )
    .addOption(
      new Option("--policy-pack-config <file>", "JSON configuration, one for each --policy-pack")
        .default([], "none")
        .argParser(several),
    )
    .option(
      "--allow-incomplete",
      "write objects without a name and with [secret] and [unknown] in them, too",
    )
    .requiredOption(
      "-o, --out <directory>",
      "where to write; a directory of an earlier run is replaced",
    )
    .action(async (directory: string | undefined, flags: RenderFlags) => {
      const options = toPreviewOptions(home, directory, flags, flags);
      const plan = await preview(options);
      if (isForbidden(plan)) {
        process.exitCode = VIOLATION_EXIT_CODE;
        return;
      }
      process.stderr.write(
        asideFromPlan(plan, judgementOf(plan, false), placesOf(plan, options), {
          styles: stylesFor(process.stderr),
          width: process.stderr.isTTY ? process.stderr.columns : WIDTH,
          details: false,
        }),
      );
      const { manifests, problems, notes } = toManifests(plan);
      if (problems.length > 0 && flags.allowIncomplete !== true) {
        throw new UsageError(
          [
            "These objects cannot be applied as they stand, and nothing is written:",
            ...problems.map((problem) => `  ${problem}`),
            ...answersFor(plan),
            "Give them names and values in the program, or write them all the same with --allow-incomplete.",
          ].join("\n"),
        );
      }
      writeManifests(flags.out, manifests);
      for (const note of [...remediated(plan), ...notes, ...problems]) {
        process.stderr.write(inMessage(`${note}\n`));
      }
      process.stdout.write(summary(flags.out, manifests));
    });
  return command;
}

/** The part of a file for `--assume` that answers what the program asked and nobody answered. */
function answersFor({ notJudged }: Plan): readonly string[] {
  const tokens = unansweredTokens(notJudged);
  if (tokens.length === 0) return [];
  return [
    "Answer these calls with --assume FILE, and what comes from them is known (docs/assumptions.md):",
    "  invokes:",
    ...tokens.flatMap((token) => [`    ${token}:`, "      - returns: { … }"]),
  ];
}

/** Says which policies forbid what a deployment would not make either. */
function isForbidden({ violations }: Plan): boolean {
  const mandatory = violations.filter(({ enforcementLevel }) => enforcementLevel === "mandatory");
  if (mandatory.length === 0) return false;
  const policies = [...new Set(mandatory.map(({ policy }) => policy))].join(", ");
  process.stderr.write(
    inMessage(
      `Mandatory policies are violated, and nothing is written: ${policies}. aks-istio preview shows by what.\n`,
    ),
  );
  return true;
}

function remediated({ remediations }: Plan): readonly string[] {
  return remediations.map(({ policy, urn, diagnostic }) =>
    diagnostic === undefined
      ? `${nameOf(urn)} is written as ${policy} changed it.`
      : `${nameOf(urn)} is not as ${policy} would have it: ${diagnostic}`,
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
      ? [`They are for ${clusters.length} clusters, each with a folder: ${clusters.join(", ")}`]
      : []),
    ...folders.map((folder) => {
      const count = patches.filter(({ path }) => path.startsWith(`${folder}/`)).length;
      return `${counted(count, "patch", "patches")} of objects that somebody else makes, for afterwards: kubectl apply --server-side --field-manager=aks-istio --force-conflicts -k ${out}/${folder}`;
    }),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
