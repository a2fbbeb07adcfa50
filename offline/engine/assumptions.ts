import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { UsageError } from "../errors.ts";
import type { Yaml } from "../../yaml/goYaml.ts";
import { schemaProblems } from "../project/schemaProblems.ts";
import type { Properties } from "../plan/values.ts";
import { readYaml } from "../project/yamlFile.ts";
import { toJson } from "../../yaml/json.ts";

const ALLOWED = "an answers file may have invokes, reads, stackReferences and environment";

const properties = z.custom<Properties>(isMapping, "must be an object");

const assumptionsFile = z.strictObject(
  {
    invokes: byKey(
      z.array(
        z.strictObject(
          { args: properties.optional(), returns: properties },
          { error: unknownKey("an answer may have args and returns") },
        ),
        "must be a list of answers, each with returns and optional args",
      ),
    ).optional(),
    reads: byKey(byKey(properties)).optional(),
    stackReferences: byKey(properties).optional(),
    environment: z
      .custom<Record<string, Yaml>>(isMapping, "must be an object of settings")
      .optional(),
  },
  { error: unknownKey(ALLOWED) },
);

/** A record that accepts any key, including `__proto__` and `constructor`. */
function byKey<T extends z.ZodType>(value: T) {
  return z.preprocess(
    (record) => (isMapping(record) ? new Map(Object.entries(record)) : record),
    z.map(z.string(), value, "must be an object"),
  );
}

function unknownKey(rule: string) {
  return (issue: z.core.$ZodRawIssue) =>
    issue.code === "unrecognized_keys" ? `has no ${issue.keys.join(", ")}; ${rule}` : undefined;
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Answers that a deployment would get from a cloud. Everything else outside the program is unknown. docs/assumptions.md
 * describes the file.
 */
export class Assumptions {
  readonly #file: z.infer<typeof assumptionsFile>;
  /** Answers that were used, by their name in {@link unused}. */
  readonly #used = new Set<string>();

  private constructor(file: z.infer<typeof assumptionsFile>) {
    this.#file = file;
  }

  static none(): Assumptions {
    return new Assumptions({});
  }

  /** @throws UsageError */
  static fromFile(path: string): Assumptions {
    const parsed = assumptionsFile.safeParse(toJson(readYaml(path) ?? {}));
    if (parsed.success) return new Assumptions(parsed.data);
    throw new UsageError(schemaProblems(path, parsed.error).join("\n"));
  }

  /** The first answer whose arguments all match. */
  invoke(token: string, args: Properties): Properties | undefined {
    const answers = this.#file.invokes?.get(token) ?? [];
    const i = answers.findIndex(({ args: expected }) =>
      Object.entries(expected ?? {}).every(([key, value]) => isDeepStrictEqual(args[key], value)),
    );
    this.#used.add(invokeName(token, i));
    return answers[i]?.returns;
  }

  read(type: string, id: string): Properties | undefined {
    this.#used.add(readName(type, id));
    return this.#file.reads?.get(type)?.get(id);
  }

  stackReference(name: string): Properties | undefined {
    this.#used.add(stackName(name));
    return this.#file.stackReferences?.get(name);
  }

  /** The configuration that the stack's ESC environments add. */
  environment(): Readonly<Record<string, Yaml>> | undefined {
    this.#used.add("environment");
    return this.#file.environment;
  }

  /** Answers that were not used, in file order. */
  unused(): string[] {
    const { invokes, reads, stackReferences, environment } = this.#file;
    return [
      ...[...(invokes ?? [])].flatMap(([token, answers]) =>
        answers.map((_, i) => invokeName(token, i)),
      ),
      ...[...(reads ?? [])].flatMap(([type, byId]) =>
        [...byId.keys()].map((id) => readName(type, id)),
      ),
      ...[...(stackReferences?.keys() ?? [])].map(stackName),
      ...(environment === undefined ? [] : ["environment"]),
    ].filter((answer) => !this.#used.has(answer));
  }
}

function invokeName(token: string, i: number): string {
  return `invokes: ${token} (answer ${i + 1})`;
}

function readName(type: string, id: string): string {
  return `reads: ${type} ${id}`;
}

function stackName(name: string): string {
  return `stackReferences: ${name}`;
}
