import { readFileSync } from "node:fs";
import { parse, stringify } from "yaml";

/** The address of an API server and the credentials of a client. */
export interface Credentials {
  readonly server: string;
  /** Base64-encoded PEM. */
  readonly certificateAuthority: string;
  readonly token: string;
}

export function kubeconfigOf({ server, certificateAuthority, token }: Credentials): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "loopback",
    clusters: [
      {
        name: "loopback",
        cluster: { server, "certificate-authority-data": certificateAuthority },
      },
    ],
    users: [{ name: "admin", user: { token } }],
    contexts: [{ name: "loopback", context: { cluster: "loopback", user: "admin" } }],
  });
}

/** Reads a kubeconfig that `kubeconfigOf` wrote. */
export function credentialsIn(file: string): Credentials {
  const { clusters, users } = parse(readFileSync(file, "utf8")) as {
    readonly clusters: readonly [
      {
        readonly cluster: {
          readonly server: string;
          readonly "certificate-authority-data": string;
        };
      },
    ];
    readonly users: readonly [{ readonly user: { readonly token: string } }];
  };
  const { server, "certificate-authority-data": certificateAuthority } = clusters[0].cluster;
  return { server, certificateAuthority, token: users[0].user.token };
}
