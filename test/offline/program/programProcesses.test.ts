import { expect, test } from "vitest";
import { planOf } from "../../support/host.ts";
import { javascript, scratch, usageErrorOf } from "../../support/programs.ts";

const write = scratch();

/** The output of a program that declares one resource when its `done` is called. */
async function printed(name: string, source: string): Promise<readonly string[]> {
  const files = {
    ...javascript(
      name,
      `const child_process = require("node:child_process");
const { Worker } = require("node:worker_threads");
const path = require("node:path");
const file = path.join(__dirname, "child.js");
const done = (text) => { console.log(text); new Resource("a:b:C", "last", {}); };
${source}`,
    ),
    "child.js": `
const { parentPort } = require("node:worker_threads");
const text = ["child", process.argv.slice(2), process.env.AKS_ISTIO_SDK].join(" ");
if (parentPort) parentPort.postMessage(text); else if (process.send) process.send(text); else console.log(text);
`,
  };
  const { diagnostics, resources } = await planOf(write(name, files));
  expect(resources.at(-1)?.name).toBe("last");
  return diagnostics.map(({ severity, message }) => `${severity}: ${message}`);
}

test.concurrent.each([
  ["fork", 'child_process.fork(file, ["a"]).on("message", done);', "child a "],
  ["worker-file", 'new Worker(file, { argv: ["b"] }).on("message", done);', "child b "],
  [
    "worker-code",
    'new Worker("require(\'node:worker_threads\').parentPort.postMessage(6 * 7)", { eval: true }).on("message", done);',
    "42",
  ],
  [
    "exec-node",
    'done(child_process.execFileSync(process.execPath, [...process.execArgv, file, "c"], { encoding: "utf8" }).trim());',
    "child c",
  ],
  [
    "exec-code",
    'done(child_process.execFileSync(process.execPath, [...process.execArgv, "-p", "6 * 7"], { encoding: "utf8" }).trim());',
    "42",
  ],
])("a program may start Node.js: %s", async (name, source, expected) => {
  expect(await printed(name, source)).toEqual([`info: ${expected}`]);
});

test.concurrent(
  "a child process gets the program's NODE_OPTIONS, without this tool's additions",
  async () => {
    const source = `
process.env.NODE_OPTIONS = "--title=of-the-test";
const script = "process.stdout.write(process.title + ' ' + Object.keys(process.env).filter((name) => name.startsWith('AKS_ISTIO')))";
done(child_process.execFileSync(process.execPath, ["-e", script], { encoding: "utf8" }).trim());`;
    expect(await printed("node-options", source)).toEqual(["info: of-the-test"]);
  },
);

test.concurrent(
  "a program that ends before it registers anything is not an empty plan",
  async () => {
    const files = javascript("silent", "");
    const directory = write("silent", {
      ...files,
      "Pulumi.yaml": `name: silent\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n    nodeargs: "-e 1"\n`,
    });
    expect(await usageErrorOf(() => planOf(directory))).toBe(
      `The program at ${directory} failed: It ended before it registered its stack or any resource.`,
    );
  },
);

test.concurrent(
  "a program whose children hold its output is not waited for, which is reported",
  async () => {
    const source = `
child_process.spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" }).unref();
done("started");`;
    expect(await printed("holding", source)).toEqual([
      "info: started",
      "warning: The program ended, but a process that it started kept its output open. That process was stopped after 5 s, so the end of the output may be missing.",
    ]);
  },
);
