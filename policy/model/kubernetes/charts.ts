import { Unknown } from "../../engine/cursor.ts";
import type { Read } from "../../engine/cursor.ts";
import { kubernetesObjects } from "./objects.ts";
import type { KubernetesObject } from "./objects.ts";
import { anyOf } from "../../engine/resource.ts";
import type { TargetKind, Target } from "../../engine/resource.ts";
import type { Stack } from "../../engine/stack.ts";

/** A Helm chart that Pulumi or Flux installs. */
export interface Chart extends Target {
  /** Where it comes from, as the program writes it. */
  source(stack: Stack): ChartSource;
}

export interface ChartSource {
  /** A name, a name in a repository, a path or a URL. */
  readonly chart: Read<string>;
  /** The name or the URL of its repository; absent if the chart includes it or the stack does not contain it. */
  readonly repository: Read<string>;
}

/** Charts that Pulumi installs: Release, and both generations of Chart. */
const ofPulumi: TargetKind<Chart> = {
  type: "kubernetes:helm.sh/v3:Release",
  matches: (type) => /^kubernetes:helm\.sh\/v(?:3:Release|[34]:Chart)$/.test(type),
  in: (resource) => {
    const { inputs } = resource;
    const first = (...paths: string[][]): Read<string> =>
      paths.map((path) => inputs.at(...path).text()).find((text) => text !== undefined);
    return [
      {
        resource,
        label: inputs.owner,
        source: () => ({
          chart: first(["chart"], ["path"]),
          repository: first(["repositoryOpts", "repo"], ["fetchOpts", "repo"], ["repo"]),
        }),
      },
    ];
  },
};

export const helmReleases = kubernetesObjects("helm.toolkit.fluxcd.io/*", "HelmRelease");

const SOURCES: ReadonlyMap<string, TargetKind<KubernetesObject>> = new Map(
  ["HelmRepository", "OCIRepository", "GitRepository"].map((kind) => [
    kind,
    kubernetesObjects("source.toolkit.fluxcd.io/*", kind),
  ]),
);

/** Charts that Flux installs. Their sources may also be in the stack. */
const ofFlux: TargetKind<Chart> = {
  ...helmReleases,
  in: (resource) =>
    helmReleases.in(resource).map((release) => ({
      resource,
      label: release.label,
      source: (stack) => {
        const chart = release.at("spec", "chart", "spec", "chart").text();
        const reference = chart === undefined ? ["chartRef"] : ["chart", "spec", "sourceRef"];
        const address = addressOf(stack, release, reference);
        return { chart: chart ?? address, repository: address };
      },
    })),
};

export const charts: TargetKind<Chart> = anyOf(ofPulumi, ofFlux);

/** The URL of the source that a release refers to, if the stack contains that source. */
function addressOf(
  stack: Stack,
  release: KubernetesObject,
  reference: readonly string[],
): Read<string> {
  const kind = release.at("spec", ...reference, "kind").text();
  const name = release.at("spec", ...reference, "name").text();
  if (kind instanceof Unknown) return kind;
  if (name instanceof Unknown) return name;
  const sources = SOURCES.get(kind ?? "");
  return (
    sources &&
    stack
      .all(sources)
      .find((source) => source.name === name)
      ?.at("spec", "url")
      .text()
  );
}
