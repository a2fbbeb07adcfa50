import { expect, test } from "vitest";
import { sayWaits } from "../../../cli/upgrade/sayWaits.ts";

test("says what is waited for, and again only when that changes", () => {
  const said: string[] = [];
  const onWait = sayWaits((line) => said.push(line));
  const wait = (subjects: readonly string[], leftMs: number) => {
    const rest = { check: "sidecars", outcome: "failed", message: "It is not." } as const;
    onWait(
      subjects.map((subject) => ({ subject, ...rest })),
      leftMs,
    );
  };
  wait(["a", "a", "b"], 60_000);
  wait(["a", "b"], 57_000);
  wait(["b"], 53_001);
  wait(["1", "2", "3", "4", "5", "6", "7"], 3_000);
  expect(said).toEqual([
    "Waiting for a and b; at most 60 s more",
    "Waiting for b; at most 54 s more",
    "Waiting for 1, 2, 3, 4, 5 and 2 more; at most 3 s more",
  ]);
});
