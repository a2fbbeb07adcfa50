import { isAnswered } from "../azure/answer.ts";
import type { Answer } from "../azure/answer.ts";
import type { Azure } from "../azure/azure.ts";
import { readGroup, readGroupsNamed, readMemberships } from "../azure/directory.ts";
import type { DirectoryGroup } from "../azure/directory.ts";
import type { Observation } from "../observation.ts";
import { sayings } from "../sayings.ts";
import type { Check } from "./check.ts";

const say = sayings("administrators");

/** Whether the Entra group of administrators exists or can be created, and contains the identity that is signed in. */
export const administrators: Check = {
  name: "administrators",
  run: async ({ azure, wanted }) => {
    const wantedGroup = wanted.administrators;
    if ("groupId" in wantedGroup) {
      const group = await readGroup(azure, wantedGroup.groupId);
      const found = judgeGroup(wantedGroup.groupId, group);
      const exists = isAnswered(group) && group.value !== undefined;
      return exists ? [...found, ...(await membership(azure, [wantedGroup.groupId]))] : found;
    }
    const { groupName, members } = wantedGroup;
    return [
      ...judgeName(groupName, await readGroupsNamed(azure, groupName)),
      ...(azure.principalId !== undefined && members.includes(azure.principalId)
        ? judgeMembership(azure.principalId, { value: [azure.principalId] })
        : await membership(azure, members)),
    ];
  },
};

async function membership(
  azure: Azure,
  groups: readonly string[],
): Promise<readonly Observation[]> {
  const { principalId } = azure;
  return principalId === undefined
    ? []
    : judgeMembership(principalId, await readMemberships(azure, principalId, groups));
}

/** A group that the settings name must exist. */
export function judgeGroup(
  id: string,
  answer: Answer<DirectoryGroup | undefined>,
): readonly Observation[] {
  const subject = `group ${id}`;
  if (!isAnswered(answer)) return [say.unchecked(subject, answer)];
  return answer.value === undefined
    ? [
        say.failed(
          subject,
          "Entra ID has no such group.",
          "Correct access.adminGroupId; az ad group list shows the IDs.",
        ),
      ]
    : [say.passed(subject, `It exists: ${answer.value.name}.`)];
}

/** Pulumi refuses to create a second group of a name. */
export function judgeName(
  name: string,
  answer: Answer<readonly DirectoryGroup[]>,
): readonly Observation[] {
  const subject = `group ${name}`;
  if (!isAnswered(answer)) return [say.unchecked(subject, answer)];
  const [found] = answer.value;
  return found === undefined
    ? [
        say.passed(
          subject,
          "The name is free. Whether you may create groups shows only at the deployment.",
        ),
      ]
    : [
        say.warning(
          subject,
          `It exists already, with the ID ${found.id}. pulumi up keeps it if this stack created it, and fails otherwise.`,
          "If it is not this stack's, use it as access.adminGroupId, or delete it.",
        ),
      ];
}

/** Only members can create objects in the cluster. */
export function judgeMembership(
  principalId: string,
  answer: Answer<readonly string[]>,
): readonly Observation[] {
  const subject = `identity ${principalId}`;
  if (!isAnswered(answer)) return [say.unchecked(subject, answer)];
  return answer.value.length > 0
    ? [say.passed(subject, "You are one of the administrators.")]
    : [
        say.warning(
          subject,
          "You are none of the administrators, so a pulumi up of yours cannot create objects in the cluster.",
          "Deploy with an identity that is, or add yours to access.administrators or to the group.",
        ),
      ];
}
