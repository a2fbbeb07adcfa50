import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { previewProgram } from "../../offline/previewProgram.ts";
import { javascript, policyPack, scratch, usageErrorOf } from "../support/programs.ts";

const write = scratch();

const program = write("buckets", {
  ...javascript(
    "buckets",
    `new Resource("a:b:Bucket", "assets", { access: new pulumi.Config().require("access") });`,
  ),
  "Pulumi.dev.yaml": "config:\n  buckets:access: public\n",
  "Pulumi.prod.yaml": "config:\n  buckets:access: private\n",
});

const pack = write("storage", {
  ...policyPack(
    "storage",
    `{
      name: "bucket-private",
      description: "A bucket is private.",
      enforcementLevel: "advisory",
      validateResource: ({ props }, report) => {
        if (props.access === "public") report("It is public.");
      },
    }`,
  ),
  "levels.json": '{ "bucket-private": "mandatory" }',
});

describe("a program is previewed with packs", () => {
  test("of the chosen stack, and violations are in the plan", async () => {
    const found = await previewProgram(program, [pack], { stack: "dev" });
    expect(found.resources.map(({ name }) => name)).toEqual(["buckets-dev", "assets"]);
    expect(found.violations).toMatchObject([
      { policy: "bucket-private", enforcementLevel: "advisory", message: "It is public." },
    ]);
    const none = await previewProgram(program, [pack], { stack: "prod" });
    expect(none.violations).toEqual([]);
  });

  test.each([
    ["a file", join(pack, "levels.json")],
    ["the test", { "bucket-private": { enforcementLevel: "mandatory" } } as const],
  ])("that are configured in %s", async (_, config) => {
    const { violations } = await previewProgram(program, [{ directory: pack, config }], {
      configFile: join(program, "Pulumi.dev.yaml"),
    });
    expect(violations.map(({ enforcementLevel }) => enforcementLevel)).toEqual(["mandatory"]);
  });

  test("or without any", async () => {
    const { packs, violations } = await previewProgram(program, [], { stack: "dev" });
    expect([packs, violations]).toEqual([[], []]);
  });
});

test("a stack without a file is an error that says which there are", async () => {
  expect(await usageErrorOf(() => previewProgram(program, [], { stack: "staging" }))).toBe(
    `Stack staging has no Pulumi.staging.yaml in ${program}. Use --stack with one of: dev, prod.`,
  );
});
