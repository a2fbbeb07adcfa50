import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAllDocuments, stringify } from "yaml";
import { CONTROL_PLANE_NAMESPACE, REVISION_LABEL } from "../../mesh/names.ts";
import type { MeshRevision } from "../../mesh/revision.ts";
import { deleteNamespaces } from "./harness/cleanUp.ts";
import type { Resource } from "./harness/cluster.ts";
import { istioctl } from "./harness/istioctl.ts";
import { sidecarRevision } from "./harness/pods.ts";
import type { Pod } from "./harness/pods.ts";
import { cluster, onLoopback, real, startMesh } from "./harness/real.ts";
import type { Mesh } from "./harness/real.ts";
import { PREFIX, render } from "./harness/render.ts";
import { scratch } from "./harness/scratch.ts";

const LABELLED = `${PREFIX}labelled`;
const PLAIN = `${PREFIX}plain`;

/**
 * Variables of a proxy that kube-inject leaves out if istiod does the injection: the pod that it sends has no owner.
 */
const WORKLOAD = ["ISTIO_META_WORKLOAD_NAME", "ISTIO_META_OWNER"];

const replicaSet = { apiVersion: "apps/v1", kind: "ReplicaSet", controller: true };

interface Deployment extends Resource {
  readonly spec: {
    readonly template: { readonly metadata: Partial<Resource["metadata"]>; readonly spec: object };
  };
}

type Essence = Pick<Pod, "spec">;

interface ConfigMap extends Resource {
  readonly data: Readonly<Record<string, string>>;
}

describe("istioctl kube-inject", () => {
  let mesh: Mesh;
  let revision: MeshRevision;
  let workloads: Resource[];
  let injected: Resource[];

  beforeAll(async () => {
    mesh = await startMesh("asm-1-29", "asm-1-30");
    revision = mesh.revisions.at(-1) ?? "asm-1-30";
    await cluster.apply({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: LABELLED, labels: { [REVISION_LABEL]: revision } },
    });
    await cluster.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: PLAIN } });
    const rendered = await render();
    workloads = rendered.filter(({ kind }) => kind === "Deployment");
    for (const account of rendered.filter(({ kind }) => kind === "ServiceAccount")) {
      for (const namespace of [LABELLED, PLAIN]) {
        await cluster.apply({ ...account, metadata: { ...account.metadata, namespace } });
      }
    }
    injected = await inject(workloads);
  });

  afterAll(async () => {
    await deleteNamespaces(cluster, [LABELLED, PLAIN]);
    await mesh.stop();
  });

  /** Files are options of kube-inject, each with its contents. */
  async function inject(
    objects: readonly Resource[],
    files: Readonly<Record<string, string>> = {},
  ): Promise<Resource[]> {
    const directory = mkdtempSync(join(scratch, "inject-"));
    const write = (name: string, text: string) => {
      writeFileSync(join(directory, name), text);
      return join(directory, name);
    };
    try {
      const { code, stdout, stderr } = await istioctl(
        real.programs.istioctl,
        [
          "kube-inject",
          `--filename=${write("workloads", objects.map((object) => stringify(object)).join("---\n"))}`,
          `--istioNamespace=${CONTROL_PLANE_NAMESPACE}`,
          `--revision=${revision}`,
          ...Object.entries(files).map(([option, text]) => `--${option}=${write(option, text)}`),
        ],
        real.kubeconfig,
      );
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      return documents(stdout);
    } finally {
      rmSync(directory, { recursive: true });
    }
  }

  /** The pods of Deployments in one of the two namespaces, as their ReplicaSets would create them. */
  async function podsOf(objects: readonly Resource[], namespace: string): Promise<Essence[]> {
    const deployments = objects.filter(({ kind }) => kind === "Deployment") as Deployment[];
    return await Promise.all(
      deployments.map(async ({ metadata: { name }, spec: { template } }) => {
        const hash = "6d4cf56db6";
        const pod = await cluster.create<Pod>(
          {
            apiVersion: "v1",
            kind: "Pod",
            metadata: {
              ...template.metadata,
              // Both: istiod derives the Deployment's name from the name or generateName of the pod.
              name: `${name}-${hash}-x`,
              generateName: `${name}-${hash}-`,
              namespace,
              labels: { ...template.metadata.labels, "pod-template-hash": hash },
              ownerReferences: [
                {
                  ...replicaSet,
                  name: `${name}-${hash}`,
                  uid: "00000000-0000-0000-0000-000000000000",
                },
              ],
            },
            spec: template.spec,
          },
          { dryRun: true },
        );
        expect(sidecarRevision(pod)).toBe(revision);
        return essence(pod);
      }),
    );
  }

  test("adds what the webhook adds, except the names of the workload", async () => {
    const automatic = await podsOf(workloads, LABELLED);
    const manual = await podsOf(injected, PLAIN);

    expect(manual).toEqual(automatic.map((pod) => withoutVariables(pod, WORKLOAD)));
    expect(manual).not.toEqual(automatic);
  });

  test.runIf(onLoopback)(
    "does not see the nodes if it uses only the ConfigMaps, and adds an ordinary container",
    async () => {
      const data = async (name: string) => {
        const map = await cluster.find<ConfigMap>("v1", "ConfigMap", name, CONTROL_PLANE_NAMESPACE);
        return map?.data ?? {};
      };
      const { config = "", values = "" } = await data(`istio-sidecar-injector-${revision}`);
      const { mesh: meshConfig = "" } = await data(`istio-${revision}`);
      const offline = await inject(workloads, {
        injectConfigFile: config,
        valuesFile: values,
        meshConfigFile: meshConfig,
      });

      const [byConfigMaps, byWebhook] = await Promise.all([
        podsOf(offline, PLAIN),
        podsOf(workloads, LABELLED),
      ]);
      expect(byConfigMaps.map(proxyOf)).toEqual(["container", "container"]);
      expect(byWebhook.map(proxyOf)).toEqual(["native sidecar", "native sidecar"]);
      expect(byConfigMaps.map(variablesOf)).toEqual(byWebhook.map(variablesOf));
    },
  );

  test("is not repeated by the webhook, whose result is the same as for the original", async () => {
    expect(await podsOf(injected, LABELLED)).toEqual(await podsOf(workloads, LABELLED));
  });
});

