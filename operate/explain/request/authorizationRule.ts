import { listAt, textAt, valueAt } from "../../cluster/clusterObject.ts";
import type { AuthorizationContext } from "./authorizationContext.ts";
import { OPERATION, SOURCE, attributeOf, compare } from "./conditions.ts";
import type { Attribute } from "./conditions.ts";
import { textsAt } from "./objects.ts";
import { every, some } from "./reasoned.ts";
import type { Reasoned } from "./reasoned.ts";

const ANYTHING: Reasoned = { answer: "yes", because: "" };

/** What is compared: the name in messages, the attribute, its values, and whether the request must have none. */
type Condition = readonly [
  name: string,
  attribute: Attribute,
  values: readonly string[],
  isNegated: boolean,
];

/**
 * Whether a rule of an AuthorizationPolicy matches: one of its sources, one of its operations, and all of its
 * conditions. An empty rule matches everything.
 *
 * @param policy whether the policy allows, and its namespace. On connections other than HTTP, a rule about HTTP never
 *   allows, and a rule that denies applies without that condition. Service accounts without a namespace are in the
 *   policy's.
 * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/#Rule
 * @see https://github.com/istio/istio/blob/master/pilot/pkg/security/authz/model/model.go
 */
export function ruleMatches(
  rule: unknown,
  context: AuthorizationContext,
  { isAllow, namespace }: { readonly isAllow: boolean; readonly namespace: string },
): Reasoned {
  const meets = (conditions: readonly Condition[]): Reasoned =>
    every(
      conditions.map(([name, attribute, values, isNegated]) => {
        if (attribute.isHttp === true && context.call.protocol !== "HTTP") {
          return isAllow
            ? { answer: "no", because: `${name} applies only to HTTP, and the port is not HTTP` }
            : ANYTHING;
        }
        const whole = /service-?accounts?$/i.test(name)
          ? values.map((one) => (one.includes("/") ? one : `${namespace}/${one}`))
          : values;
        return compare(name, attribute, whole, context, isNegated);
      }),
    );
  const oneOf = (list: string, part: string, attributes: Readonly<Record<string, Attribute>>) => {
    const alternatives = listAt(rule, list);
    return alternatives.length === 0
      ? ANYTHING
      : some(
          alternatives.map((one) =>
            every([
              meets(conditionsOf(valueAt(one, part), attributes)),
              unknownFields(valueAt(one, part), attributes),
            ]),
          ),
        );
  };
  const when = listAt(rule, "when").flatMap((condition): readonly Condition[] => {
    const key = textAt(condition, "key") ?? "";
    return negatable(condition, key, "values", "notValues", attributeOf(key));
  });
  return every([oneOf("from", "source", SOURCE), oneOf("to", "operation", OPERATION), meets(when)]);
}

/** Fields of a later Istio may limit what a rule matches. */
function unknownFields(part: unknown, attributes: Readonly<Record<string, Attribute>>): Reasoned {
  const known = Object.keys(attributes).flatMap((field) => [field, negativeOf(field)]);
  const fields = Object.keys(part ?? {}).filter((field) => !known.includes(field));
  return fields.length === 0
    ? ANYTHING
    : { answer: "unknown", because: `${fields.join(" and ")} is not evaluated` };
}

function negativeOf(field: string): string {
  return `not${field.charAt(0).toUpperCase()}${field.slice(1)}`;
}

function conditionsOf(
  part: unknown,
  attributes: Readonly<Record<string, Attribute>>,
): readonly Condition[] {
  return Object.entries(attributes).flatMap(([field, attribute]) => {
    return negatable(part, field, field, negativeOf(field), attribute);
  });
}

function negatable(
  part: unknown,
  name: string,
  field: string,
  negative: string,
  attribute: Attribute,
): readonly Condition[] {
  const [wanted, unwanted] = [textsAt(part, field), textsAt(part, negative)];
  return [
    ...(wanted.length === 0 ? [] : [[name, attribute, wanted, false] as const]),
    ...(unwanted.length === 0 ? [] : [[name, attribute, unwanted, true] as const]),
  ];
}
