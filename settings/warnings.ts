import { clusterWarnings } from "./cluster/warnings.ts";
import type { Violation } from "./core/violation.ts";
import { gatewayWarnings } from "./gateways/warnings.ts";
import { meshWarnings } from "./mesh/warnings.ts";
import { namespaceWarnings } from "./namespaces/warnings.ts";
import type { Settings } from "./schema.ts";

/** Warnings about valid settings that may be unintended. */
export function warnings(settings: Settings): readonly Violation[] {
  return [
    ...clusterWarnings(settings),
    ...meshWarnings(settings),
    ...gatewayWarnings(settings),
    ...namespaceWarnings(settings),
  ];
}
