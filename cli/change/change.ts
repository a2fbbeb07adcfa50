import type { PlannedResource, PolicyViolation } from "../../offline/plan/plan.ts";
import { STACK_TYPE, providerUrn } from "../../offline/plan/urn.ts";
import type { StackIdentity, Urn } from "../../offline/plan/urn.ts";
import { mapTexts } from "../../offline/plan/values.ts";
import type { Properties, Value } from "../../offline/plan/values.ts";
import type { Unjudged } from "../reports/summary.ts";
import { notJudgedTurn, violationTurn } from "./findings.ts";
import type { Turn } from "./findings.ts";
import { matchesOf } from "./matches.ts";
import type { Match } from "./matches.ts";
import type { PropertyPath } from "./propertyPath.ts";
import { isIgnored, mayReplace } from "./replacement.ts";
import { revisionStepWarning } from "./revisionStep.ts";
import type { Side } from "./side.ts";
import { treeOrder } from "./treeOrder.ts";
import { compareProperties } from "./valueChanges.ts";
import type { ValueChange } from "./valueChanges.ts";

/** What differs between two plans of a stack. Resources follow what they are below. */
export interface Change {
  readonly added: readonly ChangedOne[];
  readonly removed: readonly ChangedOne[];
  readonly changed: readonly ChangedResource[];
  /** The secrets that could not be compared, because a file of a plan does not contain them. */
  readonly uncompared: readonly { readonly urn: Urn; readonly path: PropertyPath }[];
  readonly violations: Turn<PolicyViolation>;
  readonly notJudged: Turn<Unjudged>;
}

export interface ChangedOne {
  readonly resource: PlannedResource;
  /** Whether a tool behind a resource creates it, so that it is not a resource of the stack. */
  readonly isContent: boolean;
}

export interface ChangedResource extends ChangedOne {
  /** As it was; its URN differs if it is renamed or moved. */
  readonly before: PlannedResource;
  readonly properties: readonly PropertyChange[];
  /** Those of its options that change what a deployment does. */
  readonly options: readonly ValueChange[];
  /** What is dangerous about the change as a whole, beginning with a verb. */
  readonly warning?: string;
}

export interface PropertyChange extends ValueChange {
  /** Why the change may replace the resource, if that is known. */
  readonly mayReplace?: string;
  /** Whether the option ignoreChanges names it. */
  readonly isIgnored?: true;
}

/** Masks the secrets of both plans in a text: one may appear where it is not marked as secret. */
type Hide = (text: string) => string;

/** Compares two plans of the same stack. */
export function changeBetween(
  before: Side,
  after: Side,
  identity: StackIdentity,
  hide: Hide,
): Change {
  const matches = matchesOf(
    [...before.resources, ...before.contents],
    [...after.resources, ...after.contents],
    identity,
  );
  const urns = new Map(matches.map((match) => [match.before.urn, match.after.urn]));
  const now = (urn: Urn) => urns.get(urn) ?? urn;
  // What one plan says about a text may be a secret in the other.
  const hiddenIn = ({ violations, notJudged }: Side) => ({
    violations: violations.map((found) => ({ ...found, message: hide(found.message) })),
    notJudged: notJudged.map((item) => ({ ...item, reason: hide(item.reason) })),
  });
  const isBefore = new Set(matches.map((match) => match.before));
  const matchOf = new Map(matches.map((match) => [match.after, match]));
  const current = onesOf(after);
  const compared = current.flatMap(({ resource, isContent }) => {
    const match = matchOf.get(resource);
    return match === undefined ? [] : [compareResource(match, { isContent, now, hide })];
  });
  return {
    added: current.filter(({ resource }) => !matchOf.has(resource)),
    removed: onesOf(before).filter(({ resource }) => !isBefore.has(resource)),
    changed: compared.map(({ changed }) => changed).filter(differs),
    uncompared: compared.flatMap(({ changed: { resource }, uncompared }) =>
      uncompared.map((path) => ({ urn: resource.urn, path })),
    ),
    violations: violationTurn(hiddenIn(before).violations, hiddenIn(after).violations, now),
    notJudged: notJudgedTurn(hiddenIn(before).notJudged, hiddenIn(after).notJudged, now),
  };
}

function onesOf({ resources, contents }: Side): readonly ChangedOne[] {
  const isContent = new Set(contents);
  return treeOrder([...resources, ...contents]).map((resource) => ({
    resource,
    isContent: isContent.has(resource),
  }));
}

