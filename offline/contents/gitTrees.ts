import { Repository, addressOf } from "../../manifests/flux/repository.ts";

/** A directory that a user names as the root of a tree that Flux reads. */
export interface GivenTree {
  /** Absolute. */
  readonly directory: string;
  /** The URL that Flux reads it from; absent for every URL that nothing else is known about. */
  readonly url?: string;
}

/** Where the trees of Flux configurations are on this machine. */
export class GitTrees {
  readonly #own: Repository;
  readonly #given: readonly GivenTree[];
  readonly #used = new Set<GivenTree>();

  /** @param directory the project's; the remotes of its repository are known */
  constructor(directory: string, given: readonly GivenTree[]) {
    this.#own = Repository.around(directory);
    this.#given = given;
  }

  /**
   * The tree of a URL, which is undefined if only the deployment knows it: the one that is given for this URL, else the
   * repository of the project, else the one that is given without a URL.
   */
  treeOf(url: string | undefined): Repository | undefined {
    const named = this.#given.find(
      (one) => one.url !== undefined && url !== undefined && addressOf(one.url) === addressOf(url),
    );
    if (named === undefined && url !== undefined && this.#own.isAt(url)) return this.#own;
    const given = named ?? this.#given.find((one) => one.url === undefined);
    if (given === undefined) return undefined;
    this.#used.add(given);
    return Repository.at(given.directory, url === undefined ? [] : [url]);
  }

  /** The given trees that no Flux configuration has read. */
  unused(): readonly GivenTree[] {
    return this.#given.filter((one) => !this.#used.has(one));
  }
}
