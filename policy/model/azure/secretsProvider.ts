import { addonProfiles } from "./addonProfiles.ts";
import type { AksCluster } from "./cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Read } from "../../engine/cursor.ts";

/** ARM's name for the add-on that reads Key Vault. */
export const SECRETS_PROVIDER = "azureKeyvaultSecretsProvider";

/** Whether the add-on that reads Key Vault is enabled, and whether it rotates secrets. */
export function secretsProvider({ resource, provider }: AksCluster): {
  readonly enabled: Read<boolean>;
  readonly rotates: Read<boolean>;
  readonly where: string;
} {
  if (provider === "classic") {
    const place = resource.inputs.at("keyVaultSecretsProvider");
    const fields = place.keys();
    return {
      enabled: fields instanceof Unknown ? fields : fields && true,
      rotates: place.at("secretRotationEnabled").flag(),
      where: place.path,
    };
  }
  const profiles = addonProfiles(resource.inputs, SECRETS_PROVIDER);
  const path = resource.inputs.at("addonProfiles", SECRETS_PROVIDER).path;
  if (profiles instanceof Unknown) return { enabled: profiles, rotates: undefined, where: path };
  const [profile] = profiles;
  const rotation = profile?.at("config", "enableSecretRotation").text();
  return {
    enabled: profile?.at("enabled").flag(),
    rotates: rotation instanceof Unknown ? rotation : rotation === "true",
    where: profile?.path ?? path,
  };
}
