import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { homedir, constants, setPriority } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { SOURCES, collectCustomResources } from "./customResources.ts";
import { Temporary } from "./temporary.ts";

/** The Go module that pins every component. */
const MODULE = join(__dirname, "../components");

const CUSTOM_RESOURCES = "custom-resources";

/** What `go build` calls each component. */
const PROGRAMS = {
  etcd: "server",
  kubeApiServer: "kube-apiserver",
  kubeControllerManager: "kube-controller-manager",
  istiod: "pilot-discovery",
  istioctl: "istioctl",
  kustomizeController: "kustomize-controller",
} as const;

/** Paths of the components' programs, and of the custom resources of others. */
export type Components = Readonly<Record<keyof typeof PROGRAMS | "customResources", string>>;

/** The components, built from their sources where an earlier run has not done so. */
export async function components(say: (line: string) => void): Promise<Components> {
  const directory = join(cache(), key());
  if (!existsSync(directory)) {
    say(`Building Kubernetes, Istio and Flux from their sources, once, into ${directory}`);
    await build(directory);
  }
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

function cache(): string {
  return join(
    process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"),
    "aks-istio",
    "components",
  );
}

/** Changes with whatever decides what is built. */
function key(): string {
  const hash = createHash("sha256");
  hash.update([process.platform, process.arch, linkerFlags(), inspect(SOURCES)].join("\n"));
  for (const file of ["go.mod", "go.sum"]) hash.update(readFileSync(join(MODULE, file)));
  return hash.digest("hex").slice(0, 16);
}

async function build(directory: string): Promise<void> {
  if (spawnSync("go", ["version"]).error !== undefined) {
    throw new Error(
      "The components are built with Go 1.26 or newer, and there is no `go`: install it from https://go.dev/doc/install and run this again.",
    );
  }
  // Under its name only once it is whole; a build that was interrupted goes on with what Go has cached.
  const unfinished = new Temporary(`${directory}-`);
  try {
    const made = join(unfinished.path, "made");
    mkdirSync(made);
    await go(["build", "-trimpath", `-ldflags=${linkerFlags()}`, "-o", made, "tool"]);
    collectCustomResources(MODULE, join(made, CUSTOM_RESOURCES));
    renameSync(made, directory);
  } finally {
    unfinished.remove();
  }
}

/** Without symbols, a third smaller; and Kubernetes says which version it is, as a released one does. */
function linkerFlags(): string {
  const [, version, major, minor] =
    /k8s\.io\/kubernetes (v(\d+)\.(\d+)\.\d+)/.exec(readFileSync(join(MODULE, "go.mod"), "utf8")) ??
    [];
  const versionPackage = "k8s.io/component-base/version";
  return [
    "-s -w",
    `-X ${versionPackage}.gitVersion=${version ?? ""}`,
    `-X ${versionPackage}.gitMajor=${major ?? ""}`,
    `-X ${versionPackage}.gitMinor=${minor ?? ""}`,
  ].join(" ");
}

async function go(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [join(__dirname, "supervise.js"), "go", ...args], {
    cwd: MODULE,
    env: { ...process.env, CGO_ENABLED: "0", GOWORK: "off" },
    stdio: ["pipe", "inherit", "inherit"],
  });
  // Minutes of work, on a machine that is somebody's.
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`go ${args[0] ?? ""} failed in ${MODULE}; see above.`);
}
