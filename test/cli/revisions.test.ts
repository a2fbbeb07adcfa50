import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { catalog } from "../../mesh/catalog.ts";
import { AGREEING, offered } from "../mesh/offered.ts";
import type { OfferedRevision } from "../../mesh/offeredRevision.ts";
import { aksIstio } from "../support/command.ts";
import { Arm } from "../support/arm/arm.ts";
import { SUBSCRIPTION } from "../support/arm/world.ts";
import { scratch } from "../support/programs.ts";

const write = scratch({ packages: false });
const revisions = (...more: string[]) => aksIstio(["revisions", "--day", "2026-08-21", ...more]);

/** A file as `az aks mesh get-revisions` writes it. */
function answer(name: string, all: readonly OfferedRevision[]): string {
  const meshRevisions = all.map(({ revision, upgrades, kubernetes }) => ({
    compatibleWith: Object.entries(kubernetes).map(([plan, versions]) => ({
      name: plan,
      versions,
    })),
    revision,
    upgrades,
  }));
  return join(write(name, { "answer.json": JSON.stringify({ meshRevisions }) }), "answer.json");
}

test("shows the catalog", async () => {
  expect(await revisions("--kubernetes", "1.36")).toEqual({
    code: 0,
    stdout: `On 2026-08-21, by the catalog of ${catalog.asOf} (${catalog.source})

revision  released  support ends           days  Kubernetes    with LTS      upgrades to
asm-1-29  2026-04   2026-09-30 (expected)  40    1.31 to 1.36  1.31 to 1.36  asm-1-30
asm-1-30  2026-07   2026-12-31 (expected)  132   1.32 to 1.36  1.32 to 1.36  -

Kubernetes  support ends           days  long-term support ends  days
1.36        2027-06-30 (expected)  313   2028-06-30 (expected)   679
`,
    stderr: "",
  });
});

test("compares with Azure, in every format", async () => {
  const same = answer("same", AGREEING);
  const other = answer("other", [...AGREEING, offered("asm-1-31", [33, 37])]);
  const [agreeing, markdown, json] = await Promise.all([
    revisions("--from", same),
    revisions("--from", other, "--output", "markdown"),
    revisions("--from", other, "--output", "json"),
  ]);
  expect(agreeing.code).toBe(0);
  expect(agreeing.stdout).toContain("\n\nAzure says the same as the catalog.\n");
  expect(markdown.code).toBe(1);
  expect(markdown.stdout).toContain(
    "| asm-1-31 | ? | ? | ? | <span></span>1.33 to 1.37 | <span></span>1.33 to 1.37 | <span></span>- | yes |\n",
  );
  expect(markdown.stdout).toMatch(
    /\n\nAzure differs from the catalog:\n\n- asm-1-31 is offered, but the catalog does not have it\.\n$/,
  );
  expect(json.code).toBe(1);
  expect((JSON.parse(json.stdout) as { differences: unknown }).differences).toEqual([
    {
      revision: "asm-1-31",
      kind: "new",
      message: "asm-1-31 is offered, but the catalog does not have it.",
    },
  ]);
});

test("asks Azure", async () => {
  const arm = await Arm.start();
  try {
    arm.world.revisions = arm.world.revisions.slice(1);
    const live = ["--live", "--location", "westeurope"];
    const args = ["revisions", "--day", "2026-08-21", ...live, "--subscription", SUBSCRIPTION];
    const { code, stdout, stderr } = await aksIstio(args, arm.environment);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(stdout).toMatch(
      /\n\nAzure differs from the catalog:\n {2}asm-1-28 is not offered any more; .*\n$/,
    );
    const fault = { status: 403, code: "AuthorizationFailed", message: "no" };
    arm.refuse({ on: /meshRevisionProfiles/, ...fault });
    expect(await aksIstio(args, arm.environment)).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "Azure does not let you read the mesh revisions of westeurope. Ask for a role with the right to read the mesh revisions of westeurope, such as Reader.\n",
    });
  } finally {
    await arm.stop();
  }
});

test("writes the catalog anew", async () => {
  const file = answer("update", [...AGREEING, offered("asm-1-31", [33, 37])]);
  const out = file.replace("answer", "catalog");
  expect(await revisions("--from", file, "--update", "--out", out)).toEqual({
    code: 0,
    stdout: `${out} is the catalog of 2026-08-21.
The dates of asm-1-31 are estimated: correct them by ${catalog.source}.
`,
    stderr: "",
  });
  const text = readFileSync(out, "utf8");
  const written = JSON.parse(text) as typeof catalog;
  expect(text).toBe(`${JSON.stringify(written, undefined, 2)}\n`);
  expect(written.revisions.slice(0, -1)).toEqual(catalog.revisions);
  expect(written.revisions.at(-1)?.revision).toBe("asm-1-31");
});

test("does not write an answer that cannot be right", async () => {
  const file = answer("wrong", [offered("asm-1-16", [23, 24]), ...AGREEING]);
  const out = file.replace("answer", "catalog");
  writeFileSync(out, "as before");
  expect(await revisions("--from", file, "--update", "--out", out)).toEqual({
    code: 2,
    stdout: "",
    stderr:
      "The answer has asm-1-16, which is older than the catalog's newest, but not in it.\nThe catalog was not written. Ask Azure again.\n",
  });
  expect(readFileSync(out, "utf8")).toBe("as before");
});

test.each([
  [["--update"], "--update needs an answer of Azure. "],
  [["--live"], "--live needs --location with a region, such as westeurope.\n"],
  [["--live", "--location", "West Europe"], '"West Europe" is none.\n'],
  [["--location", "westeurope"], "Pass --live, too.\n"],
  [["--out", "x.json"], "--out is where --update writes. "],
  [["--from", "absent.json"], "absent.json cannot be read: "],
])("%j is a mistake", async (options, message) => {
  const { code, stdout, stderr } = await revisions(...options);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(message);
});

test.each([
  [["--day", "2026-02-30x"], "Write a date such as 2026-08-24."],
  [["--kubernetes", "latest"], "Write a version such as 1.35."],
  [
    ["--kubernetes", "1.99"],
    "has no Kubernetes 1.99, and no revision that runs on it. --all also shows those whose support has ended.\n",
  ],
  [["--kubernetes", "1.22", "--all"], "has no Kubernetes 1.22, and no revision that runs on it.\n"],
])("%j is not a value", async (options, message) => {
  const { code, stderr } = await aksIstio(["revisions", ...options]);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});
