import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { SOURCES, collectCustomResources } from "./customResources.ts";
import { built } from "./goModule.ts";

/** The Go module that pins every component. */
const MODULE = join(__dirname, "../components");

const CUSTOM_RESOURCES = "custom-resources";

/** The name that `go build` gives each component. */
const PROGRAMS = {
  etcd: "server",
  kubeApiServer: "kube-apiserver",
  kubeControllerManager: "kube-controller-manager",
  istiod: "pilot-discovery",
  istioctl: "istioctl",
  kustomizeController: "kustomize-controller",
} as const;

/** Paths of the components' programs, and of the custom resources of other projects. */
export type Components = Readonly<Record<keyof typeof PROGRAMS | "customResources", string>>;

/** Builds the components from source unless an earlier run has built them. */
export async function components(say: (line: string) => void): Promise<Components> {
  const directory = await built(
    {
      module: MODULE,
      what: "Kubernetes, Istio and Flux",
      linkerFlags: kubernetesLinkerFlags(MODULE),
      target: "tool",
      decides: inspect(SOURCES),
      finish: (made) => {
        collectCustomResources(MODULE, join(made, CUSTOM_RESOURCES));
      },
    },
    say,
  );
  const program = (name: string) => join(directory, name);
  return {
    etcd: program(PROGRAMS.etcd),
    kubeApiServer: program(PROGRAMS.kubeApiServer),
    kubeControllerManager: program(PROGRAMS.kubeControllerManager),
    istiod: program(PROGRAMS.istiod),
    istioctl: program(PROGRAMS.istioctl),
    kustomizeController: program(PROGRAMS.kustomizeController),
    customResources: join(directory, CUSTOM_RESOURCES),
  };
}

/** Without symbols, a third smaller; and Kubernetes says which version it is, as a released one does. */
export function kubernetesLinkerFlags(module: string): string {
  const [, version, major, minor] =
    /k8s\.io\/kubernetes (v(\d+)\.(\d+)\.\d+)/.exec(readFileSync(join(module, "go.mod"), "utf8")) ??
    [];
  const versionPackage = "k8s.io/component-base/version";
  return [
    "-s -w",
    `-X ${versionPackage}.gitVersion=${version ?? ""}`,
    `-X ${versionPackage}.gitMajor=${major ?? ""}`,
    `-X ${versionPackage}.gitMinor=${minor ?? ""}`,
  ].join(" ");
}