function documents(text: string): Resource[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as Resource | null)
    .filter((object) => object !== null);
}

/** A pod without the fields that the API server fills in before the webhook, but that kube-inject does not see. */
function essence(pod: Pod): Essence {
  const { name, annotations, labels } = pod.metadata;
  const text = JSON.stringify({ annotations, labels, spec: pod.spec })
    .replaceAll(name, "NAME")
    .replaceAll(/namespaces\/[a-z-]+\//g, "namespaces/NAMESPACE/");
  const defaults = [
    ',\\"protocol\\":\\"TCP\\"',
    ',\\"scheme\\":\\"HTTP\\"',
    ',\\"timeoutSeconds\\":1',
  ];
  return JSON.parse(defaults.reduce((rest, one) => rest.replaceAll(one, ""), text)) as Essence;
}

/** A pod without some of the variables of its proxy. */
function withoutVariables(pod: unknown, names: readonly string[]): unknown {
  return JSON.parse(
    JSON.stringify(pod, (key, value: unknown) =>
      key === "env" && Array.isArray(value)
        ? value.filter((variable: { name: string }) => !names.includes(variable.name))
        : value,
    ),
  ) as unknown;
}

function proxyOf({ spec }: Essence): "container" | "native sidecar" | undefined {
  const named = ({ name }: { name: string }) => name === "istio-proxy";
  if (spec.containers.some(named)) return "container";
  return spec.initContainers?.some(named) === true ? "native sidecar" : undefined;
}

function variablesOf({ spec }: Essence): unknown {
  return [...spec.containers, ...(spec.initContainers ?? [])].find(
    ({ name }) => name === "istio-proxy",
  )?.env;
}
