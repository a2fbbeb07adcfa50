import { NotInjected, optedOut } from "../../inject/injector.ts";
import type { Injector } from "../../inject/injector.ts";
import { requireSidecar } from "../../inject/requireSidecar.ts";
import { stablePod } from "../../inject/stablePod.ts";
import { REVISION_LABEL } from "../../mesh/names.ts";
import type { JsonObject } from "../../yaml/json.ts";
import { AccessError } from "../accessError.ts";
import { Refusal } from "../cluster/apiServer.ts";
import type { ApiServer } from "../cluster/apiServer.ts";
import { textAt } from "../cluster/clusterObject.ts";
import type { ClusterState } from "../cluster/clusterState.ts";
import { readCluster } from "../cluster/readCluster.ts";
import { shownMessage } from "./shownMessage.ts";
import { DECIDING_KINDS, whyNoSidecar } from "./whyNoSidecar.ts";

/**
 * The injector of a cluster. Creates each pod without keeping it (`dryRun`), once opted out and twice not: what both of
 * the latter have, and the first does not, is the sidecar.
 *
 * `istioctl kube-inject` posts to the webhook instead, through the API server. That needs the right to reach Services in the
 * namespace of the control plane, which those who deploy workloads do not have, and its webhook sees the pod without what the API
 * server sets before it calls a webhook, so the variables of the sidecar differ from those of a created pod. A dry run needs only the right
 * to create pods, and leads to what a created pod gets. In return, the namespace must exist.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run
 */
export function clusterInjector(server: ApiServer, revision: string): Injector {
  let state: Promise<ClusterState> | undefined;
  const create = async (pod: JsonObject): Promise<JsonObject> => {
    const namespace = textAt(pod, "metadata", "namespace") ?? "";
    try {
      const created = await server.send({
        method: "POST",
        path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`,
        query: { dryRun: "All" },
        body: { type: "application/json", value: pod },
      });
      return created as JsonObject;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw refusal(error, pod, server.context);
    }
  };
  return {
    revision,
    inject: async (pod) => {
      const [without, injected] = [await create(optedOut(pod)), await create(pod)];
      if (textAt(injected, "metadata", "annotations", REVISION_LABEL) !== revision) {
        state ??= readCluster(server, DECIDING_KINDS);
        throw new NotInjected(whyNoSidecar(await state, pod, revision));
      }
      const { pod: stable, unstable } = stablePod(injected, await create(pod), without);
      return requireSidecar(pod, { without, with: stable, unstable }, FIX);
    },
  };
}

const FIX =
  "Look for webhooks or proxies that change what the API server returns, or use a saved configuration with --from.";

function refusal({ status, message }: Refusal, pod: JsonObject, context: string): Error {
  const namespace = textAt(pod, "metadata", "namespace") ?? "";
  if (status === 401) {
    return new AccessError(
      `The cluster of context "${context}" refuses the credentials. Run az aks get-credentials, or kubelogin, again.`,
    );
  }
  if (status === 403 && message.includes("cannot create resource")) {
    return new NotInjected(
      `the cluster does not let you create pods in the namespace ${namespace}, which the dry run needs. Ask for the right, such as the role Azure Kubernetes Service RBAC Writer.`,
    );
  }
  if (status === 404 && message.startsWith("namespaces ")) {
    return new NotInjected(
      `the cluster has no namespace ${namespace}, in which the dry run would be. Create it first, name another with --namespace, or use a saved configuration with --from.`,
    );
  }
  if (status === 409) {
    return new NotInjected(
      `a pod of this name exists in the namespace ${namespace}, so the API server refuses a dry run. Delete it first, or use a saved configuration with --from.`,
    );
  }
  return new NotInjected(
    `the API server refuses its pod: ${shownMessage(message, pod)}. Correct what it names, or use a saved configuration with --from.`,
  );
}
