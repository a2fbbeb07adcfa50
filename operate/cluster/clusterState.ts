import type { NotRead } from "../notRead.ts";
import type { Observation } from "../observation.ts";
import { listed } from "../wording.ts";
import type { ClusterObject } from "./clusterObject.ts";
import { kindLabel } from "./kinds.ts";
import type { KindName } from "./kinds.ts";

/** Says in one sentence why kinds were not read. Kinds with the same function share a reason, so one sentence is enough. */
export type WhyNotRead = (kinds: readonly KindName[]) => NotRead;

/** Kinds that were not read, for one reason. */
interface UnreadKinds extends NotRead {
  /** As users call them: `Pod and Service`. */
  readonly names: string;
}

/** The objects of a cluster at one moment, by their kinds. A kind that could not be read is never an empty one. */
export class ClusterState {
  /** Where it was read: a context of a kubeconfig, or files. */
  readonly from: string;
  readonly #kinds: ReadonlyMap<KindName, readonly ClusterObject[] | WhyNotRead>;

  constructor(
    from: string,
    kinds: Iterable<readonly [KindName, readonly ClusterObject[] | WhyNotRead]>,
  ) {
    this.from = from;
    this.#kinds = new Map(kinds);
  }

  /** Why a kind is not known; undefined if it was read. */
  notRead(kind: KindName): NotRead | undefined {
    const found = this.#kinds.get(kind) ?? notAskedFor;
    return typeof found === "function" ? found([kind]) : undefined;
  }

  /** Which of the kinds are not known, once for each reason. */
  unread(kinds: readonly KindName[]): readonly UnreadKinds[] {
    const byReason = new Map<WhyNotRead, KindName[]>();
    for (const kind of kinds) {
      const found = this.#kinds.get(kind) ?? notAskedFor;
      if (typeof found !== "function") continue;
      byReason.set(found, [...(byReason.get(found) ?? []), kind]);
    }
    return [...byReason].map(([why, of]) => ({ names: listed(of.map(kindLabel)), ...why(of) }));
  }

  /**
   * All objects of a kind.
   *
   * @throws Error if the kind was not read; use `whenRead`, or ask `notRead` first
   */
  all(kind: KindName): readonly ClusterObject[] {
    const found = this.#kinds.get(kind);
    if (found === undefined || typeof found === "function") {
      throw new Error(`${kind} was not read.`);
    }
    return found;
  }

  /** What a check says, if the kinds that it needs were read; otherwise that it is unchecked, once for each reason. */
  whenRead(
    check: string,
    kinds: readonly KindName[],
    judge: () => readonly Observation[],
  ): readonly Observation[] {
    const unread = this.unread(kinds);
    if (unread.length === 0) return judge();
    return unread.map(({ names, reason, fix }) => ({
      check,
      outcome: "unchecked",
      subject: names,
      message: reason,
      fix,
    }));
  }
}

function notAskedFor(kinds: readonly KindName[]): NotRead {
  return {
    reason: `${listed(kinds.map(kindLabel))} objects were not asked for.`,
    fix: "Read them, too.",
  };
}
