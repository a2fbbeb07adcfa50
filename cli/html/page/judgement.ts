import { explanationOf } from "../../reports/explanation.ts";
import { webAddress } from "../../reports/markup.ts";
import type { Places } from "../../reports/places.ts";
import { pluralize } from "../../reports/summary.ts";
import type { ViolatedPolicy } from "../../reports/summary.ts";
import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";
import type { Anchors, Finding } from "./anchors.ts";
import type { Section } from "./section.ts";

/** The findings of mandatory policies; undefined if there are none. */
export function stoppingSection(anchors: Anchors, places: Places): Section | undefined {
  const { stopping } = anchors;
  if (stopping.length === 0) return undefined;
  return {
    ...{ id: "stops", title: "Stops the deployment", count: stopping.length },
    body: markup`${byPolicy(stopping).map((found) => policyOf(found, true, anchors, places))}`,
  };
}

/** The findings of advisory policies; undefined if there are none. */
export function adviceSection(anchors: Anchors, places: Places): Section | undefined {
  const { advising } = anchors;
  if (advising.length === 0) return undefined;
  return {
    ...{ id: "advice", title: "Advice", count: advising.length },
    body: markup`${byPolicy(advising).map((found) => policyOf(found, false, anchors, places))}`,
  };
}

/** What no policy could judge; undefined if there is nothing. */
export function notJudgedSection(anchors: Anchors, places: Places): Section | undefined {
  const { gaps } = anchors;
  if (gaps.length === 0) return undefined;
  const items = gaps.map(
    ({ anchor, item }) => markup`<li id="${anchor}">
<p><strong>${linked(anchors.of(item.urn), places.whatIs(item))}</strong>${item.stops ? markup` <span class="level stops">✕ stops the deployment</span>` : undefined}</p>
<p>${item.reason}</p>
${item.fix === undefined ? undefined : markup`<p><b>Fix:</b> ${item.fix}</p>`}</li>
`,
  );
  return {
    ...{ id: "not-judged", title: "Not judged", count: gaps.length },
    body: markup`<ul class="findings gaps">
${items}</ul>
`,
  };
}

/** The findings of each policy, in their order. */
function byPolicy(findings: readonly Finding[]): readonly (readonly Finding[])[] {
  const policies = [...new Set(findings.map(({ policy }) => policy))];
  return policies.map((policy) => findings.filter((one) => one.policy === policy));
}

function policyOf(
  findings: readonly Finding[],
  isOpen: boolean,
  anchors: Anchors,
  places: Places,
): Markup {
  const [first] = findings;
  if (first === undefined) return markup``;
  const { policy, severity, description, remediationSteps } = first.policy;
  const items = findings.map(
    ({
      anchor,
      urn,
      message,
    }) => markup`<li id="${anchor}"><p><strong>${linked(anchors.of(urn), places.whereIs(urn, message))}</strong></p>
<p class="lines">${message}</p></li>
`,
  );
  return markup`<details class="policy ${isOpen ? "stops" : "advises"}"${isOpen ? markup` open` : undefined}>
<summary><h3>${policy}</h3> <span class="level ${isOpen ? "stops" : "advises"}">${isOpen ? "✕ mandatory" : "! advisory"}</span> ${severity === undefined ? undefined : markup`<span class="muted">${severity} ·</span> `}<span class="muted number">${pluralize(findings.length, "finding")}</span></summary>
<p>${description}</p>
<ul class="findings">
${items}</ul>
${remediationSteps === undefined ? undefined : markup`<p class="lines"><b>Fix:</b> ${remediationSteps}</p>\n`}${moreAbout(first.policy)}</details>
`;
}

/** Where to read more about a policy. */
function moreAbout({ policy, pack, url }: ViolatedPolicy): Markup {
  const address = webAddress(url);
  const command = explanationOf(policy, pack);
  const parts = [
    ...(command === undefined ? [] : [markup`<code>${command}</code>`]),
    ...(address === undefined
      ? []
      : [markup`<a href="${address}" rel="noreferrer">${new URL(address).hostname}</a>`]),
  ];
  if (parts.length === 0) return markup``;
  const [one, other] = parts;
  return markup`<p><b>More:</b> ${one}${other === undefined ? undefined : markup`, ${other}`}</p>\n`;
}

/** A link to a place on the page, or only its text if there is none. */
export function linked(anchor: string | undefined, text: string): Markup {
  return anchor === undefined ? markup`${text}` : markup`<a href="#${anchor}">${text}</a>`;
}
