import type { Plan, PlannedResource } from "../../offline/plan/plan.ts";
import { nameOf } from "../../offline/plan/urn.ts";
import type { Urn } from "../../offline/plan/urn.ts";
import type { Place } from "../output/problems.ts";
import type { StackFilePositions } from "../stack/stackFilePositions.ts";
import { settingsBehind } from "./settingOf.ts";
import type { Unjudged } from "./summary.ts";

/** A stack file by its path relative to the project's directory. */
export interface StackFile {
  readonly file: string;
  readonly positions: StackFilePositions;
}

/** Where the resources of a plan come from: the lines that created them, and the settings behind them. */
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

  /** `Namespace shop (index.ts:12)`: kind, name, and the setting or line it comes from. */
  whereIs(urn: Urn | undefined, message = ""): string {
    if (urn === undefined) return "the stack";
    const resource = this.#resources.get(urn);
    if (resource === undefined) return nameOf(urn);
    const kind = resource.type.split(":").at(-1) ?? resource.type;
    const place = this.settingOf(urn, message) ?? sourceOf(resource);
    return `${kind} ${resource.name}${place === undefined ? "" : ` (${this.written(place)})`}`;
  }

  protected written({ file, line }: Place): string {
    return `${file}:${line}`;
  }

  /** The same for an item that was not judged, which need not be a resource. */
  whatIs({ what, urn, reason }: Unjudged): string {
    return what ?? this.whereIs(urn, reason);
  }

  /** The setting in the stack file that a finding comes from, if this project's own program read it. */
  settingOf(urn: Urn | undefined, message: string): Place | undefined {
    const stackFile = this.#stackFile;
    if (stackFile === undefined) return undefined;
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
