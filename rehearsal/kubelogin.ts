import { writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The credential of a client of an API server, as a credential plugin returns it.
 *
 * @see https://kubernetes.io/docs/reference/config-api/client-authentication.v1beta1/
 */
export interface ClientCredential {
  readonly token?: string;
  /** PEM */
  readonly clientCertificateData?: string;
  /** PEM */
  readonly clientKeyData?: string;
}

/**
 * Writes a `kubelogin` program that returns a credential without a login, into a directory for the PATH.
 *
 * @param before Shell commands that it runs first.
 */
export function writeKubelogin(directory: string, credential: ClientCredential, before = ""): void {
  const answer = JSON.stringify({
    apiVersion: "client.authentication.k8s.io/v1beta1",
    kind: "ExecCredential",
    status: credential,
  });
  const file = join(directory, "kubelogin");
  writeFileSync(file, `#!/bin/sh\n${before}cat <<'CREDENTIAL'\n${answer}\nCREDENTIAL\n`, {
    mode: 0o700,
  });
}
