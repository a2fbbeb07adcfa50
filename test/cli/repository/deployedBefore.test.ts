import { execFileSync } from "node:child_process";
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadStackBefore } from "../../../cli/repository/deployedBefore.ts";
import { loadProject } from "../../../offline/project/project.ts";
import { loadStackFile } from "../../../offline/project/stackFile.ts";
import { commitAll, git } from "../../support/gitRepository.ts";
import { scratch, usageErrorOf } from "../../support/programs.ts";

const write = scratch({ packages: false });
let made = 0;

const FILES = {
  "infra/Pulumi.yaml": "name: shop\nruntime: nodejs\n",
  "infra/Pulumi.prod.yaml": "config: { shop:size: old }\n",
};

/** A repository whose branch main has the files, with a newer stack file that is not committed. */
function repository(files: Readonly<Record<string, string>> = FILES): string {
  const directory = realpathSync(write(`repository-${++made}`, files));
  commitAll(directory);
  writeFileSync(join(directory, "infra/Pulumi.prod.yaml"), "config: { shop:size: new }\n");
  return directory;
}

function before(directory: string, revision: string, stack = "prod") {
  const project = loadProject(join(directory, "infra"));
  return loadStackBefore(project, loadStackFile(project, { stack }), revision);
}

describe("a Git revision", () => {
  test.each(["main", "HEAD", "refs/heads/main", "main~0", ":/first", "HEAD^{/first}"])(
    "%s has the stack file",
    (revision) => {
      const directory = repository();
      expect(before(directory, revision)).toEqual({
        stack: "prod",
        file: `${directory}/infra/Pulumi.prod.yaml at ${revision}`,
        config: { "shop:size": "old" },
      });
    },
  );

  test("without the stack's file dates from before the stack", () => {
    const directory = repository();
    writeFileSync(join(directory, "infra/Pulumi.next.yaml"), "config: {}\n");
    expect(before(directory, "main", "next")).toBeUndefined();
  });

  test("whose file is damaged is named in the error", async () => {
    const directory = repository({ ...FILES, "infra/Pulumi.prod.yaml": "config: [\n" });
    expect(await usageErrorOf(() => before(directory, "main"))).toMatch(
      `${directory}/infra/Pulumi.prod.yaml at main:2:1: `,
    );
  });

  test("with a link in place of the file is refused", async () => {
    const directory = repository();
    git(directory, "checkout", "--quiet", "--", ".");
    execFileSync("rm", [join(directory, "infra/Pulumi.prod.yaml")]);
    symlinkSync("elsewhere", join(directory, "infra/Pulumi.prod.yaml"));
    git(directory, "commit", "--quiet", "--all", "--message=link");
    execFileSync("rm", [join(directory, "infra/Pulumi.prod.yaml")]);
    writeFileSync(join(directory, "infra/Pulumi.prod.yaml"), "config: {}\n");
    expect(await usageErrorOf(() => before(directory, "main"))).toBe(
      `${directory}/infra/Pulumi.prod.yaml at main cannot be read: it is a link or a directory there`,
    );
  });

  test.each(["--help", "-x", "main:infra/Pulumi.prod.yaml", "main^{tree}", "^main", "main..main"])(
    "is neither an option nor a file nor several commits: %s",
    async (revision) => {
      const directory = repository();
      expect(await usageErrorOf(() => before(directory, revision))).toBe(
        `--before ${revision} is neither a file nor a Git revision in ${directory}/infra. Check the spelling.`,
      );
    },
  );

  test("of a repository that is another user's is refused, with what allows it", async () => {
    const directory = repository();
    process.env["GIT_TEST_ASSUME_DIFFERENT_OWNER"] = "1";
    try {
      expect(await usageErrorOf(() => before(directory, "main"))).toMatch(
        `in ${directory}/infra: detected dubious ownership in repository at '${directory}'; if you trust it, run git config --global --add safe.directory ${directory}.`,
      );
    } finally {
      delete process.env["GIT_TEST_ASSUME_DIFFERENT_OWNER"];
    }
  });

  test("is one of the project's repository, also in a hook of another", () => {
    const directory = repository();
    const other = repository({ ...FILES, "README.md": "" });
    process.env["GIT_DIR"] = join(other, ".git");
    process.env["GIT_COMMON_DIR"] = join(other, ".git");
    try {
      expect(before(directory, "main")?.config).toEqual({ "shop:size": "old" });
    } finally {
      delete process.env["GIT_DIR"];
      delete process.env["GIT_COMMON_DIR"];
    }
  });
});

