import { readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { UsageError } from "./errors.ts";
import type { Project } from "./project.ts";
import { schemaProblems } from "./schemaProblems.ts";
import { parseYaml, readYaml } from "./yamlFile.ts";

const stackFile = z.object({
  config: z.record(z.string(), z.json()).nullish(),
  encryptionsalt: z.string().optional(),
});

/** A stack's settings, from its `Pulumi.<stack>.yaml`. */
export interface StackFile {
  readonly stack: string;
  /** Where it was read: an absolute path, or the name that its text was given. Absent for a stack without a file. */
  readonly file?: string;
  readonly config: Readonly<Record<string, z.infer<ReturnType<typeof z.json>>>>;
  /** Salt and check value of a passphrase; absent with other secrets providers. */
  readonly encryptionSalt?: string;
}

/**
 * Picks the stack and reads its file. Without a name it is the only stack that has a file, or
 * `dev`; the CLI would use the stack that was selected last, which a fresh clone does not know.
 */
export function loadStackFile(
  project: Project,
  choice: { readonly stack?: string | undefined; readonly configFile?: string | undefined },
): StackFile {
  if (choice.configFile !== undefined) {
    return read(choice.stack ?? "dev", resolve(choice.configFile));
  }
  const present = stacksOf(project);
  const stack = choice.stack ?? (present.length === 1 ? present[0] : undefined) ?? "dev";
  const file = present.includes(stack)
    ? join(project.stackConfigDirectory, `Pulumi.${stack}.yaml`)
    : undefined;
  if (file !== undefined) return read(stack, file);
  if (choice.stack === undefined && present.length === 0) return { stack, config: {} };
  throw new UsageError(
    `Stack ${stack} has no Pulumi.${stack}.yaml in ${project.stackConfigDirectory}. ` +
      (present.length === 0
        ? "Leave --stack out to preview without a stack file."
        : `Use --stack with one of: ${present.join(", ")}.`),
  );
}

function stacksOf(project: Project): string[] {
  if (statSync(project.stackConfigDirectory, { throwIfNoEntry: false })?.isDirectory() !== true) {
    return [];
  }
  return readdirSync(project.stackConfigDirectory)
    .flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? [])
    .sort();
}

/**
 * The settings of a stack from the text of a stack file that lies somewhere else, under the name of that place.
 *
 * @throws UsageError
 */
export function parseStackFile(stack: string, text: string, name: string): StackFile {
  return stackFileOf(stack, parseYaml(text, name), name);
}

function read(stack: string, file: string): StackFile {
  return stackFileOf(stack, readYaml(file), file);
}

function stackFileOf(stack: string, content: unknown, file: string): StackFile {
  const parsed = stackFile.safeParse(content ?? {});
  if (!parsed.success) {
    throw new UsageError(schemaProblems(file, parsed.error).join("\n"));
  }
  const { config, encryptionsalt } = parsed.data;
  return {
    stack,
    file,
    config: config ?? {},
    ...(encryptionsalt === undefined ? {} : { encryptionSalt: encryptionsalt }),
  };
}
