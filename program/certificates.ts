import { withTags } from "../components/azure/azureTags.ts";
import type { NodeOrigin } from "../components/cluster/clusterNetwork.ts";
import { MeshCertificates } from "../components/mesh/MeshCertificates.ts";
import type { Settings } from "../settings/schema.ts";

/** The vault with the CA of the mesh. */
export function meshCertificates(
  certificates: NonNullable<Settings["certificates"]>,
  { location, tags }: Pick<Settings, "location" | "tags">,
  nodes?: NodeOrigin,
): MeshCertificates {
  return new MeshCertificates("mesh-ca", { ...certificates, location, nodes }, withTags(tags));
}
