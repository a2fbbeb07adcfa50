import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, normalize } from "node:path";
import { parseAllDocuments } from "yaml";
import { z } from "zod";

const root = join(__dirname, "../..");

const kubernetesObject = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    labels: z.record(z.string(), z.string()).default({}),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
});
export type KubernetesObject = z.infer<typeof kubernetesObject>;

// Strict: other fields of kustomize (such as namespace or generators) would bypass the walk below.
const kustomization = z.strictObject({
  apiVersion: z.literal("kustomize.config.k8s.io/v1beta1"),
  kind: z.literal("Kustomization"),
  resources: z.array(z.string()).min(1),
  patches: z.array(z.strictObject({ path: z.string() })).default([]),
});

const fluxKustomization = z.strictObject({
  apiVersion: z.literal("kustomize.toolkit.fluxcd.io/v1"),
  kind: z.literal("Kustomization"),
  metadata: z.strictObject({ name: z.string(), namespace: z.literal("flux-system") }),
  spec: z.strictObject({
    dependsOn: z.array(z.strictObject({ name: z.string() })).default([]),
    interval: z.string(),
    retryInterval: z.string(),
    timeout: z.string(),
    sourceRef: z.strictObject({
      kind: z.literal("GitRepository"),
      name: z.literal("flux-system"),
    }),
    path: z.string(),
    prune: z.boolean(),
    wait: z.boolean(),
    postBuild: z.strictObject({ substitute: z.record(z.string(), z.string()) }),
  }),
});

/** A Flux Kustomization of a cluster, with everything that kustomize finds at its path. */
export interface Step {
  readonly name: string;
  readonly spec: z.infer<typeof fluxKustomization>["spec"];
  /** Every file that it reads. */
  readonly files: readonly string[];
  /** The objects, before patches and variables. */
  readonly objects: readonly KubernetesObject[];
}

/** Files are named by their path in the repository. */
export function text(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

/** The YAML documents of a file, which must parse without warnings. */
export function documents(file: string): unknown[] {
  return parseAllDocuments(text(file)).map((document) => {
    const [problem] = [...document.errors, ...document.warnings];
    if (problem !== undefined) throw new Error(`${file}: ${problem.message}`);
    return document.toJS() as unknown;
  });
}

export function yamlBelow(directory: string): string[] {
  return readdirSync(join(root, directory), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => join(directory, file))
    .sort();
}

export function clusterNames(): string[] {
  return readdirSync(join(root, "gitops/clusters"));
}

/** Each after those that it depends on. */
export function stepsOf(cluster: string): Step[] {
  const steps = yamlBelow(`gitops/clusters/${cluster}`)
    .flatMap(documents)
    .map((document): Step => {
      const { metadata, spec } = fluxKustomization.parse(document);
      return { name: metadata.name, spec, ...build(normalize(spec.path)) };
    });
  const depthOf = ({ spec }: Step): number =>
    spec.dependsOn.reduce((depth, { name }) => {
      const needed = steps.find((one) => one.name === name);
      if (needed === undefined) throw new Error(`${name} is not a Kustomization of ${cluster}`);
      return Math.max(depth, 1 + depthOf(needed));
    }, 0);
  return steps.sort((a, b) => depthOf(a) - depthOf(b));
}

/** The objects of a step with its variables, before patches. */
export function substituted({ objects, spec }: Step): KubernetesObject[] {
  const variables = Object.entries(spec.postBuild.substitute);
  const text = variables.reduce(
    (filled, [name, value]) => filled.replaceAll(`\${${name}}`, value),
    JSON.stringify(objects),
  );
  return z.array(kubernetesObject).parse(JSON.parse(text));
}

function build(directory: string): Pick<Step, "files" | "objects"> {
  const list = join(directory, "kustomization.yaml");
  const { resources, patches } = kustomization.parse(documents(list)[0]);
  const parts = resources.map((resource) => {
    const path = join(directory, resource);
    if (statSync(join(root, path)).isDirectory()) return build(path);
    return { files: [path], objects: documents(path).map((one) => kubernetesObject.parse(one)) };
  });
  const patchFiles = patches.map(({ path }) => join(directory, path));
  for (const file of patchFiles) documents(file);
  return {
    files: [list, ...parts.flatMap(({ files }) => files), ...patchFiles],
    objects: parts.flatMap(({ objects }) => objects),
  };
}
