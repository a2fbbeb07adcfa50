import { mkdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { aksIstio } from "../support/command.ts";
import { javascript, scratch } from "../support/programs.ts";

const write = scratch();
const consumer = realpathSync(
  write(
    "consumer",
    javascript(
      "orders",
      `
new Resource("kubernetes:core/v1:ConfigMap", "c", { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "orders" } });
`,
    ),
  ),
);
const below = join(consumer, "src/deep");
mkdirSync(below, { recursive: true });
const nowhere = realpathSync(write("nowhere", {}));

describe("without a directory, a command uses the project of the current directory", () => {
  test.concurrent.each([
    ["the directory of its Pulumi.yaml", consumer],
    ["a directory below it", below],
  ])("in %s", async (_, directory) => {
    const preview = await aksIstio(["preview", "--no-policy-pack", "--json", "-"], {}, directory);
    expect(preview.code).toBe(0);
    expect(preview.stdout).toContain("::orders::");
    expect(preview.stdout).not.toContain("::aks-istio::");

    const out = join(directory, "out");
    const render = await aksIstio(["render", "--out", out], {}, directory);
    expect(render).toEqual({ code: 0, stdout: `1 object written to ${out}\n`, stderr: "" });
  });

  test.concurrent.each([["preview"], ["render", "--out", "out"], ["upgrade"], ["validate"]])(
    "and fails if there is none: %s",
    async (...args) => {
      expect(await aksIstio(args, {}, nowhere)).toEqual({
        code: 2,
        stdout: "",
        stderr: `No Pulumi.yaml found in ${nowhere} or a directory above it. Run this in a Pulumi project, or pass its directory.\n`,
      });
    },
  );

  test.concurrent.each([["upgrade"], ["validate"]])(
    "%s refuses the directory of another program",
    async (command) => {
      expect(await aksIstio([command], {}, consumer)).toEqual({
        code: 2,
        stdout: "",
        stderr: `${consumer}/Pulumi.yaml belongs to another program: it does not declare the settings cluster, mesh, access. This command only reads stacks of the aks-istio program. Run it in that project, or pass its directory.\n`,
      });
    },
  );
});

test("uses only the named directory", async () => {
  expect((await aksIstio(["preview", below], {}, consumer)).stderr).toBe(
    `${below} is not a Pulumi project: no Pulumi.yaml found. Pass the directory that contains one.\n`,
  );
});

test("--version prints the version of the package", async () => {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  expect(await aksIstio(["--version"], {}, nowhere)).toEqual({
    code: 0,
    stdout: `${version}\n`,
    stderr: "",
  });
});
