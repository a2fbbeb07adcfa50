import type { Injector } from "../../inject/injector.ts";
import { mergedMeshConfig } from "../../inject/meshConfig.ts";
import { podOf } from "../../inject/podOf.ts";
import type { SavedConfiguration } from "../../inject/savedConfiguration.ts";
import { documentsOf } from "../../manifests/decodeYaml.ts";
import { CONTROL_PLANE_NAMESPACE, sharedConfigMapName } from "../../mesh/names.ts";
import type { MeshRevision } from "../../mesh/revision.ts";
import { toYaml } from "../../yaml/toYaml.ts";
import { AccessError } from "../accessError.ts";
import { Refusal } from "../cluster/apiServer.ts";
import type { ApiServer } from "../cluster/apiServer.ts";
import { listAt, textAt } from "../cluster/clusterObject.ts";
import { objectPath } from "../cluster/objectPath.ts";

/**
 * The configuration of a cluster's injector. Whether sidecars are native depends on the nodes, so a pod without anything
 * else shows it.
 *
 * @param namespace of that pod, which exists only in a dry run
 * @throws AccessError if a ConfigMap does not exist or cannot be read
 * @throws NotInjected if the pod gets no sidecar
 */
export async function readConfiguration(
  server: ApiServer,
  injector: Injector,
  revision: MeshRevision,
  namespace: string,
): Promise<SavedConfiguration> {
  const sample = await injector.inject(podOf(SAMPLE, namespace, revision));
  const read = async (name: string) => await dataOf(server, name);
  const templates = required(await read(`istio-sidecar-injector-${revision}`), revision);
  const own = required(await read(`istio-${revision}`), revision);
  const shared = await read(sharedConfigMapName(revision));
  const [meshOfUser = {}] = documentsOf(shared?.("mesh") ?? "");
  const [meshOfAddon = {}] = documentsOf(own("mesh"));
  return {
    revision,
    nativeSidecars: listAt(sample.with, "spec", "initContainers").some(
      (one) => textAt(one, "name") === "istio-proxy",
    ),
    config: templates("config"),
    values: templates("values"),
    mesh: toYaml(mergedMeshConfig(meshOfUser, meshOfAddon)),
  };
}

const SAMPLE = {
  ...{ apiVersion: "v1", kind: "Pod", name: undefined, namespace: undefined },
  template: {
    metadata: { generateName: "aks-istio-inject-" },
    spec: { containers: [{ name: "app", image: "app" }] },
  },
  ...{ claims: [], document: 0, path: [], line: 1 },
};

type Data = (key: string) => string;

/** The texts of a ConfigMap of the control plane; undefined if it does not exist. */
async function dataOf(server: ApiServer, name: string): Promise<Data | undefined> {
  try {
    const map = await server.send({ path: objectPath("ConfigMap", CONTROL_PLANE_NAMESPACE, name) });
    return (key) => textAt(map, "data", key) ?? "";
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.status === 404) return undefined;
    throw new AccessError(
      `The ConfigMap ${CONTROL_PLANE_NAMESPACE}/${name} cannot be read: ${error.message}. Ask for the right to read it, such as the role Azure Kubernetes Service RBAC Reader.`,
    );
  }
}

function required(data: Data | undefined, revision: string): Data {
  if (data !== undefined) return data;
  throw new AccessError(
    `The namespace ${CONTROL_PLANE_NAMESPACE} has no ConfigMaps istio-sidecar-injector-${revision} and istio-${revision}. Name a revision that the cluster runs: aks-istio verify lists them.`,
  );
}
