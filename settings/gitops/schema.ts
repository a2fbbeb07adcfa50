import { z } from "zod";
import { Duration, REPOSITORY_RULE, keys, text } from "../core/scalars.ts";
import { alternatives } from "../core/unions.ts";
import { Extension } from "./extension.ts";
import { Kustomizations } from "./kustomization.ts";
import { REFERENCE_RULE, REPOSITORY } from "./repository.ts";
import { AzureBlob, Bucket, STORAGE_SECRETS } from "./storage.ts";

/** The keys of one Flux configuration: a source, and what Flux applies of it. */
const CONFIGURATION = {
  ...REPOSITORY,
  bucket: Bucket.optional().describe(
    "A bucket in S3, or in storage that speaks its protocol, instead of a Git repository.",
  ),
  azureBlob: AzureBlob.optional().describe(
    "A container of Azure Blob Storage instead of a Git repository, with exactly one kind of credentials.",
  ),
  kustomizations: Kustomizations,
  interval: Duration.prefault("10m").describe(
    "How often Flux looks for changes in the source and in the cluster.",
  ),
  timeout: Duration.prefault("10m").describe(
    "How long Flux waits for a step before it reports a failure.",
  ),
  waitForReconciliation: Duration.optional()
    .meta({ examples: ["30m"] })
    .describe(
      "How long a deployment waits until Flux has applied everything and it is ready; then it fails. Without it, the deployment does not wait.",
    ),
} as const;

const ONE_SOURCE = "must have exactly one source: url with reference, bucket or azureBlob; it has";

const SOURCES = [["url", "reference"], ["bucket"], ["azureBlob"]] as const;

const SOURCE_RULES = {
  none: `${ONE_SOURCE} none`,
  several: (given: readonly string[]) => `${ONE_SOURCE} ${given.join(" and ")}`,
  missing: { url: REPOSITORY_RULE, reference: REFERENCE_RULE },
};

const NAMESPACE_RULE = "must be the name of a namespace, such as team-a";

const Configuration = alternatives(
  keys({
    ...CONFIGURATION,
    namespace: text(NAMESPACE_RULE)
      .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, { error: NAMESPACE_RULE })
      .meta({ examples: ["team-a"] })
      .describe(
        "The namespace of its objects of Flux, which AKS creates if it does not exist. Each configuration has one of its own.",
      ),
    scope: z
      .enum(["namespace", "cluster"])
      .default("namespace")
      .describe("Whether it may change only its own namespace or the whole cluster."),
  }),
  SOURCES,
  SOURCE_RULES,
)
  .describe("A Flux configuration besides that of the platform.")
  .transform((given) => inSeconds(given));

/** The key `aks-istio:gitops`: Flux, the platform's configuration, and those of others. */
export const Gitops = alternatives(
  keys({
    ...CONFIGURATION,
    configurations: z
      .record(z.string().meta({ examples: ["team-a"] }), Configuration)
      .default({})
      .describe(
        "Further configurations of the cluster, by name: each with its own source, namespace and rights.",
      ),
    extension: Extension,
  }),
  SOURCES,
  SOURCE_RULES,
)
  .describe(
    "Flux v2, which applies what a source contains: a Git repository (url with reference), a bucket or a container of blobs (azureBlob). Without it, the cluster has no Flux.",
  )
  .transform((given) => inSeconds(given));

interface Durations {
  readonly interval: number;
  readonly timeout: number;
  readonly waitForReconciliation?: number | undefined;
}

/** Each member of a union with the durations in seconds. */
type InSeconds<Given> = Given extends unknown
  ? Omit<Given, keyof Durations> & {
      readonly intervalInSeconds: number;
      readonly timeoutInSeconds: number;
      readonly waitInSeconds: number | undefined;
    }
  : never;

/** Durations, by names that say their unit. */
function inSeconds<Given extends Durations>(given: Given): InSeconds<Given> {
  const { interval, timeout, waitForReconciliation, ...rest } = given;
  return {
    ...rest,
    intervalInSeconds: interval,
    timeoutInSeconds: timeout,
    waitInSeconds: waitForReconciliation,
  } as unknown as InSeconds<Given>;
}

const SECRETS = [["httpsKey"], ["sshPrivateKey"], ...STORAGE_SECRETS];

/** The secrets under this key. */
export const GITOPS_SECRETS: readonly (readonly string[])[] = [
  ["gitops"],
  ["gitops", "configurations", "*"],
].flatMap((configuration) => SECRETS.map((path) => [...configuration, ...path]));
