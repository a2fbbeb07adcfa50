import { AccessError } from "../accessError.ts";
import { labelOf } from "./clusterObject.ts";
import type { ClusterObject } from "./clusterObject.ts";
import { nameOf } from "./kinds.ts";
import type { KindName } from "./kinds.ts";

/** The objects of several files by their kinds, each once. Objects without a UID, as in manifests, are all different. */
export class DistinctObjects {
  readonly #kinds = new Map<string, ClusterObject[]>();
  readonly #uids = new Map<string, string>();

  /** @throws AccessError for another object of the same name: the files are of several clusters, or moments */
  add(object: ClusterObject, file: string): void {
    const kind = nameOf(object.apiVersion, object.kind);
    const { uid } = object.metadata;
    if (uid !== undefined) {
      const label = `${kind} ${labelOf(object)}`;
      const before = this.#uids.get(label);
      if (before === uid) return;
      if (before !== undefined) {
        throw new AccessError(
          `${file} has another ${labelOf(object)} than the rest: they are of different clusters, or of different moments. Name files of one cluster, written one after the other.`,
        );
      }
      this.#uids.set(label, uid);
    }
    const same = this.#kinds.get(kind);
    if (same === undefined) this.#kinds.set(kind, [object]);
    else same.push(object);
  }

  get(kind: KindName): readonly ClusterObject[] | undefined {
    return this.#kinds.get(kind);
  }
}
