import { resolve } from "node:path";
import { entryAt } from "../manifests/entry.ts";
import { GitTrees } from "../offline/contents/gitTrees.ts";
import type { GivenTree } from "../offline/contents/gitTrees.ts";
import { UsageError } from "../offline/errors.ts";

/** `https://git.example.com/fleet=../fleet`, `git@git.example.com:fleet=../fleet`. */
const WITH_URL = /^([a-z][a-z0-9+.-]*:\/\/[^=]+|[^\s/@=]+@[^\s/=:]+:[^=]+)=(.+)$/i;

/**
 * The trees that `--gitops` names, besides the repository of a project.
 *
 * @param values directories, each alone or as `URL=DIR`
 * @param directory the project's; absolute
 * @throws UsageError with every problem
 */
export function gitTreesFrom(values: readonly string[], directory: string): GitTrees {
  return new GitTrees(directory, givenTrees(values));
}

/** @throws UsageError with every problem */
export function givenTrees(values: readonly string[]): readonly GivenTree[] {
  const given = values.map(treeFrom);
  const problems = given.flatMap(({ directory: path }, index) =>
    entryAt(path)?.isDirectory() === true
      ? []
      : [
          `--gitops ${values[index] ?? ""} names no directory. Name the root of the tree that Flux applies.`,
        ],
  );
  if (given.filter(({ url }) => url === undefined).length > 1) {
    problems.push(
      "--gitops DIR is for every source that no other --gitops names, so only one is possible. Name the others as --gitops URL=DIR.",
    );
  }
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  return given;
}

function treeFrom(value: string): GivenTree {
  const [, url, path = value] = WITH_URL.exec(value) ?? [];
  return { directory: resolve(path), ...(url === undefined ? {} : { url }) };
}
