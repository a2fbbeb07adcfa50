import { UsageError, messageOf } from "../offline/errors.ts";
import { readText } from "../offline/project/textFile.ts";

/** In bytes; a plan of 50,000 resources has less. */
const LARGEST_PLAN = 256 * 1024 * 1024;

/**
 * What a file with a plan contains, as `preview --json` or Pulumi writes it.
 *
 * @throws UsageError if it is not JSON
 */
export function planJson(file: string): unknown {
  const text = readText(file, LARGEST_PLAN);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is not valid JSON: ${messageOf(error)}`);
  }
}
