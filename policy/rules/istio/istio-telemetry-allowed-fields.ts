import {
  telemetryFieldProblem,
  telemetryFields,
  telemetrySpecProblem,
} from "../../../mesh/telemetryFields.ts";
import type { TelemetryPart } from "../../../mesh/telemetryFields.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";
import { telemetries } from "../../model/istio/istioConfig.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";

const PARTS = Object.keys(telemetryFields) as readonly TelemetryPart[];

export const istioTelemetryAllowedFields = defineRule({
  name: "istio-telemetry-allowed-fields",
  displayName: "Telemetry objects contain only fields that the add-on allows",
  description:
    "A Telemetry contains only those fields of Istio's Telemetry API that the add-on allows. Its admission webhooks reject blocked fields, such as filter of accessLogging.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Remove the fields that the add-on blocks, and correct mistyped names. Below accessLogging, the add-on allows match, disabled and providers; below metrics, overrides and providers; below tracing, every field.",
  url: "https://learn.microsoft.com/azure/aks/istio-telemetry#telemetry-api-support-scope",
  tags: ["istio"],
  about: telemetries,
  unknown: "unjudged",
  wholeStack: true,
  *check(telemetry, { stack }) {
    yield* onAddonClusters(telemetry, stack, () => checkSpec(telemetry.at("spec")));
  },
});

function* checkSpec(spec: Cursor): Iterable<Finding> {
  yield* checkKeys(spec, telemetrySpecProblem);
  for (const part of PARTS) {
    const items = spec.at(part).items();
    if (items instanceof Unknown) yield items;
    else {
      for (const item of items ?? []) {
        yield* checkKeys(item, (field) => telemetryFieldProblem(part, field));
      }
    }
  }
}

function* checkKeys(
  place: Cursor,
  problemOf: (field: string) => string | undefined,
): Iterable<Finding> {
  const fields = place.keys();
  if (fields instanceof Unknown) yield fields;
  if (fields === undefined || fields instanceof Unknown) return;
  for (const field of fields) {
    const problem = problemOf(field);
    if (problem !== undefined) yield `${place.at(field).path}: ${problem}`;
  }
}
