import { z } from "zod";
import {
  Duration,
  IPv4Range,
  KubernetesVersion,
  NodeCount,
  ObjectId,
  Plan,
  RepositoryUrl,
  Revision,
  VmSize,
  keys,
  list,
  text,
} from "./leaves.ts";

const cluster = keys({
  kubernetesVersion: KubernetesVersion,
  supportPlan: Plan.default("KubernetesOfficial"),
  apiServer: keys(
    {
      /** An empty list lets every address reach the API server: an opening that somebody has to type. */
      authorizedIPRanges: list(
        IPv4Range,
        "must list the IPv4 ranges that may reach the API server, or be [] to let every address",
      ).max(200),
    },
    "must say in authorizedIPRanges which IPv4 ranges may reach the API server",
  ),
  /** Empty in a region that has no availability zones. */
  zones: list(z.enum(["1", "2", "3"])).default(["1", "2", "3"]),
  systemPool: keys({
    vmSize: VmSize.default("Standard_D4ds_v5"),
    minCount: NodeCount.min(1).default(3),
    maxCount: NodeCount.min(1).default(5),
  }).prefault({}),
  userPools: z
    .record(
      z.string(),
      keys({
        vmSize: VmSize.default("Standard_D4ds_v5"),
        minCount: NodeCount.min(0).default(3),
        maxCount: NodeCount.min(1).default(10),
      }),
    )
    .prefault({ apps: {} }),
});

const mesh = keys({
  revision: Revision,
  ingressGateways: list(z.enum(["Internal", "External"])).default([]),
});

const namespace = keys({
  mesh: z.boolean().default(true),
  podSecurity: z.enum(["privileged", "baseline", "restricted"]).optional(),
});

const workload = keys({
  namespace: text("must name one of the namespaces of the stack"),
});

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
  cluster,
  mesh,
  namespaces: z.record(z.string(), namespace),
  workloads: z.record(z.string(), workload),
  gitops: gitops.optional(),
  access,
});
