import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Plan } from "../../offline/plan/plan.ts";
import { UNKNOWN, markSecret } from "../../offline/plan/values.ts";
import type { Properties } from "../../offline/plan/values.ts";
import { finder, planOf } from "../support/host.ts";
import { javascript, policyPack, scratch, usageErrorOf } from "../support/programs.ts";
import { PASSPHRASE, SALT, encrypted } from "../support/secrets.ts";

const write = scratch();
const outputsOf = ({ resources }: Plan): Properties => resources[0]?.outputs ?? {};

describe("the host does what an engine does:", () => {
  const directory = write("engine", {
    ...javascript(
      "engine",
      `
const config = new pulumi.Config();
const token = config.requireSecret("token");

pulumi.runtime.registerResourceTransform(({ type, props, opts }) =>
  type === "a:b:Seen" ? { props: { ...props, seen: [...props.seen, "stack"] }, opts } : undefined);

const owner = new Resource("a:b:C", "owner", {});
const site = new Component("my:index:Site", "site", {}, {
  protect: true, retainOnDelete: true, deletedWith: owner,
  transforms: [({ type, props, opts }) =>
    type === "a:b:Seen" ? { props: { ...props, seen: [...props.seen, "ancestor"] }, opts } : undefined],
});
const part = new Component("my:index:Part", "part", {}, { parent: site });
new Resource("a:b:Seen", "child", { seen: [] }, {
  parent: part,
  transforms: [({ props, opts }) => ({ props: { ...props, seen: ["own"] }, opts: { ...opts, ignoreChanges: ["seen"] } })],
});
new Resource("a:b:C", "heir", {}, { parent: part });
new Resource("a:b:C", "free", {}, { parent: part, protect: false, retainOnDelete: false });
new Resource("a:b:C", "imported", { size: 1 }, { import: "id-1" });

class Told extends pulumi.CustomResource {
  constructor(name, args) {
    super("a:b:Told", name, { ...args, later: undefined });
  }
}
const told = new Told("told", { known: { inner: 1 }, list: [{ a: 1 }] });

const answers = pulumi.runtime.invoke("a:b:getAnswer", { who: token, why: "x" });
const nothing = pulumi.runtime.invoke("a:b:getNothing", {});
const state = owner.urn.apply((urn) => pulumi.runtime.invoke("pulumi:pulumi:getResource", { urn }));

console.error("complained");
console.error("twice");
void pulumi.log.info("logged");
console.log("printed");

module.exports = {
  token,
  known: told.known.inner,
  missing: told.known.apply((known) => known.missing),
  deeper: told.known.apply((known) => known.missing.apply((missing) => missing.deeper)),
  inList: told.list.apply(([first]) => first.b),
  later: told.later,
  id: told.id,
  urn: told.urn,
  answer: answers.then(({ answer }) => answer),
  unanswered: nothing.then((result) => result.any),
  state: state.apply(({ urn, id }) => [urn, id]),
  called: pulumi.runtime.call("a:b:Method", { x: 1 }).apply((result) => result.value),
  calledSecretly: pulumi.runtime.call("a:b:Secret", { who: token }).apply((result) => result.value),
  organization: pulumi.getOrganization(),
  dryRun: pulumi.runtime.isDryRun(),
};
`,
    ),
    "Pulumi.test.yaml": `encryptionsalt: ${SALT}\nconfig:\n  engine:token:\n    secure: ${encrypted("hunter2")}\n`,
    "assume.yaml":
      "invokes:\n  a:b:getAnswer:\n    - args: { who: hunter2 }\n      returns: { answer: 42 }\n" +
      "  a:b:Secret:\n    - args: { who: hunter2 }\n      returns: { value: 43 }\n",
  });
  let plan: Plan;
  beforeAll(async () => {
    const assume = join(directory, "assume.yaml");
    plan = await planOf(directory, { assume, passphrase: PASSPHRASE });
  });

  test("transforms run from the resource to the stack", () => {
    const { inputs, options } = finder(plan)("a:b:Seen::child");
    expect(inputs["seen"]).toEqual(["own", "ancestor", "stack"]);
    expect(options.ignoreChanges).toEqual(["seen"]);
  });

  test("children inherit protect, retainOnDelete and deletedWith, at any depth", () => {
    const inherited = {
      protect: true,
      retainOnDelete: true,
      deletedWith: "urn:pulumi:test::engine::a:b:C::owner",
    };
    expect(finder(plan)("my:index:Part::part").options).toMatchObject(inherited);
    expect(finder(plan)("a:b:C::heir").options).toMatchObject(inherited);
  });

  test("unless they set their own values", () => {
    expect(finder(plan)("a:b:C::free").options).toMatchObject({
      protect: false,
      retainOnDelete: false,
    });
    expect(finder(plan)("a:b:C::owner").options.protect).toBe(false);
  });

  test("a resource to import has its ID", () => {
    expect(finder(plan)("a:b:C::imported")).toMatchObject({ op: "import", id: "id-1" });
    expect(finder(plan)("a:b:C::owner")).not.toHaveProperty("id");
  });

  test("inputs are returned as outputs, and missing values are unknown at any depth", () => {
    expect(outputsOf(plan)).toMatchObject({
      known: 1,
      missing: UNKNOWN,
      deeper: UNKNOWN,
      inList: UNKNOWN,
      later: UNKNOWN,
      id: UNKNOWN,
      urn: "urn:pulumi:test::engine::a:b:Told::told",
    });
  });

  test("invokes and calls return assumed values, also for secret arguments", () => {
    expect(outputsOf(plan)).toMatchObject({ answer: 42, unanswered: UNKNOWN, called: UNKNOWN });
    expect(outputsOf(plan)["calledSecretly"]).toBe(43);
  });

  test("a resource can be looked up by its URN", () => {
    expect(outputsOf(plan)["state"]).toEqual(["urn:pulumi:test::engine::a:b:C::owner", ""]);
  });

  test("the program knows its project, stack and directory", () => {
    expect(outputsOf(plan)).toMatchObject({ organization: "organization", dryRun: true });
  });

  test("a secret setting is decrypted for the program, and encrypted again in the plan", () => {
    expect(outputsOf(plan)["token"]).toEqual(markSecret("hunter2"));
    expect(plan.config).toEqual({ "engine:token": "[secret]" });
  });

  test("printed lines come before logged ones, and errors are grouped", () => {
    expect(plan.diagnostics).toEqual([
      { severity: "info", message: "printed" },
      { severity: "info", message: "logged" },
      { severity: "info#err", message: "complained\ntwice" },
    ]);
    expect(plan.notJudged.map(({ what }) => what)).toEqual([
      "a:b:Method (1 call)",
      "a:b:getNothing (1 call)",
    ]);
  });
});

