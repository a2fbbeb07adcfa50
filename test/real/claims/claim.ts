import type { Resource } from "../harness/cluster.ts";

/** What a rule of the policy pack says that comes of breaking it, as two states of the same objects. */
export interface Claim {
  /** Says what is broken, in words that a namespace can be called. */
  readonly name: string;
  readonly policy: string;
  /** Other rules that cannot but be broken with it. */
  readonly also?: readonly string[];
  /** Is about the mesh as a whole, so that it has a cluster to itself. */
  readonly aboutMesh?: boolean;
  readonly broken: readonly Resource[];
  readonly mended: readonly Resource[];
}

/** The title of its test. */
export function titleOf({ name, policy }: Claim, harm: string): string {
  return `${policy}${name === policy ? "" : `, ${name.replaceAll("-", " ")}`}: ${harm}`;
}

/** The mesh runs asm-1-29 and asm-1-30. */
export const REVISION = "asm-1-30";
export const JOINED = { "istio.io/rev": REVISION } as const;

export function namespace(
  name: string,
  labels: Readonly<Record<string, string>> = JOINED,
): Resource {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
}
