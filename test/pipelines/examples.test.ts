import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { startAzureRepos } from "../support/azureReposStandIn.ts";
import type { AzureRepos } from "../support/azureReposStandIn.ts";
import { git } from "../support/gitRepository.ts";
import { startGitLab } from "../support/gitLabStandIn.ts";
import type { GitLab } from "../support/gitLabStandIn.ts";
import { scratch } from "../support/programs.ts";
import { ROOT } from "./harness/action.ts";
import { pullRequestCheckout } from "./harness/checkout.ts";
import { shell } from "./harness/shell.ts";

const write = scratch({ packages: false });
const reports = write("reports", {});
const MARK = "<!-- aks-istio: preview -->\n";

// The packages of the checkouts are already installed.
const path = write("stand-in", { npm: "#!/bin/sh\n" });
chmodSync(join(path, "npm"), 0o755);

const MACHINE = {
  HOME: process.env["HOME"] ?? "",
  PATH: `${path}:${process.env["PATH"] ?? ""}`,
};

const example = (name: string): unknown =>
  parse(readFileSync(join(ROOT, "examples/pipelines", name), "utf8"));

describe("azure-pipelines.yml", () => {
  interface Step {
    readonly bash?: string;
    readonly displayName?: string;
    readonly condition?: string;
    readonly env?: Readonly<Record<string, string>>;
  }
  const { steps } = example("azure-pipelines.yml") as { steps: readonly Step[] };
  let azure: AzureRepos;
  beforeAll(async () => {
    azure = await startAzureRepos();
  });
  afterAll(() => azure.stop());

  /** Runs the scripts as an agent does: after a failure, only those with the condition. */
  async function run(checkout: string, reason: string): Promise<Readonly<Record<string, string>>> {
    const logs: Record<string, string> = {};
    let failed = false;
    for (const { bash, displayName = "", condition = "succeeded()", env = {} } of steps) {
      expect(["succeeded()", "not(canceled())"]).toContain(condition);
      if (bash === undefined || (failed && condition === "succeeded()")) continue;
      const { code, log } = await shell(["bash", "--noprofile", "--norc", "-c"], bash, {
        cwd: join(checkout, "infra"),
        env: {
          ...MACHINE,
          TF_BUILD: "True",
          BUILD_REASON: reason,
          BUILD_REPOSITORY_ID: "r-1",
          BUILD_REPOSITORY_NAME: "infra",
          REPORTS: reports,
          SYSTEM_COLLECTIONURI: `${azure.url}/house/`,
          SYSTEM_TEAMPROJECT: "My Project",
          ...(reason === "PullRequest" ? { SYSTEM_PULLREQUEST_PULLREQUESTID: "7" } : {}),
          ...Object.fromEntries(
            Object.entries(env).map(([name, value]) => [
              name,
              value.replace("$(System.AccessToken)", "token-of-a-test"),
            ]),
          ),
        },
      });
      failed ||= code !== 0;
      logs[displayName] = `${code}: ${log}`;
    }
    return logs;
  }

  test("a pull request is compared and gets one comment, also after a failure", async () => {
    const checkout = pullRequestCheckout(write, "azure", { dev: "small" }, 2);
    const first = await run(checkout, "PullRequest");
    expect(first["Preview"]).toMatch(/^0: /);
    expect(azure.threads[0]?.comments[0]?.content).toContain('- size: "tiny"\n+ size: "small"');
    write("azure/work/infra", { "Pulumi.dev.yaml": "config:\n  shop:size: broken\n" });
    const second = await run(checkout, "PullRequest");
    expect(second["Preview"]).toMatch(/^2: /);
    expect(second["Show the report"]).toBe(
      `0: ##vso[task.uploadsummary]${reports}/report.md\nThe comment of pull request 7 of infra is updated.\n`,
    );
    expect(azure.threads).toHaveLength(1);
    expect(azure.threads[0]?.comments[0]?.content).toBe(
      `${MARK}${readFileSync(join(reports, "report.md"), "utf8")}`,
    );
  });

  test("a branch is not compared, and there is no comment", async () => {
    const checkout = pullRequestCheckout(write, "azure-branch", { dev: "small" }, 2);
    const asked = azure.asked.length;
    const logs = await run(checkout, "IndividualCI");
    expect(logs["Preview"]).toMatch(/^0: /);
    expect(logs["Preview"]).not.toContain("compared with");
    expect(azure.asked).toHaveLength(asked);
  });
});

describe(".gitlab-ci.yml", () => {
  const { preview } = example(".gitlab-ci.yml") as { preview: { script: readonly string[] } };
  let gitLab: GitLab;
  beforeAll(async () => {
    gitLab = await startGitLab();
  });
  afterAll(() => gitLab.stop());

  const run = (checkout: string, env: Readonly<Record<string, string>>) =>
    shell(["bash", "-e", "-o", "pipefail", "-c"], preview.script.join("\n"), {
      cwd: join(checkout, "infra"),
      env: { ...MACHINE, GITLAB_CI: "true", CI_API_V4_URL: gitLab.url, ...env },
    });

  const mergeRequest = (checkout: string) => ({
    CI_MERGE_REQUEST_DIFF_BASE_SHA: git(checkout, "rev-parse", "HEAD^1").trim(),
    CI_MERGE_REQUEST_IID: "7",
    CI_MERGE_REQUEST_PROJECT_ID: "12",
    CI_MERGE_REQUEST_PROJECT_PATH: "shop/infra",
  });

  test("a merge request is compared and gets one note, also after a failure", async () => {
    const checkout = pullRequestCheckout(write, "gitlab", { dev: "small" }, 2);
    const env = { ...mergeRequest(checkout), GITLAB_TOKEN: "token-of-a-test" };
    expect((await run(checkout, env)).code).toBe(0);
    expect(gitLab.notes[0]?.body).toContain('- size: "tiny"\n+ size: "small"');
    write("gitlab/work/infra", { "Pulumi.dev.yaml": "config:\n  shop:size: broken\n" });
    expect((await run(checkout, env)).code).toBe(2);
    expect(gitLab.notes.map(({ body }) => body)).toEqual([
      `${MARK}${readFileSync(join(checkout, "infra/report.md"), "utf8")}`,
    ]);
  });

  test("merged results are compared with what they are merged into", async () => {
    const checkout = pullRequestCheckout(write, "gitlab-merged", { dev: "small" }, 2);
    const target = git(checkout, "rev-parse", "HEAD^1").trim();
    const { code, log } = await run(checkout, {
      ...mergeRequest(checkout),
      CI_MERGE_REQUEST_DIFF_BASE_SHA: git(checkout, "rev-parse", "HEAD^2").trim(),
      CI_MERGE_REQUEST_TARGET_BRANCH_SHA: target,
    });
    expect(code).toBe(0);
    expect(log).toContain(`Change  compared with ${target.slice(0, 10)}\n`);
  });

  test("without a token, the log says that there is no note", async () => {
    const checkout = pullRequestCheckout(write, "gitlab-fork", { dev: "small" }, 2);
    const asked = gitLab.asked.length;
    const { code, log } = await run(checkout, mergeRequest(checkout));
    expect(code).toBe(0);
    expect(log).toContain("No comment is written, since this run may not: GITLAB_TOKEN is not set");
    expect(gitLab.asked).toHaveLength(asked);
  });

  test("a branch is not compared, and there is no note", async () => {
    const checkout = pullRequestCheckout(write, "gitlab-branch", { dev: "small" }, 2);
    const { code, log } = await run(checkout, {});
    expect(code).toBe(0);
    expect(log).not.toMatch(/compared with|comment/);
  });
});
