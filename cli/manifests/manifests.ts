import type { Plan, PlannedResource } from "../../offline/plan/plan.ts";
import { isProviderType, nameOf, packageOf, providerUrn } from "../../offline/plan/urn.ts";
import {
  containsUnknown,
  isObject,
  isSecret,
  redactValue,
  markSecret,
} from "../../offline/plan/values.ts";
import type { Properties, Value } from "../../offline/plan/values.ts";

/** One Kubernetes object, ready to be applied. */
export interface Manifest {
  /**
   * Relative path. The files of a folder are applied together, in path order. A folder `patches` holds patches of
   * objects that already exist.
   */
  readonly path: string;
  readonly object: Properties;
}

export interface Manifests {
  readonly manifests: readonly Manifest[];
  /** Why objects cannot be applied, a line each. */
  readonly problems: readonly string[];
  /** What the manifests leave out, a line each. */
  readonly notes: readonly string[];
}

/** Maximum length of a file name, in bytes. */
const LONGEST_NAME = 255;
const EXTENSION = ".yaml";

/** The Kubernetes objects of a plan, in dependency order. */
export function toManifests(plan: Plan): Manifests {
  const kubernetes = plan.resources.filter(
    ({ type }) => packageOf(type) === "kubernetes" && !isProviderType(type),
  );
  const unseen = new Set(plan.notJudged.map(({ urn }) => urn));
  const items = kubernetes.filter(isKubernetesObject).flatMap(itemsOf);
  const objects = items.filter((item): item is Item => "object" in item);
  const folderOf = clusterFolders(objects.map(({ resource }) => resource.provider));
  const digits = String(objects.length).length;

  return {
    manifests: objects.map(({ resource, object }, i) => {
      const order = String(i + 1).padStart(digits, "0");
      const folder = folderOf(resource.provider) + (isPatch(resource) ? "patches/" : "");
      return { path: folder + fileName(order, object), object: plain(object) };
    }),
    problems: [
      ...items.flatMap((item) => ("object" in item ? incomplete(item) : [item.problem])),
      ...twice(objects),
    ],
    notes: kubernetes
      .filter((resource) => isForItsProvider(resource, unseen))
      .map(({ type, name }) => `${type} ${name} was left out: only its provider can expand it.`),
  };
}

function isKubernetesObject({ custom, inputs }: PlannedResource): boolean {
  return custom && typeof inputs["apiVersion"] === "string" && typeof inputs["kind"] === "string";
}

/** Releases, and charts and files whose objects the preview does not know. */
function isForItsProvider(
  resource: PlannedResource,
  unseen: ReadonlySet<string | undefined>,
): boolean {
  if (resource.custom) return !isKubernetesObject(resource);
  const expanding = /^kubernetes:(yaml\/v2|kustomize\/v2|helm\.sh\/v4):/.test(resource.type);
  return expanding && unseen.has(resource.urn);
}

/** A `ServicePatch` sets some fields of a `Service` that already exists. */
function isPatch({ type, inputs }: PlannedResource): boolean {
  const { kind } = inputs;
  return typeof kind === "string" && type.split(":").at(-1) === `${kind}Patch`;
}

interface Item {
  readonly resource: PlannedResource;
  readonly object: Properties;
}

/** Expands a list to its items, which may omit the kind and API version that the list implies. */
function itemsOf(resource: PlannedResource): (Item | { readonly problem: string })[] {
  const expand = (object: Properties): (Item | { readonly problem: string })[] => {
    const { apiVersion, kind, items } = object;
    if (typeof kind !== "string" || !kind.endsWith("List") || !Array.isArray(items)) {
      return [{ resource, object: withoutSecrets(object) }];
    }
    const inherited: Properties =
      kind === "List" || apiVersion === undefined
        ? {}
        : { apiVersion, kind: kind.slice(0, -"List".length) };
    return (items as readonly Value[]).flatMap((item, i) =>
      isObject(item) && !isSecret(item)
        ? expand({ ...inherited, ...(item as Properties) })
        : [{ problem: `${labelOf(resource)}: items[${i}] is not an object.` }],
    );
  };
  return expand(resource.inputs);
}

