import type { Manifest } from "../../manifests/manifest.ts";
import { textAt, valueAt } from "../../operate/cluster/clusterObject.ts";
import { blocker } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { groupOf } from "./kinds.ts";

export const SAME_ROOT =
  "During the migration, workloads of both meshes can authenticate each other only if both have the same root.";

/** What signs the certificates of the own mesh, and what connects it with others. */
export function trustFindings(manifest: Manifest): readonly Finding[] {
  const { kind, object } = manifest;
  if (
    kind === "Secret" &&
    textAt(object, "metadata", "labels", "istio/multiCluster") !== undefined
  ) {
    return [
      blocker(
        [],
        "The secret lets istiod read another cluster, and the add-on does not support meshes of several clusters.",
        "Reach services of other clusters through their ingress gateways, with a ServiceEntry.",
      ),
    ];
  }
  if (isAuthority(manifest)) {
    return [
      blocker(
        [],
        `It is the certificate authority of the mesh, which the add-on reads from Azure Key Vault only. ${SAME_ROOT}`,
        "Create an intermediate certificate from the same root, store root-cert, ca-cert, ca-key and cert-chain in Key Vault, and enable the add-on with this plug-in CA. It cannot be set later.",
      ),
    ];
  }
  if (isIstioCsr(manifest)) {
    return [
      blocker(
        [],
        `istio-csr signs the certificates of the mesh in place of istiod, which the add-on does not support. ${SAME_ROOT}`,
        "Let cert-manager issue an intermediate certificate from the same root, store it in Key Vault, and enable the add-on with this plug-in CA. It cannot be set later.",
      ),
    ];
  }
  return [];
}

/** Whether an object makes the own mesh sign with a certificate authority of the user. */
export function signsCertificates(manifest: Manifest): boolean {
  return isAuthority(manifest) || isIstioCsr(manifest);
}

/** A sealed secret, or one from a vault, has the same name. */
function isAuthority({ kind, name }: Manifest): boolean {
  return name === "cacerts" && kind.endsWith("Secret");
}

function isIstioCsr(manifest: Manifest): boolean {
  const { kind, name = "", object } = manifest;
  const chart =
    textAt(object, "spec", "chart", "spec", "chart") ?? textAt(object, "spec", "source", "chart");
  if (chart === "cert-manager-istio-csr") return true;
  return (
    groupOf(manifest) === "apps" &&
    kind === "Deployment" &&
    (name === "cert-manager-istio-csr" ||
      valueAt(object, "metadata", "labels", "app.kubernetes.io/name") === "cert-manager-istio-csr")
  );
}
