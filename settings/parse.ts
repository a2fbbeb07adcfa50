import type { z } from "zod";
import { clusterWarnings } from "./clusterRules.ts";
import { foundText, isMap, pathText, valueAt } from "./paths.ts";
import { violations } from "./rules.ts";
import type { Violation } from "./rules.ts";
import { Shape } from "./schema.ts";
import { isSensitive, quotable, secretViolations } from "./secrets.ts";
import { warnings } from "./warnings.ts";
import { generalRule } from "./wording.ts";

/** Everything that a stack is configured with: complete, checked, defaults filled in. */
export interface Settings extends z.output<typeof Shape> {
  /** The Azure region, from `azure-native:location`. */
  readonly location: string;
}

/** The configuration of a stack as the engine hands it to the program. */
export interface Configuration {
  /** The text of every key, which is JSON where the value is a map or a list. */
  readonly values: Readonly<Record<string, string>>;
  /** Whether any part of a key's value is encrypted in the stack file. */
  readonly isSecret: (key: string) => boolean;
  /** The name of the project, under which its own keys stand. */
  readonly project: string;
}

/** The settings with what is worth a warning, or else a line for everything that is wrong. */
export type ParsedSettings =
  | { readonly settings: Settings; readonly warnings: readonly string[] }
  | { readonly problems: readonly string[] };

/** The settings of a stack, or else all that is wrong with its configuration, in one report. */
export function parseSettings(configuration: Configuration): ParsedSettings {
  const { project, isSecret } = configuration;
  const values = valuesOf(configuration);
  const secretKeys = Object.keys(values).filter((key) => {
    const fullKey = `${project}:${key}`;
    return Object.hasOwn(configuration.values, fullKey) && isSecret(fullKey);
  });
  const shape = Shape.safeParse(values, { error: generalRule });

  const line = ({ steps, rule, aside }: Violation): string => {
    const secret = secretKeys.includes(String(steps[0])) || isSensitive(steps);
    const found = aside === true ? "" : `${foundText(valueAt(values, steps), secret)}; `;
    return `${pathText(project, steps)}: ${found}${rule}`;
  };
  const location = configuration.values["azure-native:location"] ?? "";
  const problems = [
    ...(location === "" ? [NO_LOCATION] : []),
    ...[
      ...shapeViolations(shape.error?.issues ?? []),
      ...violations(quotable(values, secretKeys)),
      ...secretViolations(values, secretKeys),
    ].map(line),
  ].sort();
  if (!shape.success || problems.length > 0) return { problems };
  const settings = { ...shape.data, location };
  return { settings, warnings: [...clusterWarnings(settings), ...warnings(settings)].map(line) };
}

const NO_LOCATION =
  "azure-native:location: missing; must be an Azure region, such as westeurope: nothing but the stack file decides where things are";

/** What must be there for the settings within to be asked for by name. */
const EMPTY = { cluster: {}, mesh: {}, namespaces: {}, workloads: {}, access: {} };

/** What a stack can do without; what it says of one of them has to be complete. */
const OPTIONAL = ["gitops", "certificates"];

/** The project's own keys with their values; what is no JSON stays the text that it is. */
function valuesOf({ values, project }: Configuration): Record<string, unknown> {
  const own = Object.entries(values)
    .filter(([key]) => key.startsWith(`${project}:`))
    .map(([key, text]) => [key.slice(project.length + 1), parsedJson(text)] as const)
    // A key that nobody set is an empty map, by the default in Pulumi.yaml.
    .filter(([key, value]) => !OPTIONAL.includes(key) || !isEmptyMap(value));
  return { ...EMPTY, ...Object.fromEntries(own) };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isEmptyMap(value: unknown): boolean {
  return isMap(value) && Object.keys(value).length === 0;
}

function shapeViolations(issues: readonly z.core.$ZodIssue[]): readonly Violation[] {
  return issues.flatMap((issue): Violation[] => {
    const steps = issue.path.filter((step) => typeof step !== "symbol");
    if (issue.code !== "unrecognized_keys") return [{ steps, rule: issue.message }];
    // The value under an unknown key is not shown: a misspelt httpsKey is a secret all the same.
    const rules = issue.message.split("\n");
    return issue.keys.map((key, index) => ({
      steps: [...steps, key],
      rule: rules[index] ?? issue.message,
      aside: true,
    }));
  });
}
