import { readFileSync, readdirSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { Plan } from "../../local/plan.ts";
import type { PolicyConfigFile } from "../../local/policySettings.ts";
import { UNKNOWN } from "../../local/values.ts";
import { javascript, pack, planOf, policyPack, scratch, usageErrorOf } from "../support/host.ts";

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
namespace("late", known, { dependsOn: group, protect: true, ignoreChanges: ["metadata"], customTimeouts: { create: "2m" } });
const site = new Component("my:index:Site", "site", { group, secret: pulumi.secret("hunter2"), id: cluster.id });
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
    [enforcementLevel, policy, urn?.split("::").slice(2).join(" ") ?? "stack", message].join(" | "),
  );

describe("what a pack sees", () => {
  const directory = write(
    "seer",
    policyPack(
      "seer",
      `
{ name: "resource", description: "Sees a resource.", enforcementLevel: "advisory",
  validateResource: ({ type, name, urn, props, opts, provider, stackTags }, report) => {
    const site = type === "my:index:Site";
    report(JSON.stringify({
      props: site ? { group: typeof props.group, secret: props.secret } : props,
      opts: { protect: opts.protect, ignoreChanges: opts.ignoreChanges, customTimeouts: opts.customTimeouts },
      provider: provider && { type: provider.type, name: provider.name, props: provider.name === "unknown" ? "unread" : provider.props },
    }));
  } },
{ name: "unknown", description: "Reads what is unknown.", enforcementLevel: "mandatory",
  validateResource: ({ type, props }, report) => {
    if (type === "my:index:Site" && props.id === "never") report("never");
  } },
{ name: "stack", description: "Sees the stack.", enforcementLevel: "mandatory",
  validateStack: ({ resources }, report) => {
    for (const { type, name, urn, props, parent, dependencies, propertyDependencies, opts } of resources) {
      if (!/Namespace|Site/.test(type)) continue;
      report(JSON.stringify({
        props: type === "my:index:Site" ? "of a component" : props,
        parent: parent?.name, dependencies: dependencies.map(({ name }) => name), protect: opts.protect,
      }), urn);
    }
    report(resources.length + " resources");
  } },
`,
    ),
  );
  let plan: Plan;
  beforeAll(async () => {
    plan = await run([directory]);
    console.log(told(plan).join("\n"), JSON.stringify(plan.resources.at(-1), null, 1));
  });
  const seen = (policy: string, name: string): unknown => {
    const found = plan.violations.find((v) => v.policy === policy && v.urn?.endsWith(`::${name}`));
    return JSON.parse(found?.message ?? "null");
  };

  test("inputs, options and the provider of each resource", () => {
    expect(seen("resource", "group")).toEqual({
      props: { tags: { owner: "us" } },
      opts: {
        protect: false,
        ignoreChanges: [],
        customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
      },
      provider: {
        type: "pulumi:providers:azure-native",
        name: "default",
        props: { location: "westeurope" },
      },
    });
    expect(seen("resource", "late")).toEqual({
      props: { metadata: { name: "late" } },
      opts: {
        protect: true,
        ignoreChanges: ["metadata"],
        customTimeouts: { createSeconds: 120, updateSeconds: 0, deleteSeconds: 0 },
      },
      provider: {
        type: "pulumi:providers:kubernetes",
        name: "known",
        props: { kubeconfig: "k" },
      },
    });
  });

  test("a component, with a reference to a resource and an open secret", () => {
    expect(seen("resource", "site")).toMatchObject({ props: { secret: "hunter2" } });
    expect(seen("resource", "site")).not.toHaveProperty("provider");
  });

  test("reading what is unknown only advises", () => {
    expect(told(plan)).toContain(
      "advisory | unknown | my:index:Site site | can't run policy 'unknown' from policy pack 'seer@v1.2.3' during preview: string value at .id can't be known during preview",
    );
  });

  test("the stack, where nobody can be asked for what an unknown cluster holds", () => {
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
    expect(seen("stack", "site")).toMatchObject({ props: "of a component" });
    expect(told(plan)).toContain("mandatory | stack | stack | 9 resources");
  });

  test("violations are mandatory first, then in order", () => {
    const policies = plan.violations.map((v) => `${v.enforcementLevel} ${v.policy}`);
    expect(policies).toEqual([
      ...Array<string>(4).fill("mandatory stack"),
      ...Array<string>(9).fill("advisory resource"),
      "advisory unknown",
    ]);
  });
});

describe("levels and settings", () => {
  const advisory = pack("advisory-pack");
  const POOLS =
    "mandatory | cluster-size | azure-native:containerservice:ManagedCluster cluster | ";

  test.concurrent("are the pack's, without a file", async () => {
    const plan = await run([advisory]);
    expect(told(plan)).toEqual([
      `${POOLS}Pool apps has 9 nodes; at most 2 are allowed.`,
      `${POOLS}Pool system has 3 nodes; at most 2 are allowed.`,
    ]);
    expect(plan.remediations.map(({ policy }) => policy)).toEqual(["group-has-team"]);
    expect(plan.packs).toEqual([{ name: "advisory-pack", version: "1.0.0", policies: 4 }]);
  });

  test.concurrent("are what a file says", async () => {
    const plan = await run([advisory], {
      all: { enforcementLevel: "advisory" },
      "cluster-size": { enforcementLevel: "mandatory", maxNodes: 5, exemptPools: ["apps"] },
      "group-has-owner": { enforcementLevel: "disabled" },
    });
    // The remediation does not run at another level; then its rule has something to say.
    expect(told(plan)).toEqual([
      "advisory | group-has-team | azure-native:resources:ResourceGroup group | The tag team is missing.",
    ]);
    expect(plan.remediations).toEqual([]);
    expect(plan.packs).toEqual([{ name: "advisory-pack", version: "1.0.0", policies: 3 }]);
  });

  test.concurrent("that do not fit are told before anything runs", async () => {
    expect(await failure(advisory, { "cluster-sise": {}, "cluster-size": { maxNodes: 0 } })).toBe(
      "policy configuration: pack advisory-pack has no policy cluster-sise; did you mean cluster-size?\n" +
        "policy configuration: cluster-size/maxNodes: must be >= 1",
    );
  });
});

