import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { writeManifests } from "../../../cli/manifests/manifestFiles.ts";
import type { Properties } from "../../../offline/plan/values.ts";
import { scratch, usageErrorOf } from "../../support/programs.ts";

const write = scratch({ packages: false });
const RECORD = ".aks-istio-render.json";
let made = 0;
const fresh = () => join(write(`out-${++made}`, {}), "deep/manifests");
const manifest = (path: string) => ({
  path,
  object: { kind: "ConfigMap", data: { key: "value" } },
});
const filesIn = (directory: string) =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .filter((name) => name !== RECORD)
    .sort();

const kustomization = (...resources: string[]) =>
  `# Written by \`aks-istio render\`; a later run replaces these files.
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
${resources.map((path) => `  - ${path}\n`).join("")}`;

test("objects are written with a kustomization that lists them in order", () => {
  const directory = fresh();
  writeManifests(directory, [manifest("2-b.yaml"), manifest("3-a.yaml")]);
  expect(readFileSync(join(directory, "2-b.yaml"), "utf8")).toBe(
    "kind: ConfigMap\ndata:\n  key: value\n",
  );
  expect(readFileSync(join(directory, "kustomization.yaml"), "utf8")).toBe(
    kustomization("2-b.yaml", `"3-a.yaml"`).replace("2-b.yaml", `"2-b.yaml"`),
  );
});

test.each(["../1-a.yaml", "a/../../1-a.yaml", "/1-a.yaml", "${a}/1-a.yaml", "a/b/c/1-a.yaml"])(
  "%s is refused, and nothing is written",
  async (path) => {
    const directory = fresh();
    const said = await usageErrorOf(() => {
      writeManifests(directory, [manifest(path)]);
    });
    expect(said).toContain(path);
    expect(existsSync(directory)).toBe(false);
  },
);

test("each folder has its own kustomization, so no cluster gets another one's objects", () => {
  const directory = fresh();
  writeManifests(directory, [
    manifest("blue/1-a.yaml"),
    manifest("blue/patches/2-b.yaml"),
    manifest("green/3-c.yaml"),
  ]);
  const read = (folder: string) =>
    readFileSync(join(directory, folder, "kustomization.yaml"), "utf8");
  expect(read("blue")).toBe(kustomization(`"1-a.yaml"`));
  expect(read("blue/patches")).toBe(kustomization(`"2-b.yaml"`));
  expect(read("green")).toBe(kustomization(`"3-c.yaml"`));
  expect(existsSync(join(directory, "kustomization.yaml"))).toBe(false);
});

test("long lines are not folded", () => {
  const directory = fresh();
  const line = "word ".repeat(60).trim();
  writeManifests(directory, [{ path: "1-a.yaml", object: { line } }]);
  expect(readFileSync(join(directory, "1-a.yaml"), "utf8")).toBe(`line: ${line}\n`);
});

test("no objects are an empty kustomization", () => {
  const directory = fresh();
  writeManifests(directory, []);
  expect(filesIn(directory)).toEqual(["kustomization.yaml"]);
});

