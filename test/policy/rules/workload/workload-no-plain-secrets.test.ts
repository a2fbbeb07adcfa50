import { describe, expect, test } from "vitest";
import { workloadNoPlainSecrets } from "../../../../policy/rules/workload/workload-no-plain-secrets.ts";
import { UNKNOWN, cluster, kubernetes } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";
import { container, inMesh, podSpec, template, workload } from "../../../support/workloads.ts";

async function messages(...fixtures: readonly Fixture[]) {
  const reports = await run(workloadNoPlainSecrets, [...inMesh, ...fixtures]);
  return reports.map(({ level, message }) => [level, message.replace('Deployment "web": ', "")]);
}

const withEnv = (env: unknown, list = "containers") =>
  workload(template(podSpec({ [list]: [container({ env })] })));

const PLACE = "spec.template.spec.containers[0].env";
const FIX = "Put it into a Secret, and refer to it with valueFrom.secretKeyRef.";
const plain = (written: string, is = "has the name of") =>
  `${written} ${is} a secret, but is a plain value, which everyone who may read the workload can read. ${FIX}`;

describe("workload-no-plain-secrets", () => {
  test.each([
    ["no variables", undefined],
    ["a variable without a secret", [{ name: "LOG_LEVEL", value: "debug" }]],
    [
      "a secret from a Secret",
      [{ name: "DB_PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } }],
    ],
    ["the path of a secret", [{ name: "DB_PASSWORD_FILE", value: "/mnt/secrets/db" }]],
    ["the name of a Secret", [{ name: "SECRET_NAME", value: "db" }]],
    ["a limit", [{ name: "MAX_TOKENS", value: "4096" }]],
    ["a switch", [{ name: "REQUIRE_TOKEN", value: "true" }]],
    ["an empty secret", [{ name: "DB_PASSWORD", value: "" }]],
    [
      "a URL that refers to a secret",
      [{ name: "DB", value: "postgres://$(USER):$(PASSWORD)@db.shop/orders" }],
    ],
    ["another variable that is known only later", [{ name: "HOST", value: UNKNOWN }]],
  ])("accepts %s", async (_, env) => {
    expect(await messages(withEnv(env))).toEqual([]);
  });

  test.each([
    [
      "a password",
      [{ name: "DB_PASSWORD", value: "hunter2" }],
      plain(`${PLACE}[0].value (DB_PASSWORD)`),
    ],
    [
      "a connection string",
      [{ name: "A" }, { name: "STORAGE", value: "AccountName=a;AccountKey=abc=" }],
      plain(`${PLACE}[1].value (STORAGE)`, "looks like"),
    ],
    [
      "a password in a URL",
      [{ name: "DB", value: "postgres://app:hunter2@db.shop/orders" }],
      plain(`${PLACE}[0].value (DB)`, "looks like"),
    ],
    [
      "a secret under an unknown name",
      [{ name: UNKNOWN, value: "postgres://app:hunter2@db.shop/orders" }],
      plain(`${PLACE}[0].value`, "looks like"),
    ],
  ])("reports %s, without its value", async (_, env, message) => {
    expect(await messages(withEnv(env))).toEqual([["violation", message]]);
    expect(message).not.toMatch(/hunter2|abc/);
  });

  test("reports a secret of an init container", async () => {
    const env = [{ name: "API_KEY", value: "hunter2" }];
    expect(await messages(withEnv(env, "initContainers"))).toEqual([
      ["violation", plain(`${PLACE.replace("containers", "initContainers")}[0].value (API_KEY)`)],
    ]);
  });

  test("reports a secret of a CronJob", async () => {
    const env = [{ name: "API_KEY", value: "hunter2" }];
    const job = workload(template(podSpec({ containers: [container({ env })] })), {
      kind: "CronJob",
    });
    expect(await messages(job)).toEqual([
      [
        "violation",
        plain(
          'CronJob "web": spec.jobTemplate.spec.template.spec.containers[0].env[0].value (API_KEY)',
        ),
      ],
    ]);
  });

  test("does not judge a secret that is known only later", async () => {
    expect(await messages(withEnv([{ name: "DB_PASSWORD", value: UNKNOWN }]))).toEqual([
      [
        "unjudged",
        `${PLACE}[0].value (DB_PASSWORD) has the name of a secret, and its value is known only once it is deployed. If it is a secret: ${FIX}`,
      ],
    ]);
  });

  test.each([
    [PLACE, withEnv(UNKNOWN)],
    ["spec.template.spec.containers", workload(template(podSpec({ containers: UNKNOWN })))],
  ])("does not judge an unknown %s", async (path, fixture) => {
    expect(await messages(fixture)).toEqual([
      [
        "unjudged",
        `${path} is known only once it is deployed. Give it a value that does not depend on another resource.`,
      ],
    ]);
  });

  test("ignores a cluster without the add-on", async () => {
    const none = cluster({ serviceMeshProfile: undefined });
    const on = kubernetes(none);
    const env = [{ name: "DB_PASSWORD", value: "hunter2" }];
    const web = workload(template(podSpec({ containers: [container({ env })] })), { on });
    expect(await run(workloadNoPlainSecrets, [none, on, web])).toEqual([]);
  });
});
