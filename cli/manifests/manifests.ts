import type { Plan, PlannedResource } from "../../offline/plan/plan.ts";
import { isProviderType, nameOf, packageOf, providerUrn } from "../../offline/plan/urn.ts";
import { containsUnknown, isObject, isSecret, redactValue, secret } from "../../offline/plan/values.ts";
import type { Properties, Value } from "../../offline/plan/values.ts";

/** One Kubernetes object, ready to be applied. */
export interface Manifest {
  /**
   * Relative path. What is in one folder is applied together, in the order of its paths; a folder `patches` holds
   * patches of objects that are there already.
   */
  readonly path: string;
  readonly object: Properties;
}

export interface Manifests {
  readonly manifests: readonly Manifest[];
  /** What cannot be applied as it stands, a line each. */
  readonly problems: readonly string[];
  /** What the manifests do not hold, a line each. */
  readonly notes: readonly string[];
}

/** The longest name of a file, in bytes. */
const LONGEST_NAME = 255;
const EXTENSION = ".yaml";

/** The Kubernetes objects of a plan, in dependency order. */
export function toManifests(plan: Plan): Manifests {
  const kubernetes = plan.resources.filter(
    ({ type }) => packageOf(type) === "kubernetes" && !isProviderType(type),
  );
  const parents = new Set(plan.resources.map(({ parent }) => parent));
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
      .filter((resource) => isForItsProvider(resource, parents))
      .map(({ type, name }) => `${type} ${name} is left out: only its provider can expand it.`),
  };
}

function isKubernetesObject({ custom, inputs }: PlannedResource): boolean {
  return custom && typeof inputs["apiVersion"] === "string" && typeof inputs["kind"] === "string";
}

/** Charts, and files that the provider reads, which is why nothing hangs from their component here. */
function isForItsProvider(resource: PlannedResource, parents: ReadonlySet<string>): boolean {
  if (resource.custom) return !isKubernetesObject(resource);
  const expanding = /^kubernetes:(yaml\/v2|kustomize\/v2|helm\.sh\/v4):/.test(resource.type);
  return expanding && !parents.has(resource.urn);
}

/** `ServicePatch` sets some fields of a `Service` that somebody else made. */
function isPatch({ type, inputs }: PlannedResource): boolean {
  const { kind } = inputs;
  return typeof kind === "string" && type.split(":").at(-1) === `${kind}Patch`;
}

interface Item {
  readonly resource: PlannedResource;
  readonly object: Properties;
}

/** A list stands for its items, which may leave out what follows from the kind of the list. */
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
        : [{ problem: `${labelOf(resource)}: items[${i}] is no object.` }],
    );
  };
  return expand(resource.inputs);
}

/** What is in a Secret is secret, whether or not the program marked it. */
function withoutSecrets(object: Properties): Properties {
  if (object["kind"] !== "Secret" || object["apiVersion"] !== "v1") return object;
  const hidden = ["data", "stringData"].flatMap((key) => {
    const value = object[key];
    return value === undefined || value === null ? [] : [[key, secret(value)] as const];
  });
  return { ...object, ...Object.fromEntries(hidden) };
}

/** A folder of its own for each cluster where there are several, named after its provider. */
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

function fileName(order: string, object: Properties): string {
  const metadata = isObject(object["metadata"]) ? object["metadata"] : {};
  const parts = [object["kind"], metadata["namespace"], metadata["name"]].filter(
    (part): part is string => typeof part === "string" && !containsUnknown(part),
  );
  const name = safe([order, ...parts].join("-"));
  return name.slice(0, LONGEST_NAME - EXTENSION.length) + EXTENSION;
}

/** Names come from the program; none may lead out of its directory. */
function safe(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9.-]/g, "-");
}

/** Secrets are not written; what is unknown says so. */
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
      : [`${name}: an item of it has no apiVersion and kind.`]),
    ...(hasName(object)
      ? []
      : [`${name}: has no metadata.name; a deployment by Pulumi chooses one.`]),
    ...pathsOf(object, isSecret).map((path) => `${name}: ${path} is a secret and is not written.`),
    ...pathsOf(object, isUnknownLeaf).map(
      (path) => `${name}: ${path} is known only after a deployment.`,
    ),
  ];
}

function hasName({ metadata }: Properties): boolean {
  return isObject(metadata) && "name" in metadata;
}

/** Objects that a cluster would take for one: Kustomize refuses to list an object twice. */
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
