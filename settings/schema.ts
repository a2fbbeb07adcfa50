import { z } from "zod";
import { Certificates } from "./certificates.ts";
import { Cluster } from "./cluster.ts";
import { Gateways } from "./gateways.ts";
import { Duration, ObjectId, RepositoryUrl, keys, list, text } from "./leaves.ts";
import { Mesh } from "./mesh.ts";
import { Namespace, Workload } from "./namespaces.ts";
import { Observability } from "./observability.ts";

const gitops = keys({
  url: RepositoryUrl,
  reference: keys(
    {
      branch: text("must be the name of a branch").optional(),
      tag: text("must be the name of a tag").optional(),
      semver: text("must be a range of versions, such as >=1.2.0 <2.0.0").optional(),
      commit: text("must be the 40 digits of a commit")
        .regex(/^[0-9a-f]{40}$/, { error: "must be the 40 digits of a commit" })
        .optional(),
    },
    "must be one of branch, tag, semver or commit, such as { branch: main }",
  ),
  interval: Duration.prefault("10m"),
  timeout: Duration.prefault("10m"),
  httpsUser: text("must be a user name").optional(),
  httpsKey: text("must be a password or token").optional(),
  sshPrivateKey: text("must be a private key in PEM form").optional(),
  sshKnownHosts: text("must be lines of a known_hosts file").optional(),
}).transform(({ interval, timeout, ...rest }) => ({
  ...rest,
  intervalInSeconds: interval,
  timeoutInSeconds: timeout,
}));

const access = keys({
  administrators: list(
    ObjectId,
    "must list the object IDs of those who administer the cluster, with the identity that runs pulumi up",
  ).min(1, {
    error:
      "must name at least one object ID: with local accounts off, nobody else could enter the cluster",
  }),
  kubelogin: z.enum(["azurecli", "azd", "msi", "workloadidentity"]).default("azurecli"),
});

/** The keys under `aks-istio:`, each with its shape. `Pulumi.yaml` describes the same keys for `pulumi config`. */
export const Shape = keys({
  cluster: Cluster,
  mesh: Mesh,
  namespaces: z.record(z.string(), Namespace),
  workloads: z.record(z.string(), Workload),
  gateways: Gateways,
  certificates: Certificates.optional(),
  observability: Observability,
  gitops: gitops.optional(),
  access,
});