describe("a file", () => {
  test("is read if no revision has its name", () => {
    const directory = repository();
    const file = join(directory, "deployed.yaml");
    writeFileSync(file, "config: { shop:size: deployed }\n");
    expect(before(directory, file)?.config).toEqual({ "shop:size": "deployed" });
  });

  test("with the name of a revision is ambiguous", async () => {
    const directory = repository();
    // Relative to the working directory of the tests, as a user's path is to theirs.
    git(directory, "branch", "package.json");
    expect(await usageErrorOf(() => before(directory, "package.json"))).toBe(
      "--before package.json names both a file and a Git revision. Use ./package.json for the file, or package.json~0 for the revision.",
    );
    expect(before(directory, "package.json~0")?.config).toEqual({ "shop:size": "old" });
  });

  test("that does not exist is an error, not a new stack", async () => {
    const directory = repository();
    expect(await usageErrorOf(() => before(directory, "origin/deployd.yaml"))).toBe(
      `--before origin/deployd.yaml is neither a file nor a Git revision in ${directory}/infra. Check the spelling.`,
    );
  });

  test("that never ends is not read", async () => {
    expect(await usageErrorOf(() => before(repository(), "/dev/zero"))).toBe(
      "/dev/zero cannot be read: it is a pipe or a device; pass a file",
    );
  });
});

describe("if the revision was not fetched", () => {
  test("the message for a shallow clone says how to fetch it", async () => {
    const origin = repository();
    git(origin, "checkout", "--quiet", "-b", "feature");
    git(origin, "commit", "--quiet", "--all", "--message=second");
    const clone = join(realpathSync(write(`clone-${++made}`, {})), "clone");
    execFileSync("git", [
      "clone",
      "--quiet",
      "--depth=1",
      "--branch=feature",
      `file://${origin}`,
      clone,
    ]);
    expect(await usageErrorOf(() => before(clone, "origin/main"))).toBe(
      `--before origin/main is neither a file nor a Git revision in ${clone}/infra. The clone is shallow, the default of actions/checkout. Check out with fetch-depth: 0, or run git fetch --depth=1 origin +main:refs/remotes/origin/main.`,
    );
    expect(await usageErrorOf(() => before(clone, "HEAD~1"))).toContain(
      "or run git fetch --unshallow.",
    );
    // The advice works.
    git(clone, "fetch", "--quiet", "--depth=1", "origin", "+main:refs/remotes/origin/main");
    expect(before(clone, "origin/main")?.config).toEqual({ "shop:size": "old" });
  });

  test("the message for a full clone says how to fetch it too", async () => {
    const directory = repository();
    expect(await usageErrorOf(() => before(directory, "origin/main"))).toBe(
      `--before origin/main is neither a file nor a Git revision in ${directory}/infra. If the branch has not been fetched, run git fetch origin +main:refs/remotes/origin/main.`,
    );
  });

  test("a directory outside a repository gets Git's message", async () => {
    const directory = realpathSync(write(`plain-${++made}`, {}));
    mkdirSync(join(directory, "infra"));
    for (const [path, text] of Object.entries(FILES)) writeFileSync(join(directory, path), text);
    expect(await usageErrorOf(() => before(directory, "main"))).toBe(
      `--before main: the file does not exist, and Git cannot read a revision in ${directory}/infra: not a git repository (or any of the parent directories): .git.`,
    );
  });
});
