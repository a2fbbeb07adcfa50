import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
  closeSync,
  constants,
  readSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { OutputFiles } from "../../../cli/output/outputFiles.ts";
import { scratch, usageErrorOf } from "../../support/programs.ts";

const write = scratch({ packages: false });
const read = (file: string) => readFileSync(file, "utf8");

test("reports replace existing files completely, and keep their permissions", () => {
  const directory = write("replace", { "old.json": "a much longer report of before" });
  const [old, fresh] = [join(directory, "old.json"), join(directory, "new.json")];
  chmodSync(old, 0o640);
  new OutputFiles([old, fresh]).write(["first", "second"]);
  expect([read(old), read(fresh)]).toEqual(["first", "second"]);
  expect(statSync(old).mode & 0o777).toBe(0o640);
  expect(readdirSync(directory).sort()).toEqual(["new.json", "old.json"]);
});

test("a link stays a link, even to a missing file", () => {
  const directory = write("links", { "real.json": "before" });
  symlinkSync("real.json", join(directory, "a"));
  symlinkSync("later.json", join(directory, "b"));
  new OutputFiles([join(directory, "a"), join(directory, "b")]).write(["1", "2"]);
  expect([read(join(directory, "real.json")), read(join(directory, "later.json"))]).toEqual([
    "1",
    "2",
  ]);
  expect([readlinkSync(join(directory, "a")), readlinkSync(join(directory, "b"))]).toEqual([
    "real.json",
    "later.json",
  ]);
});

test("a report can go to a pipe", () => {
  const pipe = join(write("pipe", {}), "pipe");
  execFileSync("mkfifo", [pipe]);
  const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  new OutputFiles([pipe]).write(["through"]);
  const bytes = Buffer.alloc(20);
  expect(bytes.toString("utf8", 0, readSync(reader, bytes))).toBe("through");
  closeSync(reader);
  expect(statSync(pipe).isFIFO()).toBe(true);
});

test("a report is appended to an open stream", () => {
  const file = join(write("open", { out: "before, " }), "out");
  const open = openSync(file, "a");
  new OutputFiles([`/dev/fd/${open}`]).write(["after"]);
  closeSync(open);
  expect(read(file)).toBe("before, after");
});

describe("an unwritable path is reported at the start", () => {
  const directory = write("refused", { file: "mine" });

  test.each([
    ["a directory", directory, `${directory} cannot be written: it is a directory`],
    ["a path below a file", join(directory, "file/a"), /^.*\/file\/a cannot be written: ENOTDIR: /],
    [
      "a path that does not exist",
      join(directory, "no/a"),
      /^.*\/no\/a cannot be written: ENOENT: /,
    ],
    [
      "a device that does not exist",
      "/dev/no-such-device",
      /^\/dev\/no-such-device cannot be written: ENOENT/,
    ],
  ])("%s", async (_, name, said) => {
    const error = await usageErrorOf(() => new OutputFiles([name]));
    if (typeof said === "string") expect(error).toBe(said);
    else expect(error).toMatch(said);
  });

  test("one file for two reports, also under different names", async () => {
    symlinkSync("file", join(directory, "link"));
    const names = [join(directory, "file"), join(directory, "link")];
    expect(await usageErrorOf(() => new OutputFiles(names))).toBe(
      `${names[1]} cannot hold two reports. Use a separate file for each.`,
    );
    expect(() => new OutputFiles(["/dev/null", "/dev/null"])).not.toThrow();
  });
});

test("if one report fails, all files are unchanged", async () => {
  const directory = write("halves", { "a.json": "before" });
  mkdirSync(join(directory, "gone"));
  const files = new OutputFiles([join(directory, "a.json"), join(directory, "gone/b.json")]);
  rmSync(join(directory, "gone"), { recursive: true });
  expect(
    await usageErrorOf(() => {
      files.write(["1", "2"]);
    }),
  ).toMatch(/gone\/b\.json cannot be written: ENOENT/);
  expect(read(join(directory, "a.json"))).toBe("before");
  expect(readdirSync(directory)).toEqual(["a.json"]);
});

test("a full device also fails the other reports", async () => {
  const directory = write("full", { "a.json": "before" });
  const files = new OutputFiles([join(directory, "a.json"), "/dev/full"]);
  expect(
    await usageErrorOf(() => {
      files.write(["1", "2"]);
    }),
  ).toMatch(/^\/dev\/full cannot be written: ENOSPC/);
  expect(read(join(directory, "a.json"))).toBe("before");
});
