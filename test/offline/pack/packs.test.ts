import { beforeAll, describe, expect, test, vi } from "vitest";
import type { Plan } from "../../../offline/plan/plan.ts";
import type { PolicyConfigFile } from "../../../offline/pack/policySettings.ts";
import { markSecret } from "../../../offline/plan/values.ts";
import { processesOf } from "../../support/command.ts";
import { planOf } from "../../support/host.ts";
import { javascript, pack, policyPack, scratch, usageErrorOf } from "../../support/programs.ts";

const write = scratch();

const shop = write("shop", {
  ...javascript(
    "shop",
    `
const cluster = new Resource("azure-native:containerservice:ManagedCluster", "cluster", {
  agentPoolProfiles: [{ name: "system", count: 3 }, { name: "apps", count: 9 }],
});
const group = new Resource("azure-native:resources:ResourceGroup", "group", { tags: { owner: "us" } });
const known = new pulumi.ProviderResource("kubernetes", "known", { kubeconfig: "k" });
const unknown = new pulumi.ProviderResource("kubernetes", "unknown", { kubeconfig: cluster.id });
const namespace = (name, provider, more) =>
  new Resource("kubernetes:core/v1:Namespace", name, { metadata: { name } }, { provider, ...more });
namespace("early", unknown);
namespace("late", known, {
  dependsOn: group, protect: true, ignoreChanges: ["metadata"], customTimeouts: { create: "2m" },
});
const part = new Component("my:index:Part", "part", {});
new Component("my:index:Site", "site", { part, secret: pulumi.secret("hunter2"), label: "new" });
`,
  ),
  "Pulumi.dev.yaml": "config:\n  azure-native:location: westeurope\n",
});

const run = (directories: readonly string[], config: PolicyConfigFile = {}) =>
  planOf(shop, { packs: directories.map((directory) => ({ directory, config })) });
const failure = (directory: string, config: PolicyConfigFile = {}) =>
  usageErrorOf(() => run([directory], config));

/** Every violation as level, policy, resource and message. */
const told = ({ violations }: Plan) =>
  violations.map(({ enforcementLevel, policy, urn, message }) =>
    [enforcementLevel, policy, urn?.split("::").slice(2).join(" ") ?? "the stack", message].join(
      " | ",
    ),
  );

describe("a pack receives", () => {
  const directory = write(
    "seer",
    policyPack(
      "seer",
      `
{ name: "resource", description: "Sees a resource.", enforcementLevel: "advisory",
  validateResource: ({ name, props, opts, provider }, report) => {
    report(JSON.stringify({
      props: name === "unknown" ? "unread" : props,
      opts: { protect: opts.protect, ignoreChanges: opts.ignoreChanges, create: opts.customTimeouts.createSeconds },
      provider: provider && {
        type: provider.type, name: provider.name,
        props: provider.name === "unknown" ? "unread" : provider.props,
      },
    }));
  } },
{ name: "unknown", description: "Reads what is unknown.", enforcementLevel: "mandatory",
  validateResource: ({ name, props }, report) => {
    if (name === "unknown" && props.kubeconfig === "never") report("never");
  } },
{ name: "stack", description: "Sees the stack.", enforcementLevel: "mandatory",
  validateStack: ({ resources }, report) => {
    report(resources.length + " resources");
    for (const { type, urn, props, parent, dependencies, opts } of resources) {
      if (!/Namespace|Site/.test(type)) continue;
      const names = dependencies.map(({ name }) => name);
      report(JSON.stringify({ props, parent: parent?.name, dependencies: names, protect: opts.protect }), urn);
    }
  } },
`,
    ),
  );
  let plan: Plan;
  beforeAll(async () => {
    plan = await run([directory]);
  });
  const seen = (policy: string, name: string): unknown => {
    const found = plan.violations.find((v) => v.policy === policy && v.urn?.endsWith(`::${name}`));
    return JSON.parse(found?.message ?? "null");
  };

  test("the inputs, options and provider of each resource", () => {
    expect(seen("resource", "group")).toEqual({
      props: { tags: { owner: "us" } },
      opts: { protect: false, ignoreChanges: [], create: 0 },
      provider: {
        type: "pulumi:providers:azure-native",
        name: "default",
        props: { location: "westeurope" },
      },
    });
    expect(seen("resource", "late")).toEqual({
      props: { metadata: { name: "late" } },
      opts: { protect: true, ignoreChanges: ["metadata"], create: 120 },
      provider: { type: "pulumi:providers:kubernetes", name: "known", props: { kubeconfig: "k" } },
    });
  });

  test("a component with its secret decrypted, and the URN of the component that it refers to", () => {
    expect(seen("resource", "site")).toEqual({
      props: {
        part: "urn:pulumi:dev::shop::my:index:Part::part",
        // In clear text to the pack, which needs it to judge, but masked in its messages.
        secret: "[secret]",
        label: "new",
      },
      opts: { protect: false, ignoreChanges: [], create: 0 },
    });
  });

  test("unknown values: reading one only advises", () => {
    expect(told(plan)).toContain(
      "advisory | unknown | pulumi:providers:kubernetes unknown | can't run policy 'unknown' from policy pack 'seer@v1.2.3' during preview: string value at .kubeconfig can't be known during preview",
    );
  });

  test("the stack, without values that only an unknown cluster could provide", () => {
    expect(seen("stack", "early")).toEqual({
      props: {},
      parent: "shop-dev",
      dependencies: [],
      protect: false,
    });
    expect(seen("stack", "late")).toEqual({
      props: { metadata: { name: "late" } },
      parent: "shop-dev",
      dependencies: ["group"],
      protect: true,
    });
    // The outputs of a component are those that it registers.
    expect(seen("stack", "site")).toMatchObject({ props: {}, dependencies: [] });
    expect(told(plan)).toContain("mandatory | stack | the stack | 9 resources");
  });

  test("violations are sorted with mandatory ones first, then by policy", () => {
    expect(plan.violations.map((v) => `${v.enforcementLevel} ${v.policy}`)).toEqual([
      ...Array<string>(4).fill("mandatory stack"),
      ...Array<string>(9).fill("advisory resource"),
      "advisory unknown",
    ]);
  });
});

