import type { Plan } from "../../../offline/plan/plan.ts";
import { isUnknown, redactSecrets } from "../../../offline/plan/values.ts";
import type { Value } from "../../../offline/plan/values.ts";
import type { Places } from "../../reports/places.ts";
import { stackOutputs } from "../../reports/summary.ts";
import { markup } from "../markup.ts";
import type { Anchors } from "./anchors.ts";
import { linked } from "./judgement.ts";
import type { Section } from "./section.ts";
import { table } from "./table.ts";

/** What policies changed before the rules ran; undefined if nothing. */
export function remediatedSection(
  { remediations }: Plan,
  anchors: Anchors,
  places: Places,
): Section | undefined {
  if (remediations.length === 0) return undefined;
  const rows = remediations.map(({ policy, urn, description, diagnostic }) => [
    policy,
    linked(anchors.of(urn), places.whereIs(urn)),
    diagnostic === undefined ? description : `It failed: ${diagnostic}`,
  ]);
  return {
    ...{ id: "remediated", title: "Remediated by policies", count: remediations.length },
    body: table("What policies changed", ["policy", "resource", "change"], rows),
  };
}

/** The outputs of the stack; undefined if it has none. */
export function outputsSection(plan: Plan): Section | undefined {
  const outputs = Object.entries(redactSecrets(stackOutputs(plan)));
  if (outputs.length === 0) return undefined;
  const rows = outputs.map(([name, value]) => [
    markup`<b>${name}</b>`,
    markup`<code>${shown(value)}</code>`,
  ]);
  return {
    ...{ id: "outputs", title: "Outputs", count: outputs.length },
    body: table("The outputs of the stack", ["name", "value"], rows),
  };
}

/** What the program and the packs said; undefined if nothing. */
export function messagesSection({ diagnostics }: Plan, places: Places): Section | undefined {
  if (diagnostics.length === 0) return undefined;
  const items = diagnostics.map(({ severity, message }) => {
    const place = severity === "warning" ? places.mentionedIn(message) : undefined;
    const at = place === undefined ? "" : `${place.file}:${place.line}: `;
    return markup`<li class="lines"><b>${severity === "info#err" ? "info" : severity}:</b> ${at}${message.trimEnd()}</li>\n`;
  });
  return {
    ...{ id: "messages", title: "Messages", count: diagnostics.length },
    body: markup`<ul class="findings">\n${items}</ul>\n`,
  };
}

function shown(value: Value): string {
  return isUnknown(value)
    ? "[unknown]"
    : JSON.stringify(value, (_, part: Value) => (isUnknown(part) ? "[unknown]" : part));
}
