import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { isMap } from "../../settings/core/path.ts";
import { aksIstio } from "../support/command.ts";
import { exampleFile, onThatDay } from "../support/exampleStacks.ts";
import { scratch } from "../support/programs.ts";

const write = scratch({ packages: false });
const day = onThatDay();
const FILE = exampleFile("production");

/** The plan of a stack file, as JSON and as text, without the duration. */
async function planned(file: string, env: Readonly<Record<string, string>> = {}) {
  const markdown = join(write(`reports-${env["TZ"] ?? "here"}`, {}), "plan.md");
  const args = ["preview", "--config-file", file, ...day, "--json", "-", "--markdown", markdown];
  const { code, stdout } = await aksIstio(args, env);
  expect(code).toBe(0);
  return { json: stdout, markdown: readFileSync(markdown, "utf8") };
}

test("two runs produce the same plan, byte for byte", async () => {
  const first = await planned(FILE);
  expect(first.json.length).toBeGreaterThan(50_000);
  expect(await planned(FILE)).toEqual(first);
});

test("the plan is the same on another day, in another time zone and language, for another user", async () => {
  const home = write("elsewhere", {
    "otherDay.js": `
const Real = Date;
globalThis.Date = class extends Real {
  constructor(...given) { given.length === 0 ? super(Real.now() + 9e11) : super(...given); }
  static now() { return Real.now() + 9e11; }
};
`,
  });
  const elsewhere = {
    NODE_OPTIONS: `--require ${join(home, "otherDay.js")}`,
    TZ: "Pacific/Kiritimati",
    LANG: "tr_TR.UTF-8",
    LC_ALL: "tr_TR.UTF-8",
    HOME: home,
    USER: "nobody",
  };
  expect(await planned(FILE, elsewhere)).toEqual(await planned(FILE));
});

test("the plan is the same with the default SDK", async () => {
  expect(await planned(FILE, { AKS_ISTIO_PLAIN_SDK: "1" })).toEqual(await planned(FILE));
});

test("the plan is the same for any order of the settings", async () => {
  const turned = (value: unknown): unknown =>
    isMap(value)
      ? Object.fromEntries(
          Object.entries(value)
            .map(([key, inner]) => [key, turned(inner)] as const)
            .reverse(),
        )
      : value;
  const original = readFileSync(FILE, "utf8");
  const text = stringify(turned(parse(original)));
  expect(text.indexOf("aks-istio:access")).toBeLessThan(text.indexOf("aks-istio:cluster"));
  const directory = write("turned", { "production.yaml": text });
  const other = await planned(join(directory, "production.yaml"), { TZ: "UTC" });
  expect(sorted(other.json)).toEqual(sorted((await planned(FILE)).json));
});

/** JSON with sorted keys: in resource inputs their order has no meaning. Without the places of findings in the stack file. */
function sorted(json: string): unknown {
  // The configuration is text there, in the order of the file.
  const plan = { ...(JSON.parse(json) as object), config: undefined };
  const inOrder = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inOrder);
    if (!isMap(value)) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => key !== "place")
        .map(([key, inner]) => [key, inOrder(inner)] as const)
        .sort(([one], [other]) => (one < other ? -1 : 1)),
    );
  };
  return inOrder(plan);
}
