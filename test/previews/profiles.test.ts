import { join } from "node:path";
import { expect, test } from "vitest";
import { aksIstio } from "../support/command.ts";
import { program } from "../support/programs.ts";

/** The result of a preview under a profile, and the number of violations at each level. */
async function preview(name: string, ...flags: string[]) {
  const { code, stdout, stderr } = await aksIstio(["preview", program(name), ...flags]);
  const [, mandatory, advisory] =
    /^Policies {3}.*: (\d+) mandatory and (\d+) advisory violations$/m.exec(stdout) ?? [];
  if (mandatory === undefined) throw new Error(`No violations are counted: ${stderr}`);
  return { code, mandatory: Number(mandatory), advisory: Number(advisory) };
}

const under = (name: string) => ["--policy-pack-config", join("policy/profiles", `${name}.json`)];

test.concurrent("without a profile, recommended applies", async () => {
  const plain = await preview("careless-aks");
  expect(plain).toEqual({ code: 1, mandatory: 1, advisory: 19 });
  expect(await preview("careless-aks", ...under("recommended"))).toEqual(plain);
});

test.concurrent("strict stops for findings that recommended only advises", async () => {
  expect(await preview("careless-aks", ...under("strict"))).toEqual({
    code: 1,
    mandatory: 20,
    advisory: 0,
  });
});

test.concurrent("a hardened cluster passes even strict", async () => {
  expect(await preview("hardened-aks", ...under("strict"))).toEqual({
    code: 0,
    mandatory: 0,
    advisory: 0,
  });
});

test.concurrent("advisory stops for nothing", async () => {
  expect(await preview("careless-aks", ...under("advisory"))).toEqual({
    code: 0,
    mandatory: 0,
    advisory: 20,
  });
});
