import { chmodSync, existsSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { version } from "../../package.json";
import { git } from "../support/gitRepository.ts";
import { PULL_REQUEST, startGitHub } from "../support/gitHubStandIn.ts";
import type { GitHub } from "../support/gitHubStandIn.ts";
import { scratch } from "../support/programs.ts";
import { ROOT, runAction } from "./harness/action.ts";
import type { Given, Outcome } from "./harness/action.ts";
import { pullRequestCheckout, sizePack } from "./harness/checkout.ts";

const write = scratch({ packages: false });
const pack = sizePack(scratch());

let gitHub: GitHub;
beforeEach(async () => {
  gitHub = await startGitHub();
});
afterEach(() => gitHub.stop());

interface Trial extends Pick<Given, "inputs" | "used"> {
  readonly checkout: string;
  /** The merge commit; by default the one that is checked out. */
  readonly merge?: string;
  readonly from?: string;
  readonly event?: "pull_request" | "pull_request_target" | "push";
  /** A directory in which programs are looked for first. */
  readonly path?: string;
}

/** Runs the action on a checkout; `from` is the repository of the pull request. */
function run({
  checkout,
  merge = git(checkout, "rev-parse", "HEAD").trim(),
  from = "shop/infra",
  event = "pull_request",
  path = "",
  inputs,
  used,
}: Trial): Promise<Outcome> {
  const head = { repo: { full_name: from } };
  const pullRequest = { node_id: PULL_REQUEST, number: 7, head };
  return runAction({
    workspace: checkout,
    inputs: { directory: "infra", "policy-pack": pack, ...inputs },
    github: {
      event_name: event,
      repository: "shop/infra",
      token: "token-of-a-test",
      event: event === "push" ? {} : { pull_request: pullRequest },
    },
    env: {
      PATH: `${path}:${process.env["PATH"] ?? ""}`,
      HOME: process.env["HOME"] ?? "",
      GITHUB_EVENT_NAME: event,
      GITHUB_GRAPHQL_URL: `${gitHub.url}/graphql`,
      GITHUB_REPOSITORY: "shop/infra",
      GITHUB_SERVER_URL: "https://github.com",
      GITHUB_SHA: merge,
    },
    ...(used === undefined ? {} : { used }),
  });
}

const MARK = "<!-- aks-istio: infra -->\n";

test("a run comments on the pull request, compares with its base, and uploads the findings", async () => {
  const checkout = pullRequestCheckout(write, "first", { dev: "medium" });
  const { failed, outputs, summary, steps } = await run({ checkout });
  const { reports = "", ...others } = outputs;
  expect(others).toEqual({
    verdict: "passed",
    "exit-code": "0",
    mandatory: "0",
    advisory: "1",
    "not-judged": "0",
  });
  expect(failed).toBe(false);
  expect(gitHub.comments).toEqual([
    { id: "IC_0", body: `${MARK}${summary}`, viewerDidAuthor: true },
  ]);
  expect(summary).toMatch(/^## ✅ Preview of `shop`, stack `dev`\n/);
  expect(summary).toContain('```diff\n- size: "tiny"\n+ size: "medium"\n```\n');
  expect(readFileSync(join(reports, "report.md"), "utf8")).toBe(summary);
  for (const file of ["report.json", "report.sarif", "report.xml"]) {
    expect(existsSync(join(reports, file))).toBe(true);
  }
  expect(steps["Upload to code scanning"]).toMatch(/^github\/codeql-action\/upload-sarif@/);
  expect(steps["Upload to code scanning"]).toContain(JSON.stringify({ sarif_file: reports }));
  expect(Object.keys(steps)).not.toContain("Say what was not uploaded");
});

test("a second run updates its own comment, also behind many others, and leaves a copy alone", async () => {
  const checkout = pullRequestCheckout(write, "second", { dev: "small" });
  const copy = { id: "copy", body: `${MARK}a copy`, viewerDidAuthor: false };
  gitHub.comments.push(copy);
  for (let i = 0; i < 120; i++) {
    gitHub.comments.push({ id: `other ${i}`, body: `other ${i}`, viewerDidAuthor: i % 2 === 0 });
  }
  gitHub.comments.push({ id: "own", body: `${MARK}earlier`, viewerDidAuthor: true });
  const { summary, steps } = await run({ checkout });
  expect(steps["Comment"]).toBe("The comment of pull request 7 of shop/infra is updated.\n");
  expect(gitHub.comments).toHaveLength(122);
  expect(gitHub.comments[0]?.body).toBe(`${MARK}a copy`);
  expect(gitHub.comments[121]?.body).toBe(`${MARK}${summary}`);
});

test("a fork's pull request gets its report in the summary only, and that is said", async () => {
  const checkout = pullRequestCheckout(write, "fork", { dev: "medium" });
  gitHub.refuses = "writing";
  const { failed, summary, steps } = await run({ checkout, from: "stranger/infra" });
  expect(failed).toBe(false);
  expect(gitHub.comments).toEqual([]);
  expect(summary).toMatch(/^## ✅ Preview/);
  expect(steps["Comment"]).toBe(
    "No comment is written, since this run may not: Resource not accessible by integration\n",
  );
  expect(Object.keys(steps)).not.toContain("Upload to code scanning");
  expect(steps["Say what was not uploaded"]).toMatch(/^::warning::Code scanning did not get/);
});

test("a violated policy fails the action after the comment and the upload", async () => {
  const checkout = pullRequestCheckout(write, "violated", { dev: "large" });
  const { failed, outputs, steps } = await run({ checkout });
  expect(failed).toBe(true);
  expect(outputs).toMatchObject({ verdict: "violated", "exit-code": "1", mandatory: "1" });
  expect(gitHub.comments[0]?.body).toContain("## ❌ Preview of `shop`, stack `dev`\n");
  expect(Object.keys(steps)).toContain("Upload to code scanning");
});

test("a program that fails is a comment and exit code 2, and closes no alerts", async () => {
  const checkout = pullRequestCheckout(write, "broken", { dev: "broken" });
  gitHub.comments.push({ id: "own", body: `${MARK}## ✅ earlier`, viewerDidAuthor: true });
  const { failed, outputs, steps } = await run({ checkout });
  const { reports, ...others } = outputs;
  expect(failed).toBe(true);
  expect(others).toEqual({
    verdict: "failed",
    "exit-code": "2",
    mandatory: "",
    advisory: "",
    "not-judged": "",
  });
  expect(gitHub.comments.map(({ body }) => body)).toEqual([
    `${MARK}${readFileSync(join(reports ?? "", "report.md"), "utf8")}`,
  ]);
  expect(gitHub.comments[0]?.body).toContain("The size is broken.");
  expect(Object.keys(steps)).not.toContain("Upload to code scanning");
});

test("an option that the command rejects is a comment, too", async () => {
  const checkout = pullRequestCheckout(write, "rejected", { dev: "small" });
  const { failed, outputs, summary } = await run({
    checkout,
    inputs: { against: "", "policy-pack": "", "policy-pack-config": "a.json\nb.json" },
  });
  expect(failed).toBe(true);
  expect(outputs).toMatchObject({ verdict: "failed", "exit-code": "2" });
  expect(gitHub.comments[0]?.body).toBe(`${MARK}${summary}`);
});

test("several stacks have one comment, one verdict and the sum of their findings", async () => {
  const checkout = pullRequestCheckout(write, "several", { dev: "medium", prod: "large" });
  const { failed, outputs, summary } = await run({ checkout, inputs: { stacks: "dev\n  prod\n" } });
  expect(failed).toBe(true);
  expect(outputs).toMatchObject({ verdict: "violated", mandatory: "1", advisory: "1" });
  expect(gitHub.comments.map(({ body }) => body)).toEqual([`${MARK}${summary}`]);
  expect(summary).toMatch(/^## ❌ Preview of `shop`, 2 stacks\n/);
});

test("a project without aks-istio gets the version that belongs to the action, or the one of the input", async () => {
  const checkout = pullRequestCheckout(write, "not-installed", { dev: "small" });
  rmSync(join(checkout, "infra/node_modules/.bin"), { recursive: true });
  const path = write("stand-in", {
    npx: `#!/bin/sh
[ "$1" = --yes ] || exit 1
echo "npx $2 $3"
shift 2
exec "${process.execPath}" "${ROOT}/bin/aks-istio.js" "$@"
`,
  });
  chmodSync(join(path, "npx"), 0o755);
  const { steps } = await run({ checkout, path });
  expect(steps["Preview"]).toMatch(new RegExp(`^npx aks-istio@${version} preview\n`));
  expect(steps["Comment"]).toMatch(new RegExp(`^npx aks-istio@${version} comment\n`));
  const chosen = await run({ checkout, path, inputs: { version: "1.2.3" } });
  expect(chosen.steps["Preview"]).toMatch(/^npx aks-istio@1\.2\.3 preview\n/);
});

test("without a pull request, nothing is compared and no comment is written", async () => {
  const checkout = pullRequestCheckout(write, "push", { dev: "small" });
  const { failed, summary, steps } = await run({
    checkout,
    event: "push",
    inputs: { "new-only": "true" },
  });
  expect(failed).toBe(false);
  expect(summary).toContain("This is an offline preview of a first deployment");
  expect(gitHub.asked).toEqual([]);
  expect(Object.keys(steps)).toEqual([
    "Check the inputs",
    "Find what to compare with",
    "Preview",
    "Upload to code scanning",
    "Exit as the preview did",
  ]);
});

test("a checkout of another commit than the merge commit is refused", async () => {
  const checkout = pullRequestCheckout(write, "head", { dev: "small" });
  git(checkout, "commit", "--quiet", "--allow-empty", "--message=another");
  const merge = git(checkout, "rev-parse", "HEAD^").trim();
  const { failed, steps } = await run({ checkout, merge });
  expect(failed).toBe(true);
  expect(steps).toEqual({
    "Check the inputs": "",
    "Find what to compare with":
      "::error::The checkout is not the merge commit of the pull request. Check that out, or set the input against.\n",
  });
});

test("an upload that fails does not fail the action, and is said", async () => {
  const checkout = pullRequestCheckout(write, "no-scanning", { dev: "small" });
  const { failed, steps } = await run({ checkout, inputs: { comment: "false" }, used: "failure" });
  expect(failed).toBe(false);
  expect(gitHub.asked).toEqual([]);
  expect(steps["Say what was not uploaded"]).toMatch(/^::warning::Code scanning did not get/);
});

test.each([
  ["comment", "yes", "comment is yes. It must be true or false."],
  ["new-only", "True", "new-only is True. It must be true or false."],
  ["require-judged", "", "require-judged is ''. It must be true or false."],
  ["upload-sarif", "a\n::b::", "upload-sarif is $'a\\n::b::'. It must be true or false."],
  ["against", "\nHEAD", "against is $'\\nHEAD'. It must be one line, without a line break."],
  ["version", "1\nb=c", "version is $'1\\nb=c'. It must be one line, without a line break."],
])("the input %s is not %j", async (name, value, problem) => {
  const checkout = pullRequestCheckout(write, `input-${name}`, { dev: "small" });
  const { failed, steps } = await run({ checkout, inputs: { [name]: value } });
  expect(failed).toBe(true);
  expect(steps).toEqual({ "Check the inputs": `::error::The input ${problem}\n` });
});

test("pull_request_target is refused: its token may write", async () => {
  const checkout = pullRequestCheckout(write, "target", { dev: "small" });
  const { failed, steps } = await run({ checkout, event: "pull_request_target" });
  expect(failed).toBe(true);
  expect(steps).toEqual({
    "Check the inputs":
      "::error::The token of pull_request_target may write, and the program is a stranger's. Use pull_request.\n",
  });
});

test("what a shell would run is text in every input", async () => {
  const checkout = pullRequestCheckout(write, "injection", { dev: "small" });
  const evil = '$(touch evil)`touch evil`"; touch evil; "';
  const { outputs } = await run({
    checkout,
    inputs: { "comment-key": evil, stacks: evil, against: evil },
  });
  expect(outputs).toMatchObject({ verdict: "failed", "exit-code": "2" });
  expect(gitHub.comments[0]?.body).toMatch(/^<!-- aks-istio: %24\(touch%20evil\)/);
  expect(existsSync(join(realpathSync(checkout), "infra/evil"))).toBe(false);
});
