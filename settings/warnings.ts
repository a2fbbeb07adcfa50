import { clusterWarnings } from "./cluster/warnings.ts";
import type { Violation } from "./core/violation.ts";
import { gatewayWarnings } from "./gateways/warnings.ts";
import { meshWarnings } from "./mesh/warnings.ts";
import { namespaceWarnings } from "./namespaces/warnings.ts";
import type { Settings } from "./schema.ts";

/** Settings that no rule refuses, but that may not be what the reader wants. */
export function warnings(settings: Settings): readonly Violation[] {
  return [
    ...clusterWarnings(settings),
    ...meshWarnings(settings),
    ...gatewayWarnings(settings),
    ...namespaceWarnings(settings),
  ];
}
