import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import { fluxConfigurations } from "../../model/flux/flux.ts";
import type { FluxConfiguration } from "../../model/flux/flux.ts";
import { defineRule } from "../../engine/rule.ts";
import type { ConfigSchema } from "../../engine/metadata.ts";
import type { Finding } from "../../engine/finding.ts";
import { isCalledSecret, looksSecret } from "../../model/kubernetes/secretWords.ts";

interface Config {
  readonly productionStacks: readonly string[];
}

const config: ConfigSchema<Config> = {
  productionStacks: {
    type: "array",
    items: { type: "string", pattern: "^[A-Za-z0-9]+$", maxLength: 100 },
    maxItems: 20,
    uniqueItems: true,
    default: ["live", "prod", "production"],
    description:
      "Words by which the name of a stack shows that it is for production, such as those of orders-prod: there Flux follows no branch.",
  },
};

export const fluxSourcePinnedAndPrivate = defineRule<FluxConfiguration, Config>({
  name: "flux-source-pinned-and-private",
  displayName: "Flux sources are pinned and private",
  description:
    "A Flux configuration reads its repository over HTTPS or SSH, follows a tag or a commit in production, contains secrets only in protected settings, and sets its scope.",
  severity: "high",
  enforcementLevel: "advisory",
  remediationSteps:
    "Write url as https:// or ssh:// without a password, set scope and a namespace other than default, put keys into configurationProtectedSettings, and take secret values for manifests from a Secret with postBuild.substituteFrom.",
  url: "https://learn.microsoft.com/azure/azure-arc/kubernetes/gitops-flux2-parameters",
  tags: ["flux", "Kyverno:verify-flux-sources"],
  about: fluxConfigurations,
  unknown: "unjudged",
  config,
  *check(configuration, { config: { productionStacks } }) {
    yield* address(configuration);
    yield* bucket(configuration);
    yield* reference(configuration, productionStacks);
    yield* belonging(configuration);
    yield* variables(configuration);
  },
});

function* address(configuration: FluxConfiguration): Iterable<Finding> {
  const place = configuration.at("url");
  const url = place.text();
  if (url instanceof Unknown) yield url;
  if (url === undefined || url instanceof Unknown) return;
  // What stands before the host may be a secret, and is not repeated.
  const [, scheme = "", user = "", host = ""] =
    /^([a-z]+):\/\/(?:([^/@]*)@)?([^/:]+)/i.exec(url) ?? [];
  if (scheme !== "https" && scheme !== "ssh") {
    yield `${place.path} begins with ${scheme === "" ? "no scheme" : `${scheme}://`}, and neither HTTPS nor SSH protects what Flux reads. Write it as https:// or ssh://.`;
  } else if (scheme === "https" ? user !== "" : user.includes(":")) {
    yield `${place.path} carries a user or a password for ${host}, which whoever can read the configuration can read. Remove them, and give httpsUser, with httpsKey in configurationProtectedSettings.`;
  }
}

function* bucket(configuration: FluxConfiguration): Iterable<Finding> {
  const url = configuration.at("bucketUrl");
  if (url.read() === undefined) return;
  const place = configuration.at("bucketTls");
  const value = place.flag();
  const secure = configuration.provider === "native" ? false : true;
  if (value instanceof Unknown) yield value;
  // Azure's default is the one without TLS; the classic provider's the one with it.
  else if (value !== secure && !(secure && value === undefined)) {
    yield `${place.path} is ${value ?? "not set"}, so that the bucket is read without TLS. Set it to ${secure}.`;
  }
}

function* reference(
  configuration: FluxConfiguration,
  productionStacks: readonly string[],
): Iterable<Finding> {
  if (
    configuration.at("url").read() === undefined ||
    !isProduction(configuration, productionStacks)
  ) {
    return;
  }
  const followed = configuration.reference;
  if (followed instanceof Unknown) yield followed;
  else if (followed === undefined || followed.sort === "branch") {
    const is =
      followed === undefined
        ? "it names no reference, so that it follows a branch"
        : `${followed.place.path} follows a branch`;
    yield `${is}, and whatever is pushed there runs in production at once. Follow a tag, a range of versions or a commit.`;
  }
}

/** Whether the stack that a resource belongs to is called like one for production. */
function isProduction(
  { resource }: FluxConfiguration,
  productionStacks: readonly string[],
): boolean {
  const stack = /^urn:pulumi:([^:]*)/.exec(resource.urn)?.[1] ?? "";
  const words = stack.toLowerCase().split(/[^a-z0-9]+/);
  return productionStacks.some((word) => words.includes(word.toLowerCase()));
}

function* belonging(configuration: FluxConfiguration): Iterable<Finding> {
  const scope = configuration.at("scope");
  if (scope.read() === undefined) {
    yield `${scope.path} is not set, so that Flux may change the whole cluster without anybody having said so. Set it to cluster or to namespace.`;
  }
  const namespace = configuration.at("namespace");
  const name = namespace.text();
  if (name === undefined || name === "default") {
    yield `${namespace.path} is ${name ?? "not set"}, where everything lands that names no namespace, and whoever may read secrets there reads those of Flux. Set it to a namespace of its own.`;
  }
}

function* variables({ kustomizations }: FluxConfiguration): Iterable<Finding> {
  if (kustomizations instanceof Unknown) yield kustomizations;
  else for (const { substitute } of kustomizations) yield* inTheOpen(substitute);
}

function* inTheOpen(substitute: Cursor): Iterable<Finding> {
  const names = substitute.keys();
  if (names instanceof Unknown) yield names;
  if (names === undefined || names instanceof Unknown) return;
  for (const name of names) {
    const place = substitute.at(name);
    const value = place.text();
    const secret = isCalledSecret(name) || (typeof value === "string" && looksSecret(value));
    if (!secret) continue;
    yield `${place.path} looks like a secret, and variables are kept in plain text. Take it from a Secret with postBuild.substituteFrom.`;
  }
}
