import {
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { writeChangedTree } from "../../../cli/migrate/changedTree.ts";
import { scratch, usageErrorOf } from "../../support/programs.ts";
import type { Files } from "../../support/programs.ts";

const write = scratch({ packages: false });
const read = (file: string) => readFileSync(file, "utf8");

/** The directories `src`, `out` and `shared` of a test. */
function trees(name: string, files: Files) {
  const directory = write(name, files);
  const below = (path: string) => join(directory, path);
  return { directory, below, src: below("src"), out: below("out") };
}

describe("a link to a file outside", () => {
  const linked = (name: string) => {
    const all = trees(name, { "shared/gw.yaml": "old", "src/own.yaml": "own" });
    symlinkSync("../shared/gw.yaml", join(all.src, "gw.yaml"));
    return all;
  };

  test("is a file in the other directory, and its target stays", () => {
    const { src, out, below } = linked("outside");
    writeChangedTree(src, out, new Map([[join(src, "gw.yaml"), "new"]]));
    expect(lstatSync(join(out, "gw.yaml")).isFile()).toBe(true);
    expect(read(join(out, "gw.yaml"))).toBe("new");
    expect(read(below("shared/gw.yaml"))).toBe("old");
    expect(lstatSync(join(src, "gw.yaml")).isSymbolicLink()).toBe(true);
  });

  test("is a file there without a change, too", () => {
    const { src, out } = linked("unchanged");
    writeChangedTree(src, out, new Map());
    expect(lstatSync(join(out, "gw.yaml")).isFile()).toBe(true);
    expect(read(join(out, "gw.yaml"))).toBe("old");
  });

  test("is refused in place, before anything is written", async () => {
    const { src, below } = linked("place");
    const [gateway, own] = [join(src, "gw.yaml"), join(src, "own.yaml")];
    const changed = new Map([
      [own, "changed"],
      [gateway, "new"],
    ]);
    expect(
      await usageErrorOf(() => {
        writeChangedTree(src, src, changed);
      }),
    ).toBe(
      `${gateway} is a link to ${below("shared/gw.yaml")}, outside of ${src}, which would change. Replace it with a copy, or pass another directory with --out.`,
    );
    expect([read(below("shared/gw.yaml")), read(own)]).toEqual(["old", "own"]);
  });
});

test("a link to a directory outside is refused, and nothing is left", async () => {
  const { directory, src, out, below } = trees("folder", {
    "shared/gw.yaml": "old",
    "src/a.yaml": "a",
  });
  symlinkSync("../shared", join(src, "base"));
  expect(
    await usageErrorOf(() => {
      writeChangedTree(src, out, new Map());
    }),
  ).toBe(
    `${join(src, "base")} is a link to ${below("shared")}, outside of ${src}. Replace it with a copy, or pass a directory that contains both.`,
  );
  expect(readdirSync(directory).sort()).toEqual(["shared", "src"]);
});

test("a link that stays in the tree leads to the copy", () => {
  const { src, out } = trees("inside", { "src/base/a.yaml": "old", "src/one/x": "" });
  symlinkSync(join(src, "base"), join(src, "one/base"));
  symlinkSync("nowhere", join(src, ".#a"));
  writeChangedTree(src, out, new Map([[join(src, "base/a.yaml"), "new"]]));
  expect(readlinkSync(join(out, "one/base"))).toBe("../base");
  expect(read(join(out, "one/base/a.yaml"))).toBe("new");
  expect(readlinkSync(join(out, ".#a"))).toBe("nowhere");
  expect(read(join(src, "base/a.yaml"))).toBe("old");
});

test("a file with two names in the tree changes once", () => {
  const { src } = trees("names", { "src/a.yaml": "old" });
  symlinkSync("a.yaml", join(src, "b.yaml"));
  const both = ["a.yaml", "b.yaml"].map((name) => [join(src, name), "new"] as const);
  writeChangedTree(src, src, new Map(both));
  expect([readlinkSync(join(src, "b.yaml")), read(join(src, "a.yaml"))]).toEqual(["a.yaml", "new"]);
});

test.each(["src", "out"])("if one file cannot be written to %s, none is", async (to) => {
  const { src, below } = trees(`half-${to}`, { "src/a.yaml": "a", "src/b.yaml": "b" });
  // The name of the temporary file is taken.
  const changed = new Map(["a.yaml", "b.yaml"].map((name) => [join(src, name), "new"]));
  writeFileSync(join(src, `.b.yaml.${process.pid}.tmp`), "");
  expect(
    await usageErrorOf(() => {
      writeChangedTree(src, below(to), changed);
    }),
  ).toMatch(/b\.yaml cannot be written: EEXIST/);
  expect([read(join(src, "a.yaml")), read(join(src, "b.yaml"))]).toEqual(["a", "b"]);
  expect(readdirSync(below("."))).toEqual(["src"]);
});

test.each([
  ["afile", "--out afile is a file. Pass a directory."],
  ["", "--out is empty. Pass a directory."],
  ["..new", undefined],
])("--out %j: %s", async (name, message) => {
  const { directory, src, below } = trees(`out${name}`, { "src/a.yaml": "a", afile: "" });
  const out = name === "" ? "" : below(name);
  if (message === undefined) {
    writeChangedTree(src, out, new Map());
    expect(read(join(out, "a.yaml"))).toBe("a");
  } else {
    const said = await usageErrorOf(() => {
      writeChangedTree(src, out, new Map());
    });
    expect(said.replace(`${directory}/`, "")).toBe(message);
  }
});

test("a link to the directory is the directory, and a directory behind a link is in it", async () => {
  const { src, below } = trees("same", { "src/a.yaml": "a" });
  symlinkSync("src", below("link"));
  writeChangedTree(src, below("link"), new Map([[join(src, "a.yaml"), "new"]]));
  expect(read(join(src, "a.yaml"))).toBe("new");
  mkdirSync(join(src, "empty"));
  expect(
    await usageErrorOf(() => {
      writeChangedTree(src, below("link/empty"), new Map());
    }),
  ).toMatch(/is in .*src, so the next run would read it\./);
});
