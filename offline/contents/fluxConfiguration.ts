import type { Manifest } from "../../manifests/manifest.ts";
import type { NotRendered } from "../../manifests/tools/rendered.ts";
import { isUnknownText } from "../../manifests/unknownText.ts";
import { isJsonObject } from "../../yaml/json.ts";
import type { Json, JsonObject } from "../../yaml/json.ts";
import type { PlannedResource } from "../plan/plan.ts";
import { openSecrets } from "../plan/values.ts";
import { textOf } from "./contents.ts";
import { toUnknownTexts } from "./unknownTexts.ts";

/** What the Flux extension of AKS makes of a Flux configuration. */
export interface FluxConfiguration {
  /** The URL of its source; undefined if only the deployment knows it. */
  readonly url: string | undefined;
  /** What its source is if it is not a Git repository, such as "a bucket"; a preview follows none of these. */
  readonly storage: string | undefined;
  /** The object of Flux that has this URL. */
  readonly source: Manifest;
  readonly entries: readonly FluxEntry[];
}

/** An entry of `kustomizations`. */
export interface FluxEntry {
  /** Its place in the inputs, such as `kustomizations.apps`. */
  readonly field: string;
  /** The directory that it applies, from the root of the source; undefined if only the deployment knows it. */
  readonly path: string | undefined;
  /** The Kustomization of Flux. */
  readonly manifest: Manifest;
}

const NATIVE =
  /^azure-native(?:_kubernetesconfiguration_v\d+\w*)?:kubernetesconfiguration(?:\/v\d+\w*)?:FluxConfiguration$/;
const CLASSIC = /^azure:(?:containerservice|arckubernetes)\/fluxConfiguration:FluxConfiguration$/;

export function isFluxConfiguration(type: string): boolean {
  return NATIVE.test(type) || CLASSIC.test(type);
}

/** The inputs that describe a source, with the kind of the object that Flux has for it, and what it is if not Git. */
const SOURCES = [
  { block: "gitRepository", kind: "GitRepository", storage: undefined },
  { block: "ociRepository", kind: "OCIRepository", storage: "an OCI artifact" },
  { block: "bucket", kind: "Bucket", storage: "a bucket" },
  { block: "azureBlob", kind: "Bucket", storage: "a container of Azure Blob Storage" },
  { block: "blobStorage", kind: "Bucket", storage: "a container of Azure Blob Storage" },
] as const;

/** A source whose contents only the deployment knows, such as an identity in it, is still told by its kind. */
function sourceIn(inputs: JsonObject): (typeof SOURCES)[number] {
  const kind = textOf(inputs["sourceKind"])?.toLowerCase();
  return (
    SOURCES.find(({ block }) => isJsonObject(inputs[block])) ??
    SOURCES.find(({ block }) => block.toLowerCase() === kind) ??
    SOURCES[0]
  );
}

/**
 * The objects that the extension creates: a source with the name of the configuration, and a Kustomization
 * `<configuration>-<entry>` for each entry, all in its namespace. If the configuration has no name, Pulumi appends random
 * characters to that of the resource; here it has none.
 *
 * @see https://learn.microsoft.com/azure/azure-arc/kubernetes/tutorial-use-gitops-flux2
 */
export function fluxConfigurationOf(resource: PlannedResource): FluxConfiguration | NotRendered {
  const classic = CLASSIC.test(resource.type);
  const inputs = toUnknownTexts(openSecrets(resource.inputs)) as JsonObject;
  const { kustomizations } = inputs;
  const name = textOf(inputs[classic ? "name" : "fluxConfigurationName"]) ?? resource.name;
  const namespace = textOf(inputs["namespace"]) ?? "default";
  if ([name, namespace, kustomizations].some(isUnknownText)) {
    return {
      reason: "Its name, its namespace or its kustomizations are known only after deployment.",
    };
  }
  const { block, kind, storage } = sourceIn(inputs);
  const url = textOf(objectOf(inputs[block])["url"]);
  const made = objectsOf(resource, namespace);
  return {
    url: isUnknownText(url) ? undefined : url,
    storage,
    source: made("source.toolkit.fluxcd.io/v1", kind, name, url === undefined ? {} : { url }),
    entries: (classic ? classicEntries : nativeEntries)(kustomizations).map(
      ({ field, entry, spec }) => ({
        field,
        path: isUnknownText(spec["path"]) ? undefined : (textOf(spec["path"]) ?? "."),
        manifest: made("kustomize.toolkit.fluxcd.io/v1", "Kustomization", `${name}-${entry}`, {
          ...spec,
          sourceRef: { kind, name },
          dependsOn: listOf(spec["dependsOn"]).flatMap((one) =>
            typeof one === "string" ? [{ name: `${name}-${one}` }] : [],
          ),
        }),
      }),
    ),
  };
}

interface Entry extends Pick<FluxEntry, "field"> {
  readonly entry: string;
  readonly spec: JsonObject;
}

function nativeEntries(kustomizations: Json | undefined): readonly Entry[] {
  return Object.entries(objectOf(kustomizations)).map(([entry, fields]) => ({
    field: `kustomizations.${entry}`,
    entry,
    spec: specOf(fields, {
      ...{ path: "path", dependsOn: "dependsOn", prune: "prune", force: "force", wait: "wait" },
      postBuild: "postBuild",
    }),
  }));
}

function classicEntries(kustomizations: Json | undefined): readonly Entry[] {
  return listOf(kustomizations).map((fields, index) => {
    const spec = specOf(fields, {
      ...{ path: "path", dependsOn: "dependsOns", prune: "garbageCollectionEnabled" },
      ...{ force: "recreatingEnabled", wait: "wait", postBuild: "postBuild" },
    });
    const { postBuild } = spec;
    return {
      field: `kustomizations[${index}]`,
      entry: textOf(objectOf(fields)["name"]) ?? String(index),
      spec: isJsonObject(postBuild)
        ? {
            ...spec,
            postBuild: specOf(postBuild, {
              substitute: "substitute",
              substituteFrom: "substituteFroms",
            }),
          }
        : spec,
    };
  });
}

/** The fields that are set, by their names in a Kustomization; a value that is not known at all has none that is. */
function specOf(fields: Json, names: Readonly<Record<string, string>>): JsonObject {
  return Object.fromEntries(
    Object.entries(names).flatMap(([name, given]) => {
      const value = isUnknownText(fields) ? fields : objectOf(fields)[given];
      return value === undefined || value === null ? [] : [[name, value]];
    }),
  );
}

/** Makes objects in a namespace whose place is the resource. */
function objectsOf({ urn }: PlannedResource, namespace: string) {
  const place = { file: urn, line: 1, column: 1 };
  const origin = { file: urn, at: () => place };
  return (apiVersion: string, kind: string, name: string, spec: JsonObject): Manifest => ({
    ...{ apiVersion, kind, namespace, name, origin },
    object: { apiVersion, kind, metadata: { name, namespace }, spec },
  });
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
