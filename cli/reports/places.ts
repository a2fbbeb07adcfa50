import type { Plan, PlannedResource } from "../../offline/plan/plan.ts";
import { nameOf } from "../../offline/plan/urn.ts";
import type { Urn } from "../../offline/plan/urn.ts";
import { fieldsIn } from "../../yaml/fieldPath.ts";
import type { Place } from "../output/problems.ts";
import type { StackFilePositions } from "../stack/stackFilePositions.ts";
import { settingsBehind } from "./settingOf.ts";
import type { Unjudged } from "./summary.ts";

/** A stack file by its path relative to the project's directory. */
export interface StackFile {
  readonly file: string;
  readonly positions: StackFilePositions;
}

/** Where the resources of a plan come from: the lines that created them, and the settings or manifests behind them. */
export class Places {
  readonly #plan: Plan;
  readonly #stackFile: StackFile | undefined;
  readonly #resources: ReadonlyMap<Urn, PlannedResource>;

  constructor(plan: Plan, stackFile?: StackFile) {
    this.#plan = plan;
    this.#stackFile = stackFile;
    this.#resources = new Map(
      [...plan.resources, ...plan.contents].map((resource) => [resource.urn, resource]),
    );
  }

  /** `Namespace shop (index.ts:12)`: kind, name, and the setting, the field of a manifest or the line it comes from. */
  whereIs(urn: Urn | undefined, message = ""): string {
    if (urn === undefined) return "the stack";
    const resource = this.#resources.get(urn);
    if (resource === undefined) return nameOf(urn);
    const kind = resource.type.split(":").at(-1) ?? resource.type;
    const field = fieldOf(resource, message);
    const place = this.settingOf(urn, message) ?? this.lineOf(urn);
    const at = field === undefined ? place && `${place.file}:${place.line}` : written(field);
    return `${kind} ${resource.name}${at === undefined ? "" : ` (${at})`}`;
  }

  /** The same for an item that was not judged, which need not be a resource. */
  whatIs({ what, urn, reason, place }: Unjudged): string {
    if (place !== undefined) return written(place);
    const isKnown = urn !== undefined && this.#resources.has(urn);
    return isKnown ? this.whereIs(urn, reason) : (what ?? this.whereIs(urn, reason));
  }

  /**
   * What a user can edit: the field of a manifest, or the setting in the stack file that a finding comes from, if this
   * project's own program read it.
   */
  settingOf(urn: Urn | undefined, message: string): Place | undefined {
    const resource = urn === undefined ? undefined : this.#resources.get(urn);
    const field = resource && fieldOf(resource, message);
    const stackFile = this.#stackFile;
    if (field !== undefined || stackFile === undefined) return field;
    for (const [key, ...steps] of settingsBehind(this.#resources, urn, message)) {
      const position = stackFile.positions.at(`${this.#plan.project}:${key}`, steps);
      if (position !== undefined) return { file: stackFile.file, ...position };
    }
    return undefined;
  }

  /** The setting that a message names. */
  mentionedIn(message: string): Place | undefined {
    const position = this.#stackFile?.positions.mentionedIn(message);
    return this.#stackFile && position && { file: this.#stackFile.file, ...position };
  }

  /** The line that created a resource; if unknown, the line that created its closest ancestor. */
  lineOf(urn: Urn | undefined): Place | undefined {
    let resource = urn === undefined ? undefined : this.#resources.get(urn);
    while (resource !== undefined) {
      const source = sourceOf(resource);
      if (source !== undefined) return source;
      resource = this.#resources.get(resource.parent);
    }
    return undefined;
  }
}

function sourceOf({ sourcePosition = "" }: PlannedResource): Place | undefined {
  const [, file, line, column] = /^project:\/\/\/(.*)#(\d+),(\d+)$/.exec(sourcePosition) ?? [];
  return file === undefined ? undefined : { file, line: Number(line), column: Number(column) };
}

/** The field of a manifest that a message names, or its object. */
function fieldOf({ origin }: PlannedResource, message: string): Place | undefined {
  const [steps = []] = fieldsIn(message);
  return origin?.at(steps);
}

/** Manifests may have several fields in a line. */
function written({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}
