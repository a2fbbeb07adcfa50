import { beforeAll, describe, expect, test } from "vitest";
import type { Plan } from "../../offline/plan/plan.ts";
import { UNKNOWN } from "../../offline/plan/values.ts";
import { finder, planOf } from "../support/host.ts";
import { javascript, program, scratch, usageErrorOf } from "../support/programs.ts";

const ids = ({ resources }: Plan) => resources.map(({ op, type, name }) => `${op} ${type} ${name}`);
const outputs = (plan: Plan) => plan.resources[0]?.outputs;

describe("a program runs", () => {
  let plans: Readonly<Record<string, Plan>>;
  beforeAll(async () => {
    const names = ["esm", "javascript", "function-export", "no-exports-empty", "plain-aks"];
    plans = Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await planOf(program(name))] as const)),
    );
  });

  test.each([
    ["esm", ["azure-native:resources:ResourceGroup archive"], { scope: UNKNOWN }],
    [
      "javascript",
      [
        "azure-native:resources:ResourceGroup archive",
        "azure-native:storage:StorageAccount archive",
      ],
      { accountName: UNKNOWN },
    ],
    [
      "function-export",
      ["azure-native:resources:ResourceGroup archive"],
      { groupName: UNKNOWN, tenantId: UNKNOWN },
    ],
    ["no-exports-empty", [], {}],
    [
      // Through ts-node, as `pulumi new` sets it up.
      "plain-aks",
      [
        "azure-native:resources:ResourceGroup shop",
        "azure-native:network:VirtualNetwork shop",
        "azure-native:network:Subnet nodes",
        "azure-native:containerservice:ManagedCluster shop",
        "pulumi:providers:kubernetes shop",
        "kubernetes:core/v1:Namespace web",
        "kubernetes:apps/v1:Deployment web",
        "kubernetes:core/v1:Service web",
      ],
      { adminKubeconfig: UNKNOWN, clusterName: UNKNOWN, serviceName: UNKNOWN },
    ],
  ])("%s", (name, resources, exported) => {
    const plan = plans[name];
    expect(plan).toMatchObject({ organization: "organization", project: name, stack: "dev" });
    expect(plan && ids(plan)).toEqual(
      [`pulumi:pulumi:Stack ${name}-dev`, ...resources].map((id) => `create ${id}`),
    );
    expect(plan && outputs(plan)).toEqual(exported);
  });

  test("with the settings of its stack", () => {
    expect(plans["esm"]?.config).toEqual({ "azure-native:location": "westeurope" });
    expect(plans["no-exports-empty"]?.config).toEqual({});
    const tags =
      plans["esm"] && finder(plans["esm"])("azure-native:resources:ResourceGroup::archive");
    expect(tags?.inputs).toEqual({ tags: { stack: "dev" } });
  });
});

const write = scratch({ packages: false });
const writeBeside = scratch();

describe("a failing program reports the reason and the position in its own files", () => {
  test.concurrent.each([
    ["throws", "Error: the archive has no owner\n    at index.ts:5:7"],
    ["rejects", "Error: the archive has no owner\n    at index.ts:5:24"],
    [
      "syntax-error",
      'SyntaxError: Error transforming index.ts: Unexpected token, expected "," (3:52)',
    ],
    ["run-error", "the archive has no owner; set archive:owner"],
    ["process-exit", "ended with exit code 3"],
    [
      "duplicate-urn",
      "Duplicate resource URN 'urn:pulumi:dev::duplicate-urn::azure-native:resources:ResourceGroup::archive'; try giving it a unique name",
    ],
  ])("%s", async (name, why) => {
    expect(await usageErrorOf(() => planOf(program(name)))).toBe(
      `The program at ${program(name)} failed: ${why}`,
    );
  });

  test("one that leaves a promise rejected, at once instead of after minutes", async () => {
    const directory = writeBeside("unhandled", {
      "Pulumi.yaml": "name: unhandled\nruntime: nodejs\n",
      "Pulumi.dev.yaml": "",
      "index.js":
        'require("@pulumi/pulumi");\nPromise.reject(new Error("the archive has no owner"));\n',
    });
    expect(await usageErrorOf(() => planOf(directory))).toMatch(
      /^The program at .* failed: Error: the archive has no owner\n {4}at index\.js:\d+:\d+$/,
    );
  });

  test("bad-config, which does not even start", async () => {
    const directory = program("bad-config");
    expect(await usageErrorOf(() => planOf(directory))).toBe(
      `${directory}/Pulumi.dev.yaml: bad-config:owner: is required; ${directory}/Pulumi.yaml declares it without a default.\n` +
        `${directory}/Pulumi.dev.yaml: bad-config:retentionDays: must be of type integer, but is a string.`,
    );
  });

  test("one without packages", async () => {
    const directory = write("bare", javascript("bare", ""));
    expect(await usageErrorOf(() => planOf(directory))).toBe(
      `The program at ${directory} does not have @pulumi/pulumi installed. Run \`npm install\` there first.`,
    );
  });
});
