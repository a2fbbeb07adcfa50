import { expect, test } from "vitest";
import { rules } from "../../policy/rules.ts";
import { readExamples } from "../support/examples.ts";
import { run } from "../support/policy.ts";

/** The rules about support that ends on a certain day. */
const DATED = new Set([
  "aks-kubernetes-supported",
  "aks-stable-api-version",
  "mesh-revision-gap",
  "mesh-revision-patched",
  "mesh-revision-supported",
  "osm-addon-migration",
  "osm-addon-retired",
]);

test("two previews on different days differ only in support that ends in between", async () => {
  const differing = new Set<string>();
  for (const { good, bad } of readExamples()) {
    for (const stack of [good, bad]) {
      const on = async (today: string) =>
        (await run(rules, stack, { config: { "mesh-scope": { today } } })).map((report) => ({
          policy: report.policy,
          said: JSON.stringify(report),
        }));
      const [before, after] = [await on("2024-02-29"), await on("2040-12-31")];
      for (const [one, other] of [
        [before, after],
        [after, before],
      ] as const) {
        const same = new Set(other.map(({ said }) => said));
        for (const { policy, said } of one) if (!same.has(said)) differing.add(policy);
      }
    }
  }
  expect(differing).toEqual(DATED);
});
