import { isMoved, isRenamed } from "../change/change.ts";
import type { ChangedResource, PropertyChange } from "../change/change.ts";
import { pathText } from "../change/propertyPath.ts";
import type { ValueChange } from "../change/valueChanges.ts";
import { nameOf } from "../../offline/plan/urn.ts";
import type { PlannedResource } from "../../offline/plan/plan.ts";
import { lineDiff } from "./lineDiff.ts";
import { shownValue } from "./shownValue.ts";

/** A value is shown around its first difference, in at most so many characters. */
const MAX_VALUE = 200;
const BEFORE_DIFFERENCE = 40;

/** Longer texts are not compared line by line: the time grows with the product of their lines. */
const MAX_TEXT_LINES = 1_000;

/**
 * How a resource changes, as lines of a diff: `-` and `+` for what it loses and gains, `!` for what a reader must know,
 * and a blank for the rest. Foreign text is in them as it is.
 */
export function changeLines(changed: ChangedResource): readonly string[] {
  const { before, resource, options, properties, warning } = changed;
  return [
    ...(warning === undefined ? [] : [`! ${warning}`]),
    ...(isRenamed(changed) ? [`  was ${kindAndName(before)}`] : []),
    ...(isMoved(changed)
      ? [`- parent: ${parentOf(before)}`, `+ parent: ${parentOf(resource)}`]
      : []),
    ...options.flatMap((change) => valueLines(change, "option ")),
    ...properties.flatMap((change) => [...valueLines(change, ""), ...remarks(change)]),
  ];
}

/** `Namespace shop`, without the module of its type. */
export function kindAndName({ type, name }: PlannedResource): string {
  return `${type.split(":").at(-1) ?? type} ${name}`;
}

function parentOf({ parent }: PlannedResource): string {
  return parent === "" ? "none" : nameOf(parent);
}

function remarks({ mayReplace, isIgnored }: PropertyChange): readonly string[] {
  if (isIgnored === true) {
    return ["! has no effect on an existing resource: ignoreChanges names it"];
  }
  return mayReplace === undefined ? [] : [`! may replace the resource: ${mayReplace}`];
}

function valueLines({ path, before, after }: ValueChange, kind: string): readonly string[] {
  const name = `${kind}${pathText(path)}`;
  if (typeof before === "string" && typeof after === "string") {
    if (before === after) return [`  ${name}: changes, and is secret`];
    const text = textLines(name, before, after);
    if (text !== undefined) return text;
  }
  const [was, is] = excerpts(
    before === undefined ? undefined : shownValue(before),
    after === undefined ? undefined : shownValue(after),
  );
  return [
    ...(was === undefined ? [] : [`- ${name}: ${was}`]),
    ...(is === undefined ? [] : [`+ ${name}: ${is}`]),
  ];
}

/** The difference of texts of several lines. */
function textLines(name: string, before: string, after: string): readonly string[] | undefined {
  const [was, is] = [before, after].map((text) => text.split("\n").length);
  if (was === undefined || is === undefined || Math.max(was, is) === 1) return undefined;
  return Math.max(was, is) > MAX_TEXT_LINES
    ? [`  ${name}: changes, from a text of ${was} lines to one of ${is}`]
    : [`  ${name}:`, ...lineDiff(before, after)];
}

/** Both texts around their first difference. */
function excerpts(
  before: string | undefined,
  after: string | undefined,
): readonly (string | undefined)[] {
  const shared = before === undefined || after === undefined ? 0 : sharedStart(before, after);
  const start = Math.max(0, shared - BEFORE_DIFFERENCE);
  const isLong = [before, after].some((text = "") => text.length > MAX_VALUE);
  return [before, after].map((text) => {
    if (text === undefined || !isLong) return text;
    const end = start + MAX_VALUE;
    return `${start > 0 ? "…" : ""}${text.slice(start, end)}${text.length > end ? "…" : ""}`;
  });
}

function sharedStart(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}
