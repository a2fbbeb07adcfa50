import { join } from "node:path";
import { expect, test } from "vitest";
import { pathInRepository } from "../../../cli/repository/repository.ts";
import { scratch } from "../../support/programs.ts";

const write = scratch({ packages: false });

test("a path is relative to the repository", () => {
  const root = write("repository", { ".git/HEAD": "", "deep/shop/Pulumi.yaml": "" });
  expect(pathInRepository(join(root, "deep/shop/Pulumi.yaml"))).toBe("deep/shop/Pulumi.yaml");
  expect(pathInRepository(join(root, "Pulumi.yaml"))).toBe("Pulumi.yaml");
});

test("in a worktree and a submodule, which have a file in place of the folder, the inner repository counts", () => {
  const root = write("outer", { ".git/HEAD": "", "inner/.git": "gitdir: x", "inner/a/b.yaml": "" });
  expect(pathInRepository(join(root, "inner/a/b.yaml"))).toBe("a/b.yaml");
});

test("outside a repository, a path is the file's name", () => {
  expect(pathInRepository(join(write("loose", { "a/b.yaml": "" }), "a/b.yaml"))).toBe("b.yaml");
});