describe("levels and settings", () => {
  const advisory = pack("advisory-pack");

  test.concurrent("are the pack's without a file", async () => {
    const plan = await run([advisory]);
    const cluster = "azure-native:containerservice:ManagedCluster cluster";
    expect(told(plan)).toEqual([
      `mandatory | cluster-size | ${cluster} | Pool apps has 9 nodes; at most 2 are allowed.`,
      `mandatory | cluster-size | ${cluster} | Pool system has 3 nodes; at most 2 are allowed.`,
    ]);
    expect(plan.remediations.map(({ policy }) => policy)).toEqual(["group-has-team"]);
    expect(plan.packs).toEqual([
      {
        name: "advisory-pack",
        version: "1.0.0",
        policies: [
          {
            name: "group-has-owner",
            description: "A resource group names its owner.",
            level: "advisory",
            severity: "low",
            tags: [],
          },
          {
            name: "cluster-size",
            description: "A cluster keeps within its budget.",
            level: "mandatory",
            severity: "high",
            remediationSteps: "Lower the count of the pool.",
            url: "https://learn.microsoft.com/azure/aks/scale-cluster",
            tags: [],
          },
          {
            name: "group-has-team",
            description: "A resource group names its team.",
            level: "remediate",
            severity: "medium",
            tags: [],
          },
          {
            name: "one-cluster",
            description: "A stack has one cluster at most.",
            level: "mandatory",
            severity: "medium",
            tags: [],
          },
        ],
      },
    ]);
  });

  test.concurrent("are those in a file", async () => {
    const plan = await run([advisory], {
      all: { enforcementLevel: "advisory" },
      "cluster-size": { enforcementLevel: "mandatory", maxNodes: 5, exemptPools: ["apps"] },
      "group-has-owner": { enforcementLevel: "disabled" },
    });
    // A remediation does not run at another level; then its rule reports the resource.
    expect(told(plan)).toEqual([
      "advisory | group-has-team | azure-native:resources:ResourceGroup group | The tag team is missing.",
    ]);
    expect(plan.remediations).toEqual([]);
    expect(plan.packs[0]?.policies.map(({ name, level }) => [name, level])).toEqual([
      ["group-has-owner", "disabled"],
      ["cluster-size", "mandatory"],
      ["group-has-team", "advisory"],
      ["one-cluster", "advisory"],
    ]);
  });

  test.concurrent("that are invalid end the preview", async () => {
    expect(await failure(advisory, { "cluster-sise": {}, "cluster-size": { maxNodes: 0 } })).toBe(
      "policy configuration: pack advisory-pack has no policy cluster-sise; did you mean cluster-size?\n" +
        "policy configuration: cluster-size/maxNodes: must be >= 1",
    );
  });
});

