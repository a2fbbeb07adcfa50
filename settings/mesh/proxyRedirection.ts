import { z } from "zod";

/**
 * How the mesh redirects traffic to its sidecars, in ARM's words. No setting of the mesh tells: a mesh keeps what it
 * was created with through every upgrade, until somebody switches it by hand.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-cni
 */
export const ProxyRedirection = z.enum(["CNIChaining", "InitContainers"]).optional();
