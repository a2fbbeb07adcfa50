import type { Resource } from "../harness/cluster.ts";

/** A rule's claim about the harm of a violation, as two states of the same objects. */
export interface Claim {
  /** Describes the violation; valid as the name of a namespace. */
  readonly name: string;
  readonly policy: string;
  /** Other rules that the broken state necessarily violates. */
  readonly also?: readonly string[];
  /** Whether it concerns the whole mesh and needs its own cluster. */
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
