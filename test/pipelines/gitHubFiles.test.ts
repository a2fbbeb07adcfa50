import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { documents } from "../docs/documents.ts";
import { initRepository } from "../support/gitRepository.ts";
import { scratch } from "../support/programs.ts";
import { ACTION, ROOT } from "./harness/action.ts";

const write = scratch({ packages: false });

/** What actionlint says of workflows that use the action as `./`. */
function linted(workflows: Readonly<Record<string, string>>): string {
  const directory = write(`linted-${Object.keys(workflows).join("-")}`, {});
  initRepository(directory, "https://example.com/a.git");
  cpSync(join(ROOT, "action.yml"), join(directory, "action.yml"));
  mkdirSync(join(directory, ".github/workflows"), { recursive: true });
  for (const [name, text] of Object.entries(workflows)) {
    writeFileSync(join(directory, ".github/workflows", name), text);
  }
  const { status, stdout, stderr } = spawnSync(
    inject("actionlint"),
    ["-no-color", "-oneline", "-shellcheck=", "-pyflakes="],
    {
      cwd: directory,
      encoding: "utf8",
    },
  );
  // 0: nothing found; 1: something.
  expect([0, 1], stderr).toContain(status);
  return stdout;
}

const texts = z.record(z.string(), z.string());
const described = { description: z.string().min(1) };
const step = { name: z.string(), id: z.string().optional(), if: z.string().optional() };

/** @see https://docs.github.com/actions/reference/workflows-and-actions/metadata-syntax */
const metadata = z.strictObject({
  name: z.string(),
  ...described,
  inputs: z.record(
    z.string().regex(/^[a-z][a-z-]*$/),
    z.strictObject({ ...described, default: z.string() }),
  ),
  outputs: z.record(
    z.string().regex(/^[a-z][a-z-]*$/),
    z.strictObject({ ...described, value: z.string().regex(/^\$\{\{ .* \}\}$/) }),
  ),
  runs: z.strictObject({
    using: z.literal("composite"),
    steps: z.array(
      z.union([
        z.strictObject({
          ...step,
          run: z.string(),
          shell: z.literal("bash"),
          env: texts.optional(),
          "working-directory": z.string().optional(),
        }),
        z.strictObject({
          ...step,
          uses: z.string(),
          with: texts,
          "continue-on-error": z.boolean().optional(),
        }),
      ]),
    ),
  }),
});

/** The steps and outputs of the action as a workflow with the same inputs: actionlint reads expressions only in those. */
function asWorkflow({ inputs, outputs, runs }: typeof ACTION): string {
  const typed = Object.keys(inputs).map((name) => [name, { type: "string" }]);
  return stringify({
    on: { workflow_call: { inputs: Object.fromEntries(typed) as object } },
    jobs: {
      job: {
        "runs-on": "ubuntu-24.04",
        outputs: Object.fromEntries(
          Object.entries(outputs).map(([name, { value }]) => [name, value]),
        ),
        steps: runs.steps,
      },
    },
  });
}

const WORKFLOWS = Object.fromEntries(
  readdirSync(join(ROOT, ".github/workflows")).map((name) => [
    name,
    readFileSync(join(ROOT, ".github/workflows", name), "utf8"),
  ]),
);

test("actionlint has nothing to say about the workflows", () => {
  expect(linted(WORKFLOWS)).toBe("");
});

test("actionlint checks what a workflow gives the action", () => {
  const text = (WORKFLOWS["ci.yml"] ?? "").replace("upload-sarif:", "upload-serif:");
  expect(linted({ "wrong.yml": text })).toContain('input "upload-serif" is not defined in action');
});

test("actionlint has nothing to say about the workflows in documents", () => {
  const shown = [...documents()].flatMap(([document, text]) =>
    [...text.matchAll(/^```yaml\n(# \.github\/workflows\/.*?)^```$/gms)].map(
      ([, workflow = ""], i) =>
        [
          `${document.replaceAll("/", "-")}-${i}.yml`,
          workflow.replaceAll("OWNER/aks-istio@COMMIT", "./"),
        ] as const,
    ),
  );
  expect(shown.length).toBeGreaterThan(0);
  expect(linted(Object.fromEntries(shown))).toBe("");
});

test("the action's metadata has what GitHub documents, and nothing else", () => {
  expect(metadata.safeParse(ACTION).error?.message).toBeUndefined();
});

test("actionlint has nothing to say about the steps of the action", () => {
  const workflow = asWorkflow(ACTION);
  expect(linted({ "steps.yml": workflow })).toBe("");
  expect(linted({ "input.yml": workflow.replace("inputs.against", "inputs.agianst") })).toContain(
    'property "agianst" is not defined',
  );
  expect(linted({ "step.yml": workflow.replace("steps.upload.", "steps.uplaod.") })).toContain(
    'property "uplaod" is not defined',
  );
});

test("every action that the action and the workflows use is pinned by its commit", () => {
  interface Steps {
    readonly steps?: readonly { readonly uses?: string }[];
  }
  const jobs = Object.values(WORKFLOWS).flatMap((text) =>
    Object.values((parse(text) as { jobs: Record<string, Steps> }).jobs),
  );
  const used = [ACTION.runs, ...jobs].flatMap(({ steps = [] }) =>
    (steps as { uses?: string }[]).flatMap(({ uses }) => uses ?? []),
  );
  expect(used.length).toBeGreaterThan(10);
  expect(used.filter((uses) => uses !== "./" && !/@[0-9a-f]{40}$/.test(uses))).toEqual([]);
});

test("no script of the action has an expression in it: inputs are text, not code", () => {
  const scripts = ACTION.runs.steps.flatMap(({ run }) => run ?? []);
  expect(scripts.length).toBeGreaterThan(3);
  expect(scripts.filter((script) => script.includes("${{"))).toEqual([]);
});