describe("a second run", () => {
  test("removes the files of the first, and keeps others", () => {
    const directory = fresh();
    writeManifests(directory, [manifest("1-a.yaml"), manifest("blue/2-b.yaml")]);
    writeFileSync(join(directory, "README.md"), "mine");
    writeFileSync(join(directory, "blue/mine.yaml"), "mine: true\n");
    writeManifests(directory, [manifest("1-c.yaml")]);
    expect(filesIn(directory)).toEqual([
      "1-c.yaml",
      "README.md",
      "kustomization.yaml",
      "mine.yaml",
    ]);
  });

  test("removes folders that become empty", () => {
    const directory = fresh();
    writeManifests(directory, [manifest("blue/patches/1-a.yaml"), manifest("green/2-b.yaml")]);
    writeManifests(directory, [manifest("1-c.yaml")]);
    expect(readdirSync(directory).sort()).toEqual([RECORD, "1-c.yaml", "kustomization.yaml"]);
  });

  test("ignores paths that lead out of the directory", async () => {
    const directory = fresh();
    const outside = join(directory, "../../1-outside.yaml");
    writeManifests(directory, [manifest("1-a.yaml")]);
    writeFileSync(outside, "mine: true\n");
    const record = join(directory, RECORD);
    writeFileSync(record, JSON.stringify({ files: ["../../1-outside.yaml"] }));
    const said = await usageErrorOf(() => {
      writeManifests(directory, []);
    });
    expect(said).toBe(
      `${record} is damaged, so the files of an earlier run cannot be distinguished from others. Remove ${directory}, or pass another directory with --out.`,
    );
    expect(existsSync(outside)).toBe(true);
  });

  test("removes nothing behind a link", () => {
    const directory = fresh();
    writeManifests(directory, [manifest("blue/1-a.yaml"), manifest("green/2-b.yaml")]);
    const victim = write(`victim-${made}`, { "1-a.yaml": "mine: true\n" });
    rmSync(join(directory, "blue"), { recursive: true });
    symlinkSync(victim, join(directory, "blue"));
    writeManifests(directory, [manifest("1-c.yaml")]);
    expect(filesIn(victim)).toEqual(["1-a.yaml"]);
    expect(filesIn(directory)).toEqual(["1-c.yaml", "kustomization.yaml"]);
  });

  test("writes nothing behind a link", async () => {
    const directory = fresh();
    writeManifests(directory, [manifest("green/1-a.yaml")]);
    symlinkSync(write(`victim-${made}`, {}), join(directory, "blue"));
    expect(
      await usageErrorOf(() => {
        writeManifests(directory, [manifest("blue/1-a.yaml")]);
      }),
    ).toBe(`${directory}/blue is in the way: it is not a directory. Remove it.`);
    expect(filesIn(directory)).toEqual(["1-a.yaml", "kustomization.yaml"]);
  });

  test("replaces a file that became a link, but not its target", () => {
    const directory = fresh();
    const victim = join(write(`victim-${made}`, { file: "mine" }), "file");
    writeManifests(directory, [manifest("1-a.yaml")]);
    rmSync(join(directory, "1-a.yaml"));
    symlinkSync(victim, join(directory, "1-a.yaml"));
    writeManifests(directory, [manifest("1-a.yaml")]);
    expect(readFileSync(victim, "utf8")).toBe("mine");
    expect(lstatSync(join(directory, "1-a.yaml")).isFile()).toBe(true);
  });

  test("does not overwrite files that it did not write", async () => {
    const directory = fresh();
    writeManifests(directory, [manifest("1-a.yaml")]);
    writeFileSync(join(directory, "2-b.yaml"), "mine: true\n");
    expect(
      await usageErrorOf(() => {
        writeManifests(directory, [manifest("1-c.yaml"), manifest("2-b.yaml")]);
      }),
    ).toBe(
      `${directory}/2-b.yaml is in the way: no earlier run wrote it. Move it, or pass another directory with --out.`,
    );
    expect(filesIn(directory)).toEqual(["1-a.yaml", "2-b.yaml", "kustomization.yaml"]);
  });

  test("that fails halfway leaves the first unchanged, and the next run works", async () => {
    const directory = fresh();
    writeManifests(directory, [manifest("1-a.yaml")]);
    const before = readFileSync(join(directory, "1-a.yaml"), "utf8");
    const unwritable = {
      toJSON: () => {
        throw new Error("no space left");
      },
    };
    const broken = { path: "2-b.yaml", object: unwritable as unknown as Properties };
    const said = await usageErrorOf(() => {
      writeManifests(directory, [{ path: "1-a.yaml", object: { other: true } }, broken]);
    });
    expect(said).toBe(`${directory} cannot be written: no space left`);
    expect(readdirSync(directory).sort()).toEqual([RECORD, "1-a.yaml", "kustomization.yaml"]);
    expect(readFileSync(join(directory, "1-a.yaml"), "utf8")).toBe(before);
    writeManifests(directory, [manifest("1-c.yaml")]);
    expect(filesIn(directory)).toEqual(["1-c.yaml", "kustomization.yaml"]);
  });

  test("cleans up after one that was killed", () => {
    const directory = fresh();
    mkdirSync(join(directory, ".aks-istio-render-abc"), { recursive: true });
    writeManifests(directory, [manifest("1-a.yaml")]);
    expect(readdirSync(directory).sort()).toEqual([RECORD, "1-a.yaml", "kustomization.yaml"]);
  });
});

describe("a directory that cannot be created", () => {
  test.each(["", "  "])("is named in the error: %j", async (directory) => {
    expect(
      await usageErrorOf(() => {
        writeManifests(directory, []);
      }),
    ).toBe("--out is empty. Pass a directory.");
  });

  test("is explained if the file system is full", async () => {
    expect(
      await usageErrorOf(() => {
        writeManifests("/proc/x/y", []);
      }),
    ).toBe("/proc/x/y cannot be written: ENOENT: no such file or directory, mkdir '/proc/x'");
  });

  test("leaves nothing behind if writing fails", async () => {
    const home = write(`home-${++made}`, {});
    const name = `1-${"a".repeat(255)}.yaml`;
    const said = await usageErrorOf(() => {
      writeManifests(join(home, "a/b"), [manifest(name)]);
    });
    expect(said).toContain("ENAMETOOLONG");
    expect(readdirSync(home)).toEqual([]);
  });
});

describe("a directory is refused and left unchanged", () => {
  test.each([
    ["with other files", { "notes.txt": "mine" }],
    [
      "with another kustomization",
      { "kustomization.yaml": "resources:\n  - 1-a.yaml\n", "1-a.yaml": "mine: true\n" },
    ],
  ])("%s", async (_, files) => {
    const directory = write(`foreign-${++made}`, files);
    expect(
      await usageErrorOf(() => {
        writeManifests(directory, []);
      }),
    ).toBe(
      `${directory} is not empty and was not written by \`aks-istio render\`. Pass another directory with --out.`,
    );
    expect(filesIn(directory)).toEqual(Object.keys(files).sort());
  });

  test.each(["{", "{}", '{"files":["notes.txt"]}'])("whose record is damaged: %s", async (text) => {
    const directory = fresh();
    writeManifests(directory, [manifest("1-a.yaml")]);
    writeFileSync(join(directory, RECORD), text);
    expect(
      await usageErrorOf(() => {
        writeManifests(directory, []);
      }),
    ).toContain(`${RECORD} is damaged`);
    expect(filesIn(directory)).toEqual(["1-a.yaml", "kustomization.yaml"]);
  });

  test("that is a file", async () => {
    const directory = write("file", { out: "mine" });
    expect(
      await usageErrorOf(() => {
        writeManifests(join(directory, "out"), []);
      }),
    ).toBe(
      `${directory}/out cannot be written: ENOTDIR: not a directory, scandir '${directory}/out'`,
    );
  });
});
