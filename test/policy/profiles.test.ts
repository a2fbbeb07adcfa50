import { join } from "node:path";
import { expect, test } from "vitest";
import type { EnforcementLevel } from "../../offline/plan/plan.ts";
import { toPolicies } from "../../policy/engine/policies.ts";
import { rules } from "../../policy/rules.ts";
import { meshModel } from "../../policy/model/meshModel.ts";

const profile = (name: string) => join("policy/profiles", `${name}.json`);

/** Policies of the pack itself, which are about its coverage and not about what is deployed. */
const ADVISERS = ["mesh-scope", "mesh-coverage", "mesh-exceptions"];

/** The level that each profile gives a policy, by its name and its own level. */
const PROFILES: Readonly<
  Record<string, (name: string, own: EnforcementLevel) => EnforcementLevel>
> = {
  recommended: (_, own) => own,
  // Not even remediated: the program is deployed as written.
  strict: (name, own) => (ADVISERS.includes(name) ? own : "mandatory"),
  advisory: () => "advisory",
};

test.each(Object.entries(PROFILES))(
  "%s has every policy at its level, which vitest --update writes",
  async (name, levelOf) => {
    const levels = toPolicies(rules, meshModel).map(({ name: policy, enforcementLevel }) => [
      policy,
      levelOf(policy, enforcementLevel ?? "advisory"),
    ]);
    await expect(
      `${JSON.stringify(Object.fromEntries(levels), undefined, 2)}\n`,
    ).toMatchFileSnapshot(`../../${profile(name)}`);
  },
);
