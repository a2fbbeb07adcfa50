import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { inspect } from "node:util";
import { SOURCES, collectCustomResources } from "./customResources.ts";
import { built } from "./goModule.ts";

/** The Go module that pins every component. */
export const MODULE = join(__dirname, "../components");

const CUSTOM_RESOURCES = "custom-resources";

/** The package of each component. */
const PROGRAMS = {
  etcd: "go.etcd.io/etcd/server/v3",
  kubeApiServer: "k8s.io/kubernetes/cmd/kube-apiserver",
  kubeControllerManager: "k8s.io/kubernetes/cmd/kube-controller-manager",
  istiod: "istio.io/istio/pilot/cmd/pilot-discovery",
  istioctl: "istio.io/istio/istioctl/cmd/istioctl",
  kustomizeController: "github.com/fluxcd/kustomize-controller",
} as const;

/** Paths of the components' programs, and of the custom resources of other projects. */
export type Components = Readonly<Record<keyof typeof PROGRAMS | "customResources", string>>;

/** Builds the components from source unless an earlier run has built them. */
export async function components(say: (line: string) => void): Promise<Components> {
  const directory = await built(
    {
      module: MODULE,
      what: "Kubernetes, Istio and Flux",
      variables: kubernetesVersion(MODULE),
      packages: Object.values(PROGRAMS),
      decides: inspect(SOURCES),
      finish: (made) => {
        collectCustomResources(MODULE, join(made, CUSTOM_RESOURCES));
      },
    },
    say,
  );
  // As `go build` names it, without the major version.
  const program = (path: string) => join(directory, basename(path.replace(/\/v\d+$/, "")));
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

/** Kubernetes says which version it is, as a released one does. */
export function kubernetesVersion(module: string): Readonly<Record<string, string>> {
  const [, version, major, minor] =
    /k8s\.io\/kubernetes (v(\d+)\.(\d+)\.\d+)/.exec(readFileSync(join(module, "go.mod"), "utf8")) ??
    [];
  const versionPackage = "k8s.io/component-base/version";
  return {
    [`${versionPackage}.gitVersion`]: version ?? "",
    [`${versionPackage}.gitMajor`]: major ?? "",
    [`${versionPackage}.gitMinor`]: minor ?? "",
  };
}
