import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { aksIstio } from "../support/command.ts";
import { TODAY } from "../support/fixtures.ts";
import { program, scratch } from "../support/programs.ts";

const write = scratch({ packages: false });

/** The result of a preview under a profile, and the number of violations at each level. */
async function preview(name: string, ...flags: string[]) {
  const { code, stdout, stderr } = await aksIstio(["preview", program(name), ...flags]);
  const [, mandatory, advisory] =
    /^Policies {3}.*: (\d+) mandatory and (\d+) advisory violations$/m.exec(stdout) ?? [];
  if (mandatory === undefined) throw new Error(`No violations are counted: ${stderr}`);
  return { code, mandatory: Number(mandatory), advisory: Number(advisory) };
}

/** A profile, on a day on which the Kubernetes versions of the programs are supported; without a name, only the day. */
function under(name?: string): string[] {
  const levels: object =
    name === undefined
      ? {}
      : (JSON.parse(readFileSync(join("policy/profiles", `${name}.json`), "utf8")) as object);
  const config = JSON.stringify({ ...levels, "mesh-scope": { today: TODAY } });
  const folder = write(name ?? "day", { "policies.json": config });
  return ["--policy-pack-config", join(folder, "policies.json")];
}

test.concurrent("without a profile, recommended applies", async () => {
  const plain = await preview("careless-aks", ...under());
  expect(plain).toEqual({ code: 1, mandatory: 1, advisory: 20 });
  expect(await preview("careless-aks", ...under("recommended"))).toEqual(plain);
});

test.concurrent("strict stops for findings that recommended only advises", async () => {
  expect(await preview("careless-aks", ...under("strict"))).toEqual({
    code: 1,
    mandatory: 21,
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
    advisory: 21,
  });
});
