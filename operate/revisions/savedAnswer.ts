import { readFileSync } from "node:fs";
import type { OfferedRevision } from "../../mesh/offeredRevision.ts";
import { isMeshRevision } from "../../mesh/revision.ts";
import { AccessError } from "../accessError.ts";
import { listAt, textAt, valueAt } from "../cluster/clusterObject.ts";

/** The name of standard input. */
const STDIN = "-";

/**
 * Reads the output of `az aks mesh get-revisions -o json`, or the same from ARM.
 *
 * @throws AccessError if the file cannot be read, or is something else
 * @see https://learn.microsoft.com/cli/azure/aks/mesh#az-aks-mesh-get-revisions
 * @see https://learn.microsoft.com/rest/api/aks/managed-clusters/list-mesh-revision-profiles
 */
export function readSavedAnswer(file: string): readonly OfferedRevision[] {
  let text: string;
  try {
    text = readFileSync(file === STDIN ? 0 : file, "utf8");
  } catch (error) {
    throw new AccessError(`${file} cannot be read: ${(error as Error).message}.`);
  }
  const revisions = offeredRevisionsIn(parsed(text), file);
  if (revisions !== undefined) return revisions;
  throw new AccessError(
    `${file} is not a list of mesh revisions. Write it with az aks mesh get-revisions --location LOCATION -o json.`,
  );
}

/**
 * The revisions in a JSON value that `az aks mesh get-revisions` prints; undefined if it is something else.
 *
 * @throws AccessError if a revision has no valid name
 */
export function offeredRevisionsIn(
  value: unknown,
  file: string,
): readonly OfferedRevision[] | undefined {
  const revisions = listsIn(value);
  if (revisions === undefined) return undefined;
  const wrong = revisions.filter((one) => !isMeshRevision(textAt(one, "revision") ?? ""));
  if (wrong.length > 0) {
    const names = wrong.map((one) => JSON.stringify(valueAt(one, "revision") ?? null)).join(", ");
    throw new AccessError(
      `${file} has revisions with the names ${names}, but one is like asm-1-30.`,
    );
  }
  return revisions.map(offeredRevision);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The revisions of a profile, or of the profiles of ARM's list; undefined if the value is something else. */
function listsIn(value: unknown): readonly unknown[] | undefined {
  const profiles = Array.isArray(value) ? (value as readonly unknown[]) : valueAt(value, "value");
  if (Array.isArray(profiles)) {
    const lists = (profiles as readonly unknown[]).map(listsIn);
    return lists.length === 0 || lists.includes(undefined)
      ? undefined
      : lists.flatMap((list) => list ?? []);
  }
  const revisions =
    valueAt(value, "meshRevisions") ?? valueAt(value, "properties", "meshRevisions");
  return Array.isArray(revisions) ? (revisions as readonly unknown[]) : undefined;
}

/** Whether a JSON value is a revision with its upgrades, as `az aks mesh get-upgrades` prints it. */
export function isOfferedRevision(value: unknown): boolean {
  return isMeshRevision(textAt(value, "revision") ?? "") && valueAt(value, "kind") === undefined;
}

/** A revision of `az aks mesh get-upgrades`, or one of the list of `get-revisions`. */
export function offeredRevision(value: unknown): OfferedRevision {
  const texts = (list: readonly unknown[]) => list.filter((item) => typeof item === "string");
  return {
    revision: textAt(value, "revision") as OfferedRevision["revision"],
    upgrades: texts(listAt(value, "upgrades")).filter(isMeshRevision),
    kubernetes: Object.fromEntries(
      listAt(value, "compatibleWith").map((one) => [
        textAt(one, "name") ?? "",
        texts(listAt(one, "versions")),
      ]),
    ),
  };
}