test("the next pack sees the remediations of a pack, and remaining violations are mandatory", async () => {
  const first = write(
    "first",
    policyPack(
      "first",
      `
{ name: "label-it", description: "Labels it.", enforcementLevel: "remediate",
  remediateResource: ({ type, props }) => type === "my:index:Site" ? { ...props, label: "mended" } : undefined,
  validateResource: ({ type, props }, report) => {
    if (type === "my:index:Site") report("still " + props.label);
  } },
{ name: "cannot", description: "Cannot know.", enforcementLevel: "remediate",
  remediateResource: ({ name, props }) => name === "unknown" && props.kubeconfig === "x" ? props : undefined },
`,
    ),
  );
  const second = write(
    "second",
    policyPack(
      "second",
      `
{ name: "reads", description: "Reads it.", enforcementLevel: "advisory",
  validateResource: ({ type, props }, report) => {
    if (type === "my:index:Site") report("read " + props.label);
  } },
`,
    ),
  );
  const plan = await run([first, second]);
  expect(told(plan)).toEqual([
    "mandatory | label-it | my:index:Site site | still mended",
    "advisory | reads | my:index:Site site | read mended",
  ]);
  // A secret stays secret although the policy copied it; a reference comes back as the pack received it.
  expect(plan.resources.find(({ name }) => name === "site")?.inputs).toEqual({
    part: "urn:pulumi:dev::shop::my:index:Part::part",
    secret: markSecret("hunter2"),
    label: "mended",
  });
  expect(plan.remediations).toEqual([
    {
      policy: "cannot",
      pack: "first",
      description: "Cannot know.",
      urn: "urn:pulumi:dev::shop::pulumi:providers:kubernetes::unknown",
      diagnostic:
        "can't run remediation 'cannot' from policy pack 'first@v1.2.3' during preview: string value at .kubeconfig can't be known during preview",
    },
    {
      policy: "label-it",
      pack: "first",
      description: "Labels it.",
      urn: "urn:pulumi:dev::shop::my:index:Site::site",
    },
  ]);
  expect(plan.packs.map(({ name }) => name)).toEqual(["first", "second"]);
});

describe("a pack that fails ends the preview", () => {
  const one = (name: string, policy: string) =>
    write(
      name,
      policyPack(
        name,
        `{ name: "r", description: "d", enforcementLevel: "mandatory",\n${policy} }`,
      ),
    );

  test.concurrent("that throws while it is loaded", async () => {
    expect(await failure(pack("broken-pack"))).toBe(
      `The policy pack at ${pack("broken-pack")} did not start (exit code 32): Error: the list of allowed regions is missing\n    at index.js:3:7`,
    );
  });

  test.concurrent("with an invalid name", async () => {
    const directory = one("a name", "validateResource: () => {}");
    expect(await failure(directory)).toBe(
      `The policy pack at ${directory} did not start (exit code 1): Invalid policy pack name "a name". Policy pack names may only contain alphanumerics, hyphens, underscores, or periods.`,
    );
  });

  test.concurrent.each([
    ["rule-throws", "validateResource", 33],
    ["stack-rule-throws", "validateStack", 30],
  ])("with a %s", async (name, kind, column) => {
    const directory = one(name, `${kind}: () => { throw new Error("boom"); }`);
    expect(await failure(directory)).toBe(
      `The policy pack at ${directory} failed: Error validating resource with policy 'r' from policy pack '${name}@v1.2.3':\nError: boom\n    at index.js:5:${column}`,
    );
  });

  test.concurrent("with a rule that ends the process silently", async () => {
    const directory = one("vanishes", "validateResource: () => { process.exit(0); }");
    expect(await failure(directory)).toBe(
      `The policy pack at ${directory} ended (exit code 0): it printed nothing.`,
    );
  });

  test.concurrent("with a rule that is killed", async () => {
    const directory = one(
      "killed",
      'validateResource: () => { process.kill(process.pid, "SIGKILL"); }',
    );
    expect(await failure(directory)).toBe(
      `The policy pack at ${directory} ended (SIGKILL): it printed nothing.`,
    );
  });

  test.concurrent("with a rule that ends the process", async () => {
    const directory = one(
      "exits",
      'validateResource: () => { console.error("bye"); process.exit(4); }',
    );
    expect(await failure(directory)).toBe(
      `The policy pack at ${directory} ended (exit code 4): bye`,
    );
  });
});

