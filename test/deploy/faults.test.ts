import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import type { TestContext } from "vitest";
import type { Done } from "../../rehearsal/resourceProvider.ts";
import { changesOf } from "./harness/events.ts";
import { newStack, pendingCreates, stackFile } from "./harness/stack.ts";
import type { Stack, StackOptions } from "./harness/stack.ts";

/** More than the longest dependency chain in any stack. */
const MANY = 40;

/** The resources that were created more than once. */
function twice(done: readonly Done[]): readonly string[] {
  const made = done
    .filter(({ operation, error }) => operation === "create" && error === undefined)
    .map(({ subject: { type, name } }) => `${type} ${name}`);
  return made.filter((each, i) => made.indexOf(each) !== i);
}

async function isComplete({ expect }: TestContext, stack: Stack): Promise<void> {
  expect(twice(stack.done)).toEqual([]);
  expect(stack.entra.objects).toHaveLength(1);
  expect(await stack.strays()).toEqual([]);
  stack.done.length = 0;
  const again = await stack.up();
  expect([again.code, again.code === 0 ? "" : again.output]).toEqual([0, ""]);
  expect(Object.keys(changesOf(again.events))).toEqual(["same"]);
  expect(stack.done).toEqual([]);
}

describe.concurrent("a deployment resumes after a failure", () => {
  test("of every resource, once each", async (context) => {
    const { expect } = context;
    const stack = await newStack(context, stackFile("Pulumi.dev.yaml"), {
      faults: ["create:*:once"],
    });
    let ups = 0;
    while ((await stack.up("--continue-on-error")).code !== 0 && ups < MANY) ups += 1;
    expect(ups).toBeLessThan(MANY);
    const failed = stack.done.filter(({ error }) => error !== undefined);
    const made = stack.done.filter(({ error }) => error === undefined);
    expect(new Set(failed.map(({ subject }) => subject.name + subject.type)).size).toBe(
      made.length,
    );
    await isComplete(context, stack);
  });

  test.for([
    ["at its first resource", 1],
    ["while the cluster is created", 13],
    ["while objects in the cluster are created", 30],
  ] as const)("after an interruption of the engine %s", async ([, after], context) => {
    const { expect } = context;
    const stack = await newStack(context, stackFile("Pulumi.dev.yaml"), {
      latencyMs: 100,
      onDone: endingOnce("SIGINT", after),
    });
    expect((await stack.up()).code).not.toBe(0);
    expect(await pendingCreates(stack.cli)).toEqual([]);
    expect((await stack.up()).code).toBe(0);
    await isComplete(context, stack);
  });

  // Creations in progress complete when the engine is killed, but the state does not record their outcome.
  test.for([
    ["at its first resource", 1],
    ["while the cluster is created", 13],
    ["while objects in the cluster are created", 30],
  ] as const)("after the engine is killed %s", async ([, after], context) => {
    const { expect } = context;
    const stack = await newStack(context, stackFile("Pulumi.dev.yaml"), {
      latencyMs: 100,
      onDone: endingOnce("SIGKILL", after),
    });
    expect((await stack.up()).code).toBeNull();
    // Azure completes the operations in progress.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await repair(stack);
    stack.done.length = 0;
    expect(await pendingCreates(stack.cli)).toEqual([]);
    const up = await stack.up();
    expect([up.code, up.code === 0 ? "" : up.output]).toEqual([0, ""]);
    await isComplete(context, stack);
  });

  test("after the engine was killed while it wrote the attributes of the state", async (context) => {
    const { expect } = context;
    const stack = await newStack(context, stackFile("Pulumi.dev.yaml"));
    expect((await stack.up()).code).toBe(0);
    writeFileSync(join(stateOf(stack.cli.directory), "dev.json.attrs"), "");
    const { code, output } = await stack.cli.run(["cancel", "--yes"]);
    expect([code === 0, output]).toEqual([
      false,
      expect.stringContaining("failed to load checkpoint: EOF"),
    ]);
    await repair(stack);
    await isComplete(context, stack);
  });
});

function stateOf(directory: string): string {
  return join(directory, "state/.pulumi/stacks/aks-istio");
}

/** Ends the engine after a number of operations. */
function endingOnce(
  signal: "SIGINT" | "SIGKILL",
  after: number,
): NonNullable<StackOptions["onDone"]> {
  let done = 0;
  return (_, { cli }) => {
    if ((done += 1) === after) cli.end(signal);
  };
}

/**
 * Follows docs/deploying.md: make the state readable, unlock it, delete created resources that are not in it, and drop the
 * pending creations.
 */
async function repair({ cli, cloud, entra, done }: Stack): Promise<void> {
  dropAttributes(cli);
  await cli.succeed(["cancel", "--yes"]);
  const pending = await pendingCreates(cli);
  for (const { operation, subject, id, error } of done) {
    const isPending = pending.some(
      (urn) => urn.includes(subject.type) && urn.endsWith(`::${subject.name}`),
    );
    if (!isPending || operation !== "create" || error !== undefined) continue;
    cloud.delete(id);
    entra.delete(subject, id);
  }
  await cli.succeed(["refresh", "--yes", "--skip-preview", "--clear-pending-creates"]);
}

/**
 * An engine that is killed while it writes the state to a directory leaves the state whole, since it renames a complete file,
 * but may leave an empty file of its attributes, without which it can be read, too.
 *
 * @see https://github.com/google/go-cloud/blob/v0.46.0/blob/fileblob/attrs.go
 */
function dropAttributes({ directory }: Stack["cli"]): void {
  const state = stateOf(directory);
  for (const file of readdirSync(state)) {
    if (file.endsWith(".attrs")) rmSync(join(state, file));
  }
}
