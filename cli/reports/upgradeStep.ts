import { basename } from "node:path";
import { planMesh } from "../../mesh/upgrade.ts";
import type { EditedStep } from "../upgrade/editStep.ts";
import { lineDiff } from "./lineDiff.ts";

/** Whether a step was written to the stack file, and if not, why. */
export type Written = "written" | "dry-run" | "blocked";

const HEADS: Readonly<Record<Written, (file: string) => string>> = {
  written: (file) => `${file} is changed:`,
  "dry-run": (file) => `${file} would be changed:`,
  blocked: (file) => `${file} is not changed, because of what the checks say. It would be:`,
};

/** What a step edits and means, and what to run then. */
export function stepText(edited: EditedStep, stack: string, written: Written): string {
  const { step, file, textBefore, textAfter } = edited;
  const restarts = movedNamespaces(edited).map(
    (name) => `  kubectl rollout restart deployment,statefulset,daemonset --namespace ${name}`,
  );
  const configFile = basename(file) === `Pulumi.${stack}.yaml` ? "" : ` --config-file ${file}`;
  return [
    HEADS[written](file),
    ...lineDiff(textBefore, textAfter).map((line) => `  ${line}`),
    "",
    `${step.does[0]?.toUpperCase() ?? ""}${step.does.slice(1)}.`,
    ...step.first.map((first) => `First: ${first}.`),
    "",
    "Then run:",
    `  pulumi up --stack ${stack}${configFile} --policy-pack policy`,
    ...(restarts.length === 0 ? [] : ["and restart what moves to another revision:", ...restarts]),
    "",
  ].join("\n");
}

/** The namespaces whose workloads must restart after the step. */
function movedNamespaces({ before, step }: EditedStep): readonly string[] {
  const [was, will] = [planMesh(before).labels, planMesh(step.leadsTo).labels];
  return Object.keys(will).filter((name) => was[name] !== will[name]);
}
