import type { z } from "zod";
import { LOCATION, locationProblem, locationWarning } from "./location/location.ts";
import { ownKeys, strayKeyProblems } from "./core/ownKeys.ts";
import { foundText, pathText, valueAt } from "./core/path.ts";
import type { Step } from "./core/path.ts";
import type { Values } from "./core/partialValues.ts";
import { isUnshown } from "./core/pem.ts";
import { reservedKeys } from "./core/reservedKeys.ts";
import { violations } from "./rules.ts";
import type { Violation } from "./core/violation.ts";
import { Shape } from "./schema.ts";
import type { Settings } from "./schema.ts";
import { isSensitive, quotable, secretViolations } from "./core/secrets.ts";
import { isBetweenKeys } from "./core/unions.ts";
import { corrected } from "./core/typos.ts";
import type { UnknownKey } from "./core/typos.ts";
import { warnings } from "./warnings.ts";
import { generalRule } from "./core/wording.ts";

/** The configuration of a stack as the engine passes it to the program. */
export interface Configuration {
  /** The text of every key; maps and lists are JSON. */
  readonly values: Readonly<Record<string, string>>;
  /** Whether any part of a key's value is encrypted in the stack file. */
  readonly isSecret: (key: string) => boolean;
  /** The name of the project, which is the namespace of its keys. */
  readonly project: string;
}

/** The settings and their warnings, or a line for each problem. */
export type ParsedSettings =
  | { readonly settings: Settings; readonly warnings: readonly string[] }
  | { readonly problems: readonly string[] };

/** Parses the settings of a stack, or reports every problem of its configuration at once. */
export function parseSettings(configuration: Configuration): ParsedSettings {
  const { project, isSecret } = configuration;
  const keys = ownKeys(configuration.values, project);
  const given = Object.fromEntries([...keys].map(([key, { value }]) => [key, value]));
  const { values: repaired, rules: typos, asWritten } = corrected(given, unknownKeys);
  const values = { ...EMPTY, ...repaired };
  const written = ([key = ""]: readonly Step[]) => keys.get(String(asWritten([key])[0]));
  const secretKeys = Object.keys(repaired).filter((key) => {
    const { fullKey } = written([key]) ?? {};
    return fullKey !== undefined && isSecret(fullKey);
  });

  const found = (steps: readonly Step[]): string => {
    const value = valueAt(values, steps);
    // A misspelt httpsKey still holds a secret, even if it resembles another key.
    if (asWritten(steps).at(-1) !== steps.at(-1)) return "found (not shown: the key is mistyped)";
    const [key = ""] = steps;
    // Pulumi only tells whether any part of a key is encrypted, not which part.
    const inSecret = secretKeys.includes(String(key)) && steps.length > 1 && !isSensitive(steps);
    if (inSecret && value !== undefined) return `found (not shown: ${key} holds a secret)`;
    return foundText(value, secretKeys.includes(String(key)) || isSensitive(steps));
  };
  const path = (steps: readonly Step[]): string => {
    const [, ...rest] = asWritten(steps);
    const { namespace = project, key = String(asWritten(steps)[0]) } = written(steps) ?? {};
    return pathText(namespace, [key, ...rest]);
  };
  const line = ({ steps, rule, hideValue }: Violation): string =>
    `${path(steps)}: ${hideValue === true ? "" : `${found(steps)}; `}${rule}`;
  const shape = Shape.safeParse(values, { error: generalRule });
  const quoted = quotable(values, secretKeys);
  const location = configuration.values[LOCATION] ?? "";
  const broken = [
    ...typos.map(({ steps, rule }) => ({ steps, rule, hideValue: true })),
    ...shapeViolations(shape.error?.issues ?? [], values, quoted),
    ...violations(quoted, location),
    ...secretViolations(values, secretKeys),
  ];
  const saidOf = new Set(broken.map(({ steps }) => path(steps)));
  const unsaid = reservedKeys(values).filter(({ steps }) => !saidOf.has(path(steps)));
  const problems = [
    ...locationProblems(configuration),
    ...strayKeyProblems(configuration.values, project),
    ...[...broken, ...unsaid].map(line),
  ].sort();
  if (!shape.success || problems.length > 0) return { problems };
  const settings = { ...shape.data, location };
  const region = locationWarning(location);
  return {
    settings,
    warnings: [
      ...(region === undefined
        ? []
        : [`${LOCATION}: found ${JSON.stringify(location)}; ${region}`]),
      ...warnings(settings).map(line),
    ],
  };
}

function locationProblems({ values, isSecret }: Configuration): readonly string[] {
  const location = values[LOCATION] ?? "";
  if (location === "") {
    const elsewhere = Object.keys(values).find(
      (key) => key !== LOCATION && /:(location|region)$/i.test(key),
    );
    const hint = elsewhere === undefined ? "" : `; ${elsewhere} does not set it`;
    return [
      `${LOCATION}: missing; must be an Azure region, such as westeurope; it has no default${hint}`,
    ];
  }
  const secret = isSecret(LOCATION);
  const rules = [
    ...(secret ? ["is not a secret; set it without --secret"] : []),
    ...[locationProblem(location)].filter((rule) => rule !== undefined),
  ];
  return rules.map((rule) => `${LOCATION}: ${foundText(location, secret)}; ${rule}`);
}

/** Present by default: a missing inner setting is then reported by its own path. */
const EMPTY = { cluster: {}, mesh: {}, namespaces: {}, workloads: {}, access: {} };

/** The keys that the schema does not have. */
function unknownKeys(values: Values): readonly UnknownKey[] {
  const { error } = Shape.safeParse(values, { error: generalRule });
  return (error?.issues ?? []).flatMap((issue) =>
    issue.code === "unrecognized_keys" ? unknownKeysOf(issue) : [],
  );
}

function unknownKeysOf(issue: z.core.$ZodIssueUnrecognizedKeys): readonly UnknownKey[] {
  const rules = issue.message.split("\n");
  return issue.keys.map((key, index) => ({
    at: stepsOf(issue),
    key,
    rule: rules[index] ?? issue.message,
  }));
}

/** @param quoted The values that a rule between keys may quote. */
function shapeViolations(
  issues: readonly z.core.$ZodIssue[],
  values: Values,
  quoted: Values,
): readonly Violation[] {
  const told = issues.filter(
    (issue) => !isBetweenKeys(issue) || Object.hasOwn(quoted, String(issue.path[0])),
  );
  return told.flatMap((issue): readonly Violation[] =>
    issue.code === "unrecognized_keys"
      ? // The value of an unknown key is not shown: a misspelt httpsKey still holds a secret.
        unknownKeysOf(issue).map(({ at, key, rule }) => ({
          steps: [...at, key],
          rule,
          hideValue: true,
        }))
      : [
          {
            steps: stepsOf(issue),
            rule: issue.message,
            hideValue:
              isUnshown(issue) ||
              (isBetweenKeys(issue) && valueAt(values, stepsOf(issue)) !== undefined),
          },
        ],
  );
}

function stepsOf({ path }: z.core.$ZodIssue): readonly Step[] {
  return path.filter((step) => typeof step !== "symbol");
}
