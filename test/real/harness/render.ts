import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { parse, stringify } from "yaml";
import type { MeshRevision } from "../../../mesh/revision.ts";
import type { Resource } from "./cluster.ts";
import { scratch } from "./scratch.ts";

const ROOT = join(__dirname, "../../..");
const DEV = join(ROOT, "Pulumi.dev.yaml");

/** The prefix of the tests' own namespaces, even on a user's cluster. */
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

/** The stack in the repository, which `npm run preview` shows. */
export function devStack(): StackFile {
  return parse(readFileSync(DEV, "utf8")) as StackFile;
}

/**
 * The program's Kubernetes objects and patches for a stack, in the order in which they are applied. Values that only
 * Azure knows are unknown: tests fill them in.
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

/** The revisions that the program requests for the cluster. */
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

/** Runs one of the project's commands on a stack; the command writes to the path in its last argument. */
async function program<T>(
  args: readonly string[],
  stack: StackFile,
  read: (out: string) => T,
): Promise<T> {
  const directory = mkdtempSync(join(scratch, "program-"));
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
 * The dev stack for a user's cluster: on the revision that runs there, and in the tests' own namespaces. Its sidecars
 * may violate a pod security standard, so none is requested.
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
