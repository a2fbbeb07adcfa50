import { metadataText, typeToken, withMetadata, withoutLists } from "../../manifests/objects.ts";
import { definedScopes, inNamespace } from "../../manifests/scopes.ts";
import { isJsonObject } from "../../yaml/json.ts";
import type { Json, JsonObject } from "../../yaml/json.ts";
import { markSecret } from "../plan/values.ts";
import type { Properties } from "../plan/values.ts";

/** A resource that a component creates for an object. */
export interface Child {
  readonly type: string;
  readonly name: string;
  readonly inputs: Properties;
  /** Children that must exist first. They come before it in the list. */
  readonly dependsOn: readonly Child[];
  readonly retainOnDelete: boolean;
}

export interface ChildOptions {
  /** The start of every child's name; empty for none. */
  readonly prefix: string;
  /** The namespace of objects that name none. */
  readonly namespace: string;
  /** Whether Pulumi does not wait until the objects are ready. */
  readonly skipAwait: boolean;
  /** Whether Helm's policy to keep an object applies. */
  readonly ofChart: boolean;
}

/**
 * The resources that the Kubernetes provider creates for objects.
 *
 * @see https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/provider/yaml/v2/yaml.go
 * @throws if an object has no kind or no name
 */
export function childrenOf(
  objects: readonly JsonObject[],
  options: ChildOptions,
): readonly Child[] {
  const single = inNamespace(withoutLists(objects).map(canonical), options.namespace);
  const children: Child[] = [];
  const providing = new Map<string, Child>();
  for (const object of [...single].sort((a, b) => stage(a) - stage(b))) {
    const child = childOf(object, providing, options);
    children.push(child);
    for (const name of provided(object)) providing.set(name, child);
  }
  return children;
}

/** The group of Kubernetes' own objects has a name, which only some tools write. */
function canonical(object: JsonObject): JsonObject {
  return object["apiVersion"] === "core/v1" ? { ...object, apiVersion: "v1" } : object;
}

/** Definitions and namespaces come before the objects that need them. */
function stage({ kind }: JsonObject): number {
  return kind === "CustomResourceDefinition" || kind === "Namespace" ? 0 : 1;
}

function childOf(
  object: JsonObject,
  providing: ReadonlyMap<string, Child>,
  { prefix, skipAwait, ofChart }: ChildOptions,
): Child {
  const { apiVersion, kind } = object;
  const name = metadataText(object, "name");
  if (!isText(apiVersion) || !isText(kind) || name === undefined) {
    throw new Error(
      `each object requires apiVersion, kind and metadata.name; found ${JSON.stringify({ apiVersion, kind, metadata: { name } })}`,
    );
  }
  const namespace = metadataText(object, "namespace");
  const path = namespace === undefined ? name : `${namespace}/${name}`;
  const group = apiVersion.slice(0, Math.max(0, apiVersion.indexOf("/")));
  return {
    type: typeToken(apiVersion, kind),
    name: prefix === "" ? path : `${prefix}:${path}`,
    inputs: withSecretData(
      skipAwait ? withAnnotation(object, "pulumi.com/skipAwait", "true") : object,
    ),
    dependsOn: [`${group}/${kind}`, `namespace ${namespace ?? ""}`].flatMap(
      (needed) => providing.get(needed) ?? [],
    ),
    retainOnDelete: ofChart && annotations(object)["helm.sh/resource-policy"] === "keep",
  };
}

/** What others may need: a kind or a namespace. */
function provided(object: JsonObject): readonly string[] {
  if (object["kind"] === "Namespace") return [`namespace ${metadataText(object, "name") ?? ""}`];
  return [...definedScopes([object]).keys()];
}

function annotations({ metadata }: JsonObject): JsonObject {
  const found = isJsonObject(metadata) ? metadata["annotations"] : undefined;
  return isJsonObject(found) ? found : {};
}

function withAnnotation(object: JsonObject, key: string, value: string): JsonObject {
  return withMetadata(object, "annotations", { ...annotations(object), [key]: value });
}

/** An object with the contents of a Secret marked, as the provider marks them, whatever group a manifest writes. */
export function withSecretData(object: JsonObject): JsonObject {
  if (object["kind"] !== "Secret") return object;
  const marked = ["data", "stringData"].flatMap((key) => {
    const value = object[key];
    return value === undefined ? [] : [[key, markSecret(value)] as const];
  });
  return { ...object, ...Object.fromEntries(marked) };
}

function isText(value: Json | undefined): value is string {
  return typeof value === "string" && value !== "";
}
