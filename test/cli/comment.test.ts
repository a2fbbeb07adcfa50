import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startAzureRepos } from "../support/azureReposStandIn.ts";
import { aksIstio } from "../support/command.ts";
import type { Outcome } from "../support/command.ts";
import { PULL_REQUEST, startGitHub } from "../support/gitHubStandIn.ts";
import { note, startGitLab } from "../support/gitLabStandIn.ts";
import { serveJson } from "../support/jsonServer.ts";
import { scratch } from "../support/programs.ts";

const write = scratch({ packages: false });
const files = write("reports", {
  "first.md": "## ✅ first\n",
  "second.md": "## ❌ second\n",
  "event.json": JSON.stringify({ pull_request: { node_id: PULL_REQUEST, number: 7 } }),
  "push.json": "{}",
});

/** What a pipeline that runs the tests must not hand on. */
const NO_PIPELINE = { GITHUB_ACTIONS: "", GITLAB_CI: "", TF_BUILD: "" };

const TOKEN = "token-of-a-test";
const MARK = "<!-- aks-istio: preview -->\n";

function comment(
  env: Readonly<Record<string, string>>,
  report = "first.md",
  ...more: string[]
): Promise<Outcome> {
  return aksIstio(["comment", join(files, report), ...more], { ...NO_PIPELINE, ...env });
}

const refused = (why: string): Outcome => ({
  code: 0,
  stdout: "",
  stderr: `No comment is written, since this run may not: ${why}\n`,
});

const unusable = (why: string): Outcome => ({ code: 2, stdout: "", stderr: `${why}\n` });

const without = (name: string, env: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(env).filter(([each]) => each !== name));

const onGitHub = (url: string) => ({
  GITHUB_ACTIONS: "true",
  GITHUB_EVENT_NAME: "pull_request",
  GITHUB_EVENT_PATH: join(files, "event.json"),
  GITHUB_GRAPHQL_URL: url,
  GITHUB_REPOSITORY: "shop/infra",
  GITHUB_TOKEN: TOKEN,
});

const onGitLab = (url: string) => ({
  GITLAB_CI: "true",
  CI_API_V4_URL: url,
  CI_MERGE_REQUEST_IID: "7",
  CI_MERGE_REQUEST_PROJECT_ID: "12",
  CI_MERGE_REQUEST_PROJECT_PATH: "shop/infra",
  CI_PROJECT_ID: "99",
  GITLAB_TOKEN: TOKEN,
});

const onAzure = (url: string) => ({
  TF_BUILD: "True",
  BUILD_REPOSITORY_ID: "r-1",
  BUILD_REPOSITORY_NAME: "infra",
  SYSTEM_ACCESSTOKEN: TOKEN,
  SYSTEM_COLLECTIONURI: `${url}/house/`,
  SYSTEM_PULLREQUEST_PULLREQUESTID: "7",
  SYSTEM_TEAMPROJECT: "My Project",
});

describe("GitHub", async () => {
  const gitHub = await startGitHub();
  afterAll(() => gitHub.stop());
  const env = onGitHub(gitHub.url);

  test("each key has one comment, which later runs update", async () => {
    gitHub.comments.push({ id: "copy", body: `${MARK}a copy`, viewerDidAuthor: false });
    const name = "The comment of pull request 7 of shop/infra is";
    expect(await comment(env)).toEqual({ code: 0, stdout: `${name} added.\n`, stderr: "" });
    expect((await comment(env, "first.md", "--key", "a-->b")).stdout).toBe(`${name} added.\n`);
    expect(await comment(env, "second.md")).toEqual({
      code: 0,
      stdout: `${name} updated.\n`,
      stderr: "",
    });
    expect(gitHub.comments.map(({ body }) => body)).toEqual([
      `${MARK}a copy`,
      `${MARK}## ❌ second\n`,
      "<!-- aks-istio: a--%3Eb -->\n## ✅ first\n",
    ]);
  });

  test("what a token may not do is said, and no error", async () => {
    gitHub.refuses = "writing";
    expect(await comment(env)).toEqual(refused("Resource not accessible by integration"));
    gitHub.refuses = "everything";
    expect(await comment(env)).toEqual(refused(`POST ${gitHub.url}: 403 {"message":"Forbidden"}`));
    expect(await comment({ ...env, GITHUB_TOKEN: "" })).toEqual(
      refused("GITHUB_TOKEN is not set; set it to ${{ github.token }}"),
    );
  });

  test("a wrong token, another event and a wrong pull request are errors", async () => {
    gitHub.refuses = "nothing";
    expect(await comment({ ...env, GITHUB_TOKEN: "wrong" })).toEqual(
      unusable(`POST ${gitHub.url}: 401 {"message":"Bad credentials"} Pass a token that is valid.`),
    );
    expect(
      await comment({
        ...env,
        GITHUB_EVENT_NAME: "push",
        GITHUB_EVENT_PATH: join(files, "push.json"),
      }),
    ).toEqual(
      unusable("The event push has no pull request to comment on. Run this for pull_request only."),
    );
  });
});

