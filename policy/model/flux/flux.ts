import { azureNative } from "../azure/azureNative.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor, Read } from "../../engine/cursor.ts";
import { kubernetesObjects } from "../kubernetes/objects.ts";
import type { TargetKind, Target } from "../../engine/resource.ts";

/** Paths of the Flux configuration fields that the rules read, by provider: azure-native and the classic azure. */
const FIELDS = {
  url: { native: "gitRepository.url", classic: "gitRepository.url" },
  knownHosts: {
    native: "gitRepository.sshKnownHosts",
    classic: "gitRepository.sshKnownHostsBase64",
  },
  localSecret: {
    native: "gitRepository.localAuthRef",
    classic: "gitRepository.localAuthReference",
  },
  namespace: { native: "namespace", classic: "namespace" },
  scope: { native: "scope", classic: "scope" },
  bucketUrl: { native: "bucket.url", classic: "bucket.url" },
  // An account, and a container in an account.
  blobUrl: { native: "azureBlob.url", classic: "blobStorage.containerId" },
  bucketTls: { native: "bucket.insecure", classic: "bucket.tlsEnabled" },
} as const;

/** An Azure resource that configures Flux on a cluster. */
export interface FluxConfiguration extends Target {
  readonly provider: "native" | "classic";
  at(field: keyof typeof FIELDS): Cursor;
  /** The Git reference that it follows; absent if it names none. */
  readonly reference: Read<GitReference>;
  /** Its kustomizations. */
  readonly kustomizations: readonly FluxKustomization[] | Unknown;
}

export interface GitReference {
  /** The kind of reference, such as `branch`. */
  readonly sort: string;
  readonly place: Cursor;
}

/** A kustomization of a Flux configuration: a directory, and how Flux applies it. */
export interface FluxKustomization {
  readonly name: string | undefined;
  readonly place: Cursor;
  readonly prune: Cursor;
  readonly wait: Cursor;
  readonly dependsOn: Cursor;
  readonly substitute: Cursor;
}

const NATIVE = azureNative("kubernetesconfiguration", "FluxConfiguration");
const CLASSIC = /^azure:(?:containerservice|arckubernetes)\/fluxConfiguration:FluxConfiguration$/;

export const fluxConfigurations: TargetKind<FluxConfiguration> = {
  type: "azure-native:kubernetesconfiguration:FluxConfiguration",
  matches: (type) => NATIVE.test(type) || CLASSIC.test(type),
  in: (resource) => {
    const { inputs } = resource;
    const provider = CLASSIC.test(resource.type) ? "classic" : "native";
    return [
      {
        resource,
        label: inputs.owner,
        provider,
        at: (field) => inputs.at(...FIELDS[field][provider].split(".")),
        reference: provider === "classic" ? classicReference(inputs) : nativeReference(inputs),
        kustomizations: provider === "classic" ? classicSteps(inputs) : nativeSteps(inputs),
      },
    ];
  },
};

/** Flux's own Kubernetes objects, which a program may also declare. */
export const fluxKustomizations = kubernetesObjects(
  "kustomize.toolkit.fluxcd.io/*",
  "Kustomization",
);

/** Kinds of references, the most specific first. */
const SORTS = ["commit", "tag", "semver", "branch"];

function nativeReference(inputs: Cursor): Read<GitReference> {
  const reference = inputs.at("gitRepository", "repositoryRef");
  const sorts = reference.keys();
  if (sorts instanceof Unknown) return sorts;
  const sort = SORTS.find((one) => reference.at(one).read() !== undefined);
  return sort === undefined ? undefined : { sort, place: reference.at(sort) };
}

function classicReference(inputs: Cursor): Read<GitReference> {
  const sort = inputs.at("gitRepository", "referenceType").text();
  if (sort === undefined || sort instanceof Unknown) return sort;
  return { sort, place: inputs.at("gitRepository", "referenceValue") };
}

function nativeSteps(inputs: Cursor): readonly FluxKustomization[] | Unknown {
  const all = inputs.at("kustomizations");
  const names = all.keys();
  if (names instanceof Unknown) return names;
  return (names ?? []).map((name) => {
    const place = all.at(name);
    return {
      name,
      place,
      prune: place.at("prune"),
      wait: place.at("wait"),
      dependsOn: place.at("dependsOn"),
      substitute: place.at("postBuild", "substitute"),
    };
  });
}

function classicSteps(inputs: Cursor): readonly FluxKustomization[] | Unknown {
  const items = inputs.at("kustomizations").items();
  if (items instanceof Unknown) return items;
  return (items ?? []).map((place) => {
    const name = place.at("name").text();
    return {
      name: name instanceof Unknown ? undefined : name,
      place,
      prune: place.at("garbageCollectionEnabled"),
      wait: place.at("wait"),
      dependsOn: place.at("dependsOns"),
      substitute: place.at("postBuild", "substitute"),
    };
  });
}
