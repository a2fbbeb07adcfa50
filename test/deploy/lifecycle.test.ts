import { describe, test } from "vitest";
import type { TestContext } from "vitest";
import type { Plan } from "../../offline/plan/plan.ts";
import { EXAMPLES, exampleFile } from "../support/exampleStacks.ts";
import { expectAgreement } from "./harness/agreement.ts";
import { changesOf } from "./harness/events.ts";
import { newStack, stackFile, urnsInState } from "./harness/stack.ts";
import type { Stack } from "./harness/stack.ts";

const STACKS = ["Pulumi.dev.yaml", ...EXAMPLES.map(exampleFile)];

/** upgrade.test.ts deploys these files one after another. */
const isPhase = (name: string) => name.includes("/upgrade-");

/** Every planned resource is created once, and nothing else is. */
async function isMade({ expect }: TestContext, stack: Stack, plan: Plan): Promise<void> {
  const up = await stack.up();
  expect([up.code, up.code === 0 ? "" : up.output]).toEqual([0, ""]);
  const planned = plan.resources.filter(
    ({ custom, type }) => custom && !type.startsWith("pulumi:"),
  );
  expect(
    stack.done
      .map(({ operation, subject }) => `${operation} ${subject.type} ${subject.name}`)
      .sort(),
  ).toEqual(planned.map(({ type, name }) => `create ${type} ${name}`).sort());
  expect(changesOf(up.events)).toEqual({ create: plan.resources.length });
}

/** Another deployment changes nothing, and a refresh finds no drift. */
async function isKept({ expect }: TestContext, stack: Stack, plan: Plan): Promise<void> {
  stack.done.length = 0;
  expect(changesOf((await stack.up()).events)).toEqual({ same: plan.resources.length });
  expect(stack.done).toEqual([]);
  const refresh = await stack.cli.succeed(["refresh", "--yes", "--skip-preview"]);
  expect(changesOf(refresh.events)).toEqual({ same: plan.resources.length });
  expect(await stack.strays()).toEqual([]);
}

/** Protected resources remain, along with all other resources. */
async function isRefused({ expect }: TestContext, { cli, done }: Stack): Promise<void> {
  done.length = 0;
  const before = await urnsInState(cli);
  const { code, output } = await cli.run(["destroy", "--yes"]);
  expect(code).not.toBe(0);
  expect(output).toContain("because it is protected");
  expect(done).toEqual([]);
  expect(await urnsInState(cli)).toEqual(before);
}

describe.concurrent("the engine previews, creates, keeps and destroys the stack of", () => {
  for (const name of STACKS.filter((each) => !isPhase(each))) {
    test(name, async (context) => {
      const stack = await newStack(context, stackFile(name));
      const plan = await expectAgreement(context, stack, stackFile(name));
      await isMade(context, stack, plan);
      await isKept(context, stack, plan);
      if (plan.resources.some(({ options }) => options.protect)) {
        await isRefused(context, stack);
        await stack.cli.succeed(["state", "unprotect", "--all", "--yes"]);
      }
      await stack.cli.succeed(["destroy", "--yes"]);
      const { cloud, entra, objects, cli } = stack;
      const left = [cloud.all, entra.objects, objects.objects, await urnsInState(cli)];
      context.expect(left).toEqual([[], [], [], []]);
    });
  }
});

describe.concurrent(
  "the engine and the offline preview plan the same, including findings, for",
  () => {
    for (const name of STACKS.filter(isPhase)) {
      test(name, async (context) => {
        const stack = await newStack(context, stackFile(name));
        await expectAgreement(context, stack, stackFile(name));
      });
    }
  },
);