test("a report that is longer than a comment is cut, and that is said", async () => {
  const gitHub = await startGitHub();
  const long = `<details><summary>x</summary>\n\n${"line\n".repeat(14_000)}</details>\n`;
  write("reports", { "long.md": long });
  expect((await comment(onGitHub(gitHub.url), "long.md")).code).toBe(0);
  await gitHub.stop();
  const { body = "" } = gitHub.comments[0] ?? {};
  expect(body.length).toBeLessThanOrEqual(65_536);
  expect(body.slice(-120)).toMatch(
    /line\n\n<\/details>\n\n_This is a part: the report has 70042 characters, and a comment at most 65508\._\n$/,
  );
});

describe("GitLab", async () => {
  const gitLab = await startGitLab();
  afterAll(() => gitLab.stop());
  const env = onGitLab(gitLab.url);

  beforeAll(() => {
    gitLab.notes.push(note(1, `${MARK}a copy`, 6));
    for (let id = 2; id <= 120; id++) gitLab.notes.push(note(id, `note ${id}`));
  });

  test("a note is added, and updated behind many others", async () => {
    const name = "The comment of merge request 7 of shop/infra is";
    expect(await comment(env)).toEqual({ code: 0, stdout: `${name} added.\n`, stderr: "" });
    expect((await comment(env, "second.md")).stdout).toBe(`${name} updated.\n`);
    expect(gitLab.notes).toHaveLength(121);
    expect(gitLab.notes[0]?.body).toBe(`${MARK}a copy`);
    expect(gitLab.notes[120]?.body).toBe(`${MARK}## ❌ second\n`);
  });

  test("no token and no right to write are said, and no error", async () => {
    gitLab.refuses = true;
    expect(await comment(env)).toEqual(
      refused(
        `PUT ${gitLab.url}/projects/12/merge_requests/7/notes/121: 403 {"message":"403 Forbidden"}`,
      ),
    );
    expect(await comment({ ...env, GITLAB_TOKEN: "" })).toEqual(
      refused(
        "GITLAB_TOKEN is not set; set it to a project access token with the role Reporter and the scope api",
      ),
    );
  });

  test("a pipeline without a merge request is an error", async () => {
    expect(await comment(without("CI_MERGE_REQUEST_IID", env))).toEqual(
      unusable(
        "CI_MERGE_REQUEST_IID is not set, so there is no merge request to comment on. Run this in merge request pipelines only.",
      ),
    );
  });
});

describe("Azure Pipelines", async () => {
  const azure = await startAzureRepos();
  afterAll(() => azure.stop());
  const env = onAzure(azure.url);

  test("a closed thread is added, and its comment updated", async () => {
    const copy = { id: 1, content: `${MARK}a copy`, author: { id: "somebody" } };
    azure.threads.push(
      { id: 1, comments: [{ id: 1 }] },
      { id: 2, comments: [] },
      { id: 3, comments: [copy] },
    );
    const name = "The comment of pull request 7 of infra is";
    expect(await comment(env)).toEqual({ code: 0, stdout: `${name} added.\n`, stderr: "" });
    expect((await comment(env, "second.md")).stdout).toBe(`${name} updated.\n`);
    const own = { id: 1, content: `${MARK}## ❌ second\n`, author: { id: "build-service" } };
    expect(azure.threads.slice(2)).toEqual([
      { id: 3, comments: [copy] },
      { id: 4, status: "closed", comments: [own] },
    ]);
  });

  test("no token and no right to write are said, and no error", async () => {
    azure.refuses = true;
    expect((await comment(env)).stderr).toMatch(/may not: PATCH .*: 403 .*PullRequestContribute/);
    expect(await comment({ ...env, SYSTEM_ACCESSTOKEN: "" })).toEqual(
      refused("SYSTEM_ACCESSTOKEN is not set; set it to $(System.AccessToken)"),
    );
  });

  test("a page instead of JSON, and a run without a pull request, are errors", async () => {
    const { code, stderr } = await comment({ ...env, SYSTEM_ACCESSTOKEN: "wrong" });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^GET http:\S+: 203 <html>Sign in<\/html>\n$/);
    expect(await comment(without("SYSTEM_PULLREQUEST_PULLREQUESTID", env))).toEqual(
      unusable(
        "SYSTEM_PULLREQUEST_PULLREQUESTID is not set, so there is no pull request to comment on. Run this only if Build.Reason is PullRequest.",
      ),
    );
  });
});

test("outside a pipeline, and without a report, there is nothing to do", async () => {
  expect(await comment({})).toEqual(
    unusable(
      "There is no pull request here: comment runs in GitHub Actions, GitLab CI and Azure Pipelines.",
    ),
  );
  expect((await comment({}, "missing.md")).stderr).toMatch(/missing\.md cannot be read: ENOENT/);
});

