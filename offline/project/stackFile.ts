import { readdirSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { z } from "zod";
import { closest } from "../../text/suggest.ts";
import { UsageError } from "../errors.ts";
import type { Yaml } from "../../yaml/goYaml.ts";
import type { Project } from "./project.ts";
import { schemaProblems } from "./schemaProblems.ts";
import { parseYaml, readYaml } from "./yamlFile.ts";

const SECTIONS = ["config", "environment", "secretsprovider", "encryptedkey", "encryptionsalt"];

const stackFile = z.looseObject({
  config: z.custom<Record<string, Yaml>>(isMapping, "must be an object of settings").nullish(),
  encryptionsalt: z.string().optional(),
  environment: z.custom<Yaml>(() => true).optional(),
});

/** A stack's settings, from its `Pulumi.<stack>.yaml`. */
export interface StackFile {
  readonly stack: string;
  /** Set if `--stack` names it. */
  readonly organization?: string;
  /** Its source: an absolute path, or the given name of its text. Absent for a stack without a file. */
  readonly file?: string;
  readonly config: Readonly<Record<string, Yaml>>;
  /** Salt and check value of the passphrase; absent with other secrets providers. */
  readonly encryptionSalt?: string;
  /** The ESC environments that add to the configuration; absent if there are none. */
  readonly environments?: readonly string[];
  /** Messages about probable typos that Pulumi ignores; absent if there are none. */
  readonly hints?: readonly string[];
}

/**
 * Chooses the stack and reads its file. Without a name, it is the stack that the file is named after, the only stack
 * that has a file, or `dev`. The CLI would use the last selected stack, which a fresh clone does not know.
 */
export function loadStackFile(
  project: Project,
  choice: { readonly stack?: string | undefined; readonly configFile?: string | undefined },
): StackFile {
  const { organization, name } = partsOf(choice.stack, project);
  const found = find(project, name, choice.configFile);
  return { ...found, ...(organization === undefined ? {} : { organization }) };
}

/**
 * A full name is `<organization>/<project>/<stack>` or `<organization>/<stack>`.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/stacks/#create-stack
 */
function partsOf(
  fullName: string | undefined,
  project: Project,
): { readonly organization?: string; readonly name?: string } {
  if (fullName === undefined) return {};
  const parts = fullName.split("/");
  const [name = "", ofProject, organization = ofProject] = [...parts].reverse();
  if (parts.length > 3 || parts.includes("")) {
    throw new UsageError(
      `Stack ${fullName} is not a valid stack name. Use <stack>, <organization>/<stack> or <organization>/<project>/<stack>.`,
    );
  }
  if (parts.length === 3 && ofProject !== project.name) {
    throw new UsageError(
      `Stack ${fullName} belongs to project ${ofProject ?? ""}, but ${project.file} is project ${project.name}.`,
    );
  }
  return { name, ...(organization === undefined ? {} : { organization }) };
}

function find(
  project: Project,
  name: string | undefined,
  configFile: string | undefined,
): StackFile {
  if (configFile !== undefined) {
    return read(project, name ?? stackNamedBy(configFile), resolve(configFile));
  }
  const present = stacksOf(project);
  const stack = name ?? (present.length === 1 ? present[0] : undefined) ?? "dev";
  const file = present.includes(stack)
    ? join(project.stackConfigDirectory, `Pulumi.${stack}.yaml`)
    : undefined;
  if (file !== undefined) return read(project, stack, file);
  if (name === undefined && present.length === 0) return { stack, config: {} };
  throw new UsageError(
    `Stack ${stack} has no Pulumi.${stack}.yaml in ${project.stackConfigDirectory}. ` +
      (present.length === 0
        ? "Omit --stack to preview without a stack file."
        : `Use --stack with one of: ${present.join(", ")}.`),
  );
}

/**
 * The stack that a file is named after: `prod` for `Pulumi.prod.yaml`, and `production` for `examples/production.yaml`;
 * `dev` if the name is not a valid stack name.
 */
export function stackNamedBy(file: string): string {
  const name = basename(file).replace(/^Pulumi\.(?=.+\.ya?ml$)|\.ya?ml$/g, "");
  return /^[\w.-]{1,100}$/.test(name) ? name : "dev";
}

/** The stacks of a project that have a file, by name. */
export function stacksOf(project: Project): string[] {
  if (statSync(project.stackConfigDirectory, { throwIfNoEntry: false })?.isDirectory() !== true) {
    return [];
  }
  return readdirSync(project.stackConfigDirectory)
    .flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? [])
    .sort();
}

/**
 * Parses the text of a stack file that was read elsewhere; `name` is its source in messages.
 *
 * @throws UsageError
 */
export function parseStackFile(stack: string, text: string, name: string): StackFile {
  return stackFileOf(stack, parseYaml(text, name), name);
}

function read(project: Project, stack: string, file: string): StackFile {
  return stackFileOf(stack, readYaml(file), file, project);
}

function stackFileOf(stack: string, content: Yaml, file: string, project?: Project): StackFile {
  const parsed = stackFile.safeParse(content ?? {});
  if (!parsed.success) {
    throw new UsageError(schemaProblems(file, parsed.error).join("\n"));
  }
  const { config, encryptionsalt, environment, ...others } = parsed.data;
  const environments = environmentsOf(environment);
  const hints = [
    ...sectionHints(Object.keys(others)),
    ...(project === undefined ? [] : namespaceHints(Object.keys(config ?? {}), project)),
  ].map((hint) => `${file}: ${hint}`);
  return {
    stack,
    file,
    config: config ?? {},
    ...(encryptionsalt === undefined ? {} : { encryptionSalt: encryptionsalt }),
    ...(environments.length === 0 ? {} : { environments }),
    ...(hints.length === 0 ? {} : { hints }),
  };
}

/** A list of names, or an inline definition that may import others. */
function environmentsOf(environment: Yaml | undefined): string[] {
  if (environment === undefined || environment === null) return [];
  const listed = isMapping(environment) ? (environment["imports"] ?? []) : environment;
  const imports = Array.isArray(listed) ? (listed as readonly Yaml[]) : [listed];
  const names = imports.map((name) =>
    isMapping(name) ? (Object.keys(name)[0] ?? "") : String(name as unknown),
  );
  const definesOwn =
    isMapping(environment) && Object.keys(environment).some((key) => key !== "imports");
  return definesOwn ? [...names, "the inline one in the stack file"] : names;
}

function sectionHints(sections: readonly string[]): string[] {
  return (
    sections
      // Pulumi ignores all other sections. The prefix x- marks one that is meant to be ignored, such as for YAML anchors.
      .filter((section) => !SECTIONS.includes(section) && !section.startsWith("x-"))
      .map((section) => {
        const ignored = `${section}: Pulumi ignores a section with this name`;
        if (section.includes(":")) return `${ignored}; indent it under config:`;
        const near = closest(section, SECTIONS);
        return near === undefined ? ignored : `${ignored}; did you mean ${near}?`;
      })
  );
}

/** Pulumi passes every namespace to providers, and most namespaces are read by none. */
function namespaceHints(keys: readonly string[], project: Project): string[] {
  return keys.flatMap((key) => {
    const [namespace = "", ...name] = key.split(":");
    const near =
      name.length > 0 && namespace !== project.name && closest(namespace, [project.name]);
    return near === undefined || near === false
      ? []
      : [
          `${key}: is not a setting of this project, whose keys begin with ${near}:; did you mean ${[near, ...name].join(":")}?`,
        ];
  });
}

function isMapping(value: unknown): value is Readonly<Record<string, Yaml>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
