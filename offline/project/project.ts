import { existsSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { z } from "zod";
import { UsageError } from "../errors.ts";
import type { Yaml } from "../../yaml/goYaml.ts";
import { schemaProblems } from "./schemaProblems.ts";
import { readYaml } from "./yamlFile.ts";

/** Any value. */
const yaml = z.custom<Yaml>(() => true);

const configItems = z.object({
  type: z.string(),
  get items() {
    return z.optional(configItems);
  },
});

const configDeclaration = z.object({
  type: z.enum(["string", "integer", "boolean", "array", "object"]).optional(),
  items: configItems.optional(),
  description: z.string().optional(),
  secret: z.boolean().optional(),
  default: yaml.optional(),
  value: yaml.optional(),
});

/** `key: value` is short for `key: {value: value}`. */
const configEntry = z.preprocess(
  (entry) => (typeof entry !== "object" || Array.isArray(entry) ? { value: entry } : (entry ?? {})),
  configDeclaration,
);

const projectFile = z.object({
  name: z
    .string()
    .regex(/^[\w.-]{1,100}$/, "must be 1 to 100 letters, digits, hyphens, underscores and periods"),
  main: z.string().nullish(),
  stackConfigDir: z.string().nullish(),
  runtime: z.union(
    [
      z.string(),
      z.object({ name: z.string(), options: z.record(z.string(), z.unknown()).nullish() }),
    ],
    "must be the name of a runtime, or an object with name and options",
  ),
  config: z
    .union([z.string(), z.record(z.string(), configEntry)], "must be an object of settings")
    .nullish(),
});

export type ConfigItems = z.infer<typeof configItems>;
export type ConfigDeclaration = z.infer<typeof configDeclaration>;

/** A Pulumi project, from its `Pulumi.yaml`. */
export interface Project {
  readonly name: string;
  /** Absolute. */
  readonly file: string;
  readonly directory: string;
  /** The directory in which the program runs: `main` if it is a directory. */
  readonly programDirectory: string;
  /** The entry point that the language host passes: `.` or a file in the program directory. */
  readonly entryPoint: string;
  readonly stackConfigDirectory: string;
  readonly runtime: NodeRuntime;
  readonly config: Readonly<Record<string, ConfigDeclaration>>;
}

/**
 * Options of Pulumi's Node.js runtime.
 *
 * @see https://www.pulumi.com/docs/iac/languages-sdks/javascript/#runtime-options
 */
export interface NodeRuntime {
  /** Whether Pulumi runs the program through ts-node. @default true */
  readonly typescript: boolean;
  readonly nodeArguments: readonly string[];
  readonly tsconfig?: string;
}

/**
 * The project of a directory or of the nearest directory above it, as the Pulumi CLI finds it. Only Node.js programs
 * are supported.
 *
 * @throws UsageError
 */
export function nearestProject(directory: string): Project {
  const start = resolve(directory);
  for (let root = start; ; root = dirname(root)) {
    const file = projectFileIn(root);
    if (file !== undefined) return readProject(root, file);
    if (root === dirname(root)) {
      throw new UsageError(
        `No Pulumi.yaml found in ${start} or a directory above it. Run this in a Pulumi project, or pass its directory.`,
      );
    }
  }
}

/**
 * The project of exactly this directory. Only Node.js programs are supported.
 *
 * @throws UsageError
 */
export function loadProject(directory: string): Project {
  const root = resolve(directory);
  const file = projectFileIn(root);
  if (file === undefined) {
    throw new UsageError(
      `${directory} is not a Pulumi project: no Pulumi.yaml found. Pass the directory that contains one.`,
    );
  }
  return readProject(root, file);
}

function projectFileIn(root: string): string | undefined {
  return ["Pulumi.yaml", "Pulumi.yml"].map((name) => join(root, name)).find(existsSync);
}

function readProject(root: string, file: string): Project {
  const parsed = projectFile.safeParse(readYaml(file));
  if (!parsed.success) {
    throw new UsageError(schemaProblems(file, parsed.error).join("\n"));
  }
  const { name, main, runtime, config, stackConfigDir } = parsed.data;
  return {
    name,
    file,
    directory: root,
    ...programOf(root, main ?? ""),
    stackConfigDirectory: resolve(
      root,
      stackConfigDir ?? (typeof config === "string" ? config : ""),
    ),
    runtime: nodeRuntime(file, runtime),
    config: typeof config === "string" ? {} : (config ?? {}),
  };
}

function programOf(root: string, main: string): Pick<Project, "programDirectory" | "entryPoint"> {
  const path = resolve(root, main);
  if (!existsSync(path)) {
    throw new UsageError(
      `main: ${main} in ${root}/Pulumi.yaml does not exist. Set main to an existing file or directory.`,
    );
  }
  return statSync(path).isDirectory()
    ? { programDirectory: path, entryPoint: "." }
    : { programDirectory: dirname(path), entryPoint: basename(path) };
}

function nodeRuntime(file: string, runtime: z.infer<typeof projectFile>["runtime"]): NodeRuntime {
  const { name, options } = typeof runtime === "string" ? { name: runtime, options: {} } : runtime;
  if (name !== "nodejs") {
    throw new UsageError(
      `${file}: runtime ${name} is not supported; only nodejs programs run offline.`,
    );
  }
  const { tsconfig, nodeargs } = options ?? {};
  return {
    typescript: options?.["typescript"] !== false,
    nodeArguments: typeof nodeargs === "string" ? splitArguments(nodeargs) : [],
    ...(typeof tsconfig === "string" ? { tsconfig } : {}),
  };
}

/** Splits words as a shell does, with single and double quotes. */
function splitArguments(line: string): string[] {
  return [...line.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g)].map(([word]) =>
    word.replace(/["']/g, ""),
  );
}
