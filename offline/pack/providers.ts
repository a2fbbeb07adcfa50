import type { Config } from "../project/config.ts";
import type { PlannedResource } from "../plan/plan.ts";
import { STACK_TYPE, isProviderType, packageOf, providerUrn, urnOf } from "../plan/urn.ts";
import type { StackIdentity, Urn } from "../plan/urn.ts";
import type { Properties } from "../plan/values.ts";

/** The provider of a resource, as policies see it. */
export interface AnalyzedProvider {
  readonly type: string;
  readonly urn: Urn;
  readonly name: string;
  readonly properties: Properties;
}

/** A resource's explicit provider, or else the default provider with its stack configuration. */
export function providerOf(
  resource: PlannedResource,
  resources: ReadonlyMap<Urn, PlannedResource>,
  identity: StackIdentity,
  config: Config,
): AnalyzedProvider | undefined {
  const { type, custom, provider: reference } = resource;
  if (!custom || isProviderType(type) || type === STACK_TYPE) return undefined;
  const explicit = resources.get(providerUrn(reference));
  if (explicit !== undefined) return { ...explicit, properties: explicit.inputs };

  const name = packageOf(type);
  const prefix = `${name}:`;
  const settings = [...config]
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, { value }]) => [key.slice(prefix.length), value] as const);
  const providerType = `pulumi:providers:${name}`;
  return {
    type: providerType,
    urn: urnOf(identity, providerType, "default", ""),
    name: "default",
    properties: Object.fromEntries(settings),
  };
}
