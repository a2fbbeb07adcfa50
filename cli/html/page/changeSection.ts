import { attentionOf, isEmpty } from "../../change/change.ts";
import type { Change, ChangedOne, ChangedResource } from "../../change/change.ts";
import { changeLines, kindAndName } from "../../reports/changeLines.ts";
import { comparedWith } from "../../reports/comparison.ts";
import type { Comparison } from "../../reports/comparison.ts";
import type { Places } from "../../reports/places.ts";
import { pluralize } from "../../reports/summary.ts";
import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";
import type { Anchors } from "./anchors.ts";
import { linked } from "./judgement.ts";
import type { Section } from "./section.ts";

/** What differs from an earlier plan; undefined if there is none. */
export function changeSection(
  comparison: Comparison | undefined,
  anchors: Anchors,
  places: Places,
): Section | undefined {
  if (comparison === undefined) return undefined;
  const { change, notes } = comparison;
  const link = ({ resource: { urn } }: ChangedOne) => linked(anchors.of(urn), places.whereIs(urn));
  return {
    ...{ id: "changes", title: "What changes" },
    body: markup`<p>Compared with <code>${comparedWith(comparison)}</code>.</p>
${notes.map((note) => markup`<p>${note}</p>\n`)}${isEmpty(change) ? markup`<p>Nothing changes.</p>\n` : undefined}${list("New findings", begun(change, anchors, places))}${list("No longer reported", ceased(change))}${changedOnes(change.changed, link)}${list(
      "Removed",
      change.removed.map((one) => markup`${kindAndName(one.resource)}${contentMark(one)}`),
    )}${list(
      "Added",
      change.added.map((one) => markup`${link(one)}${contentMark(one)}`),
    )}${uncompared(change)}`,
  };
}

function begun({ violations, notJudged }: Change, anchors: Anchors, places: Places): Markup[] {
  return [
    ...violations.begin.map(
      ({ policy, enforcementLevel, urn, message }) =>
        markup`<b>${policy}</b> (${enforcementLevel}), ${linked(anchors.of(urn), places.whereIs(urn, message))}: ${message}`,
    ),
    ...notJudged.begin.map(
      (item) =>
        markup`<b>not judged</b>, ${linked(anchors.of(item.urn), places.whatIs(item))}: ${item.reason}`,
    ),
  ];
}

function ceased({ violations, notJudged }: Change): Markup[] {
  return [
    ...violations.cease.map(({ policy, message }) => markup`<b>${policy}</b>: ${message}`),
    ...notJudged.cease.map(
      ({ what, reason }) =>
        markup`<b>not judged</b>${what === undefined ? "" : `, ${what}`}: ${reason}`,
    ),
  ];
}

function list(title: string, items: readonly Markup[]): Markup | undefined {
  if (items.length === 0) return undefined;
  return markup`<h3>${title} <span class="muted number">${items.length}</span></h3>
<ul class="findings">
${items.map((item) => markup`<li class="lines">${item}</li>\n`)}</ul>
`;
}

function contentMark({ isContent }: ChangedOne): Markup | undefined {
  return isContent ? markup` <span class="muted">content</span>` : undefined;
}

function changedOnes(
  changed: readonly ChangedResource[],
  link: (one: ChangedOne) => Markup,
): Markup | undefined {
  if (changed.length === 0) return undefined;
  const [first, others] = [true, false].map((is) =>
    changed.filter((one) => attentionOf(one).length > 0 === is),
  );
  return markup`<h3>Changed <span class="muted number">${changed.length}</span></h3>
${[...(first ?? []), ...(others ?? [])].map(
  (
    one,
  ) => markup`<h4>${link(one)}${attentionOf(one).map((text) => markup` <span class="level stops">${text}</span>`)}${contentMark(one)}</h4>
<pre class="diff" role="region" aria-label="${kindAndName(one.resource)}" tabindex="0">${changeLines(one).map((line) => diffLine(line))}</pre>
`,
)}`;
}

/** Its sign says what it is, and not only its colour. */
function diffLine(line: string): Markup {
  const looks: Readonly<Record<string, string>> = { "-": "gone", "+": "new", "!": "note" };
  return markup`<span class="${looks[line.charAt(0)] ?? "same"}">${line}</span>\n`;
}

function uncompared({ uncompared: secrets }: Change): Markup | undefined {
  return secrets.length === 0
    ? undefined
    : markup`<p>${pluralize(secrets.length, "secret")} may have changed: the file of the earlier plan does not contain secrets.</p>\n`;
}