describe("secrets of the configuration", () => {
  const stackFile = [
    `encryptionsalt: ${SALT}`,
    "config:",
    `  masks:token: { secure: "${encrypted("hunter2")}" }`,
    `  masks:key: { secure: "${encrypted("-----BEGIN\nprivate part\n-----END\n")}" }`,
    // An error is quoted up to its second line.
    `  masks:shortened: { secure: "${encrypted("first part\nRequire stack:\nlast part")}" }`,
    `  masks:database: { user: site, password: { secure: "${encrypted("swordfish")}" } }`,
    "  masks:copy: has hunter2 in it",
  ].join("\n");
  const files = (name: string, source: string) => ({
    ...javascript(name, `const config = new pulumi.Config("masks");\n${source}`),
    "Pulumi.dev.yaml": stackFile,
  });
  const pack = write(
    "quoting-pack",
    policyPack(
      "quoting",
      `{ name: "quotes", description: "Quotes.", enforcementLevel: "advisory",
        validateResource: ({ props }, report) => report("found " + JSON.stringify(props)) }`,
    ),
  );

  test("are masked in messages of a pack, like secrets that a program marks", async () => {
    const directory = write(
      "marked",
      javascript(
        "marked",
        `new Resource("a:b:C", "c", { labels: pulumi.secret({ tier: "LEAK-label" }), plain: "LEAK" });
new Resource("a:b:C", "d", { text: "names LEAK-label" });`,
      ),
    );
    const { violations } = await planOf(directory, { packs: [{ directory: pack, config: {} }] });
    expect(violations.map(({ message }) => message.split("\n").at(-1)).sort()).toEqual([
      'found {"labels":{"tier":"[secret]"},"plain":"LEAK"}',
      'found {"text":"names [secret]"}',
      "found {}",
    ]);
  });

  test("are masked wherever a program or a pack repeats them, as in the CLI", async () => {
    const directory = write(
      "masks",
      files(
        "masks",
        `
const token = config.require("token");
console.log("out " + token);
console.log(config.require("key"));
console.error("err " + config.requireObject("database").password);
void pulumi.log.warn("log " + JSON.stringify({ key: config.require("key") }));
new Resource("a:b:C", "named-" + token, { plain: token });
module.exports = { plain: "is " + token, nested: [{ a: token }], other: 1 };`,
      ),
    );
    const plan = await planOf(directory, {
      passphrase: PASSPHRASE,
      packs: [{ directory: pack, config: {} }],
    });
    expect(plan.config).toEqual({
      "masks:copy": "has [secret] in it",
      "masks:database": "[secret]",
      "masks:key": "[secret]",
      "masks:shortened": "[secret]",
      "masks:token": "[secret]",
    });
    expect(plan.diagnostics).toEqual([
      { severity: "info", message: "out [secret]" },
      { severity: "info", message: "[secret]" },
      { severity: "warning", message: 'log {"key":"[secret]"}' },
      { severity: "info#err", message: "err [secret]" },
    ]);
    expect(outputsOf(plan)).toEqual({
      plain: "is [secret]",
      nested: [{ a: "[secret]" }],
      other: 1,
    });
    const messages = plan.violations.map(({ message }) => message);
    expect(messages).toContain('found {"plain":"[secret]"}');
    expect(messages.join("\n")).not.toContain("hunter2");
    // Names and inputs stay the same, as with the CLI.
    expect(finder(plan)("a:b:C::named-hunter2").inputs).toEqual({ plain: "hunter2" });
  });

  test("are masked in the error that ends a program", async () => {
    const directory = write(
      "throws",
      files("throws", 'throw new Error("no " + config.require("token"));'),
    );
    const said = await usageErrorOf(() => planOf(directory, { passphrase: PASSPHRASE }));
    expect(said).toContain("Error: no [secret]");
    expect(said).not.toContain("hunter2");
  });

  test.each([
    ["throws-it", 'throw new Error(config.require("shortened"));'],
    ["prints-it", 'console.error(config.require("shortened")); process.exit(3);'],
    ["logs-it", 'void pulumi.log.error(config.require("shortened"));'],
  ])("are masked before the error of a program is truncated: %s", async (name, source) => {
    const directory = write(name, files(name, source));
    const said = await usageErrorOf(() => planOf(directory, { passphrase: PASSPHRASE }));
    expect(said).toContain("[secret]");
    expect(said).not.toContain("part");
  });

  test.each([
    ["throws", "throw new Error(props.key)"],
    ["ends", "console.error(props.key); process.exit(3)"],
    ["ends-in-order", "console.log(props.key); process.exit(3)"],
  ])("are masked before the error of a pack is truncated: %s", async (name, source) => {
    const directory = write(
      `pack-${name}`,
      files("masks", 'new Resource("a:b:C", "c", { key: config.require("shortened") });'),
    );
    const ending = write(
      `${name}-pack`,
      policyPack(
        name,
        `{ name: "ends", description: "Ends.", enforcementLevel: "advisory",
          validateResource: ({ props }) => { if (props.key) { ${source}; } } }`,
      ),
    );
    const packs = [{ directory: ending, config: {} }];
    const said = await usageErrorOf(() => planOf(directory, { passphrase: PASSPHRASE, packs }));
    expect(said).toContain("[secret]");
    expect(said).not.toContain("part");
  });

  // Text arrives in chunks of 65,536 letters.
  test("are masked in a line that is long enough to be truncated", async () => {
    const directory = write(
      "cuts",
      files(
        "cuts",
        'process.stdout.write("a".repeat(16 * 65_536 - 4) + config.require("token") + "b");\nnew Resource("a:b:C", "c", {});',
      ),
    );
    const { diagnostics } = await planOf(directory, { passphrase: PASSPHRASE });
    const said = diagnostics.map(({ message }) => message).join("");
    expect(said.replace(/^a*/, "")).toBe("[secret]b");
  });

  test("that are damaged are an error even with the right passphrase", async () => {
    const whole = encrypted("hunter2");
    const directory = write("damaged", {
      ...javascript("damaged", ""),
      "Pulumi.dev.yaml": `encryptionsalt: ${SALT}\nconfig:\n  damaged:token: { secure: "${whole.slice(0, -8)}AAAA${whole.slice(-4)}" }\n`,
    });
    expect(await usageErrorOf(() => planOf(directory, { passphrase: PASSPHRASE }))).toBe(
      `${directory}/Pulumi.dev.yaml: damaged:token: cannot be decrypted: cipher: message authentication failed. Set it again with \`pulumi config set --secret\`.`,
    );
  });
});

