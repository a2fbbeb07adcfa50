import { parseSettings } from "../../settings/parse.ts";
import type { ParsedSettings } from "../../settings/parse.ts";
import type { Settings } from "../../settings/schema.ts";

/** A stack file's `config` in the form in which the engine passes it to a program. */
export type Config = Readonly<Record<string, unknown>>;

export const ADMINISTRATOR = "0d0ffe9a-6d0b-4d0c-8c57-3d1d7a9a4b11";

/** The minimal settings of a stack. */
export const LEAST = {
  "azure-native:location": "westeurope",
  "aks-istio:cluster": {
    kubernetesVersion: "1.35",
    apiServer: { authorizedIPRanges: ["198.51.100.0/24"] },
  },
  "aks-istio:mesh": { revision: "asm-1-30" },
  "aks-istio:access": { administrators: [ADMINISTRATOR] },
};

/** The minimal Flux settings. */
export const APPS = { apps: { path: "./apps" } };

export function handedOver(config: Config): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

export function parsed(config: Config, secrets: readonly string[] = []): ParsedSettings {
  return parseSettings({
    values: handedOver(config),
    isSecret: (key) => secrets.includes(key),
    project: "aks-istio",
  });
}

export function problemsOf(config: Config, secrets?: readonly string[]): readonly string[] {
  const result = parsed(config, secrets);
  return "problems" in result ? result.problems : [];
}

export function accepted(config: Config, secrets?: readonly string[]): Settings {
  const result = parsed(config, secrets);
  if ("problems" in result) throw new Error(result.problems.join("\n"));
  return result.settings;
}

/** The minimal configuration with one key changed: fields are set, or removed if undefined. */
export function withKey(key: string, fields: unknown): Config {
  const before = Object.entries(LEAST).find(([each]) => each === `aks-istio:${key}`)?.[1];
  const merged =
    typeof fields === "object" && fields !== null && typeof before === "object"
      ? { ...before, ...fields }
      : fields;
  return { ...LEAST, [`aks-istio:${key}`]: merged };
}
