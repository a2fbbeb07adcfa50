import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { parse, stringify } from "yaml";
import type { MeshRevision } from "../../../mesh/revision.ts";
import type { Resource } from "./cluster.ts";
import { real } from "./real.ts";

const ROOT = join(__dirname, "../../..");
const DEV = join(ROOT, "Pulumi.dev.yaml");

/** Of namespaces that are nobody else's, even on a cluster that is. */
export const PREFIX = "mesh-test-";

export interface StackFile {
  readonly config: Readonly<Record<string, unknown>> & {
    readonly "aks-istio:mesh": {
      readonly revision: MeshRevision;
      readonly [setting: string]: unknown;
    };
    readonly "aks-istio:namespaces": Readonly<Record<string, object>>;
    readonly "aks-istio:workloads": Readonly<Record<string, { readonly namespace: string }>>;
  };
}

/** The stack that the repository has, and that `npm run preview` shows. */
export function devStack(): StackFile {
  return parse(readFileSync(DEV, "utf8")) as StackFile;
}

/**
 * The Kubernetes objects and patches that the program makes of a stack, in the order in which they are applied. What
 * only Azure knows is not asked for here: a test says itself what it puts in its place.
 */
export async function render(stack: StackFile = devStack()): Promise<Resource[]> {
  return await program(["render", "--allow-incomplete", "--out"], stack, (out) => {
    const read = (file: string) => parse(readFileSync(join(out, file), "utf8")) as unknown;
    const listed = (folder: string) => {
      const index = join(folder, "kustomization.yaml");
      if (!existsSync(join(out, index))) return [];
      return (read(index) as { resources: string[] }).resources.map((file) => join(folder, file));
    };
    return [...listed("."), ...listed("patches")]
      .sort((one, other) => (basename(one) < basename(other) ? -1 : 1))
      .map((file) => read(file) as Resource);
  });
}

/** The revisions that the program has the cluster run. */
export async function clusterRevisions(stack: StackFile): Promise<readonly MeshRevision[]> {
  return await program(["preview", "--no-policy-pack", "--json"], stack, (out) => {
    const { steps } = JSON.parse(readFileSync(out, "utf8")) as Plan;
    const profiles = steps.flatMap(({ newState }) => newState?.inputs?.serviceMeshProfile ?? []);
    return profiles.flatMap(({ istio }) => istio.revisions);
  });
}

interface Plan {
  readonly steps: readonly {
    readonly newState?: {
      readonly inputs?: {
        readonly serviceMeshProfile?: {
          readonly istio: { readonly revisions: readonly MeshRevision[] };
        };
      };
    };
  }[];
}

/** Runs a command of the project's own on a stack, which writes to a path given as its last argument. */
async function program<T>(
  args: readonly string[],
  stack: StackFile,
  read: (out: string) => T,
): Promise<T> {
  const directory = mkdtempSync(join(real.scratch, "program-"));
  const [config, out] = [join(directory, "Pulumi.dev.yaml"), join(directory, "out")];
  try {
    writeFileSync(config, stringify(stack));
    await promisify(execFile)(
      process.execPath,
      [join(ROOT, "bin/aks-istio.js"), ...args, out, "--config-file", config],
      { cwd: ROOT },
    );
    return read(out);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/**
 * The dev stack for a cluster of the user's own: on the revision that runs there, and in namespaces that are nobody
 * else's. Whether its sidecars meet a pod security standard is not known, so that none is asked for.
 */
export function borrowed(stack: StackFile, revision: MeshRevision): StackFile {
  const rename = (name: string) => PREFIX + name;
  const { config } = stack;
  return {
    config: {
      ...config,
      "aks-istio:mesh": { ...config["aks-istio:mesh"], revision },
      "aks-istio:namespaces": Object.fromEntries(
        Object.entries(config["aks-istio:namespaces"]).map(([name, namespace]) => [
          rename(name),
          { ...namespace, podSecurity: "privileged" },
        ]),
      ),
      "aks-istio:workloads": Object.fromEntries(
        Object.entries(config["aks-istio:workloads"]).map(([name, workload]) => [
          name,
          { ...workload, namespace: rename(workload.namespace) },
        ]),
      ),
    },
  };
}
