import { existsSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import type { JsonObject } from "../../yaml/json.ts";
import { CHART_FILE, chartUnit } from "../chartUnit.ts";
import { identityOf, isRecord } from "../manifest.ts";
import type { Manifest, Unread } from "../manifest.ts";
import { metadataText } from "../objects.ts";
import { inNamespace } from "../scopes.ts";
import type { Tree } from "../tree.ts";
import { isUnknownText } from "../unknownText.ts";
import type { Repository } from "./repository.ts";

/**
 * Adds the objects of the HelmReleases of Flux whose chart is in the tree. Such a chart is not read on its own: it gets its
 * values from the release.
 */
export async function withReleases(tree: Tree, repository: Repository): Promise<Tree> {
  const charts = new Set<string>();
  const unread: Unread[] = [];
  const units = await Promise.all(
    tree.units.map(async (unit) => {
      const releases = unit.manifests.flatMap((one) => localReleaseOf(one, repository) ?? []);
      if (releases.length === 0) return unit;
      for (const { chart } of releases) charts.add(chart);
      const results = await Promise.all(releases.map(rendered));
      unread.push(...results.flatMap((result) => result.unread));
      const added = results.flatMap(({ manifests }) => manifests);
      return { ...unit, manifests: [...unit.manifests, ...added] };
    }),
  );
  return {
    ...tree,
    units: units.filter(({ path }) => path === undefined || !charts.has(path)),
    unread: [...tree.unread.filter(({ file }) => !charts.has(dirname(resolve(file)))), ...unread],
  };
}

/** A HelmRelease of Flux whose chart is in the tree. */
interface LocalRelease {
  readonly manifest: Manifest;
  /** The directory of the chart; absolute. */
  readonly chart: string;
}

/** Undefined if the chart is elsewhere, or its values or its cluster are. */
function localReleaseOf(manifest: Manifest, repository: Repository): LocalRelease | undefined {
  const { apiVersion, kind, object } = manifest;
  if (kind !== "HelmRelease" || !apiVersion.startsWith("helm.toolkit.fluxcd.io/")) return undefined;
  const spec = isRecord(object["spec"]) ? object["spec"] : {};
  if (spec["kubeConfig"] !== undefined || spec["valuesFrom"] !== undefined) return undefined;
  if (isUnknownText(JSON.stringify(spec["values"]))) return undefined;
  const chart = isRecord(spec["chart"]) ? spec["chart"]["spec"] : undefined;
  if (!isRecord(chart) || typeof chart["chart"] !== "string" || isAbsolute(chart["chart"])) {
    return undefined;
  }
  const source = isRecord(chart["sourceRef"]) ? chart["sourceRef"] : {};
  const reference = {
    kind: textOf(source["kind"]) ?? "",
    namespace: textOf(source["namespace"]) ?? manifest.namespace ?? "flux-system",
    name: textOf(source["name"]) ?? "",
  };
  if (reference.kind !== "GitRepository" || repository.isForeign(reference)) return undefined;
  const directory = repository.pathOf(chart["chart"]);
  return existsSync(join(directory, CHART_FILE)) ? { manifest, chart: directory } : undefined;
}

/** The objects of a release, in its namespace. */
async function rendered({ manifest, chart }: LocalRelease): Promise<{
  readonly manifests: readonly Manifest[];
  readonly unread: readonly Unread[];
}> {
  const spec = isRecord(manifest.object["spec"]) ? manifest.object["spec"] : {};
  const target = textOf(spec["targetNamespace"]);
  const namespace = target ?? manifest.namespace ?? "default";
  const name = manifest.name ?? "release";
  const unit = await chartUnit(chart, {
    // As helm-controller names it.
    release: textOf(spec["releaseName"]) ?? (target === undefined ? name : `${target}-${name}`),
    namespace,
    values: (isRecord(spec["values"]) ? spec["values"] : {}) as JsonObject,
  });
  if (!("manifests" in unit)) {
    return { manifests: [], unread: [{ ...unit, ...manifest.origin.at(["spec", "chart"]) }] };
  }
  const source = identityOf(manifest) ?? "";
  const objects = inNamespace(
    unit.manifests.map(({ object }) => object as JsonObject),
    namespace,
  );
  return {
    manifests: unit.manifests.map((one, index) => {
      const object = objects[index] ?? {};
      const own = metadataText(object, "namespace");
      return { ...one, object, namespace: own, source, appliedBy: manifest.origin };
    }),
    unread: [],
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
