import type { Plan, PlannedResource } from "../local/plan.ts";
import { isProviderType, nameOf, packageOf, providerUrn } from "../local/urn.ts";
import { containsUnknown, isObject, isSecret, redactValue } from "../local/values.ts";
import type { Properties, Value } from "../local/values.ts";

/** One Kubernetes object, ready to be applied. */
export interface Manifest {
  /** Relative path; the order of paths is an order in which they can be applied. */
  readonly path: string;
  readonly object: Properties;
}

/**
 * The Kubernetes objects of a plan, in dependency order. The notes name what is not, or not wholly,
 * in them: secrets, values that only a deployment knows, and charts, which only a provider expands.
 */
export function toManifests(plan: Plan): {
  readonly manifests: readonly Manifest[];
  readonly notes: readonly string[];
} {
  const kubernetes = plan.resources.filter(
    ({ type, custom }) => custom && packageOf(type) === "kubernetes" && !isProviderType(type),
  );
  const objects = kubernetes.filter(isKubernetesObject).flatMap(itemsOf);
  const clusters = new Set(objects.map(({ resource }) => resource.provider));
  const digits = String(objects.length).length;

  const manifests = objects.map(({ resource, object }, i) => {
    const order = String(i + 1).padStart(digits, "0");
    const cluster = clusters.size > 1 ? `${directoryOf(resource)}/` : "";
    return { path: `${cluster}${order}-${fileName(object)}.yaml`, object: plain(object) };
  });
  const notes = [
    ...kubernetes
      .filter((resource) => !isKubernetesObject(resource))
      .map(
        (resource) =>
          `${resource.type} ${resource.name} is left out: only its provider can expand it.`,
      ),
    ...objects.flatMap(({ resource, object }) => caveats(resource, object)),
  ];
  return { manifests, notes };
}

function isKubernetesObject({ inputs }: PlannedResource): boolean {
  return typeof inputs["apiVersion"] === "string" && typeof inputs["kind"] === "string";
}

interface Item {
  readonly resource: PlannedResource;
  readonly object: Properties;
}

/** A list stands for its items. */
function itemsOf(resource: PlannedResource): Item[] {
  const { kind, items } = resource.inputs;
  if (typeof kind !== "string" || !kind.endsWith("List") || !Array.isArray(items)) {
    return [{ resource, object: resource.inputs }];
  }
  return (items as readonly Value[]).filter(isObject).map((object) => ({ resource, object }));
}

/** A directory of its own for each cluster, named after its provider. */
function directoryOf({ provider }: PlannedResource): string {
  return provider === "" ? "default" : safe(nameOf(providerUrn(provider))).replace(/^\./, "-");
}

function fileName(object: Properties): string {
  const metadata = isObject(object["metadata"]) ? object["metadata"] : {};
  return safe(
    [object["kind"], metadata["namespace"], metadata["name"]]
      .filter((part): part is string => typeof part === "string" && !containsUnknown(part))
      .join("-"),
  );
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

function caveats(resource: PlannedResource, object: Properties): string[] {
  const name = `${resource.type.split(":").at(-1) ?? ""} ${resource.name}`;
  return [
    ...(hasName(object) ? [] : [`${name}: has no metadata.name; a deployment chooses one.`]),
    ...pathsOf(object, isSecret).map((path) => `${name}: ${path} is a secret and is not written.`),
    ...pathsOf(
      object,
      (value) => !isObject(value) && !Array.isArray(value) && containsUnknown(value),
    ).map((path) => `${name}: ${path} is known only after a deployment.`),
  ];
}

function hasName({ metadata }: Properties): boolean {
  return isObject(metadata) && ("name" in metadata || "generateName" in metadata);
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
