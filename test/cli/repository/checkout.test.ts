import {
  existsSync,
  readFileSync,
  readdirSync,
  realpathSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkOut, differsFrom, repositoryRoot } from "../../../cli/repository/checkout.ts";
import { commitAll, git, initRepository } from "../../support/gitRepository.ts";
import { scratch, usageErrorOf } from "../../support/programs.ts";

const write = scratch({ packages: false });
let made = 0;

const repository = (files = { "a.txt": "old", "deep/b.txt": "b" }) =>
  commitAll(realpathSync(write(`repository-${++made}`, files)));
const target = () => join(realpathSync(write(`target-${++made}`, {})), "checkout");
const head = (directory: string) => git(directory, "rev-parse", "HEAD").trim();

test("a commit is checked out with its remotes, and the repository does not change", async () => {
  const root = repository();
  git(root, "remote", "add", "origin", "https://git.example.com/fleet");
  writeFileSync(join(root, "a.txt"), "new");
  const files = () => [...readdirSync(join(root, ".git")), git(root, "status", "--porcelain")];
  const before = files();
  const directory = target();
  await checkOut(root, head(root), directory);
  expect(readFileSync(join(directory, "a.txt"), "utf8")).toBe("old");
  expect(readFileSync(join(directory, "deep/b.txt"), "utf8")).toBe("b");
  expect(head(directory)).toBe(head(root));
  expect(git(directory, "status", "--porcelain")).toBe("");
  expect(git(directory, "config", "remote.origin.url")).toBe("https://git.example.com/fleet\n");
  expect(files()).toEqual(before);
  expect(git(root, "worktree", "list").trim().split("\n")).toHaveLength(1);
});

test("neither hooks nor the watcher of the user run", async () => {
  const root = repository();
  const hooks = write(`hooks-${made}`, {});
  const ran = join(hooks, "ran");
  const config = join(hooks, "config");
  for (const hook of ["post-checkout", "watch"]) {
    writeFileSync(join(hooks, hook), `#!/bin/sh\ntouch ${ran}\n`, { mode: 0o755 });
  }
  writeFileSync(config, `[core]\nhooksPath = ${hooks}\nfsmonitor = ${hooks}/watch\n`);
  process.env["GIT_CONFIG_GLOBAL"] = config;
  try {
    git(root, "status");
    expect(existsSync(ran)).toBe(true);
    unlinkSync(ran);
    await checkOut(root, head(root), target());
    expect(existsSync(ran)).toBe(false);
  } finally {
    delete process.env["GIT_CONFIG_GLOBAL"];
  }
});

test("a directory outside a repository is a mistake of the user, not of this program", async () => {
  expect(await usageErrorOf(() => repositoryRoot(target()))).toMatch(/^cannot change to /);
});

test("in a hook of Git, the checkout is still one of its own", async () => {
  const root = repository();
  process.env["GIT_DIR"] = join(root, ".git");
  process.env["GIT_INDEX_FILE"] = join(root, ".git/index");
  try {
    const directory = target();
    await checkOut(root, git(root, "rev-parse", "HEAD").trim(), directory);
    expect(readdirSync(directory).sort()).toEqual([".git", "a.txt", "deep"]);
  } finally {
    delete process.env["GIT_DIR"];
    delete process.env["GIT_INDEX_FILE"];
  }
});

test("a shallow clone is enough if it has the commit", async () => {
  const origin = repository();
  git(origin, "commit", "--quiet", "--allow-empty", "--message=second");
  const clone = target();
  git(origin, "clone", "--quiet", "--depth=1", `file://${origin}`, clone);
  const directory = target();
  await checkOut(clone, head(origin), directory);
  expect(readFileSync(join(directory, "a.txt"), "utf8")).toBe("old");
  expect(git(directory, "log", "--oneline").trim().split("\n")).toHaveLength(1);
});

test("a worktree shares the objects of its repository", async () => {
  const root = repository();
  const worktree = target();
  git(root, "worktree", "add", "--quiet", worktree);
  expect(await repositoryRoot(join(worktree, "deep"))).toBe(worktree);
  const directory = target();
  await checkOut(worktree, head(root), directory);
  expect(readFileSync(join(directory, "a.txt"), "utf8")).toBe("old");
});

test("submodules are checked out at their earlier commits, if the working tree has them", async () => {
  const inner = repository({ "a.txt": "inner", "deep/b.txt": "" });
  const root = repository();
  git(root, "submodule", "--quiet", "add", inner, "sub");
  git(root, "commit", "--quiet", "--all", "--message=sub");
  const commit = head(root);
  writeFileSync(join(inner, "a.txt"), "newer");
  git(inner, "commit", "--quiet", "--all", "--message=newer");
  git(join(root, "sub"), "pull", "--quiet");
  const directory = target();
  await checkOut(root, commit, directory);
  expect(readFileSync(join(directory, "sub/a.txt"), "utf8")).toBe("inner");

  git(root, "submodule", "--quiet", "deinit", "--force", "sub");
  const without = target();
  await checkOut(root, commit, without);
  expect(readdirSync(join(without, "sub"))).toEqual([]);
});

test("a commit of a submodule that was not fetched is an error", async () => {
  const inner = repository();
  const root = repository();
  git(root, "submodule", "--quiet", "add", inner, "sub");
  const missing = "1".repeat(40);
  git(root, "update-index", "--cacheinfo", `160000,${missing},sub`);
  git(root, "commit", "--quiet", "--message=sub");
  expect(await usageErrorOf(() => checkOut(root, head(root), target()))).toBe(
    `The submodule sub has not fetched ${missing}, which it had at ${head(root)}. Run git -C ${join(root, "sub")} fetch origin ${missing}.`,
  );
});

test("objects that are not on this machine are an error", async () => {
  const root = repository();
  const blob = git(root, "rev-parse", "HEAD:a.txt").trim();
  unlinkSync(join(root, ".git/objects", blob.slice(0, 2), blob.slice(2)));
  const commit = head(root);
  expect(await usageErrorOf(() => checkOut(root, commit, target()))).toBe(
    `The commit ${commit} of ${root} cannot be checked out: the contents of a.txt are not there. If the clone is partial, git -C ${root} archive --output=/dev/null ${commit} fetches them.`,
  );
});

test("files differ from a commit if they are edited, new or gone", async () => {
  const root = repository();
  expect(await differsFrom(root, "main", "deep")).toBe(false);
  writeFileSync(join(root, "a.txt"), "new");
  expect(await differsFrom(root, "main", "deep")).toBe(false);
  expect(await differsFrom(root, "main", ".")).toBe(true);
  writeFileSync(join(root, "deep/c.txt"), "c");
  expect(await differsFrom(root, "main", "deep")).toBe(true);
});

test("a repository without a remote has none in its checkout", async () => {
  const root = repository();
  const directory = target();
  await checkOut(root, head(root), directory);
  expect(git(directory, "remote")).toBe("");
  expect(() => initRepository(directory, "https://git.example.com/x")).not.toThrow();
});
