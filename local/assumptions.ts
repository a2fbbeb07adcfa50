import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { UsageError } from "./errors.ts";
import { schemaProblems } from "./schemaProblems.ts";
import type { Properties } from "./values.ts";
import { readYaml } from "./yamlFile.ts";

const properties = z.record(z.string(), z.json());

const assumptionsFile = z.strictObject({
  invokes: z
    .record(
      z.string(),
      z.array(z.strictObject({ args: properties.optional(), returns: properties })),
    )
    .optional(),
  reads: z.record(z.string(), z.record(z.string(), properties)).optional(),
  stackReferences: z.record(z.string(), properties).optional(),
});

/**
 * What is taken for granted about the world outside the program, where a deployment would ask a
 * cloud. What is not assumed is unknown.
 *
 * ```yaml
 * invokes:            # by token; the first whose args are all met answers
 *   azure-native:authorization:getClientConfig:
 *     - returns: { tenantId: 11111111-2222-3333-4444-555555555555 }
 * reads:              # by type and id
 *   azure-native:resources:ResourceGroup:
 *     /subscriptions/…/resourceGroups/hub: { location: westeurope }
 * stackReferences:    # by full stack name: its outputs
 *   acme/network/prod: { subnetId: /subscriptions/… }
 * ```
 */
export class Assumptions {
  readonly #file: z.infer<typeof assumptionsFile>;

  private constructor(file: z.infer<typeof assumptionsFile>) {
    this.#file = file;
  }

  static none(): Assumptions {
    return new Assumptions({});
  }

  /** @throws UsageError */
  static fromFile(path: string): Assumptions {
    const parsed = assumptionsFile.safeParse(readYaml(path) ?? {});
    if (parsed.success) return new Assumptions(parsed.data);
    throw new UsageError(schemaProblems(path, parsed.error).join("\n"));
  }

  invoke(token: string, args: Properties): Properties | undefined {
    return this.#file.invokes?.[token]?.find(({ args: expected }) =>
      Object.entries(expected ?? {}).every(([key, value]) => isDeepStrictEqual(args[key], value)),
    )?.returns;
  }

  read(type: string, id: string): Properties | undefined {
    return this.#file.reads?.[type]?.[id];
  }

  stackReference(name: string): Properties | undefined {
    return this.#file.stackReferences?.[name];
  }
}