/** The data of a Secret is secret, whether or not the program marked it. */
function withoutSecrets(object: Properties): Properties {
  if (object["kind"] !== "Secret" || object["apiVersion"] !== "v1") return object;
  const hidden = ["data", "stringData"].flatMap((key) => {
    const value = object[key];
    return value === undefined || value === null ? [] : [[key, markSecret(value)] as const];
  });
  return { ...object, ...Object.fromEntries(hidden) };
}

/** One folder per cluster, named after its provider, if there are several clusters. */
function clusterFolders(providers: readonly string[]): (provider: string) => string {
  const folders = new Map<string, string>();
  for (const provider of new Set(providers)) {
    const name = provider === "" ? "default" : nameOf(providerUrn(provider));
    const base = safe(name)
      .replace(/^\./, "-")
      .slice(0, LONGEST_NAME - 10);
    const taken = new Set(folders.values());
    let folder = base;
    for (let i = 2; taken.has(folder); i++) folder = `${base}-${i}`;
    folders.set(provider, folder);
  }
  return (provider) => (folders.size > 1 ? `${folders.get(provider) ?? ""}/` : "");
}

/** The name of an object's file, after its place in the order. */
export function fileName(order: string, object: Properties): string {
  const metadata = isObject(object["metadata"]) ? object["metadata"] : {};
  const parts = [object["kind"], metadata["namespace"], metadata["name"]].filter(
    (part): part is string => typeof part === "string" && !containsUnknown(part),
  );
  const name = safe([order, ...parts].join("-"));
  return name.slice(0, LONGEST_NAME - EXTENSION.length) + EXTENSION;
}

/** Names come from the program, and must not lead out of the directory. */
function safe(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9.-]/g, "-");
}

/** Masks secrets, and marks unknown values. */
function plain(object: Properties): Properties {
  const shown = (value: Value): Value => {
    if (Array.isArray(value)) return (value as readonly Value[]).map(shown);
    if (isObject(value)) return mapValues(value, shown);
    return containsUnknown(value) ? "[unknown]" : value;
  };
  return mapValues(object, (value) => shown(redactValue(value)));
}

function mapValues(object: Properties, change: (value: Value) => Value): Properties {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

function labelOf({ type, name }: PlannedResource): string {
  return `${type.split(":").at(-1) ?? ""} ${name}`;
}

function incomplete({ resource, object }: Item): string[] {
  const name = labelOf(resource);
  const isUnknownLeaf = (value: Value) =>
    !isObject(value) && !Array.isArray(value) && containsUnknown(value);
  return [
    ...(typeof object["apiVersion"] === "string" && typeof object["kind"] === "string"
      ? []
      : [`${name}: one of its items has no apiVersion or kind.`]),
    ...(hasName(object)
      ? []
      : [`${name}: has no metadata.name; Pulumi generates one when it deploys.`]),
    ...pathsOf(object, isSecret).map(
      (path) => `${name}: ${path} is a secret, so it is not written.`,
    ),
    ...pathsOf(object, isUnknownLeaf).map(
      (path) => `${name}: ${path} is known only after deployment.`,
    ),
  ];
}

function hasName({ metadata }: Properties): boolean {
  return isObject(metadata) && "name" in metadata;
}

/** Objects with the same identity in a cluster: Kustomize rejects duplicates. */
function twice(objects: readonly Item[]): string[] {
  const first = new Map<string, PlannedResource>();
  return objects.flatMap(({ resource, object }) => {
    const { apiVersion, kind, metadata } = object;
    if (isPatch(resource) || !hasName(object) || !isObject(metadata)) return [];
    const group = typeof apiVersion === "string" ? apiVersion.replace(/(^|\/)[^/]*$/, "") : "";
    const names = [metadata["namespace"] ?? "", metadata["name"] ?? ""];
    const key = JSON.stringify([resource.provider, group, kind, ...names]);
    const other = first.get(key);
    first.set(key, other ?? resource);
    return other === undefined
      ? []
      : [`${labelOf(resource)}: is the same object as ${labelOf(other)}.`];
  });
}

function pathsOf(value: Value, matches: (value: Value) => boolean, path = ""): string[] {
  if (matches(value)) return [path];
  if (isSecret(value)) return [];
  if (Array.isArray(value)) {
    return (value as readonly Value[]).flatMap((item, i) =>
      pathsOf(item, matches, `${path}[${i}]`),
    );
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    pathsOf(item, matches, path === "" ? key : `${path}.${key}`),
  );
}
