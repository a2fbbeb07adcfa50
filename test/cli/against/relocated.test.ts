import { expect, test } from "vitest";
import { relocated } from "../../../cli/against/relocated.ts";
import { plan, resource, violation } from "../../support/plan.ts";

test("paths are those of the working tree, in names, values and messages", () => {
  const origin = { file: "a.yaml", at: () => ({ file: "a.yaml", line: 1, column: 1 }) };
  const named = (root: string) =>
    plan(
      [
        resource({
          ...{ type: "a:b:C", name: `${root}/a.yaml`, origin },
          inputs: { file: `${root}/a.yaml`, by: { [`${root}/b`]: [`file://${root}`] }, size: 1 },
        }),
      ],
      {
        violations: [violation({ message: `${root}/a.yaml is wrong.` })],
        notJudged: [{ what: "chart", reason: `${root}/chart does not exist.` }],
      },
    );
  expect(relocated(named("/tmp/x/checkout"), "/tmp/x/checkout", "/home/me/fleet")).toEqual(
    named("/home/me/fleet"),
  );
});
