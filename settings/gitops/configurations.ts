import { isMap, valueAt } from "../core/path.ts";
import type { Step } from "../core/path.ts";
import type { Values } from "../core/partialValues.ts";

/** A Flux configuration as written, which may be invalid. */
export interface Written {
  /** Its name in Azure, and the beginning of the names of its objects. */
  readonly name: string;
  readonly steps: readonly Step[];
  /** The value of a setting of it. */
  readonly at: (...steps: readonly Step[]) => unknown;
  readonly kustomizations: readonly string[];
}

/** The name of the platform's own configuration. */
export const OWN = "gitops";

/** The platform's own configuration and the others. */
export function configurationsIn(values: Values): readonly Written[] {
  const others = valueAt(values, ["gitops", "configurations"]);
  return [
    { name: OWN, steps: ["gitops"] },
    ...(isMap(others) ? Object.keys(others) : []).map((name) => ({
      name,
      steps: ["gitops", "configurations", name],
    })),
  ]
    .filter(({ steps }) => isMap(valueAt(values, steps)))
    .map(({ name, steps }) => {
      const at = (...inner: readonly Step[]) => valueAt(values, [...steps, ...inner]);
      const kustomizations = at("kustomizations");
      return {
        name,
        steps,
        at,
        kustomizations: isMap(kustomizations) ? Object.keys(kustomizations) : [],
      };
    });
}