test("a configuration that cannot be passed to any program is a user error", async () => {
  const directory = write("long", {
    ...javascript("long", ""),
    "Pulumi.dev.yaml": `config:\n  long:text: ${"x".repeat(140_000)}\n`,
  });
  expect(await usageErrorOf(() => planOf(directory))).toBe(
    "The configuration of the stack is too large: 140,016 bytes. A process receives it in an environment variable, and Linux limits each to 131,071 bytes including its name. Keep large values in files that the program reads.",
  );
});

test("warnings come first, even before the error of a program", async () => {
  const typo = (source: string) => ({
    ...javascript("warned", source),
    "Pulumi.dev.yaml": "konfig: {}\n",
  });
  const fine = write("warned", typo(""));
  const hint = (directory: string) =>
    `${directory}/Pulumi.dev.yaml: konfig: Pulumi ignores a section with this name; did you mean config?`;
  expect((await planOf(fine)).diagnostics).toEqual([{ severity: "warning", message: hint(fine) }]);
  const failing = write("warned-fails", typo('throw new Error("no settings");'));
  expect(await usageErrorOf(() => planOf(failing))).toContain(`\n${hint(failing)}`);
});

describe("without default providers", () => {
  const source = `
const provider = new pulumi.ProviderResource("kubernetes", "blue", {});
new Resource("kubernetes:core/v1:Namespace", "given", {}, { provider });
new Resource("other:index:Thing", "other", {});
if (new pulumi.Config().getBoolean("stray")) new Resource("kubernetes:core/v1:Namespace", "stray", {});
if (new pulumi.Config().getBoolean("ask")) void pulumi.runtime.invoke("kubernetes:core:get", {}).catch(() => undefined);
`;
  const disable = (list: string) => `config:\n  pulumi:disable-default-providers: ${list}\n`;
  const directory = write("disabled", {
    ...javascript("disabled", source),
    "Pulumi.good.yaml": disable("[kubernetes]"),
    "Pulumi.stray.yaml": `${disable("[kubernetes]")}  disabled:stray: true\n`,
    "Pulumi.ask.yaml": `${disable("'[\"kubernetes\"]'")}  disabled:ask: true\n`,
    "Pulumi.all.yaml": disable('["*"]'),
    "Pulumi.wrong.yaml": disable("kubernetes"),
    "Pulumi.object.yaml": disable("{}"),
  });
  const refused = (stack: string) => usageErrorOf(() => planOf(directory, { stack }));
  const failed = `The program at ${directory} failed: `;

  test.concurrent("a resource with an explicit provider is planned", async () => {
    const plan = await planOf(directory, { stack: "good" });
    expect(plan.resources.map(({ name }) => name)).toEqual([
      "disabled-good",
      "blue",
      "given",
      "other",
    ]);
  });

  test.concurrent.each([
    [
      "stray",
      "Default provider for 'kubernetes' disabled. 'urn:pulumi:stray::disabled::kubernetes:core/v1:Namespace::stray' must use an explicit provider.",
    ],
    // The program caught the refusal; the deployment would have failed anyway.
    [
      "ask",
      "Default provider for 'kubernetes' disabled. 'kubernetes:core:get' must use an explicit provider.",
    ],
    [
      "all",
      "Default provider for 'other' disabled. 'urn:pulumi:all::disabled::other:index:Thing::other' must use an explicit provider.",
    ],
  ])("%s: one without is rejected", async (stack, why) => {
    expect(await refused(stack)).toBe(failed + why);
  });

  test("the setting must be a list", async () => {
    // And is not quoted: it may be secret.
    for (const stack of ["wrong", "object"]) {
      expect(await refused(stack)).toBe(
        "pulumi:disable-default-providers must be a list of package names.",
      );
    }
  });
});

