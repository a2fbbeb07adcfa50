import { exceptionsSchema } from "../policy/engine/exceptions.ts";
import { meshCoverage } from "../policy/engine/meshCoverage.ts";
import { meshExceptions } from "../policy/engine/meshExceptions.ts";
import type { ConfigSchema, Metadata } from "../policy/engine/metadata.ts";
import { meshScope } from "../policy/engine/scope.ts";
import { version } from "../policy/package.json";
import { rules } from "../policy/rules.ts";

/** A policy that judges manifests. */
export interface CheckPolicy extends Metadata {
  readonly config: ConfigSchema<Record<string, unknown>>;
}

/** The name and the version of the pack. */
export const PACK = "aks-istio-policies";
export const PACK_VERSION = version;

/** The policy whose configuration describes the cluster. */
export const SCOPE = meshScope.name;

/** The policy that reports what could not be judged. */
export const COVERAGE = meshCoverage.name;

const names = [...rules.map(({ name }) => name), meshCoverage.name];

/** The policies that judge manifests, in the order in which the pack runs them. */
export const policies: readonly CheckPolicy[] = [
  { ...meshScope, config: { ...meshScope.config, exceptions: exceptionsSchema(names) } },
  ...rules,
  { ...meshCoverage, config: {} },
];

/** The policies that a configuration may name. An exception may be needed by another stack, so none is reported here. */
export const configurable: readonly CheckPolicy[] = [
  ...policies,
  { ...meshExceptions, config: {} },
];
