import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import type { Config } from "./settings.ts";

const ajv = new Ajv({ strict: false });
const schema = JSON.parse(readFileSync("schemas/stack.schema.json", "utf8")) as object;
const isValid = ajv.compile(schema);

/** Whether an editor underlines nothing in a stack file with this configuration. */
export function editorAccepts(config: Config): boolean {
  return isValid({ config: JSON.parse(JSON.stringify(config)) as unknown });
}
