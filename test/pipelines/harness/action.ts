import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { expanded, holds } from "./expressions.ts";
import { shell } from "./shell.ts";

export const ROOT = join(__dirname, "../../..");

interface Step {
  readonly name: string;
  readonly id?: string;
  readonly if?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly "working-directory"?: string;
  readonly "continue-on-error"?: boolean;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

/** The metadata of this project's action. */
export const ACTION = parse(readFileSync(join(ROOT, "action.yml"), "utf8")) as Action;

export interface Given {
  readonly workspace: string;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Of the context `github`; `event` is also the file of the event. */
  readonly github: Readonly<Record<string, string | object>> & { readonly event: object };
  readonly env: Readonly<Record<string, string>>;
  /** What the actions do that it uses. */
  readonly used?: "success" | "failure";
}

export interface Outcome {
  /** Of the whole action. */
  readonly failed: boolean;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** What each step that ran printed; what it was given for one that uses an action. */
  readonly steps: Readonly<Record<string, string>>;
}

/** Runs the steps of the action as GitHub's runner does. */
export async function runAction(given: Given): Promise<Outcome> {
  const temporary = mkdtempSync(join(given.workspace, "../runner-"));
  const inputs = Object.fromEntries(
    Object.entries(ACTION.inputs).map(([name, { default: text = "" }]) => [
      name,
      given.inputs?.[name] ?? expanded(text, { github: given.github }),
    ]),
  );
  const files = {
    GITHUB_EVENT_PATH: join(temporary, "event.json"),
    GITHUB_STEP_SUMMARY: join(temporary, "summary.md"),
    GITHUB_OUTPUT: join(temporary, "output"),
  };
  writeFileSync(files.GITHUB_EVENT_PATH, JSON.stringify(given.github.event));
  writeFileSync(files.GITHUB_STEP_SUMMARY, "");
  const steps: Record<string, { outcome: string; outputs: Record<string, string> }> = {};
  const ran: Record<string, string> = {};
  let failed = false;
  for (const step of ACTION.runs.steps) {
    const contexts = { github: given.github, inputs, steps };
    const expand = (texts: Readonly<Record<string, string>> = {}) =>
      Object.fromEntries(
        Object.entries(texts).map(([name, text]) => [name, expanded(text, contexts)]),
      );
    let outcome = "skipped";
    writeFileSync(files.GITHUB_OUTPUT, "");
    if (holds(step.if, contexts, failed)) {
      if (step.run === undefined) {
        outcome = given.used ?? "success";
        ran[step.name] = `${step.uses ?? ""} ${JSON.stringify(expand(step.with))}`;
      } else {
        const { code, log } = await shell(
          ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c"],
          expanded(step.run, contexts),
          {
            cwd: resolve(given.workspace, expanded(step["working-directory"] ?? ".", contexts)),
            env: {
              ...given.env,
              ...files,
              GITHUB_ACTIONS: "true",
              GITHUB_ACTION_PATH: ROOT,
              RUNNER_TEMP: temporary,
              ...expand(step.env),
            },
          },
        );
        outcome = code === 0 ? "success" : "failure";
        ran[step.name] = log;
      }
      failed ||= outcome === "failure" && step["continue-on-error"] !== true;
    }
    if (step.id !== undefined) {
      steps[step.id] = { outcome, outputs: outputsIn(readFileSync(files.GITHUB_OUTPUT, "utf8")) };
    }
  }
  return {
    failed,
    outputs: Object.fromEntries(
      Object.entries(ACTION.outputs).map(([name, { value }]) => [name, expanded(value, { steps })]),
    ),
    summary: readFileSync(files.GITHUB_STEP_SUMMARY, "utf8"),
    steps: ran,
  };
}

function outputsIn(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split("\n").flatMap((line) => {
      const at = line.indexOf("=");
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)]];
    }),
  );
}