describe("a pack that does not answer ends the preview", () => {
  const silent = (name: string, policy: string) =>
    write(
      name,
      policyPack(
        name,
        `{ name: "r", description: "d", enforcementLevel: "mandatory",\n${policy} }`,
      ),
    );
  const failing = (directory: string) =>
    usageErrorOf(() => planOf(shop, { packs: [{ directory, config: {} }], policyTimeout: 3 }));

  test.concurrent.each([
    [
      "waits",
      'validateResource: ({ name }) => name === "cluster" ? new Promise(() => {}) : undefined',
      "judge urn:pulumi:dev::shop::azure-native:containerservice:ManagedCluster::cluster",
    ],
    ["waits-for-the-stack", "validateStack: () => new Promise(() => {})", "judge the whole stack"],
    [
      "corrects-for-ever",
      'enforcementLevel: "remediate", remediateResource: ({ name }) => name === "group" ? new Promise(() => {}) : undefined',
      "remediate urn:pulumi:dev::shop::azure-native:resources:ResourceGroup::group",
    ],
  ])("that %s", async (name, policy, question) => {
    const directory = silent(name, policy);
    expect(await failing(directory)).toBe(
      `The policy pack at ${directory} has not answered for 3 s. It was asked to ${question}. If one of its policies waits forever, fix the policy. If it only needs more time, pass --policy-timeout SECONDS.`,
    );
  });

  test.concurrent("that loops, which also delays earlier responses", async () => {
    const directory = silent(
      "loops",
      'validateResource: ({ name }) => { while (name === "cluster"); }',
    );
    expect(await failing(directory)).toMatch(
      /^The policy pack at .* has not answered for 3 s\. It was asked to .*ManagedCluster::cluster[,.]/,
    );
  });

  test.concurrent("but a slow one may finish", async () => {
    const directory = silent(
      "slow",
      "validateResource: () => new Promise((resolve) => setTimeout(resolve, 1_000))",
    );
    expect((await run([directory])).violations).toEqual([]);
  });
});

describe("a directory that is not a pack", () => {
  test.each(["", "/no-such-directory"])(
    "a directory without PulumiPolicy.yaml%s",
    async (below) => {
      const directory = write("no-pack", {}) + below;
      expect(await failure(directory)).toBe(
        `${directory} is not a policy pack: no PulumiPolicy.yaml found. Pass the directory that contains one.`,
      );
    },
  );

  test.each(["runtime: python\n", "runtime: { name: opa }\n", "description: nothing\n"])(
    "%j, another runtime",
    async (yaml) => {
      const directory = write("foreign", { "PulumiPolicy.yaml": yaml });
      expect(await failure(directory)).toBe(
        `${directory}/PulumiPolicy.yaml: runtime must be nodejs. Other runtimes are not supported.`,
      );
    },
  );
});

test("a violation of a policy that the pack does not have ends the preview", async () => {
  const ghost = write(
    "ghost",
    policyPack(
      "ghost",
      `{ name: "r", description: "d", enforcementLevel: "mandatory",
         validateStack: (_, report) => {
           const { AnalyzeDiagnostic } = require("@pulumi/pulumi/proto/analyzer_pb");
           const { setPolicyname } = AnalyzeDiagnostic.prototype;
           AnalyzeDiagnostic.prototype.setPolicyname = function () {
             return setPolicyname.call(this, "other");
           };
           report("found");
         } }`,
    ),
  );
  expect(await failure(ghost)).toBe(
    'The policy pack ghost reports a violation of the policy "other", which it does not have. Correct the pack.',
  );
});

test("a pack that exits successfully in the middle ends the preview", async () => {
  const leaver = write(
    "leaver",
    policyPack(
      "leaver",
      `{ name: "r", description: "d", enforcementLevel: "mandatory", validateStack: () => process.exit(0) }`,
    ),
  );
  expect(await failure(leaver)).toBe(
    `The policy pack at ${leaver} ended (exit code 0): it printed nothing.`,
  );
});

test("no process outlives a preview", async () => {
  // They are killed, which takes a moment.
  await vi.waitFor(() => {
    expect(processesOf(write("", {}))).toEqual([]);
  }, 30_000);
});

test("findings about the stack itself are reported, even long after the program has ended", async () => {
  const slow = write(
    "slow-about-the-stack",
    policyPack(
      "slow-about-the-stack",
      `{ name: "r", description: "d", enforcementLevel: "advisory",
         validateResource: async ({ type }, report) => {
           if (type !== "pulumi:pulumi:Stack") return;
           await new Promise((resolve) => setTimeout(resolve, 1_500));
           report("found");
         } }`,
    ),
  );
  const empty = write("empty-program", javascript("empty-program", ""));
  const plan = await planOf(empty, { packs: [{ directory: slow, config: {} }] });
  expect(told(plan)).toEqual(["advisory | r | pulumi:pulumi:Stack empty-program-dev | found"]);
});