describe("a program fails", () => {
  test.concurrent("that logs an error, although it exits successfully", async () => {
    const directory = write("logs", javascript("logs", 'void pulumi.log.error("no quota");'));
    expect(await usageErrorOf(() => planOf(directory))).toBe(
      `The program at ${directory} failed: no quota`,
    );
  });

  test.concurrent("that catches an error of the engine", async () => {
    const source = `
process.on("unhandledRejection", () => undefined);
new Resource("a:b:C", "same", {});
new Resource("a:b:C", "same", {});
`;
    const directory = write("catches", javascript("catches", source));
    expect(await usageErrorOf(() => planOf(directory))).toBe(
      `The program at ${directory} failed: Duplicate resource URN 'urn:pulumi:dev::catches::a:b:C::same'; try giving it a unique name`,
    );
  });

  test.concurrent("that a signal ends", async () => {
    const source = 'process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000);';
    const directory = write("signal", javascript("signal", source));
    expect(await usageErrorOf(() => planOf(directory))).toBe(
      `The program at ${directory} failed: ended with SIGTERM`,
    );
  });

  test.concurrent("that has no entry point", async () => {
    const { "index.js": source, ...files } = javascript("empty", "");
    expect(source).toContain("use strict");
    const directory = write("empty", files);
    expect(await usageErrorOf(() => planOf(directory))).toBe(
      `The program at ${directory} failed: Error: Cannot find module 'index.js'. Please verify that the package.json has a valid "main" entry`,
    );
  });
});

test("a program may serialize a function, which needs a compiler", async () => {
  const directory = write(
    "serializes",
    javascript(
      "serializes",
      `
const offset = 21;
module.exports = { text: pulumi.runtime.serializeFunction((n) => n + offset).then(({ text }) => text) };`,
    ),
  );
  const { text } = outputsOf(await planOf(directory));
  expect(text).toContain("offset: 21");
  expect(text).toContain("return (n) => n + offset;");
});
