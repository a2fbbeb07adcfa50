import { AccessError } from "../accessError.ts";
import type { NotRead } from "../notRead.ts";
import { listed } from "../wording.ts";
import { Refusal } from "./apiServer.ts";
import type { ApiServer } from "./apiServer.ts";
import { listAt, textAt, valueAt, whyNoObject, withoutNulls } from "./clusterObject.ts";
import type { ClusterObject } from "./clusterObject.ts";
import { ClusterState } from "./clusterState.ts";
import type { WhyNotRead } from "./clusterState.ts";
import { KINDS, kubectlName } from "./kinds.ts";
import type { Kind, KindName } from "./kinds.ts";
import { publicParts } from "./publicParts.ts";

const PAGE = "500";
const UNAUTHORIZED = 401;
const FORBIDDEN = 403;
const NOT_FOUND = 404;

/**
 * Reads all objects of some kinds from a cluster, Secrets without what is secret. A kind whose definition is not installed has no objects.
 *
 * @throws AccessError if the cluster does not answer, or refuses the credentials
 */
export async function readCluster(
  server: ApiServer,
  kinds: readonly KindName[],
): Promise<ClusterState> {
  const read: [KindName, readonly ClusterObject[] | WhyNotRead][] = [];
  for (const name of kinds) read.push([name, await objectsOf(server, name)]);
  return new ClusterState(`context ${server.context}`, read);
}

async function objectsOf(
  server: ApiServer,
  name: KindName,
): Promise<readonly ClusterObject[] | WhyNotRead> {
  const kind = KINDS[name];
  const failed = (why: string) => (): NotRead => ({
    reason: `The cluster could not list ${kubectlName(name)}: ${why}.`,
    fix: "Try again.",
  });
  const objects: ClusterObject[] = [];
  const pages = new Set<string>();
  try {
    for (let next: string | undefined; ;) {
      const query = { limit: PAGE, continue: next };
      const page = await server.send({ path: pathOf(kind), query });
      if (!isList(page)) return failed("its answer is not a list");
      for (const item of listAt(page, "items")) {
        const object = completed(item, kind);
        const problem = whyNoObject(object);
        if (problem !== undefined) return failed(`an object of the list ${problem}`);
        objects.push(publicParts(withoutNulls(object)));
      }
      next = textAt(page, "metadata", "continue") ?? "";
      if (next === "") return objects;
      if (pages.has(next)) return failed("its pages repeat");
      pages.add(next);
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.status === NOT_FOUND) {
      if (isBuiltIn(kind)) return failed(error.message);
      const problem = await otherVersions(server, name);
      return problem === undefined ? [] : () => problem;
    }
    if (error.status === UNAUTHORIZED) {
      throw new AccessError(
        `The cluster of context "${server.context}" refuses the credentials. Run az aks get-credentials, or kubelogin, again.`,
      );
    }
    return error.status === FORBIDDEN ? forbidden : failed(error.message);
  }
}

/** Whether a response has items; an API server may write an empty list as null. */
function isList(page: unknown): boolean {
  const hasItems = typeof page === "object" && page !== null && Object.hasOwn(page, "items");
  return hasItems && Array.isArray(valueAt(page, "items") ?? []);
}

function forbidden(kinds: readonly KindName[]): NotRead {
  const names = listed(kinds.map(kubectlName));
  // Readers see everything but Secrets.
  const role = kinds.includes("Secret") ? "Writer" : "Reader";
  return {
    reason: `The cluster does not let you list ${names}.`,
    fix: `Ask for the right to list ${kinds.length === 1 ? names : "them"}, such as the role Azure Kubernetes Service RBAC ${role}.`,
  };
}

/** The items of a list leave out the version and the kind. */
function completed(item: unknown, { group, version, kind }: Kind): ClusterObject {
  const apiVersion = group === "" ? version : `${group}/${version}`;
  return { ...(item as ClusterObject), apiVersion, kind };
}

/** Whether every cluster has a kind. The groups of definitions are those of other domains. */
function isBuiltIn({ group }: Kind): boolean {
  return !group.includes(".") || /^(admissionregistration|apiextensions)\.k8s\.io$/.test(group);
}

/** Why objects of a definition may exist although the version that is asked for does not; undefined if none can. */
async function otherVersions(server: ApiServer, name: KindName): Promise<NotRead | undefined> {
  const { group, version } = KINDS[name];
  let served: unknown;
  try {
    served = await server.send({ path: `/apis/${group}` });
  } catch (error) {
    if (error instanceof Refusal && error.status === NOT_FOUND) return undefined;
    if (!(error instanceof Refusal)) throw error;
    return {
      reason: `The cluster does not say which versions of ${group} it has: ${error.message}.`,
      fix: "Ask for the role system:discovery, which every identity has by default.",
    };
  }
  const versions = listAt(served, "versions").map((one) => textAt(one, "version") ?? "");
  if (versions.includes(version)) return undefined;
  return {
    reason: `The cluster has ${group} only in the versions ${versions.join(", ")}, not in ${version}.`,
    fix: `Upgrade what has installed ${group}, or read files with --from, which may have any version.`,
  };
}

/** The path of all objects of a kind. */
function pathOf({ group, version, plural }: Kind): string {
  return group === "" ? `/api/${version}/${plural}` : `/apis/${group}/${version}/${plural}`;
}
