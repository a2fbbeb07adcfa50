import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The directory of this project's own pack: in a checkout its sources, in an installation the package of the same
 * version.
 *
 * @param home the checkout or installation
 */
export function ownPack(home: string): string {
  const sources = join(home, "policy");
  return existsSync(sources)
    ? sources
    : dirname(require.resolve("aks-istio-policies/package.json"));
}
