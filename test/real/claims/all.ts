import type { Claim } from "./claim.ts";
import { configurationClaims } from "./configuration.ts";
import { injectionClaims } from "./injection.ts";
import { meshClaims } from "./mesh.ts";

/** Every claim, by unique name. */
export const allClaims: readonly Claim[] = [
  ...configurationClaims,
  ...injectionClaims,
  ...meshClaims,
];
