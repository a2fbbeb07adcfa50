import { z } from "zod";

/**
 * How the mesh redirects traffic to its sidecars, as in ARM. It does not follow from other settings: a mesh keeps the
 * mechanism that it was created with through every upgrade, unless an operator switches it.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-cni
 */
export const ProxyRedirection = z
  .enum(["CNIChaining", "InitContainers"])
  .optional()
  .describe(
    "How the mesh redirects traffic to its sidecars; stating it changes nothing. CNIChaining for a mesh created with asm-1-30 or later, or switched to it; InitContainers for an older one. Required if a namespace of the mesh has podSecurity baseline or restricted.",
  );
