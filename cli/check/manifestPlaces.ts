import type { Judged } from "../../check/resources.ts";
import type { Origin } from "../../manifests/manifest.ts";
import type { Plan } from "../../offline/plan/plan.ts";
import type { Urn } from "../../offline/plan/urn.ts";
import { fieldsIn } from "../../yaml/fieldPath.ts";
import type { Place } from "../output/problems.ts";
import { Places } from "../reports/places.ts";
import type { Unjudged } from "../reports/summary.ts";

/** Where the objects of manifests are, and the fields that findings name. */
export class ManifestPlaces extends Places {
  readonly #origins: ReadonlyMap<Urn, Origin>;

  constructor(plan: Plan, judged: readonly Judged[]) {
    super(plan);
    this.#origins = new Map(judged.map(({ manifest, node }) => [node.urn, manifest.origin]));
  }

  /** The field that a message names, or the object. */
  override settingOf(urn: Urn | undefined, message: string): Place | undefined {
    const origin = urn === undefined ? undefined : this.#origins.get(urn);
    if (origin === undefined) return undefined;
    const [steps = []] = fieldsIn(message);
    return origin.at(steps);
  }

  override whatIs(item: Unjudged): string {
    return item.place === undefined ? super.whatIs(item) : this.written(item.place);
  }

  protected override written({ file, line, column }: Place): string {
    return `${file}:${line}:${column}`;
  }
}
