import type { OfferedRevision } from "../../mesh/offeredRevision.ts";
import type { MeshRevision } from "../../mesh/revision.ts";

/** The Kubernetes versions from 1.`oldest` to 1.`newest`. */
export function versions(oldest: number, newest: number): readonly string[] {
  return Array.from({ length: newest - oldest + 1 }, (_, index) => `1.${oldest + index}`);
}

/** An offered revision that runs on the same versions under both plans. */
export function offered(
  revision: MeshRevision,
  [oldest, newest]: readonly [number, number],
  upgrades: readonly MeshRevision[] = [],
): OfferedRevision {
  const range = versions(oldest, newest);
  const kubernetes = { KubernetesOfficial: range, AKSLongTermSupport: range };
  return { revision, upgrades, kubernetes };
}

/** What Azure would offer on the day of the included catalog if both agree. */
export const AGREEING: readonly OfferedRevision[] = [
  offered("asm-1-28", [30, 35], ["asm-1-29", "asm-1-30"]),
  offered("asm-1-29", [31, 36], ["asm-1-30"]),
  offered("asm-1-30", [32, 36]),
];
