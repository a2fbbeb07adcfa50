import { isAnswered } from "../azure/answer.ts";
import type { Answer } from "../azure/answer.ts";
import { allows, readRoles } from "../azure/rights.ts";
import type { Role } from "../azure/rights.ts";
import type { Observation } from "../observation.ts";
import { sayings } from "../sayings.ts";
import type { Check } from "./check.ts";
import type { Wanted } from "./wanted.ts";

const say = sayings("rights");

/** Whether the identity that is signed in may create the resources and the role assignments. */
export const rights: Check = {
  name: "rights",
  run: async ({ azure, wanted }) => {
    const { principalId } = azure;
    if (principalId === undefined) {
      return [
        say.unchecked("identity", {
          reason: "Its access token does not say its object ID.",
          fix: "Compare its roles with docs/deploying.md.",
        }),
      ];
    }
    const needed = neededRights(wanted, `/subscriptions/${azure.subscriptionId}`);
    const judged = needed.map(async ({ scope, actions }) =>
      judgeRights(scope, actions, await readRoles(azure, principalId, scope)),
    );
    return (await Promise.all(judged)).flat();
  },
};

const ASSIGN = "Microsoft.Authorization/roleAssignments/write";

interface NeededRights {
  /** A resource ID. */
  readonly scope: string;
  readonly actions: readonly string[];
}

/** What the identity must be allowed to do, and where. */
export function neededRights(wanted: Wanted, subscription: string): readonly NeededRights[] {
  const { services, resourceGroup, grantsOn } = wanted;
  const writes = (withCluster: boolean) =>
    services
      .filter((service) => service.withCluster === withCluster)
      .flatMap(({ namespace, types }) => types.map((type) => `${namespace}/${type}/write`));
  const group =
    resourceGroup === undefined ? subscription : `${subscription}/resourceGroups/${resourceGroup}`;
  const own = writes(false);
  // The stack has groups of its own unless everything is in the group of the cluster.
  const createsGroups = resourceGroup === undefined || own.length > 0;
  const needed: readonly NeededRights[] = [
    { scope: group, actions: [...writes(true), ASSIGN] },
    ...(createsGroups
      ? [
          {
            scope: subscription,
            actions: ["Microsoft.Resources/subscriptions/resourceGroups/write", ...own, ASSIGN],
          },
        ]
      : []),
    ...grantsOn.map((scope) => ({ scope, actions: [ASSIGN] })),
  ];
  const scopes = [...new Set(needed.map(({ scope }) => scope))];
  return scopes.map((scope) => ({
    scope,
    actions: [
      ...new Set(needed.filter((each) => each.scope === scope).flatMap(({ actions }) => actions)),
    ],
  }));
}

/** Whether roles allow actions at a scope. */
export function judgeRights(
  scope: string,
  actions: readonly string[],
  answer: Answer<readonly Role[]>,
): readonly Observation[] {
  if (!isAnswered(answer)) return [say.unchecked(scope, answer)];
  const roles = answer.value;
  const names = roles.map(({ name }) => name).join(", ");
  const has = roles.length === 0 ? "You have no role there." : `Your roles there: ${names}.`;
  const allowing = (action: string) => roles.filter((role) => allows(role, action));
  const missing = actions.filter((action) => allowing(action).length === 0);
  if (missing.length > 0) {
    const onlyAssign = missing.length === 1 && missing[0] === ASSIGN;
    const role = onlyAssign
      ? "Role Based Access Control Administrator"
      : missing.includes(ASSIGN)
        ? "Contributor and Role Based Access Control Administrator"
        : "Contributor";
    return [
      say.failed(
        scope,
        `You may not do ${missing.join(", ")}. ${has}`,
        `Ask for ${role} there, activate it in Privileged Identity Management if you are eligible, or sign in as the identity that deploys.`,
      ),
    ];
  }
  const conditional = actions.filter((action) =>
    allowing(action).every((role) => role.conditional),
  );
  if (conditional.length > 0) {
    return [
      say.warning(
        scope,
        `You may do ${conditional.join(", ")} only under a condition, which this check does not evaluate.`,
        "Check that the condition allows the roles that docs/deploying.md lists.",
      ),
    ];
  }
  return [say.passed(scope, `You may create everything there. ${has}`)];
}
