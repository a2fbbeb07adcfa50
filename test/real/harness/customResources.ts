import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Resource } from "./cluster.ts";

interface Source {
  /** A Go module, with its version if go.mod does not pin one. */
  readonly module: string;
  /** The path of the definitions in it. */
  readonly directory: string;
  /** The names of the definitions to use. */
  readonly names: RegExp;
  /** The API group of the definitions, and the group that replaces it. */
  readonly regroup?: readonly [from: string, to: string];
}

/** Definitions of custom resources, from the projects that own them. */
export const SOURCES = {
  flux: [
    {
      module: "github.com/fluxcd/kustomize-controller",
      directory: "config/crd/bases",
      names: /^kustomize\./,
    },
    {
      // Of the minor version that the kustomize-controller in go.mod supports.
      module: "github.com/fluxcd/source-controller@v1.9.6",
      directory: "config/crd/bases",
      names: /^source\./,
    },
  ],
  aks: [
    {
      // The version that AKS installs with Kubernetes 1.36.
      // https://learn.microsoft.com/azure/aks/managed-gateway-api
      module: "sigs.k8s.io/gateway-api@v1.5.1",
      directory: "config/crd/standard",
      names: /^gateway\.networking\.k8s\.io_(gateway|gatewayclasse|httproute|referencegrant)s/,
    },
    {
      // Managed Prometheus has the definitions of this version in its own API group.
      // https://github.com/Azure/prometheus-collector/tree/main/otelcollector/deploy/addon-chart/azure-monitor-metrics-addon/templates
      module: "github.com/prometheus-operator/prometheus-operator@v0.65.2",
      directory: "example/prometheus-operator-crd",
      names: /_(pod|service)monitors/,
      regroup: ["monitoring.coreos.com", "azmonitoring.coreos.com"],
    },
  ],
} as const satisfies Readonly<Record<string, readonly Source[]>>;

/** The owner of the custom resources: Flux, or AKS. */
export type CustomResourceOwner = keyof typeof SOURCES;

/** Writes the definitions into a directory, one file per owner. Versions that go.mod pins are pinned here too. */
export function collectCustomResources(goModule: string, directory: string): void {
  mkdirSync(directory);
  for (const [owner, sources] of Object.entries<readonly Source[]>(SOURCES)) {
    const all = sources.flatMap((source) => definitions(source, goModule));
    writeFileSync(join(directory, `${owner}.json`), JSON.stringify(all));
  }
}

export function readCustomResources(directory: string, owner: CustomResourceOwner): Resource[] {
  return JSON.parse(readFileSync(join(directory, `${owner}.json`), "utf8")) as Resource[];
}

function definitions({ module, directory, names, regroup }: Source, goModule: string): Resource[] {
  const path = join(moduleDirectory(module, goModule), directory);
  return readdirSync(path)
    .filter((file) => names.test(file))
    .map((file) => {
      const text = readFileSync(join(path, file), "utf8");
      return parse(regroup === undefined ? text : text.replaceAll(...regroup)) as Resource;
    });
}

/** Where the sources of a Go module are. */
export function moduleDirectory(module: string, goModule: string): string {
  const { status, stdout, stderr } = spawnSync("go", ["mod", "download", "-json", module], {
    cwd: goModule,
    encoding: "utf8",
    env: { ...process.env, GOWORK: "off" },
  });
  if (status !== 0) throw new Error(`go mod download ${module} failed: ${stderr}${stdout}`);
  return (JSON.parse(stdout) as { Dir: string }).Dir;
}
