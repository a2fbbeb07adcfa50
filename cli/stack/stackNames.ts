import { UsageError } from "../../offline/errors.ts";
import type { Project } from "../../offline/project/project.ts";
import { stacksOf } from "../../offline/project/stackFile.ts";

/**
 * The stacks that names and patterns mean, each once, in their order. In a pattern, `*` stands for any text and `?` for one
 * letter; it means the stacks that have a file.
 *
 * @throws UsageError for a pattern that means no stack
 */
export function stackNames(project: Project, given: readonly string[]): readonly string[] {
  const present = stacksOf(project);
  const names = given.flatMap((name) => {
    if (!/[*?]/.test(name)) return [name];
    const pattern = new RegExp(
      `^${name
        .replace(/[^*?\w]/g, String.raw`\$&`)
        .replaceAll("*", ".*")
        .replaceAll("?", ".")}$`,
    );
    const meant = present.filter((stack) => pattern.test(stack));
    if (meant.length > 0) return meant;
    throw new UsageError(
      `No stack of ${project.file} has a name like ${name}. It has: ${present.join(", ") || "none"}.`,
    );
  });
  return [...new Set(names)];
}
