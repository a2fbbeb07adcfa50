/** The identity of a resource: `urn:pulumi:<stack>::<project>::<parent types$type>::<name>`. */
export type Urn = string;

/** The type of the root resource of every program. */
export const STACK_TYPE = "pulumi:pulumi:Stack";

/** The type of the resource that reads the outputs of another stack. */
export const STACK_REFERENCE_TYPE = "pulumi:pulumi:StackReference";

export interface StackIdentity {
  readonly organization: string;
  readonly project: string;
  readonly stack: string;
}

/**
 * The URN of a resource. It contains the types of all ancestors except the root stack.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/resources/names/#urns
 */
export function urnOf(identity: StackIdentity, type: string, name: string, parent: Urn): Urn {
  const ancestors = parent === "" ? "" : qualifiedType(parent);
  const qualified = ancestors === "" || ancestors === STACK_TYPE ? type : `${ancestors}$${type}`;
  return `urn:pulumi:${identity.stack}::${identity.project}::${qualified}::${name}`;
}

/** The ancestors' types and the type, joined with `$`. */
function qualifiedType(urn: Urn): string {
  return urn.split("::")[2] ?? "";
}

/** The name, which may itself contain `::`. */
export function nameOf(urn: Urn): string {
  return urn.split("::").slice(3).join("::");
}

/** The package that manages a type: `kubernetes` of `kubernetes:core/v1:Namespace`. */
export function packageOf(type: string): string {
  const [first = "", , third = ""] = type.split(":");
  return type.startsWith("pulumi:providers:") ? third : first;
}

export function isProviderType(type: string): boolean {
  return type.startsWith("pulumi:providers:");
}

/** Splits a provider reference, `<urn>::<id>`. */
export function providerUrn(reference: string): Urn {
  return reference.slice(0, reference.lastIndexOf("::"));
}
