import { KINDS } from "./kinds.ts";
import type { KindName } from "./kinds.ts";

/** The path of an object on the API server. */
export function objectPath(kind: KindName, namespace: string, name: string): string {
  const { group, version, plural } = KINDS[kind];
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  return `${root}/namespaces/${encodeURIComponent(namespace)}/${plural}/${encodeURIComponent(name)}`;
}
