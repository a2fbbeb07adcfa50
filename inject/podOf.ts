import { REVISION_LABEL } from "../mesh/names.ts";
import { listIn, objectIn, textIn, valueIn } from "../yaml/json.ts";
import type { Json, JsonObject } from "../yaml/json.ts";
import type { Workload } from "./workload.ts";

/** As the ReplicaSets of a Deployment and the Jobs of a CronJob are named. */
const TEMPLATE_HASH = "6d4cf56db6";
const MINUTES = "29000000";

/**
 * References to objects that may not exist yet, which would make the API server refuse the pod. The injector does not read
 * them.
 */
const REFERENCES: readonly string[] = [
  "serviceAccountName",
  "serviceAccount",
  "priorityClassName",
  "priority",
  "runtimeClassName",
  "overhead",
];

/**
 * A pod of a workload as its controller would create it, so that an injector derives the same names of the workload from
 * it: those of the Deployment, not of its ReplicaSet.
 *
 * @see https://github.com/istio/istio/blob/master/pkg/kube/util.go
 */
export function podOf(workload: Workload, namespace: string, revision: string): JsonObject {
  const { template, claims } = workload;
  const metadata = objectIn(template, "metadata");
  const { labels, ...named } = identityOf(workload);
  const own = objectIn(template, "spec");
  const spec = Object.entries(own).filter(([field]) => !REFERENCES.includes(field));
  // As the controller of StatefulSets does: a claim takes the place of a volume with its name.
  const volumes = listIn(own, "volumes").filter(
    (volume) => !claims.includes(textIn(volume, "name") ?? ""),
  );
  const claimed = claims.map((name) => ({ name, persistentVolumeClaim: { claimName: name } }));
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      namespace,
      // In a namespace without a revision, it selects the injector. Its value is in the result only if it was before.
      labels: { ...objectIn(metadata, "labels"), ...labels, [REVISION_LABEL]: revision },
      annotations: objectIn(metadata, "annotations"),
      ...named,
    },
    spec: {
      ...Object.fromEntries(spec),
      volumes: [...volumes, ...claimed],
      // A volume with a token would have another name in every pod.
      automountServiceAccountToken: false,
    },
  };
}

interface Identity {
  readonly labels?: JsonObject;
  readonly [field: string]: Json | undefined;
}

function identityOf({ apiVersion, kind, name = "pod", template }: Workload): JsonObject & Identity {
  switch (kind) {
    case "Pod": {
      const owners = valueIn(template, "metadata", "ownerReferences");
      const generated = valueIn(template, "metadata", "generateName");
      return {
        ...(generated === undefined ? { name } : { generateName: generated }),
        ...(owners === undefined ? {} : { ownerReferences: owners }),
      };
    }
    case "Deployment":
      return {
        ...ownedBy("apps/v1", "ReplicaSet", `${name}-${TEMPLATE_HASH}`),
        labels: { "pod-template-hash": TEMPLATE_HASH },
      };
    case "CronJob":
      return ownedBy("batch/v1", "Job", `${name}-${MINUTES}`);
    default:
      return ownedBy(apiVersion, kind, name);
  }
}

function ownedBy(apiVersion: string, kind: string, name: string): JsonObject {
  // Any ID: the API server does not look for the owner.
  const uid = "00000000-0000-0000-0000-000000000000";
  return {
    generateName: `${name}-`,
    ownerReferences: [{ apiVersion, kind, name, uid, controller: true }],
  };
}
