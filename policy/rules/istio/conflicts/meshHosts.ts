import { wholeHost } from "../../../model/istio/hosts.ts";
import { virtualServices } from "../../../model/istio/istioConfig.ts";
import type { KubernetesObject } from "../../../model/kubernetes/objects.ts";
import { namespaceOf } from "../../../model/kubernetes/objectNamespace.ts";
import type { Finding } from "../../../engine/finding.ts";
import type { Stack } from "../../../engine/stack.ts";
import { rivalsOf } from "./claims.ts";
import type { Claims } from "./claims.ts";
import { seenTogether } from "../../../model/istio/exports.ts";
import { textsOf } from "../../../model/knownParts.ts";

/** Hosts that a VirtualService routes for the sidecars. */
const hosts: Claims = {
  kind: virtualServices,
  of: (virtualService, stack) => {
    if (!isForSidecars(virtualService)) return [];
    const { name } = namespaceOf(virtualService, stack);
    return textsOf(virtualService.at("spec", "hosts"))
      .map((host) => wholeHost(host, name))
      .filter((host) => host !== undefined);
  },
};

/**
 * Reports hosts that two VirtualServices route for the sidecars: Istio does not define which one it uses.
 *
 * @see https://istio.io/latest/docs/reference/config/analysis/ist0109/
 */
export function* checkMeshHosts(virtualService: KubernetesObject, stack: Stack): Iterable<Finding> {
  for (const { claim, by } of rivalsOf(virtualService, hosts, stack)) {
    if (!seenTogether(virtualService, by, stack)) continue;
    yield `${virtualService.at("spec", "hosts").path} contains ${claim}, but ${by.label} also routes it for the sidecars, and only one of the two takes effect. Merge them into one VirtualService.`;
  }
}

/** A VirtualService without gateways applies only to sidecars. */
function isForSidecars({ at }: KubernetesObject): boolean {
  const gateways = at("spec", "gateways");
  const written = gateways.read();
  if (written === undefined || (Array.isArray(written) && written.length === 0)) return true;
  return textsOf(gateways).includes("mesh");
}
