import { UsageError } from "../../offline/errors.ts";
import type { ClusterObject } from "../../operate/cluster/clusterObject.ts";
import type { ClusterState } from "../../operate/cluster/clusterState.ts";
import { KINDS } from "../../operate/cluster/kinds.ts";
import type { KindName } from "../../operate/cluster/kinds.ts";
import { closest } from "../../text/suggest.ts";

/** An object as users name it on a command line. */
export interface Reference {
  readonly kind: KindName;
  readonly namespace: string;
  readonly name: string;
}

/** Kinds by the names and short names of kubectl. */
const NAMES: Readonly<Record<string, KindName>> = {
  pod: "Pod",
  po: "Pod",
  service: "Service",
  svc: "Service",
  deployment: "apps/Deployment",
  deploy: "apps/Deployment",
  statefulset: "apps/StatefulSet",
  sts: "apps/StatefulSet",
  daemonset: "apps/DaemonSet",
  ds: "apps/DaemonSet",
  replicaset: "apps/ReplicaSet",
  rs: "apps/ReplicaSet",
  job: "batch/Job",
  cronjob: "batch/CronJob",
  cj: "batch/CronJob",
};

/** The kind of a name as kubectl has it, also in the plural; undefined if it is none of these. */
function kindOf(name: string): KindName | undefined {
  const singular = name.toLowerCase().replace(/s$/, "");
  const found = [name.toLowerCase(), singular].find((one) => Object.hasOwn(NAMES, one));
  return found === undefined ? undefined : NAMES[found];
}

/**
 * Reads `KIND/NAME`, `KIND/NAMESPACE/NAME`, `NAMESPACE/NAME` and `NAME`.
 *
 * @param namespace for a reference without one
 * @param kind for a reference without one
 * @returns undefined for a text that is none of these
 */
export function parseReference(
  text: string,
  namespace: string,
  kind: KindName,
): Reference | undefined {
  const parts = text.split("/");
  if (parts.some((part) => part === "") || parts.length > 3) return undefined;
  const [first = "", second, third] = parts;
  const named = kindOf(first);
  if (third !== undefined && second !== undefined) {
    return named === undefined ? undefined : { kind: named, namespace: second, name: third };
  }
  if (second === undefined) return { kind, namespace, name: first };
  return named === undefined
    ? { kind, namespace: first, name: second }
    : { kind: named, namespace, name: second };
}

/** Whether a text begins with a kind: `pod/web`. */
export function namesKind(text: string): boolean {
  return text.includes("/") && kindOf(text.slice(0, text.indexOf("/"))) !== undefined;
}

/** @throws UsageError if the object does not exist, or its kind could not be read */
export function findObject(
  { kind, namespace, name }: Reference,
  state: ClusterState,
): ClusterObject {
  const missing = state.notRead(kind);
  if (missing !== undefined) throw new UsageError(`${missing.reason} ${missing.fix}`);
  const all = state.all(kind).map((object) => ({ object, ...object.metadata }));
  const found = all.find((one) => one.namespace === namespace && one.name === name);
  if (found !== undefined) return found.object;
  const here = all.filter((one) => one.namespace === namespace).map((one) => one.name);
  const elsewhere = all.filter((one) => one.name === name);
  const prefix = KINDS[kind].kind.toLowerCase();
  const meant =
    elsewhere.length > 0
      ? elsewhere.map((one) => `${prefix}/${one.namespace ?? ""}/${name}`).join(" or ")
      : closest(name, here);
  throw new UsageError(
    `${state.from} has no ${KINDS[kind].kind} ${namespace}/${name}${meant === undefined ? ". Check the name and the namespace." : `; did you mean ${meant}?`}`,
  );
}
