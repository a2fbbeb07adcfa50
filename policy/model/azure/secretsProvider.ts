import { addonProfiles } from "./addonProfiles.ts";
import type { AksCluster } from "./cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Read } from "../../engine/cursor.ts";

/** The add-on that reads Key Vault, by ARM's name. */
export const SECRETS_PROVIDER = "azureKeyvaultSecretsProvider";

/** The add-on that reads Key Vault: whether it is on, and whether it looks for new versions. */
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
