import { relative, sep } from "node:path";
import { STDIN } from "../../manifests/readTree.ts";
import { UsageError } from "../../offline/errors.ts";
import { realPath } from "./realPath.ts";

/** Where a command would write. */
export interface OutputPath {
  /** The option that names it, such as `--out`. */
  readonly option: string;
  readonly path: string;
  /** Whether it may be the source itself, if there is only one. */
  readonly mayBeSource?: boolean;
}

/** @throws UsageError if the next run would read what this one writes */
export function requireOutside(
  { option, path, mayBeSource = false }: OutputPath,
  sources: readonly string[],
): void {
  const isInPlace = mayBeSource && sources.length === 1;
  const around = sources.find((source) => {
    const below = source === STDIN ? ".." : relative(realPath(source), realPath(path));
    if (below === "") return !isInPlace;
    return below.split(sep)[0] !== "..";
  });
  if (around === undefined) return;
  const orItself = isInPlace ? `, or ${around} itself` : "";
  throw new UsageError(
    `${option} ${path} is in ${around}, so the next run would read it. Pass a directory outside${orItself}.`,
  );
}
