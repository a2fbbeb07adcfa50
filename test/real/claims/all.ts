import type { Claim } from "./claim.ts";
import { configurationClaims } from "./configuration.ts";
import { injectionClaims } from "./injection.ts";
import { meshClaims } from "./mesh.ts";
import { trafficClaims } from "./traffic.ts";

/** Every claim, by unique name. */
export const allClaims: readonly Claim[] = [
  ...configurationClaims,
  ...injectionClaims,
  ...meshClaims,
  ...trafficClaims,
];
