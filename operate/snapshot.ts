import type { ManagedCluster } from "@azure/arm-containerservice";
import { readFileSync } from "node:fs";
import { readManifestText } from "../manifests/manifestText.ts";
import { AccessError } from "./accessError.ts";
import { isManagedCluster } from "./azure/managedCluster.ts";
import type { OfferedRevision } from "../mesh/offeredRevision.ts";
import { isOfferedRevision, offeredRevision, offeredRevisionsIn } from "./revisions/savedAnswer.ts";
import { textAt, valueAt, whyNoObject, withoutNulls } from "./cluster/clusterObject.ts";
import type { ClusterObject } from "./cluster/clusterObject.ts";
import { ClusterState } from "./cluster/clusterState.ts";
import type { WhyNotRead } from "./cluster/clusterState.ts";
import { KINDS, kindLabel, kubectlName } from "./cluster/kinds.ts";
import type { KindName } from "./cluster/kinds.ts";
import { DistinctObjects } from "./cluster/distinctObjects.ts";
import { publicParts } from "./cluster/publicParts.ts";
import type { NotRead } from "./notRead.ts";

/** What files say of a cluster, for those who cannot reach it from where they work. */
export interface Snapshot {
  readonly state: ClusterState;
  /** From `az aks show`; undefined if no file has it. */
  readonly managedCluster: ManagedCluster | undefined;
  /** From `az aks mesh get-upgrades`; undefined if no file has it. */
  readonly meshUpgrades: OfferedRevision | undefined;
  /** From `az aks mesh get-revisions`; undefined if no file has it. */
  readonly meshRevisions: readonly OfferedRevision[] | undefined;
}

/** The name of standard input among the files. */
const STDIN = "-";

/**
 * Reads the output of `kubectl get … -A -o json` (or `-o yaml`), of `az aks show`, and of
 * `az aks mesh get-upgrades` and `get-revisions`.
 *
 * @param isComplete whether the cluster has no objects of the kinds that the files lack; otherwise these were not read.
 *   Secrets are never complete without any: every cluster has some, and files should not.
 * @throws AccessError if a file cannot be read, or is something else
 */
export function readSnapshot(files: readonly string[], isComplete: boolean): Snapshot {
  const objects = new DistinctObjects();
  const clusters = new OnlyOne<ManagedCluster>();
  const upgrades = new OnlyOne<OfferedRevision>();
  const offers = new OnlyOne<readonly OfferedRevision[]>();
  for (const file of files) {
    for (const value of valuesOf(file)) {
      const revisions = offeredRevisionsIn(value, file);
      if (isManagedCluster(value)) clusters.add(withoutAnyNull(value) as ManagedCluster, file);
      else if (isOfferedRevision(value)) upgrades.add(offeredRevision(value), file);
      else if (revisions !== undefined) offers.add(revisions, file);
      else objects.add(clusterObjectOf(value, file), file);
    }
  }
  const state = new ClusterState(
    files.join(", "),
    (Object.keys(KINDS) as KindName[]).map((name) => [
      name,
      objects.get(name) ?? missing(name, isComplete),
    ]),
  );
  const [managedCluster, meshUpgrades] = [clusters.value, upgrades.value];
  return { state, managedCluster, meshUpgrades, meshRevisions: offers.value };
}

/** Something that files say of one cluster. */
class OnlyOne<T> {
  value: T | undefined;
  #file = "";

  /** @throws AccessError if another file has said it */
  add(value: T, file: string): void {
    if (this.value !== undefined) {
      throw new AccessError(
        `${this.#file} and ${file} are of different clusters. Name the files of one.`,
      );
    }
    this.value = value;
    this.#file = file;
  }
}

function missing(name: KindName, isComplete: boolean): readonly ClusterObject[] | WhyNotRead {
  if (name === "Secret") return noSecrets;
  return isComplete ? [] : notInFiles;
}

function noSecrets(): NotRead {
  return {
    reason: "The files contain no Secret.",
    fix: "Leave out what needs Secrets, or add the output of kubectl get secrets -A -o json, without private keys.",
  };
}

function notInFiles(kinds: readonly KindName[]): NotRead {
  return {
    reason: `The files contain no ${OR.format(kinds.map(kindLabel))}.`,
    fix: `Add the output of kubectl get ${kinds.map(kubectlName).join(",")} -A -o json, or pass --complete if the cluster has none.`,
  };
}

const OR = new Intl.ListFormat("en-GB", { type: "disjunction" });

/** The values of a file: the items of lists, or documents. */
function valuesOf(file: string): readonly unknown[] {
  let text: string;
  try {
    text = readFileSync(file === STDIN ? 0 : file, "utf8");
  } catch (error) {
    throw new AccessError(`${file} cannot be read: ${(error as Error).message}.`);
  }
  const json = parsed(text);
  if (json !== undefined) return withoutLists(json, file);
  const { manifests, unread } = readManifestText(text, file);
  const problem = unread.map(({ line, reason }) => `${file}:${line ?? 1}: ${reason}`).join("\n");
  if (problem !== "") throw new AccessError(problem);
  if (manifests.length > 0) return manifests.map(({ object }) => object);
  throw new AccessError(
    `${file} has no Kubernetes objects, and is not a cluster of az aks show. Write it with kubectl get … -A -o json, or az aks show -o json.`,
  );
}

/** Undefined if the text is not JSON. Parsing it as YAML would be a hundred times slower. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The items of lists in lists.
 *
 * @throws AccessError for the first part of a list, as the API server sends it: what is missing would seem not to exist
 */
function withoutLists(value: unknown, file: string): readonly unknown[] {
  const items = Array.isArray(value) ? value : itemsOf(value);
  if (items === undefined) return [value];
  if ((textAt(value, "metadata", "continue") ?? "") !== "") {
    throw new AccessError(
      `${file} contains only the first part of a list. Write it with kubectl get … -A -o json, which reads all parts.`,
    );
  }
  return (items as readonly unknown[]).flatMap((item) => withoutLists(item, file));
}

function itemsOf(value: unknown): readonly unknown[] | undefined {
  const items = valueAt(value, "items");
  const isList = textAt(value, "kind")?.endsWith("List") === true;
  return isList && Array.isArray(items) ? (items as readonly unknown[]) : undefined;
}

/** @throws AccessError if the value is not an object of a cluster */
function clusterObjectOf(value: unknown, file: string): ClusterObject {
  const problem = whyNoObject(value);
  if (problem === undefined) return publicParts(withoutNulls(value as ClusterObject));
  throw new AccessError(
    `${file} contains something other than objects of a cluster, which have apiVersion, kind and metadata.name: ${nameIn(value)} ${problem}. Write it with kubectl get … -A -o json, or az aks show -o json.`,
  );
}

/** What a value says of itself, for a message. */
function nameIn(value: unknown): string {
  const [kind, name] = [textAt(value, "kind"), textAt(value, "metadata", "name")];
  return kind === undefined ? "an item" : `${kind} ${name ?? ""}`.trim();
}

/** `az` writes null for what a cluster does not have; the rest of the program expects nothing. */
function withoutAnyNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutAnyNull);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) =>
      one === null ? [] : [[key, withoutAnyNull(one)]],
    ),
  );
}
