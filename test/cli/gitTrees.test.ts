import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { gitTreesFrom } from "../../cli/gitTrees.ts";
import { initRepository } from "../support/gitRepository.ts";
import { scratch, usageErrorOf } from "../support/programs.ts";

const write = scratch({ packages: false });
const project = initRepository(write("project", {}), "ssh://git@git.example.com:22/team/own");
const fleet = write("fleet", {});
const rest = write("a=b", {});

describe("--gitops", () => {
  test.each([
    "https://git.example.com/Team/own",
    "https://user@git.example.com/team/own.git",
    "git@git.example.com:team/own.git",
    "ssh://git@git.example.com/team/own/",
  ])("is not needed for %s, a remote of the project", (url) => {
    expect(gitTreesFrom([], project).treeOf(url)?.root).toBe(project);
  });

  test.each([
    "https://dev.azure.com/shop/platform/_git/fleet",
    "https://shop@dev.azure.com/shop/platform/_git/fleet",
    "git@ssh.dev.azure.com:v3/shop/platform/fleet",
    "ssh://git@ssh.dev.azure.com/v3/shop/platform/fleet",
  ])("knows %s of Azure DevOps in each form", (url) => {
    const trees = gitTreesFrom(
      [`https://dev.azure.com/shop/platform/_git/fleet=${fleet}`],
      project,
    );
    expect(trees.treeOf(url)?.root).toBe(fleet);
    expect(trees.treeOf(url.replace("platform", "other"))).toBeUndefined();
  });

  test.each([
    "https://git.example.com/team/own-2",
    "https://git.example.com/own",
    "https://example.com/team/own",
    undefined,
  ])("is needed for %s", (url) => {
    expect(gitTreesFrom([], project).treeOf(url)).toBeUndefined();
    expect(gitTreesFrom([rest], project).treeOf(url)?.root).toBe(rest);
  });

  test.each(["https://git.example.com/team/fleet", "git@git.example.com:team/fleet"])(
    "names the tree of %s, and that of everything else",
    (url) => {
      const trees = gitTreesFrom([`${url}=${fleet}`, rest], project);
      expect(trees.treeOf("https://git.example.com/team/fleet.git")?.root).toBe(fleet);
      expect(trees.treeOf("https://git.example.com/team/other")?.root).toBe(rest);
      expect(trees.treeOf("https://git.example.com/team/own")?.root).toBe(project);
      expect(trees.unused()).toEqual([]);
    },
  );

  test("is refused with every problem", async () => {
    const missing = join(project, "missing");
    expect(
      await usageErrorOf(() =>
        gitTreesFrom([fleet, rest, missing, `https://a.test/b=${missing}`], project),
      ),
    ).toBe(
      `--gitops ${missing} names no directory. Name the root of the tree that Flux applies.
--gitops https://a.test/b=${missing} names no directory. Name the root of the tree that Flux applies.
--gitops DIR is for every source that no other --gitops names, so only one is possible. Name the others as --gitops URL=DIR.`,
    );
  });
});
