import { exchange, untilServed } from "../exchange.ts";
import { AccessError } from "../accessError.ts";
import { listAt, textAt } from "../cluster/clusterObject.ts";
import { isAnswered } from "./answer.ts";
import type { Answer } from "./answer.ts";
import { tokenFor } from "./azure.ts";
import type { Azure } from "./azure.ts";

/** A group in Entra ID. */
export interface DirectoryGroup {
  /** Its object ID. */
  readonly id: string;
  readonly name: string;
}

/** A group; undefined if it does not exist. @see https://learn.microsoft.com/graph/api/group-get */
export async function readGroup(
  azure: Azure,
  id: string,
): Promise<Answer<DirectoryGroup | undefined>> {
  const answer = await graph(azure, `the group ${id}`, `/groups/${encodeURIComponent(id)}`);
  return isAnswered(answer)
    ? { value: answer.value === undefined ? undefined : groupOf(answer.value) }
    : answer;
}

/** The groups with a display name. @see https://learn.microsoft.com/graph/api/group-list */
export async function readGroupsNamed(
  azure: Azure,
  name: string,
): Promise<Answer<readonly DirectoryGroup[]>> {
  const filter = encodeURIComponent(`displayName eq '${name.replaceAll("'", "''")}'`);
  const answer = await graph(azure, `the group ${name}`, `/groups?$filter=${filter}`);
  return isAnswered(answer) ? { value: listAt(answer.value, "value").map(groupOf) } : answer;
}

/**
 * Those of some groups that an identity is a member of, also by other groups. Objects that are no groups are not among
 * them.
 *
 * @see https://learn.microsoft.com/graph/api/directoryobject-checkmembergroups
 */
export async function readMemberships(
  azure: Azure,
  principalId: string,
  groups: readonly string[],
): Promise<Answer<readonly string[]>> {
  const path = `/directoryObjects/${principalId}/checkMemberGroups`;
  const body = JSON.stringify({ groupIds: groups });
  const answer = await graph(azure, "your groups", path, body);
  if (!isAnswered(answer)) return answer;
  return { value: listAt(answer.value, "value").filter((id) => typeof id === "string") };
}

function groupOf(value: unknown): DirectoryGroup {
  return { id: textAt(value, "id") ?? "", name: textAt(value, "displayName") ?? "" };
}

/**
 * Asks Microsoft Graph, which has no client that is worth its size for three questions.
 *
 * @returns undefined as the value if there is no such object
 */
async function graph(
  { cloud, credential, options }: Azure,
  what: string,
  path: string,
  body?: string,
): Promise<Answer<unknown>> {
  let answer;
  try {
    const token = await tokenFor(credential, `${cloud.graph}/.default`);
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
    const method = body === undefined ? "GET" : "POST";
    answer = await untilServed(() =>
      exchange(
        new URL(`${cloud.graph}/v1.0${path}`),
        { method, headers, ...options.tlsOptions },
        body,
      ),
    );
  } catch (error) {
    // Many identities may use Resource Manager, but not Graph.
    const why = error instanceof AccessError ? error.message : (error as Error).message;
    return {
      reason: `Entra ID could not be asked about ${what}: ${why.replace(/\.$/, "")}.`,
      fix: "Check it in the Azure portal.",
    };
  }
  const { status, text } = answer;
  if (status < 300) return { value: JSON.parse(text) as unknown };
  if (status === 404) return { value: undefined };
  return {
    reason: `Entra ID does not let you read ${what} (status ${status}).`,
    fix: "Ask for the directory role Directory Readers or the permission Group.Read.All, or check it in the Azure portal.",
  };
}