test("remediations of one pack are seen by the next, and what they leave wrong is mandatory", async () => {
  const first = write(
    "first",
    policyPack(
      "first",
      `{ name: "name-it", description: "Names it.", enforcementLevel: "remediate",
  remediateResource: ({ type, props }) => type === "my:index:Site" ? { ...props, name: "mended" } : undefined,
  validateResource: ({ type, props }, report) => { if (type === "my:index:Site") report("still " + props.name); } },
{ name: "cannot", description: "Cannot know.", enforcementLevel: "remediate",
  remediateResource: ({ type, props }) => { if (type === "my:index:Site" && props.id === "x") return props; } }`,
    ),
  );
  const second = write(
    "second",
    policyPack(
      "second",
      `{ name: "reads", description: "Reads it.", enforcementLevel: "advisory",
  validateResource: ({ type, props }, report) => { if (type === "my:index:Site") report("read " + props.name); } }`,
    ),
  );
  const plan = await run([first, second]);
  expect(told(plan)).toEqual([
    "mandatory | name-it | my:index:Site site | still mended",
    "advisory | reads | my:index:Site site | read mended",
  ]);
  const site = plan.resources.find(({ name }) => name === "site");
  // What was secret and unknown stays so.
  expect(site?.inputs).toMatchObject({ name: "mended", id: UNKNOWN });
  expect(JSON.stringify(site?.inputs["secret"])).toContain("1b47061264138c4ac30d75fd1eb44270");
  expect(plan.remediations).toEqual([
    {
      policy: "cannot",
      pack: "first",
      description: "Cannot know.",
      urn: "urn:pulumi:dev::shop::my:index:Site::site",
      diagnostic:
        "can't run remediation 'cannot' from policy pack 'first@v1.2.3' during preview: string value at .id can't be known during preview",
    },
    {
      policy: "name-it",
      pack: "first",
      description: "Names it.",
      urn: "urn:pulumi:dev::shop::my:index:Site::site",
    },
  ]);
  expect(plan.packs.map(({ name }) => name)).toEqual(["first", "second"]);
});

describe("a pack that fails ends the preview", () => {
  const one = (name: string, policy: string) =>
    write(
      name,
      policyPack(name, `{ name: "r", description: "d", enforcementLevel: "mandatory", ${policy} }`),
    );

  test.concurrent("that throws while it is loaded", async () => {
    expect(await failure(pack("broken-pack"))).toBe(
      `The policy pack at ${pack("broken-pack")} did not start (exit code 32): Error: the list of allowed regions is missing\n    at index.js:3:7`,
    );
  });

  test.concurrent("whose name is none", async () => {
    const directory = one("wrong name", "validateResource: () => {}");
    expect(await failure(directory)).toBe(
      `The policy pack at ${directory} did not start (exit code 1): Invalid policy pack name "wrong name". Policy pack names may only contain alphanumerics, hyphens, underscores, or periods.`,
    );
  });

  test.concurrent.each([
    [
      "throws",
      'validateResource: () => { throw new Error("boom"); }',
      "Error validating resource with policy 'r'",
    ],
    [
      "stack-throws",
      'validateStack: () => { throw new Error("boom"); }',
      "Error validating stack with policy 'r'",
    ],
  ])("with a rule that %s", async (name, policy, doing) => {
    const directory = one(name, policy);
    expect(await failure(directory)).toMatch(
      new RegExp(
        `^The policy pack at ${directory} failed: ${doing} from policy pack '${name}@v1\\.2\\.3':\nError: boom\n    at index\\.js:4:\\d+$`,
      ),
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

describe("what is no pack", () => {
  test.each(["test/programs", "no-such-directory"])("%s has no PulumiPolicy.yaml", async (name) => {
    const said = await failure(name);
    expect(said).toMatch(
      /^(The policy pack at )?\/.*no-such-directory|^.*test\/programs is no policy pack/,
    );
  });

  test.each([["runtime: python\n"], ["runtime: { name: opa }\n"], ["description: nothing\n"]])(
    "%j is of another runtime",
    async (yaml) => {
      const directory = write("foreign", { "PulumiPolicy.yaml": yaml });
      expect(await failure(directory)).toBe(
        `${directory}/PulumiPolicy.yaml: runtime must be nodejs; no other runtime runs here.`,
      );
    },
  );
});

test("no pack outlives the preview", () => {
  const left = readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(write("", {}));
      } catch {
        return false;
      }
    });
  expect(left).toEqual([]);
});