test.each([
  ["empty.md", "is empty. Pass the report that --markdown has written."],
  ["utf16.md", "cannot be read: it is not encoded as UTF-8; save it as UTF-8"],
])("%s is no report", async (report, problem) => {
  write("reports", { "empty.md": " \n" });
  writeFileSync(join(files, "utf16.md"), Buffer.from("\ufeffx", "utf16le"));
  expect(await comment(onGitHub("http://127.0.0.1:9"), report)).toEqual(
    unusable(`${join(files, report)} ${problem}`),
  );
});

test("an event that is not JSON has no pull request", async () => {
  write("reports", { "damaged.json": "{" });
  const env = { ...onGitHub("http://127.0.0.1:9"), GITHUB_EVENT_PATH: join(files, "damaged.json") };
  expect((await comment(env)).stderr).toMatch(/^The event pull_request has no pull request /);
});

test.each([
  ["GITHUB_EVENT_PATH", onGitHub("")],
  ["GITHUB_GRAPHQL_URL", onGitHub("")],
  ["CI_API_V4_URL", onGitLab("")],
  ["CI_MERGE_REQUEST_PROJECT_ID", onGitLab("http://127.0.0.1:9")],
  ["SYSTEM_COLLECTIONURI", onAzure("http://127.0.0.1:9")],
  ["SYSTEM_TEAMPROJECT", onAzure("http://127.0.0.1:9")],
  ["BUILD_REPOSITORY_ID", onAzure("http://127.0.0.1:9")],
])("a run without %s says so", async (name, env) => {
  expect(await comment({ ...env, [name]: "" })).toEqual(
    unusable(
      `${name} is not set. The pipeline sets it; hand it on to the container that runs this.`,
    ),
  );
});

describe("the token is not shown", () => {
  test("if a server repeats it", async () => {
    const server = await serveJson(({ authorization }) => ({
      status: 422,
      body: { message: `no ${authorization ?? ""}` },
    }));
    const { stderr } = await comment(onGitHub(server.url));
    await server.stop();
    expect(stderr).toBe(`POST ${server.url}: 422 {"message":"no Bearer [secret]"}\n`);
  });

  test("if it cannot be sent", async () => {
    const env = { ...onGitHub("http://127.0.0.1:9"), GITHUB_TOKEN: "two\nlines" };
    expect((await comment(env)).stderr).toMatch(
      /^http:\/\/127\.0\.0\.1:9 cannot be reached: Invalid character in header content \["Authorization"\]\n$/,
    );
  });

  test("nor the password of a URL", async () => {
    const { stderr } = await comment(onGitHub("http://user:hunter2@127.0.0.1:9"));
    expect(stderr).toMatch(/^http:\/\/127\.0\.0\.1:9 cannot be reached: /);
    expect(stderr).not.toContain("hunter2");
  });
});

test("a server that is busy is asked again when it says, but not for ever", async () => {
  let busy = 2;
  const server = await serveJson(() =>
    busy-- > 0
      ? { status: 429, headers: { "Retry-After": "0" }, body: {} }
      : { status: 200, body: { id: 5 } },
  );
  const { stderr } = await comment(onGitLab(server.url));
  // What it answers next is no list of notes.
  expect(server.asked.map(({ path }) => path.split("?")[0])).toEqual([
    ...["/user", "/user", "/user", "/projects/12/merge_requests/7/notes"],
  ]);
  expect(stderr).toContain(': 200 {"id":5}');
  busy = 10;
  expect(await comment(onGitLab(server.url))).toEqual(
    unusable(`GET ${server.url}/user: 429 {} Run this again later.`),
  );
  expect(server.asked).toHaveLength(9);
  await server.stop();
});

test("a server whose pages do not end is not read for ever", async () => {
  const pageInfo = { hasNextPage: true, endCursor: "x" };
  const server = await serveJson(() => ({
    body: { data: { node: { comments: { nodes: [], pageInfo } } } },
  }));
  expect(await comment(onGitHub(server.url))).toEqual(
    unusable("The pull request has more than 1000 pages of comments, so none is written."),
  );
  expect(server.asked).toHaveLength(1_000);
  await server.stop();
});

test("a server that sends the token elsewhere does not get it there", async () => {
  const elsewhere = await serveJson(() => ({ body: {} }));
  const server = await serveJson(() => ({
    status: 307,
    headers: { Location: elsewhere.url },
    body: {},
  }));
  const { code, stderr } = await comment(onGitLab(server.url));
  await Promise.all([server.stop(), elsewhere.stop()]);
  expect(code).toBe(2);
  expect(stderr).toBe(
    `GET ${server.url}/user: 307 {} Name the server itself: redirects are not followed.\n`,
  );
  expect(elsewhere.asked).toEqual([]);
});