/** Whether nothing differs, neither resources nor findings. */
export function isEmpty({ added, removed, changed, violations, notJudged }: Change): boolean {
  const lists = [added, removed, changed, violations.begin, violations.cease];
  return [...lists, notJudged.begin, notJudged.cease].every(({ length }) => length === 0);
}

/** Whether a resource has another name or another type than before. */
export function isRenamed({ before, resource }: ChangedResource): boolean {
  return before.name !== resource.name || before.type !== resource.type;
}

/** Whether a resource has another URN with the same name and type: it is below another parent. */
export function isMoved(changed: ChangedResource): boolean {
  return changed.before.urn !== changed.resource.urn && !isRenamed(changed);
}

/** Whether the change may replace the resource, as far as that is known. */
export function mayBeReplaced({ properties }: ChangedResource): boolean {
  return properties.some(({ mayReplace }) => mayReplace !== undefined);
}

/** What a reader must see first about a change: that it may replace the resource, or is dangerous. */
export function attentionOf(changed: ChangedResource): readonly string[] {
  return [
    ...(changed.warning === undefined ? [] : ["dangerous"]),
    ...(mayBeReplaced(changed) ? ["may be replaced"] : []),
  ];
}

function differs({ before, resource, properties, options }: ChangedResource): boolean {
  return before.urn !== resource.urn || properties.length > 0 || options.length > 0;
}

function compareResource(
  { before, after }: Match,
  {
    isContent,
    now,
    hide,
  }: {
    readonly isContent: boolean;
    readonly now: (urn: Urn) => Urn;
    readonly hide: Hide;
  },
): { readonly changed: ChangedResource; readonly uncompared: readonly PropertyPath[] } {
  const { changes, uncompared } = compareProperties(shownOf(before), shownOf(after));
  const options = compareProperties(
    optionsOf(before, now),
    optionsOf(after, (urn) => urn),
  );
  const warning = revisionStepWarning({ before, after });
  return {
    changed: {
      resource: after,
      isContent,
      before,
      ...(warning === undefined ? {} : { warning: hide(warning) }),
      properties: changes.map((change) => hidden(propertyChange(after, change, isContent), hide)),
      options: options.changes.map((change) => hidden(change, hide)),
    },
    uncompared: uncompared.map((path) => hiddenPath(path, hide)),
  };
}

function hidden({ path, ...others }: PropertyChange, hide: Hide): PropertyChange {
  return { path: hiddenPath(path, hide), ...mapTexts(others, hide) };
}

/** A program may have made a secret a key, or the name of an item. */
function hiddenPath(path: PropertyPath, hide: Hide): PropertyPath {
  return path.map((step) => {
    if (typeof step === "number") return step;
    return typeof step === "string" ? hide(step) : { name: hide(step.name) };
  });
}

/** What a program says about a resource; of the stack itself, its outputs. */
function shownOf({ type, inputs, outputs }: PlannedResource): Properties {
  return type === STACK_TYPE ? outputs : inputs;
}

function propertyChange(
  resource: PlannedResource,
  change: ValueChange,
  isContent: boolean,
): PropertyChange {
  // A tool applies contents by rules of its own.
  if (isContent || !resource.custom) return change;
  if (isIgnored(resource, change.path)) return { ...change, isIgnored: true };
  const reason = mayReplace(resource, change.path);
  return reason === undefined ? change : { ...change, mayReplace: reason };
}

/** Dependencies only order a deployment, and aliases are what renames were recognized by. */
function optionsOf(resource: PlannedResource, now: (urn: Urn) => Urn): Properties {
  const { op, id, provider, options } = resource;
  const { protect, retainOnDelete, deleteBeforeReplace, deletedWith, customTimeouts } = options;
  const values: Readonly<Record<string, Value | undefined>> = {
    ...(op === "create" ? {} : { [op]: id ?? "" }),
    provider: provider === "" ? undefined : now(providerUrn(provider)),
    protect: protect || undefined,
    retainOnDelete: retainOnDelete || undefined,
    deleteBeforeReplace: deleteBeforeReplace === true || undefined,
    deletedWith: deletedWith === "" ? undefined : now(deletedWith),
    ignoreChanges: listed(options.ignoreChanges),
    replaceOnChanges: listed(options.replaceOnChanges),
    additionalSecretOutputs: listed(options.additionalSecretOutputs),
    customTimeouts: isSet(customTimeouts) ? { ...customTimeouts } : undefined,
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

/** A plan that was read from its file has no empty options. */
function isSet(timeouts: PlannedResource["options"]["customTimeouts"]): boolean {
  return timeouts !== undefined && Object.keys(timeouts).length > 0;
}

function listed(values: readonly string[]): Value | undefined {
  return values.length === 0 ? undefined : values;
}
