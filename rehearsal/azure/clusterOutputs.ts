import { isObject } from "../../offline/plan/values.ts";
import type { Properties, Value } from "../../offline/plan/values.ts";
import { newestFor } from "./offeredRevisions.ts";
import { guidOf, lastOf, suffixOf } from "./identifiers.ts";
import { CALLER } from "./accounts.ts";

/** The outputs that AKS adds to a cluster: identities, addresses, the node resource group, and the chosen revision. */
export function clusterOutputs(
  id: string,
  inputs: Properties,
  { day }: { readonly day: string },
): Properties {
  const location = textOf(inputs["location"]);
  const prefix = textOf(inputs["dnsPrefix"]);
  const [, , , , group = ""] = id.split("/");
  return {
    currentKubernetesVersion: patched(textOf(inputs["kubernetesVersion"])),
    fqdn: `${prefix}-${suffixOf(id, 8)}.hcp.${location}.azmk8s.io`,
    azurePortalFQDN: `${prefix}-${suffixOf(id, 8)}.portal.hcp.${location}.azmk8s.io`,
    nodeResourceGroup:
      inputs["nodeResourceGroup"] ?? `MC_${group}_${lastOf(id)}_${location}`.slice(0, 80),
    powerState: { code: "Running" },
    resourceUID: suffixOf(id, 24),
    ...identities(id, inputs),
    ...(flag(inputs, "oidcIssuerProfile", "enabled") && {
      oidcIssuerProfile: {
        enabled: true,
        issuerURL: `https://${location}.oic.prod-aks.azure.com/${CALLER.tenantId}/${guidOf(id)}/`,
      },
    }),
    ...addons(id, inputs),
    ...mesh(inputs, day),
  };
}

/** Requested as a list of IDs, identities are returned as a map with their details. */
function identities(id: string, inputs: Properties): Properties {
  const identity = objectOf(inputs["identity"]);
  const given = identity["userAssignedIdentities"];
  if (Array.isArray(given)) {
    const userAssignedIdentities = Object.fromEntries(
      (given as readonly Value[]).map((each) => [
        textOf(each),
        {
          principalId: guidOf(`principal of ${textOf(each)}`),
          clientId: guidOf(`client of ${textOf(each)}`),
        },
      ]),
    );
    return { identity: { ...identity, userAssignedIdentities } };
  }
  if (identity["type"] !== "SystemAssigned") return {};
  return {
    identity: {
      ...identity,
      principalId: guidOf(`principal of ${id}`),
      tenantId: CALLER.tenantId,
    },
  };
}

/** AKS creates an identity for each add-on that needs one. */
function addons(id: string, inputs: Properties): Properties {
  const profiles = objectOf(inputs["addonProfiles"]);
  return {
    addonProfiles: Object.fromEntries(
      Object.entries(profiles).map(([name, profile]) => [
        name,
        objectOf(profile)["enabled"] === true
          ? {
              ...objectOf(profile),
              identity: {
                resourceId: `${id}/identities/${name}`,
                clientId: guidOf(`client of ${name} of ${id}`),
                objectId: guidOf(`principal of ${name} of ${id}`),
              },
            }
          : (profile as Properties),
      ]),
    ),
  };
}

function mesh(inputs: Properties, day: string): Properties {
  const profile = objectOf(inputs["serviceMeshProfile"]);
  if (profile["mode"] !== "Istio") return {};
  const istio = objectOf(profile["istio"]);
  if (istio["revisions"] !== undefined) return {};
  const newest = newestFor(textOf(inputs["kubernetesVersion"]), day);
  if (newest === undefined) return {};
  return { serviceMeshProfile: { ...profile, istio: { ...istio, revisions: [newest] } } };
}

/** A minor version resolves to its newest patch. */
function patched(version: string): string {
  return /^\d+\.\d+$/.test(version) ? `${version}.0` : version;
}

function flag(inputs: Properties, profile: string, name: string): boolean {
  return objectOf(inputs[profile])[name] === true;
}

function objectOf(value: Value | undefined): Properties {
  return isObject(value) ? value : {};
}

function textOf(value: Value | undefined): string {
  return typeof value === "string" ? value : "";
}
