import { z } from "zod";

/**
 * How the mesh redirects traffic to its sidecars, in ARM's words. No setting of the mesh tells: a mesh keeps what it
 * was created with through every upgrade, until somebody switches it by hand.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-cni
 */
export const ProxyRedirection = z
  .enum(["CNIChaining", "InitContainers"])
  .optional()
  .describe(
    "How the mesh redirects traffic to its sidecars; stating it changes nothing. CNIChaining for a mesh created with asm-1-30 or later, or switched to it; InitContainers for an older one. Required if a namespace of the mesh has podSecurity baseline or restricted.",
  );
