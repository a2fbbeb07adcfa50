import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import { holds } from "./labelMaps.ts";

/**
 * Whether a Kubernetes label selector selects objects with the given labels. All of `matchLabels` and
 * `matchExpressions` must match. An empty selector selects everything, an absent one nothing.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#resources-that-support-set-based-requirements
 */
export function selects(selector: Cursor, labels: Cursor): boolean | Unknown {
  const whole = selector.read();
  if (whole === undefined || whole instanceof Unknown) return whole ?? false;
  const expressions = selector.at("matchExpressions").items();
  if (expressions instanceof Unknown) return expressions;
  const answers = [
    holds(labels, selector.at("matchLabels")),
    ...(expressions ?? []).map((expression) => meets(labels, expression)),
  ];
  if (answers.includes(false)) return false;
  return answers.find((answer) => answer instanceof Unknown) ?? true;
}

function meets(labels: Cursor, expression: Cursor): boolean | Unknown {
  const key = expression.at("key").text();
  const operator = expression.at("operator").text();
  const values = expression.at("values").items();
  if (key instanceof Unknown) return key;
  if (operator instanceof Unknown) return operator;
  if (values instanceof Unknown) return values;
  const label = labels.at(key ?? "");
  const value = label.text();
  switch (operator ?? "") {
    case "In":
      return equal(label, values ?? []);
    case "NotIn":
      return not(equal(label, values ?? []));
    case "Exists":
      return value instanceof Unknown || value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      // Kubernetes rejects any other operator.
      return false;
  }
}

/** Whether a label is one of the values. */
function equal(label: Cursor, values: readonly Cursor[]): boolean | Unknown {
  const value = label.text();
  if (value === undefined || value instanceof Unknown) return value ?? false;
  const texts = values.map((one) => one.text());
  return texts.includes(value) || (texts.find((text) => text instanceof Unknown) ?? false);
}

function not(answer: boolean | Unknown): boolean | Unknown {
  return answer instanceof Unknown ? answer : !answer;
}
